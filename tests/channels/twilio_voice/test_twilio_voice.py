"""Telephone calls over Twilio: turn by turn, or over a WebSocket."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.contract import Account, Closed, Opened, Request, Silent, Theirs, Utterance
from sayso.channels.twilio import signature
from sayso.channels.twilio_voice import channel
from sayso.channels.twilio_voice.relay import Session, hear, speak
from sayso.manifest.specs import ChannelSpec, MerchantSpec
from sayso.model.message import Message
from sayso.testing.messages import MESSAGES

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BASE = "https://bots.example/v1/channels/twilio_voice/bar"
SPEC = MerchantSpec("bar", {"nl": "Bar"}, ("nl", "en"), "EUR", "NL", "Europe/Amsterdam", locations={}, skills=())
SETTINGS: dict[str, Any] = {"auth_token": "env:TOKEN", "transfer_to": "+31201234567", "hints": "latte, cappuccino"}
ASKS = Message("Shall I order it?", "Een latte. Zal ik dat doen?", expects_reply=True, language="nl")


def account(**settings: Any) -> Account:
    spec = ChannelSpec("twilio_voice", "+31970000000", {**SETTINGS, **settings})
    return Account(SPEC, spec, {"TOKEN": "12345"}, "https://bots.example")


def request(path: str = "", query: str = "", **fields: str) -> Request:
    """A signed request of the call CA1."""
    form = {"CallSid": "CA1", "From": "+31612345678", "To": "+31970000000", "CallStatus": "in-progress", **fields}
    url = BASE + (f"/{path}" if path else "") + (f"?{query}" if query else "")
    signed = {"x-twilio-signature": signature(url, [*form.items()], "12345")}
    given = {name: values[0] for name, values in parse_qs(query).items()}
    return Request("POST", url, signed, given, urlencode(form).encode(), path)


def heard(path: str = "", query: str = "", where: Account | None = None, **fields: str) -> Any:
    (event,) = channel.receive(request(path, query, **fields), where or account(), NOW).events
    return event


def answered(event: Any, *messages: Message, **settings: Any) -> Element:
    """The TwiML of an answer."""
    return fromstring(channel.respond(event, messages, account(**settings)).body)


def test_a_call_begins() -> None:
    """It is a conversation of its own, and nobody is vouched for by a number."""
    event = heard()
    assert (event.body, event.conversation, event.id) == (Opened(), "CA1", "CA1/0")
    assert event.voice and event.proof.assurance == "anonymous"


def test_a_number_answers_in_its_language() -> None:
    """What the manifest says, until the address of a turn says another."""
    assert heard(where=account(language="en")).language == "en"
    assert heard("turn", "n=2&lang=nl", account(language="en"), SpeechResult="hoi").language == "nl"
    begun = channel.receive(request(), account(relay=True, language="en"), NOW)
    relay = fromstring(begun.response.body).find("Connect/ConversationRelay")
    assert relay is not None and relay.get("language") == "en-US"


def test_what_is_said_and_pressed() -> None:
    """Speech, keys, both; silence comes back as silence and is counted."""
    assert heard("turn", "n=1", SpeechResult="een latte", Confidence="0.9").body == Utterance("een latte")
    assert heard("turn", "n=1", Digits="2").body == Utterance("2")
    silent = heard("turn", "n=2&silent=1")
    assert silent.body == Silent() and silent.via["silent"] == "2" and silent.id == "CA1/2"


def test_the_answer_gathers_the_next_turn() -> None:
    """It is said in the language's voice while the caller may speak; the next turn's address says which it is."""
    root = answered(heard("turn", "n=3", SpeechResult="hoi"), ASKS)
    gather = root.find("Gather")
    assert gather is not None and gather.get("input") == "speech dtmf" and gather.get("language") == "nl-NL"
    assert gather.get("actionOnEmptyResult") == "true" and gather.get("hints") == "latte, cappuccino"
    query = parse_qs(urlsplit(gather.get("action", "")).query)
    assert (query["n"], query["silent"], query["lang"]) == (["4"], ["0"], ["nl"])
    said = gather.find("Say")
    assert said is not None and said.text == "Een latte. Zal ik dat doen?" and said.get("language") == "nl-NL"


def test_how_a_call_ends() -> None:
    """With a goodbye, after silences, with a person where there is one to be put through to."""
    ends = replace(ASKS, ends=True)
    assert answered(heard("turn", "n=1", SpeechResult="dag"), ends).find("Hangup") is not None
    assert answered(heard("turn", "n=4&silent=2"), ASKS).find("Hangup") is None  # a person is offered
    assert answered(heard("turn", "n=5&silent=3"), ASKS).find("Hangup") is not None
    asked = heard("turn", "n=1", SpeechResult="een mens")
    person = channel.to_person(asked)  # type: ignore[attr-defined]
    dial = answered(person, ASKS).find("Dial")
    assert dial is not None and dial.text == "+31201234567"
    assert answered(person, ASKS, transfer_to="").find("Dial") is None
    over = heard("status", CallStatus="completed")
    assert over.body == Closed("hung_up") and len(answered(over)) == 0


@pytest.mark.parametrize(
    "query", ["n=x", "n=99999999999", "n=-1", "silent=a", "lang=%3Cscript%3E", "n=1&lang=" + "x" * 99]
)
def test_an_address_that_is_not_ours(query: str) -> None:
    """What it says is not believed."""
    event = heard("turn", query, SpeechResult="hoi")
    assert event.via["silent"] == "0" and event.via["lang"] == "" and event.via["n"] in ("0", "1")


def test_what_is_refused() -> None:
    """A wrong signature, none, another method, too much."""
    good = request()
    for wrong in (
        replace(good, headers={}),
        replace(good, headers={"x-twilio-signature": "x"}),
        replace(good, method="GET"),
        replace(good, body=b"a" * 70_000),
        replace(good, url=good.url + "?n=1"),
    ):
        with pytest.raises(Theirs):
            channel.receive(wrong, account(), NOW)


@given(MESSAGES)
def test_any_message_is_said(message: Message) -> None:
    """TwiML that parses, with no more than a voice says at once."""
    root = answered(heard("turn", "n=1", SpeechResult="hoi"), message)
    said = root.find("Gather/Say")
    assert said is not None and said.text and 0 < len(said.text) <= 3000


def test_a_call_over_the_relay() -> None:
    """The call is connected to our WebSocket; afterwards it goes to a person or ends."""
    begun = channel.receive(request(), account(relay=True), NOW)
    relay = fromstring(begun.response.body).find("Connect/ConversationRelay")
    assert not begun.events and relay is not None
    assert relay.get("url") == "wss://bots.example/v1/channels/twilio_voice/bar/relay"
    for told, tag in (('{"reason":"person"}', "Dial"), ('{"reason":"ended"}', "Hangup"), ("", "Hangup")):
        after = channel.receive(request("relayed", HandoffData=told), account(relay=True), NOW)
        assert fromstring(after.response.body).find(tag) is not None


def frames(*sent: dict[str, Any]) -> list[Any]:
    """The events that a call's frames come to, the set-up left out."""
    session, found = Session(), []
    for data in ({"type": "setup", "callSid": "CA1"}, *sent):
        session, event = hear(json.dumps(data), session, account(), NOW)
        found += [event] if event else []
    return found[1:]


def test_frames_of_the_relay() -> None:
    """Prompts are turns with ids of their own; half a prompt is not; keys end with #."""
    said = {"type": "prompt", "voicePrompt": "een latte", "lang": "nl-NL", "last": True}
    first, second = frames(said, {**said, "last": False}, said)
    assert (first.body, first.id, second.id) == (Utterance("een latte"), "CA1/1", "CA1/2")
    keys = [{"type": "dtmf", "digit": digit} for digit in "4711#"]
    assert [event.body for event in frames(*keys)] == [Utterance("4711")]
    assert frames({"type": "error", "description": "x"}, {"type": "new"}, {"type": "dtmf", "digit": "*"}) == []


def test_a_call_that_is_connected_again_has_new_turns() -> None:
    """A new WebSocket of the same call is the same conversation; what is said there is no repetition."""
    begun: list[Any] = []
    for id in ("VX1", "VX2"):
        frame = json.dumps({"type": "setup", "callSid": "CA1", "sessionId": id})
        begun.append(hear(frame, Session(), account(language="en"), NOW)[1])
    assert begun[0].id != begun[1].id
    assert {(each.conversation, each.language) for each in begun} == {("CA1", "en")}


def test_an_interruption_is_told() -> None:
    """What the caller heard before they spoke comes with what they said, and with nothing after it."""
    cut = {"type": "interrupt", "utteranceUntilInterrupt": "Een latte voor", "durationUntilInterruptMs": 900}
    said = {"type": "prompt", "voicePrompt": "ja", "last": True}
    first, second = frames(cut, said, said)
    assert (first.heard, second.heard) == ("Een latte voor", None)


def test_the_answer_as_frames() -> None:
    """The language once, the words, the end."""
    session, (event,) = Session("CA1", 1), frames({"type": "prompt", "voicePrompt": "hoi", "last": True})
    session, sent = speak([ASKS], session, event, account())
    language, words = (json.loads(frame) for frame in sent)
    assert language["ttsLanguage"] == "nl-NL" and words["token"].startswith("Een latte") and words["last"] is True
    session, sent = speak([replace(ASKS, ends=True)], session, event, account())
    assert [json.loads(frame)["type"] for frame in sent] == ["text", "end"]
    person = replace(event, via={"person": "yes"})
    _, sent = speak([ASKS], session, person, account())
    assert json.loads(json.loads(sent[-1])["handoffData"]) == {"reason": "person"}


FIELDS = st.sampled_from(["type", "callSid", "digit", "voicePrompt", "last", "utteranceUntilInterrupt"])
KINDS = st.sampled_from(["setup", "prompt", "dtmf", "interrupt", "#", "5", "²"])
DATA = st.dictionaries(FIELDS, st.one_of(st.none(), st.booleans(), st.integers(-9, 9), KINDS))


@given(st.one_of(st.binary(max_size=80), DATA.map(lambda data: json.dumps(data).encode())))
def test_no_frame_is_our_fault(frame: bytes) -> None:
    """Any bytes and any fields give a turn, nothing, or a refusal."""
    for session in (Session(), Session("CA1", 3, keys="12")):
        try:
            hear(frame, session, account(), NOW)
        except Theirs:
            continue
