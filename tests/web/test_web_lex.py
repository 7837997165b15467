"""The Lambda of the page about Lex talks to a merchant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sayso.channels.registry import Channels
from sayso.host.reach import Reach
from sayso.manifest.specs import ChannelSpec
from sayso.model.action import HandedOver

PAGE = Path(__file__).parents[2] / "docs" / "channels" / "lex.md"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(memory: Any, make_app: Any, start_live: Any, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Calls the page's Lambda as Amazon does: an event, the id of the request."""
    bar = memory.merchants_["bar"]
    spec = ChannelSpec("lex", "bar", {"api_key": "env:KEY"})
    memory.merchants_["bar"] = replace(bar, merchant=replace(bar.merchant, channels=(spec,)))

    async def make() -> Any:
        return make_app(reach=Reach(Channels(), environment={"KEY": "sesame"}))

    monkeypatch.setenv("SAYSO_URL", f"{start_live(make).url}/v1/channels/lex/bar")
    monkeypatch.setenv("SAYSO_KEY", "sesame")
    (source,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(source, names)
    return lambda event, request="l-1": names["handler"](event, SimpleNamespace(aws_request_id=request))


def turn(words: str) -> dict[str, Any]:
    state = {"intent": {"name": "FallbackIntent"}, "sessionAttributes": {"shop": "7"}}
    return {"sessionId": "anna", "inputTranscript": words, "inputMode": "Text", "sessionState": state}


def test_a_bot_asks_the_merchant(ask: Ask) -> None:
    """The answer is a text and a card; the bot's attributes stay."""
    made = ask(turn("a latte"))
    assert "Shall I order it?" in str(made["messages"])
    assert made["messages"][-1]["contentType"] == "ImageResponseCard"
    assert made["sessionState"]["sessionAttributes"] == {"shop": "7", "sayso_state": "rests"}


def test_a_contact_flow_asks_the_merchant(ask: Ask) -> None:
    """It gets texts alone."""
    contact = {"ContactId": "c-1", "Channel": "CHAT"}
    made = ask({"Details": {"ContactData": contact, "Parameters": {"text": "a latte"}}})
    assert "Shall I order it?" in made["text"] and made["state"] == "rests"
    assert all(isinstance(value, str) for value in made.values())


def test_who_has_not_the_key_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Lambda fails at once, with the host's words."""
    monkeypatch.setenv("SAYSO_KEY", "wrong")
    with pytest.raises(RuntimeError, match="API key"):
        ask(turn("a latte"))


def test_a_person_was_asked_for(ask: Ask, memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The flow is told by the trace of the turn, so that it transfers the call."""

    async def handed(self: Any, turn: str) -> Any:
        return SimpleNamespace(exchanges=(SimpleNamespace(result=HandedOver({})),))

    monkeypatch.setattr(type(memory), "trace", handed)
    assert ask(turn("a person"))["sessionState"]["sessionAttributes"]["sayso_state"] == "person"
