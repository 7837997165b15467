"""Each kind of server is asked as it wants to be; one that refuses a form is asked in the next."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from sayso.understanding.language_model.dialects import DIALECTS, Asked, body, dialect_of
from sayso.understanding.language_model.endpoint import Caller, Endpoint, Failed

ASKED = Asked("rules", "data", {"type": "object"}, 100, "coffee_bar")


def caller(handler: Any, **endpoint: Any) -> Caller:
    """A caller whose server is `handler`, with the client that it makes for itself."""
    made = Caller(Endpoint("small", "the-key", **endpoint))
    made._opened()._client = httpx2.AsyncClient(  # type: ignore[union-attr]
        base_url=made._opened().base_url, transport=httpx2.MockTransport(handler)
    )
    return made


def completion(**message: Any) -> httpx2.Response:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", **message}}
    return httpx2.Response(
        200, json={"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    )


@pytest.mark.parametrize(
    ("address", "dialect"),
    [
        ("", "openai"),
        ("https://api.openai.com/v1", "openai"),
        ("https://me.openai.azure.com/openai/v1", "azure"),
        ("http://127.0.0.1:11434/v1", "ollama"),
        ("http://10.0.0.3:8000/v1", "compatible"),
    ],
)
def test_the_address_tells_the_dialect(address, dialect):
    """Without a word in the configuration."""
    assert dialect_of(address) is DIALECTS[dialect]


@pytest.mark.parametrize("name", DIALECTS)
def test_every_form_demands_json_in_some_way(name):
    """By a schema, by a tool, or in words; the limit has the dialect's own name."""
    dialect = DIALECTS[name]
    for form in dialect.forms:
        made = body(dialect, form, "m", ASKED, {"seed": 1})
        asked = "response_format" in made or "tools" in made or "JSON Schema" in made["messages"][0]["content"]
        assert asked and made[dialect.limit] == 100 and made["seed"] == 1
    assert dialect.forms[-1] == "plain"


def test_reasoning_models_get_no_temperature():
    """OpenAI's and Azure's newer models refuse one; the others are to be steady."""
    assert "temperature" not in body(DIALECTS["openai"], "schema", "m", ASKED, {})
    assert body(DIALECTS["ollama"], "schema", "m", ASKED, {})["temperature"] == 0


async def test_azure_gets_its_key_in_its_own_header():
    """With the version of the API in the address, and no bearer token."""
    seen: list[httpx2.Request] = []

    def azure(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return completion(content="{}")

    made = caller(azure, base_url="https://me.openai.azure.com/openai/deployments/d", api_version="2025-04-01")
    await made.ask(ASKED, 5.0)
    assert seen[0].headers["api-key"] == "the-key" and "authorization" not in seen[0].headers
    assert str(seen[0].url).endswith("/deployments/d/chat/completions?api-version=2025-04-01")
    assert json.loads(seen[0].content)["max_completion_tokens"] == 100


async def test_others_get_a_bearer_token():
    """As the client sends it."""
    seen: list[httpx2.Request] = []

    def plain(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return completion(content="{}")

    await caller(plain, base_url="http://127.0.0.1:8000/v1").ask(ASKED, 5.0)
    assert seen[0].headers["authorization"] == "Bearer the-key"


def takes(*forms: str, status: int) -> tuple[Any, list[str]]:
    """A server that answers only requests of these forms, and what it was asked."""
    asked: list[str] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        said = json.loads(request.content)
        form = (said.get("response_format") or {}).get("type") or ("tools" if "tools" in said else "plain")
        asked.append(form)
        return completion(content="{}") if form in forms else httpx2.Response(status, json={"error": {"message": "no"}})

    return handler, asked


@pytest.mark.parametrize("status", [400, 422, 500])
async def test_a_form_that_is_refused_is_left_for_the_next(status):
    """llama-cpp-python's server answers 500 to json_schema, vLLM and others 400 to what they do not know."""
    handler, asked = takes("json_object", status=status)
    made = caller(handler, base_url="http://127.0.0.1:8000/v1", dialect="llama.cpp")
    await made.ask(ASKED, 5.0)
    await made.ask(ASKED, 5.0)
    assert asked == ["json_schema", "json_object", "json_object"]


async def test_a_server_that_refuses_two_forms_is_asked_further_on():
    """One downgrade a turn: the second turn begins where the first one ended."""
    handler, asked = takes("plain", status=400)
    made = caller(handler, base_url="http://127.0.0.1:11434/v1")
    with pytest.raises(Failed):
        await made.ask(ASKED, 5.0)
    await made.ask(ASKED, 5.0)
    assert asked == ["json_schema", "json_object", "json_object", "plain"]


async def test_a_server_that_has_answered_is_down_when_it_says_500():
    """Then no other form is tried."""
    answers = iter([completion(content="{}"), httpx2.Response(500, json={})])
    made = caller(lambda request: next(answers), base_url="http://127.0.0.1:8000/v1")
    await made.ask(ASKED, 5.0)
    with pytest.raises(Failed, match="down"):
        await made.ask(ASKED, 5.0)


async def test_a_call_of_the_tool_is_an_answer():
    """Its arguments are what other servers write into the message."""
    call = {"id": "1", "type": "function", "function": {"name": "commands", "arguments": '{"commands": []}'}}
    made = caller(lambda request: completion(content=None, tool_calls=[call]), base_url="http://127.0.0.1:8000/v1")
    assert (await made.ask(ASKED, 5.0)).content == '{"commands": []}'
