"""The OpenAPI 3.1 document of the public API, made of the table of routes and the schemas that validate requests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sayso.channels.web.schemas import ANSWERS, CONVERSATION_ID, MERCHANT_ID, REQUESTS, ref
from sayso.web.problem import PROBLEM
from sayso.web.routes.table import Route

JSON = "application/json"


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The document, the same for every host."""
    paths: dict[str, Any] = {}
    for route in routes:
        if route.summary:
            paths.setdefault(_path(route), {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "sayso", "version": "1", "description": ABOUT},
        "paths": paths,
        "components": {"schemas": REQUESTS | ANSWERS, "securitySchemes": SCHEMES},
    }


def _path(route: Route) -> str:
    return route.path.replace("<", "{").replace(">", "}")


def _operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": route.name.replace(".", "_"),
        "summary": route.summary,
        "description": route.view.__doc__ or route.summary,
        "tags": [route.tag],
        "parameters": [PARAMETERS[name] for name in re.findall("<([a-z]+)>", route.path) + list(route.query)],
        "responses": {str(status): _answer(status, name) for status, name in route.answers.items()},
    }
    found["responses"] |= {str(status): _problem(status) for status in route.refuses}
    if route.body:
        found["requestBody"] = {"required": True, "content": {JSON: {"schema": ref(route.body)}}}
    if route.security:
        found["security"] = [{name: []} for one in route.security for name in SECURITY[one]]
    return found


def _answer(status: int, name: str) -> dict[str, Any]:
    content = {name: {"schema": {"type": "string"}}} if "/" in name else {JSON: {"schema": ref(name)}}
    return {"description": "Made." if status == 201 else "Done.", "content": content}


def _problem(status: int) -> dict[str, Any]:
    return {"description": REASONS[status], "content": {PROBLEM: {"schema": ref("Problem")}}}


ABOUT = (
    "Talk to a merchant's assistant from a page or a programme. Every event has an id of the client's own: sending it "
    "again gives the same answer and does nothing twice. Errors are RFC 9457 problem details."
)
TASK_ID = "^[A-Za-z0-9:_.-]{1,128}$"
PARAMETERS: dict[str, Any] = {
    "merchant": {
        "name": "merchant",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": MERCHANT_ID},
    },
    "conversation": {
        "name": "conversation",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": CONVERSATION_ID},
    },
    "order": {
        "name": "order",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
    },
    "attachment": {
        "name": "attachment",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    },
    "task": {"name": "task", "in": "path", "required": True, "schema": {"type": "string", "pattern": TASK_ID}},
    "language": {
        "name": "language",
        "in": "query",
        "description": "The language to write it in; without it, the browser's or the merchant's first.",
        "schema": {"type": "string", "maxLength": 20},
    },
    "after": {
        "name": "after",
        "in": "query",
        "description": "Only messages with a higher `seq`.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 10**15 - 1, "default": 0},
    },
}
SCHEMES = {
    "conversation": {"type": "http", "scheme": "bearer", "description": "The conversation's token."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "sayso", "description": "The same token, set as a cookie."},
    "staff": {"type": "http", "scheme": "bearer", "description": "A staff key of the merchant."},
    "admin": {"type": "http", "scheme": "bearer", "description": "The host's admin key."},
}
SECURITY = {"conversation": ("conversation", "cookie"), "staff": ("staff",), "admin": ("admin",)}
REASONS = {
    400: "The request is not well formed; `where` and `mend` say what to change.",
    401: "A token or key is missing, unknown or has ended.",
    403: "The token or key is for something else.",
    404: "There is no such merchant, or it is not offered here.",
    413: "The body is larger than the host accepts.",
    415: "The body is not JSON.",
    422: "The manifests have faults; `errors` lists them.",
    429: "Too many requests; `Retry-After` says when to come back.",
}
