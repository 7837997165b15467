"""Every error as RFC 9457 problem details: what, where, how to mend, and the request's id."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from quart import Response
from werkzeug.exceptions import HTTPException

from sayso.errors import SaysoError, Theirs

PROBLEM = "application/problem+json"


class TooMany(Theirs):
    """More requests than are allowed; `wait` says when to come back."""

    status = 429
    code = "too_many_requests"

    def __init__(self, wait: float) -> None:
        super().__init__("too many requests", mend=f"Wait {int(wait) + 1} s and send the same event again.")
        self.wait = wait


def of_ours(error: SaysoError, request: str) -> Response:
    """The response for an error of sayso's own. One that is not the client's fault tells nothing of its inside."""
    shown = error if error.status < 500 else SaysoError("something went wrong on our side", status=error.status)
    headers = {"Retry-After": str(int(error.wait) + 1)} if isinstance(error, TooMany) else {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    more: dict[str, Any] = {"errors": error.errors} if isinstance(error, Faults) else {}
    return response(
        error.status, error.code, shown.text, request, where=shown.where, mend=shown.mend, headers=headers, **more
    )


class Faults(Theirs):
    """Several faults at once, each as data."""

    def __init__(self, text: str, errors: list[dict[str, Any]], *, status: int = 422, code: str = "faults") -> None:
        super().__init__(text, status=status, code=code, mend="Correct each of `errors`.")
        self.errors = errors


def of_http(error: HTTPException, request: str) -> Response:
    """The response for what Quart itself refuses: no such path, wrong method, body too large."""
    status = error.code or 500
    code, mend = MENDS.get(status, ("http", ""))
    headers = {name: value for name, value in error.get_headers() if name in KEPT}
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        # The rest of the body is not read, so the connection cannot be used again.
        headers["Connection"] = "close"
    return response(status, code, error.description or error.name, request, mend=mend, headers=headers)


def response(
    status: int, code: str, detail: str, request: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    body = {
        "type": f"urn:sayso:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **{name: value for name, value in more.items() if value},
        "request": request,
    }
    return Response(orjson.dumps(body), status, {**(headers or {}), "Cache-Control": "no-store"}, content_type=PROBLEM)


KEPT = frozenset({"Allow", "Retry-After"})
MENDS: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", ""),
    404: ("not_found", "The paths are listed in /v1/openapi.json."),
    405: ("method_not_allowed", "Use a method of the Allow header."),
    408: ("too_slow", "Send the body faster."),
    413: ("too_large", "Send a smaller body."),
    415: ("wrong_type", "Send Content-Type: application/json."),
}
