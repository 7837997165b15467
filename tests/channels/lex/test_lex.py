"""Lex V2 and Connect: what their Lambda posts, and what it gets back for it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.compiler import Where, compile_message
from sayso.channels.contract import (
    Account,
    NotFound,
    Opened,
    Pressed,
    Recognised,
    Request,
    Theirs,
    Transferring,
    Unauthorised,
    Utterance,
)
from sayso.channels.lex import channel
from sayso.channels.names import spell
from sayso.manifest.specs import ChannelSpec, MerchantSpec
from sayso.model.event import Silent
from sayso.model.message import Action, Card, Message, Picture
from sayso.testing.messages import MESSAGES, tokens

DATA = Path(os.environ.get("SAYSO_SHARED_DATA", "../shared/data")) / "voice" / "aws"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SPEC = MerchantSpec("bar", {"en": "Bar"}, ("en",), "EUR", "NL", "Europe/Amsterdam", locations={}, skills=())
ACCOUNT = Account(SPEC, ChannelSpec("lex", "bar", {"api_key": "env:KEY"}), {"KEY": "sesame"}, "https://x.example")
BEARER = {"authorization": "Bearer sesame"}
YES = Action("reply", "Yes", "a1b2c3")
ASKED = Message("One latte, € 3.50. Shall I order it?", "One latte. Shall I?", actions=(YES,), expects_reply=True)
needs_data = pytest.mark.skipif(not DATA.exists(), reason="no shared data folder: set SAYSO_SHARED_DATA")


def post(data: Any, path: str = "", **headers: str) -> Request:
    body = data if isinstance(data, bytes) else orjson.dumps(data)
    return Request("POST", f"https://x.example/{path}", {**BEARER, **headers}, body=body, path=path)


def turn(words: str, intent: str = "FallbackIntent", mode: str = "Text", **more: Any) -> dict[str, Any]:
    """An event of a bot; `more` is of its intent, but for `attributes`."""
    attributes = more.pop("attributes", {})
    return {
        "messageVersion": "1.0",
        "invocationSource": "DialogCodeHook",
        "inputMode": mode,
        "sessionId": "anna",
        "inputTranscript": words,
        "bot": {"id": "B", "name": "bar", "localeId": "nl_NL", "version": "1"},
        "sessionState": {
            "intent": {"name": intent, "state": "InProgress", **more},
            "sessionAttributes": attributes,
            "originatingRequestId": "r1",
        },
    }


def call(**given: str) -> dict[str, Any]:
    """An event of a contact flow."""
    contact = {"ContactId": "c-1", "Channel": "VOICE", "LanguageCode": "en-GB"}
    return {"Name": "ContactFlowEvent", "Details": {"ContactData": contact, "Parameters": given}}


def heard(data: Any, path: str = "", **headers: str) -> Any:
    (event,) = channel.receive(post(data, path, **headers), ACCOUNT, NOW).events
    return event


def told(event: Any, *messages: Message) -> dict[str, Any]:
    made: dict[str, Any] = orjson.loads(channel.respond(event, messages, ACCOUNT).body)
    return made


def scalar(words: str) -> dict[str, Any]:
    return {"shape": "Scalar", "value": {"originalValue": words, "interpretedValue": words, "resolvedValues": []}}


def test_a_turn_of_a_bot() -> None:
    """Words, session and locale; the Lambda's own request is the turn's id where it is told."""
    event = heard(turn("twee latte"))
    assert (event.body, event.conversation, event.language) == (Utterance("twee latte"), "anna", "nl-NL")
    assert (event.id, event.voice, event.proof.issuer) == ("r1", False, "lex:bar")
    assert heard(turn("twee latte"), **{"x-request-id": "l-7"}).id == "l-7"
    assert heard(turn("a latte", mode="Speech")).voice


def test_an_intent_is_evidence_beside_the_words() -> None:
    """Its name spells ours; slots are as they were said, a list's all of them."""
    slots = {"drink": scalar("a latte"), "extras": {"values": [scalar("oat"), scalar("syrup")]}, "size": None}
    event = heard(turn("a latte with oat and syrup", spell("order_coffee.order"), slots=slots))
    assert event.body == Recognised(
        "order_coffee.order", {"drink": "a latte", "extras": "oat, syrup"}, "a latte with oat and syrup"
    )
    only_thought = turn("help me")
    only_thought["interpretations"] = [{"intent": only_thought["sessionState"].pop("intent") | {"name": "HelpIntent"}}]
    assert heard(only_thought).body == Recognised("help", text="help me")


@pytest.mark.parametrize(("name", "meant"), [("AMAZON.StopIntent", "stop"), ("CancelIntent", "cancel")])
def test_amazons_own_intents_are_commands(name: str, meant: str) -> None:
    """With Amazon's prefix or as a bot names them."""
    assert heard(turn("enough", name)).body == Recognised(meant, text="enough")


@pytest.mark.parametrize(("state", "meant"), [("Confirmed", "yes"), ("Denied", "no")])
def test_a_confirmation_is_an_answer(state: str, meant: str) -> None:
    """What Lex took for a yes or a no, with the words that it took."""
    assert heard(turn("sure", "Order", confirmationState=state)).body == Recognised(meant, text="sure")


def test_digits_are_words() -> None:
    """Whatever intent Lex thinks of."""
    event = heard(turn("2", "HelpIntent", mode="DTMF"))
    assert event.body == Utterance("2") and event.voice


def test_nothing_said() -> None:
    """An opening before we spoke, a silence after it."""
    assert heard(turn("")).body == Opened()
    assert heard(turn("", attributes={"sayso_state": "asks"})).body == Silent()


def test_a_button_comes_back_as_words() -> None:
    """The value of the card's button is pressed, not understood."""
    (message,) = told(heard(turn("a latte")), ASKED)["messages"]
    (button,) = message["imageResponseCard"]["buttons"]
    assert button["text"] == "Yes" and heard(turn(button["value"])).body == Pressed("a1b2c3")


def test_a_question_listens_on() -> None:
    """The bot's own attributes come back, with how the conversation stands."""
    event = heard(turn("a latte", attributes={"shop": "7", "n": 3}))
    state = told(event, ASKED)["sessionState"]
    assert state == {
        "sessionAttributes": {"shop": "7", "sayso_state": "asks"},
        "dialogAction": {"type": "ElicitIntent"},
    }


@pytest.mark.parametrize(("message", "standing"), [(Message("Bye.", ends=True), "ended"), (Message("Hi."), "rests")])
def test_what_asks_nothing_closes(message: Message, standing: str) -> None:
    """With the intent that Lex had, fulfilled."""
    state = told(heard(turn("bye", "Order")), message)["sessionState"]
    assert state["dialogAction"] == {"type": "Close"}
    assert state["intent"] == {"name": "Order", "state": "Fulfilled"}
    assert state["sessionAttributes"] == {"sayso_state": standing}


def test_a_person_takes_over() -> None:
    """The flow is told so, whatever is said beside it."""
    assert isinstance(channel, Transferring)
    bot, flow = channel.to_person(heard(turn("a person"))), channel.to_person(heard(call(), "connect", **REQUEST))
    state = told(bot, ASKED)["sessionState"]
    assert (state["dialogAction"]["type"], state["sessionAttributes"]["sayso_state"]) == ("Close", "person")
    assert told(flow, ASKED)["person"] == "true" and told(flow, ASKED)["ends"] == "false"


def test_a_voice_hears_words_alone() -> None:
    """No cards."""
    messages = told(heard(turn("a latte", mode="Speech")), ASKED, Message("It is *open* now."))["messages"]
    assert messages == [{"contentType": "PlainText", "content": "One latte. Shall I? It is *open* now."}]


def test_nothing_to_say_is_no_message() -> None:
    """As when a person has the conversation: Lex wants words only with a question."""
    made = told(heard(turn("hello")))
    assert "messages" not in made and made["sessionState"]["dialogAction"] == {"type": "Close"}


def test_a_picture_is_a_card() -> None:
    """Title and words of the thing, with its picture where it has a public address."""
    card = Card("Latte", "Milk and espresso.", Picture("latte.png", "a latte"), (Action("reply", "Order", "t9"),))
    messages = told(heard(turn("a latte")), Message("Here it is.", cards=(card,)))["messages"]
    assert messages[0] == {"contentType": "PlainText", "content": "Here it is."}
    shown = messages[1]["imageResponseCard"]
    assert (shown["title"], shown["subtitle"]) == ("Latte", "Milk and espresso.")
    assert shown["imageUrl"] == "https://x.example/assets/bar/latte.png"


REQUEST = {"x-request-id": "l-1"}


def test_a_turn_of_a_contact_flow() -> None:
    """What its parameter says; a greeting without one; a silence for an empty one."""
    event = heard(call(text="a latte"), "connect", **REQUEST)
    assert (event.body, event.conversation, event.id) == (Utterance("a latte"), "c-1", "l-1")
    assert event.voice and event.deadline_s < 8 and event.language == "en-GB"
    assert heard(call(), "connect", **REQUEST).body == Opened()
    assert heard(call(text=""), "connect", **REQUEST).body == Silent()


def test_a_contact_flow_gets_texts() -> None:
    """All values are texts: a voice's words, else the text with the labels of its buttons."""
    event = heard(call(text="a latte"), "connect", **REQUEST)
    asks = {"state": "asks", "asks": "true", "ends": "false", "person": "false"}
    assert told(event, ASKED) == {"text": "One latte. Shall I?", **asks}
    assert told(replace(event, voice=False), ASKED) == {"text": f"{ASKED.text}\nYes", **asks}


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (replace(post(turn("hi")), headers={}), 401),
        (replace(post(turn("hi")), headers={"authorization": "Bearer wrong"}), 401),
        (replace(post(turn("hi")), headers={"authorization": "Basic sesame"}), 401),
        (post(turn("hi"), "elsewhere"), 404),
        (replace(post(turn("hi")), method="GET"), 405),
        (post(b"{"), 400),
        (post(b"[]"), 400),
        (post({"sessionId": "a"}), 400),
        (post({"sessionState": {}}), 400),
        (post({"sessionId": "a", "sessionState": {}}), 400),
        (post(call(), "connect"), 400),
        (post(turn("hi"), "connect", **REQUEST), 400),
        (post(b" " * 131_073), 413),
    ],
)
def test_what_is_refused(request_: Request, status: int) -> None:
    """Each with its status."""
    with pytest.raises(Theirs) as refused:
        channel.receive(request_, ACCOUNT, NOW)
    assert refused.value.status == status


def test_a_missing_key_says_what_to_set() -> None:
    """Nothing else of the host breaks for it."""
    with pytest.raises(NotFound) as refused:
        channel.receive(post(turn("hi")), replace(ACCOUNT, environment={}), NOW)
    assert "KEY" in refused.value.mend


@needs_data
def test_the_published_event_of_a_bot() -> None:
    """Digits with a slot that is a list: the words count; its attributes come back."""
    event = heard(orjson.loads((DATA / "lexv2-event.json").read_bytes()))
    assert (event.body, event.conversation, event.voice) == (Utterance("test_input_transcript"), "test_session", True)
    attributes = told(event, ASKED)["sessionState"]["sessionAttributes"]
    assert attributes["sessionattribute1"] == "sessionvalue1"


@needs_data
@pytest.mark.parametrize("name", ["connect-contactflow-event.json", "connect-event-go.json"])
def test_the_published_events_of_contact_flows(name: str) -> None:
    """Calls that nothing was said in yet."""
    event = heard(orjson.loads((DATA / name).read_bytes()), "connect", **REQUEST)
    assert event.body == Opened() and event.voice and event.conversation


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=9), inside, max_size=3),
    max_leaves=9,
)


def some(*keys: str, of: Any = ANY) -> Any:
    return ANY | st.dictionaries(st.sampled_from(keys), of, max_size=len(keys))


SLOT = some("value", "values", of=some("originalValue") | st.lists(some("value", of=some("originalValue")), max_size=2))
INTENT = some("name", "slots", "confirmationState", of=some("drink", "size", of=SLOT))
EVENTS = st.fixed_dictionaries(
    {"sessionId": st.just("s") | ANY, "sessionState": some("intent", "sessionAttributes", of=INTENT)},
    optional={
        "inputTranscript": ANY,
        "inputMode": ANY,
        "bot": some("localeId"),
        "interpretations": st.lists(some("intent", of=INTENT), max_size=2) | ANY,
        "Details": some("ContactData", "Parameters", of=some("ContactId", "Channel", "text", "language")),
    },
)


@given(EVENTS, st.sampled_from(["", "connect"]))
def test_nothing_that_comes_is_our_fault(data: dict[str, Any], path: str) -> None:
    """Any JSON under the fields that are read gives a turn with an answer, or a refusal."""
    try:
        body = orjson.dumps(data)
    except TypeError:  # an integer beyond 64 bits
        return
    try:
        event = heard(body, path, **REQUEST)
    except Unauthorised:
        raise
    except Theirs:
        return
    assert told(event, ASKED)


@given(st.lists(MESSAGES, max_size=4), st.sampled_from(["Text", "Speech", "DTMF"]))
def test_every_answer_is_within_lexs_limits(messages: list[Message], mode: str) -> None:
    """As the model of its runtime API has them: lengths at least 1, a title on each card, at most ten messages."""
    made = told(heard(turn("a latte", mode=mode)), *messages)
    said = made.get("messages", [])
    assert len(said) <= 10 and (said or made["sessionState"]["dialogAction"]["type"] == "Close")
    for message in said:
        card = message.get("imageResponseCard")
        assert message["contentType"] == ("ImageResponseCard" if card else "PlainText")
        assert card or 1 <= len(message["content"]) <= 1024
        for line in ("title", "subtitle", "imageUrl"):
            assert not card or line not in card or 1 <= len(card[line]) <= 250
        assert not card or card["title"]
        buttons = (card or {}).get("buttons", [])
        assert len(buttons) <= 5
        assert all(1 <= len(b["text"]) <= 50 and 1 <= len(b["value"]) <= 50 for b in buttons)


@given(MESSAGES)
def test_every_choice_is_there(message: Message) -> None:
    """A button on a card, or a number in the text that the host resolves."""
    made = told(heard(turn("a latte")), message)
    cards = [each["imageResponseCard"] for each in made.get("messages", []) if "imageResponseCard" in each]
    shown = {b["value"].removeprefix("sayso:") for card in cards for b in card.get("buttons", [])}
    plan = compile_message(message, channel.capabilities, Where("https://x.example/assets/bar"))
    assert set(tokens(message)) <= shown | set(plan.numbered)
