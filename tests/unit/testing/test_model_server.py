"""The scripted OpenAI-compatible server, through the real `openai` client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import jsonschema
import openai
import pytest

from sayso.testing.model import ModelServer
from sayso.testing.scripts import Cut, Fail, Lie, Malformed, Reply, Slow

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["commands"],
    "properties": {"commands": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/command"}}},
    "$defs": {
        "command": {
            "type": "object",
            "additionalProperties": False,
            "required": ["kind", "sku", "quantity"],
            "properties": {
                "kind": {"const": "add"},
                "sku": {"enum": ["latte", "muffin"]},
                "quantity": {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 1, "maximum": 20}]},
            },
        }
    },
}
FORMAT: dict[str, Any] = {"type": "json_schema", "json_schema": {"name": "commands", "schema": SCHEMA, "strict": True}}
TOOL: dict[str, Any] = {"type": "function", "function": {"name": "order", "parameters": SCHEMA}}
HELLO: list[Any] = [{"role": "user", "content": "hello"}]


@pytest.fixture
async def client(model_server: ModelServer) -> AsyncIterator[openai.AsyncOpenAI]:
    """A client of the server that never retries."""
    async with openai.AsyncOpenAI(base_url=model_server.url, api_key="none", max_retries=0, timeout=20) as made:
        yield made


async def test_a_reply_comes_as_a_completion(model_server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """What is scripted is answered, and the request is kept to look at."""
    model_server.script(Reply({"a": 1}))
    done = await client.chat.completions.create(model="m", messages=HELLO, response_format=FORMAT)
    assert json.loads(done.choices[0].message.content or "") == {"a": 1}
    assert done.usage and done.usage.total_tokens > 0
    assert model_server.requests[0]["messages"] == HELLO


async def test_scripts_follow_each_other_and_the_last_stays(
    model_server: ModelServer, client: openai.AsyncOpenAI
) -> None:
    """Each request takes the next script."""
    model_server.script(Reply("one"), Reply("two"))
    said = [(await client.chat.completions.create(model="m", messages=HELLO)).choices[0].message.content for _ in "abc"]
    assert said == ["one", "two", "two"]


async def test_a_tool_call_comes_as_one(model_server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """A reply with a tool is a call of that tool with its arguments as JSON."""
    model_server.script(Reply({"sku": "latte"}, tool="order"))
    done = await client.chat.completions.create(model="m", messages=HELLO, tools=[TOOL])  # type: ignore[list-item]
    (call,) = done.choices[0].message.tool_calls or ()
    assert (call.function.name, json.loads(call.function.arguments)) == ("order", {"sku": "latte"})  # type: ignore[union-attr]
    assert done.choices[0].finish_reason == "tool_calls"


async def test_a_stream_carries_the_same_words(model_server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """Streamed deltas add up to the reply, and usage comes last when it is asked for."""
    model_server.script(Reply("a reply of several chunks, no less"))
    stream = await client.chat.completions.create(
        model="m", messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    words = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert words == "a reply of several chunks, no less"
    assert chunks[-1].usage is not None and not chunks[-1].choices


async def test_a_streamed_tool_call_adds_up(model_server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """The arguments of a streamed tool call come in pieces under one index."""
    model_server.script(Reply({"sku": "latte", "quantity": 2}, tool="order"))
    stream = await client.chat.completions.create(model="m", messages=HELLO, tools=[TOOL], stream=True)  # type: ignore[list-item]
    calls = [call async for chunk in stream for call in (chunk.choices[0].delta.tool_calls or ())]  # type: ignore[attr-defined]
    arguments = "".join(call.function.arguments or "" for call in calls)
    assert json.loads(arguments) == {"sku": "latte", "quantity": 2}


@pytest.mark.parametrize(("status", "error"), [(429, openai.RateLimitError), (500, openai.InternalServerError)])
async def test_an_error_is_an_http_error(
    model_server: ModelServer, client: openai.AsyncOpenAI, status: int, error: type[Exception]
) -> None:
    """A scripted status reaches the client as its own error."""
    model_server.script(Fail(status))
    with pytest.raises(error):
        await client.chat.completions.create(model="m", messages=HELLO)


async def test_malformed_content_is_not_json(model_server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """The completion is well-formed, its content is not."""
    model_server.script(Malformed())
    done = await client.chat.completions.create(model="m", messages=HELLO, response_format=FORMAT)
    with pytest.raises(json.JSONDecodeError):
        json.loads(done.choices[0].message.content or "")


@pytest.mark.parametrize("stream", [False, True])
async def test_a_cut_answer_ends_the_connection(
    model_server: ModelServer, client: openai.AsyncOpenAI, stream: bool
) -> None:
    """The connection closes in the middle: the client sees a broken transfer, not a short answer."""
    model_server.script(Cut())
    with pytest.raises(openai.APIConnectionError):
        answer = await client.chat.completions.create(model="m", messages=HELLO, stream=stream)
        if stream:
            [chunk async for chunk in answer]  # type: ignore[union-attr]


async def test_a_slow_answer_notices_that_its_client_left(
    model_server: ModelServer, client: openai.AsyncOpenAI
) -> None:
    """A client that keeps its deadline is counted, and the next request is served."""
    model_server.script(Slow(600, Reply("too late")), Reply("next"))
    with pytest.raises(openai.APITimeoutError):
        await client.with_options(timeout=0.2).chat.completions.create(model="m", messages=HELLO)
    done = await client.chat.completions.create(model="m", messages=HELLO)
    assert done.choices[0].message.content == "next"
    assert model_server.abandoned == 1


@pytest.mark.parametrize("seed", range(20))
async def test_a_lie_keeps_to_the_schema(model_server: ModelServer, client: openai.AsyncOpenAI, seed: int) -> None:
    """Made-up content has the shape that was asked for, so that only its meaning can be caught."""
    model_server.script(Lie(seed))
    done = await client.chat.completions.create(model="m", messages=HELLO, response_format=FORMAT)
    jsonschema.validate(json.loads(done.choices[0].message.content or ""), SCHEMA)


async def test_a_lie_fits_a_tool_too(model_server: ModelServer, client: openai.AsyncOpenAI) -> None:
    """With tools the made-up content is a call's arguments."""
    model_server.script(Lie(7))
    done = await client.chat.completions.create(model="m", messages=HELLO, tools=[TOOL])  # type: ignore[list-item]
    (call,) = done.choices[0].message.tool_calls or ()
    jsonschema.validate(json.loads(call.function.arguments), SCHEMA)  # type: ignore[union-attr]
