"""Assistants that post what was said and read the answer in the response: whose it is, once, in their own shapes."""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types import Model
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from sayso.channels.assistants import home_assistant, ollama, openai
from sayso.channels.contract import Account, NotFound, Opened, Request, Theirs, Unauthorised, Utterance
from sayso.manifest.specs import ChannelSpec, MerchantSpec
from sayso.model.message import Action, Message
from sayso.testing.messages import MESSAGES, tokens

DATA = Path(os.environ.get("SAYSO_SHARED_DATA", "../shared/data")) / "voice" / "home_assistant"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SPEC = MerchantSpec("bar", {"en": "Bar"}, ("en",), "EUR", "NL", "Europe/Amsterdam", locations={}, skills=())
BEARER = {"authorization": "Bearer sesame"}
ASKED = Message("One latte, € 3.50. Shall I order it?", "One latte. Shall I?", actions=(Action("reply", "Yes", "t1"),))


def account(name: str = "openai", **settings: Any) -> Account:
    return Account(SPEC, ChannelSpec(name, "bar", {"api_key": "env:KEY", **settings}), {"KEY": "sesame"})


def post(data: Any, path: str = "chat/completions", headers: Any = BEARER) -> Request:
    body = data if isinstance(data, bytes) else orjson.dumps(data)
    return Request("POST", f"https://x.example/{path}", headers, body=body, path=path)


def chat(*said: str, **more: Any) -> dict[str, Any]:
    """A request with these words, in turn the customer's and the assistant's."""
    messages = [{"role": ("user", "assistant")[n % 2], "content": words} for n, words in enumerate(said)]
    return {"model": "sayso", "messages": messages, "user": "anna", **more}


def heard(data: Any, at: datetime = NOW, channel: Any = openai, **more: Any) -> Any:
    (event,) = channel.receive(post(data, **more), account(channel.name), at).events
    return event


def test_a_turn_of_a_conversation() -> None:
    """The last words of the customer; whose it is from `user`, a header or the metadata, in that order of weight."""
    event = heard(chat("hi", "hello", "a latte"))
    assert (event.body, event.conversation, event.proof.subject) == (Utterance("a latte"), "anna", "anna")
    assert heard(chat("hi", metadata={"conversation_id": "c7"})).conversation == "c7"
    assert heard(chat("hi"), headers={**BEARER, "x-conversation-id": "h1"}).conversation == "h1"
    parts = [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {}}, {"type": "text", "text": "latte"}]
    assert heard({"messages": [{"role": "user", "content": parts}], "user": "a"}).body == Utterance("a latte")
    assert heard(chat("hi", "hello")).body == Opened()


def test_the_same_request_is_the_same_turn() -> None:
    """A client that tries again gets the stored answer; the same words with another history are another turn."""
    first = heard(chat("hi", "hello", "yes"))
    assert heard(chat("hi", "hello", "yes"), NOW + timedelta(seconds=90)).id == first.id
    others = [chat("hey", "hello", "yes"), chat("yes"), chat("hi", "hello", "yes", user="bob")]
    assert len({first.id, *(heard(data).id for data in others)}) == 4
    alone = heard(chat("yes"))
    assert heard(chat("yes"), NOW + timedelta(seconds=60)).id != alone.id  # without a history: said again


def test_nobody_shares_a_basket_by_chance() -> None:
    """Without a name there is no conversation, unless the key is one household's."""
    nameless = {"messages": [{"role": "user", "content": "hi"}]}
    with pytest.raises(Theirs, match="whose"):
        openai.receive(post(nameless), account(), NOW)
    (event,) = openai.receive(post(nameless), account(single_user=True), NOW).events
    assert event.conversation == "home"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (post(chat("hi"), headers={}), 401),
        (post(chat("hi"), headers={"authorization": "Bearer wrong"}), 401),
        (post(chat("hi"), headers={"authorization": "Basic ???"}), 401),
        (post(chat("hi"), "completions"), 404),
        (replace(post(chat("hi")), method="GET"), 405),
        (post(b"{"), 400),
        (post({"messages": []}), 400),
        (post({"messages": "hi"}), 400),
        (post(chat("hi", user="x" * 300)), 400),
        (post(b" " * 1_048_577), 413),
    ],
)
def test_what_is_refused(request_: Request, status: int) -> None:
    """Each with its status, in the shape that OpenAI's clients read."""
    with pytest.raises(Theirs) as refused:
        openai.receive(request_, account(), NOW)
    assert refused.value.status == status
    told = openai.refused(refused.value)  # type: ignore[attr-defined]
    assert told.status == status and orjson.loads(told.body)["error"]["message"]


def test_a_missing_key_says_what_to_set() -> None:
    """Nothing else of the host breaks for it."""
    with pytest.raises(NotFound) as refused:
        openai.receive(post(chat("hi")), replace(account(), environment={}), NOW)
    assert "KEY" in refused.value.mend


def test_answers_are_what_openais_own_types_read() -> None:
    """Whole, in chunks, and the list of models."""
    whole = openai.respond(heard(chat("hi")), [ASKED], account())
    made = ChatCompletion.model_validate_json(whole.body, strict=True)
    assert made.choices[0].message.content == f"{ASKED.text}\n\n1. Yes\nReply with a number to choose."
    streamed = openai.respond(heard(chat("hi", stream=True)), [ASKED], account())
    lines = [line.removeprefix(b"data: ") for line in streamed.body.split(b"\n\n") if line]
    assert lines.pop() == b"[DONE]"
    chunks = [ChatCompletionChunk.model_validate_json(line, strict=True) for line in lines]
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == made.choices[0].message.content
    listed = openai.receive(replace(post(b"", "models"), method="GET"), account(), NOW).response
    assert Model.model_validate(orjson.loads(listed.body)["data"][0]).id == "sayso"


def test_a_voice_says_words_alone() -> None:
    """No numbers, no addresses: what a speaker says."""
    spoken = openai.respond(heard(chat("hi")), [ASKED], account(mode="voice"))
    assert orjson.loads(spoken.body)["choices"][0]["message"]["content"] == "One latte. Shall I?"


def test_the_shape_of_ollama() -> None:
    """The model is listed, so that nothing is pulled; the answer is a line and an end, or one object."""
    single = account("ollama", single_user=True)
    tags = ollama.receive(replace(post(b"", "api/tags"), method="GET"), single, NOW).response
    assert orjson.loads(tags.body)["models"][0]["model"] == "sayso:latest"
    (event,) = ollama.receive(post(chat("hi"), "api/chat"), single, NOW).events
    first, last = (orjson.loads(line) for line in ollama.respond(event, [ASKED], single).body.splitlines())
    assert ASKED.text in first["message"]["content"] and (first["done"], last["done"]) == (False, True)
    (event,) = ollama.receive(post(chat("hi", stream=False), "api/chat"), single, NOW).events
    assert orjson.loads(ollama.respond(event, [ASKED], single).body)["done"] is True


def fixtures() -> list[Path]:
    return sorted(DATA.glob("webhook_conversation_readme_*.json")) if DATA.exists() else []


@pytest.mark.skipif(not fixtures(), reason="no shared data folder: set SAYSO_SHARED_DATA")
def test_the_requests_of_webhook_conversation() -> None:
    """A turn is heard with its user and language; speech is refused with the reason; the rest never fails."""
    key = base64.b64encode(b"ha:sesame").decode()
    for path in fixtures():
        data, request = orjson.loads(path.read_bytes()), post(path.read_bytes(), "", {"authorization": f"Basic {key}"})
        if "query" not in data:
            with pytest.raises(Theirs):
                home_assistant.receive(request, account("home_assistant"), NOW)
            continue
        (event,) = home_assistant.receive(request, account("home_assistant"), NOW).events
        assert event.body == Utterance(data["query"]) and event.conversation == "abc123"
        assert event.language == data.get("language", "")
        answer = home_assistant.respond(event, [ASKED], account("home_assistant", mode="voice"))
        assert orjson.loads(answer.body) == {"output": "One latte. Shall I?"}


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=9), inside, max_size=3),
    max_leaves=9,
)
KNOWN = st.sampled_from(
    ["messages", "user", "metadata", "model", "stream", "query", "conversation_id", "audio", "text"]
)


@given(
    st.dictionaries(KNOWN, ANY | st.lists(st.fixed_dictionaries({"role": ANY, "content": ANY}), max_size=3)), st.data()
)
def test_nothing_that_comes_is_our_fault(data: dict[str, Any], draw: Any) -> None:
    """Any JSON under the fields that are read gives a turn or a refusal."""
    channel, path = draw.draw(
        st.sampled_from([(openai, "chat/completions"), (ollama, "api/chat"), (home_assistant, "")])
    )
    try:
        body = orjson.dumps(data)
    except TypeError:  # an integer beyond 64 bits
        return
    try:
        made = channel.receive(post(body, path), account(channel.name, single_user=True), NOW)
    except Unauthorised:
        raise
    except Theirs:
        return
    assert channel.respond(made.events[0], [ASKED], account(channel.name)).status == 200


@given(MESSAGES)
def test_every_choice_can_be_made(message: Message) -> None:
    """A text has a number for every button and every address."""
    said = orjson.loads(openai.respond(heard(chat("hi")), [message], account()).body)["choices"][0]["message"][
        "content"
    ]
    assert all(f"{n}." in said for n in range(1, len(tokens(message)) + 1))
