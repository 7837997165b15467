"""What a model is shown and what of its answer is believed."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2
import pytest

from sayso.model.command import Add, Fill
from sayso.understanding.grounding import grounded, schema, shown
from sayso.understanding.model import OpenAIModel


def answer(*commands: dict[str, Any]) -> dict[str, Any]:
    return {"commands": list(commands)}


def latte(**more: Any) -> dict[str, Any]:
    item = {"product": "latte", "quantity": None, "options": [], "notes": [], **more}
    return {"kind": "add", "items": [item]}


def believed(said: str, raw: dict[str, Any], lexicon: Any, context: Any) -> Any:
    return grounded(raw, said, shown(said, lexicon, ()), lexicon, context)


def test_what_the_customer_said_is_believed(lexicon, context):
    """Quantity, options and notes that are in his words stay."""
    raw = answer(latte(quantity=2, options=["milk/oat"], notes=["for my mum"]))
    (add,) = believed("I fancy 2 oat latte things for my mum", raw, lexicon, context)
    assert isinstance(add, Add)
    assert (add.items[0].quantity, add.items[0].notes) == (2, ("for my mum",))
    assert [(c.group, c.value) for c in add.items[0].options] == [("milk", "oat")]


def test_what_he_did_not_say_is_dropped(lexicon, context):
    """Made-up quantities, options and notes do not reach the basket."""
    raw = answer(latte(quantity=9, options=["milk/soy"], notes=["free refill"]))
    (add,) = believed("a latte would be nice", raw, lexicon, context)
    item = add.items[0]
    assert (item.quantity, item.options, item.notes) == (None, (), ())


def test_a_product_that_nothing_speaks_for_is_dropped(lexicon, context):
    """An Add without a word for it in the utterance is no command."""
    assert believed("what a lovely day", answer(latte()), lexicon, context) == ()


def test_a_slot_value_must_be_named(lexicon, context):
    """A store that the customer did not name is not filled in."""
    raw = answer({"kind": "fill", "slot": "store", "value": "zuid"})
    assert believed("the one at the dam", raw, lexicon, context) == ()
    (fill,) = believed("the south station one", raw, lexicon, context)
    assert isinstance(fill, Fill)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"commands": "yes"},
        answer({"kind": "yes"}),
        answer({"kind": "undo"}),
        answer({"kind": "say", "what": "emergency"}),
        answer(latte(price="0.00")),
        answer({"kind": "start", "intent": "bank.transfer"}),
    ],
)
def test_an_answer_outside_the_schema_is_nothing(lexicon, context, raw):
    """It cannot say yes, undo, name unknown ids or add fields."""
    assert believed("two lattes", raw, lexicon, context) == ()


def test_the_schema_requires_every_key(lexicon):
    """Strict servers want all keys required and nothing else allowed."""
    made = schema(shown("latte", lexicon, ()))
    assert made["additionalProperties"] is False
    assert made["required"] == ["commands"]


def served(handler: Any) -> OpenAIModel:
    """A model stage whose endpoint is `handler`."""
    from openai import AsyncOpenAI

    stage = OpenAIModel("small", "key", "http://model.example/v1")
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(handler))
    stage._client = AsyncOpenAI(api_key="key", base_url="http://model.example/v1", http_client=client, max_retries=0)
    return stage


def completion(content: str) -> httpx2.Response:
    message = {"role": "assistant", "content": content}
    body = {
        "id": "c", "object": "chat.completion", "created": 1, "model": "small",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7},
    }  # fmt: skip
    return httpx2.Response(200, json=body)


async def test_an_answer_becomes_commands(lexicon, context):
    """Fenced or not, the JSON is read, validated and grounded, and its tokens counted."""
    stage = served(lambda request: completion(f"```json\n{json.dumps(answer(latte()))}\n```"))
    got = await stage.opinion("some latte like thing", context, lexicon, (), 5.0)
    assert isinstance(got.commands[0], Add)
    assert got.tokens == 7


@pytest.mark.parametrize(
    "handler",
    [
        lambda request: completion("Sure! Your card was charged."),
        lambda request: completion('{"commands": [{'),
        lambda request: httpx2.Response(500, json={"error": {"message": "down"}}),
        lambda request: httpx2.Response(429, headers={"retry-after": "60"}, json={}),
    ],
)
async def test_every_failure_is_an_empty_opinion(lexicon, context, handler):
    """The local reading stands; nothing is retried past the deadline."""
    assert (await served(handler).opinion("a latte thing", context, lexicon, (), 5.0)).commands == ()


async def test_a_late_answer_is_cut_off(lexicon, context):
    """The whole call ends inside the deadline."""

    async def never(request: httpx2.Request) -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError("not reached")

    got = await served(never).opinion("a latte thing", context, lexicon, (), 0.25)
    assert got.commands == ()


async def test_without_time_nothing_is_asked(lexicon, context):
    """A deadline that is nearly over does not start a call."""
    stage = served(lambda request: pytest.fail("asked"))
    assert (await stage.opinion("a latte thing", context, lexicon, (), 0.1)).commands == ()
