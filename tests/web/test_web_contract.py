"""The OpenAPI document holds for the application: schemathesis sends what it allows and what it does not, to a real
conversation with the right keys and to made-up ones."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from quart import Quart
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from sayso.web.openapi import document
from sayso.web.routes import ROUTES

ADMIN = "a" * 40
bounded = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def app(make_app: Callable[..., Quart], config: Any) -> Quart:
    return make_app(settings=replace(config, rate=1_000_000, rate_opened=1_000_000))


@pytest.fixture
def api(app: Quart) -> Any:
    """The document, bound to the application in this process."""
    return schemathesis.openapi.from_asgi("/v1/openapi.json", app)


@pytest.fixture
def keys(app: Quart) -> dict[str, Any]:
    """A conversation that exists, and a key for each audience."""
    return asyncio.run(_keys(app))


async def _keys(app: Quart) -> dict[str, Any]:
    client = app.test_client()
    made = await (await client.post("/v1/merchants/bar/conversations", json={})).get_json()
    path, admin = "/v1/admin/merchants/bar/staff-keys", {"Authorization": f"Bearer {ADMIN}"}
    staff = await (await client.post(path, json={"name": "Mia"}, headers=admin)).get_json()
    return {"id": made["id"], "chat": made["token"], "staff": staff["key"], "admin": ADMIN, "demo": ""}


DOCUMENT = document(ROUTES)
OPERATIONS = sorted(f"{method.upper()} {path}" for path, item in DOCUMENT["paths"].items() for method in item)
LIVE = [operation for operation in OPERATIONS if not operation.endswith("/stream")]
"""The stream has no end to wait for: it has tests of its own."""
SENT = {"fitting": GenerationMode.POSITIVE, "unfitting": GenerationMode.NEGATIVE}


def cases(api: Any, operation: str, sent: str) -> Any:
    """A strategy for requests of one operation."""
    method, _, path = operation.partition(" ")
    return api[path][method].as_strategy(generation_mode=SENT[sent])


@functools.cache
def skipped() -> list[Any]:
    """Checks that would judge wrongly here: keys are given by hand, and a misfit in the path is replaced."""
    load_all_checks()
    return list(CHECKS.get_by_names(["ignored_auth", "negative_data_rejection"]))


def call(case: Any, app: Quart, **headers: str) -> None:
    """Send the request and hold the answer against the document."""
    response = case.call(headers=headers)
    case.validate_response(response, excluded_checks=skipped())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("operation", "sent"), [(one, sent) for one in LIVE for sent in SENT if sent == "fitting" or one.startswith("POST")]
)
def test_the_document_holds_with_keys(api: Any, app: Quart, keys: dict[str, Any], operation: str, sent: str) -> None:
    """Every answer has a status, type and body that the document names, and none is a server error."""
    here = {"merchant": "bar", "conversation": keys["id"]}
    strategy = cases(api, operation, sent)

    @bounded
    @given(strategy)
    def holds(case: Any) -> None:
        case.path_parameters = {name: here.get(name, given) for name, given in (case.path_parameters or {}).items()}
        (tag,) = case.operation.tags
        call(case, app, Authorization=f"Bearer {keys[tag]}")

    holds()


@pytest.mark.slow
@pytest.mark.parametrize("operation", LIVE)
def test_the_document_holds_for_strangers(api: Any, app: Quart, operation: str) -> None:
    """Made-up merchants, conversations and no key: refused as the document says."""

    @bounded
    @given(cases(api, operation, "fitting"))
    def holds(case: Any) -> None:
        call(case, app)

    holds()


def test_the_document_is_sound() -> None:
    """Every schema in it is a valid JSON Schema, and every reference leads somewhere."""
    found = DOCUMENT
    for schema in found["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = set(found["components"]["schemas"])
    assert set(_references(found)) <= {f"#/components/schemas/{name}" for name in names}


def _references(node: Any) -> Any:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)
