"""Text messages over Twilio: proven, read, sent, counted."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.channels.compiler import Image, Part, Where, compile_message
from sayso.channels.contract import Account, Address, Located, Opted, Pressed, Request, Theirs, Utterance
from sayso.channels.sms import mms, sms
from sayso.channels.sms.gsm import BASIC, cost, thrifty
from sayso.channels.twilio import signature
from sayso.channels.twilio.form import read_form
from sayso.channels.twilio.signature import proven
from sayso.manifest.specs import ChannelSpec, MerchantSpec
from sayso.model.message import Message
from sayso.testing.messages import MESSAGES

DATA = Path(os.environ.get("SAYSO_SHARED_DATA", "../shared/data"))
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
URL = "https://bots.example/v1/channels/sms/bar"
SPEC = MerchantSpec("bar", {"en": "Bar"}, ("en",), "EUR", "NL", "Europe/Amsterdam", locations={}, skills=())
SETTINGS = {"account_sid": "env:SID", "auth_token": "env:TOKEN"}
ENVIRONMENT = {"SID": "AC1", "TOKEN": "12345"}
ACCOUNT = Account(SPEC, ChannelSpec("sms", "+31970000000", SETTINGS), ENVIRONMENT, "https://bots.example")


def request(fields: dict[str, str], path: str = "", url: str = URL, **changed: Any) -> Request:
    """A request that Twilio signed."""
    signed = {"x-twilio-signature": signature(url, [*fields.items()], "12345")}
    query = {name: values[0] for name, values in parse_qs(url.partition("?")[2]).items()}
    return replace(Request("POST", url, signed, query, urlencode(fields).encode(), path), **changed)


def bodies(**fields: str) -> list[Any]:
    came = sms.receive(request({"MessageSid": "SM1", "From": "+316", "To": "+31970000000", **fields}), ACCOUNT, NOW)
    return [event.body for event in came.events]


def vectors() -> list[Any]:
    path = DATA / "chat" / "signatures" / "vectors.json"
    return [v for v in orjson.loads(path.read_bytes()) if v["channel"] == "twilio"] if path.exists() else []


@pytest.mark.skipif(not vectors(), reason="no shared data folder: set SAYSO_SHARED_DATA")
def test_signatures_of_twilios_own_libraries() -> None:
    """Every vector is believed, and none with one character changed."""
    for vector in vectors():
        fields = [(k, v) for k, vs in vector["params"].items() for v in (vs if isinstance(vs, list) else [vs])]
        body = vector.get("raw_body", "").encode()
        made = Request("POST", vector["url"], {"x-twilio-signature": vector["header"]}, body=body)
        proven(made, fields, vector["auth_token"])
        for wrong in (replace(made, url=made.url + "1"), replace(made, headers={"x-twilio-signature": "x"})):
            with pytest.raises(Theirs):
                proven(wrong, fields, vector["auth_token"])
        if body:
            with pytest.raises(Theirs):
                proven(replace(made, body=body + b" "), fields, vector["auth_token"])


@pytest.mark.skipif(not (DATA / "chat").exists(), reason="no shared data folder: set SAYSO_SHARED_DATA")
def test_a_real_message() -> None:
    """The body of a real message is read as it was written."""
    body = (DATA / "chat" / "twilio" / "in" / "sms_received.form").read_bytes().strip()
    signed = {"x-twilio-signature": signature(URL, read_form(body, 10_000), "12345")}
    (event,) = sms.receive(Request("POST", URL, signed, body=body), ACCOUNT, NOW).events
    assert event.body == Utterance("twilio-go testing!")
    assert (event.id, event.conversation) == ("SM1521fa559fb923c1ed64f56cd1bed8ef", "+19253920364")


def test_what_a_message_holds() -> None:
    """Words, files with the words beside the first, a position, a button of WhatsApp's; nothing of an empty one."""
    assert bodies(Body="a latte\x00 please") == [Utterance("a latte  please")]
    media = {
        "NumMedia": "2",
        "MediaUrl0": "https://api.twilio.com/a",
        "MediaContentType0": "image/jpeg",
        "Body": "this",
    }
    found = bodies(**media, MediaUrl1="https://api.twilio.com/b", MediaContentType1="text/vcard")
    assert [(f.kind, f.caption) for f in found] == [("image", "this"), ("document", "")]
    assert bodies(Latitude="52.3", Longitude="4.9") == [Located(52.3, 4.9)]
    assert bodies(Body="Yes", ButtonPayload="tok", ButtonText="Yes") == [Pressed("tok", "Yes")]
    for odd in ({}, {"NumMedia": "x"}, {"NumMedia": "-1"}, {"Latitude": "nan", "Longitude": "1"}, {"Latitude": "400"}):
        assert bodies(Body=" ", **odd) == []


@pytest.mark.parametrize(
    ("words", "more", "meant"),
    [
        ("STOP", {}, Opted(False, True)),
        ("cancel", {}, Opted(False, True)),
        ("Start", {}, Opted(True, True)),
        ("stop!", {"OptOutType": "STOP"}, Opted(False, True)),
        ("yes", {"OptOutType": "START"}, Opted(True, True)),
        ("yes", {}, Utterance("yes")),
        ("stop the music", {}, Utterance("stop the music")),
        ("afmelden", {}, Utterance("afmelden")),
    ],
)
def test_words_that_twilio_acts_on(words: str, more: dict[str, str], meant: Any) -> None:
    """They are kept and not answered; "yes" is an answer to us; other words are understood as everywhere."""
    assert bodies(Body=words, **more) == [meant]


def test_stop_where_twilio_leaves_it_to_us() -> None:
    """Then "cancel" is about an order, and STOP gets our one answer."""
    ours = replace(ACCOUNT, spec=replace(ACCOUNT.spec, settings={**SETTINGS, "opt_out": "ours"}))
    for words, meant in (("cancel", Utterance("cancel")), ("STOP", Opted(False)), ("start", Opted(True))):
        (event,) = sms.receive(request({"MessageSid": "SM1", "From": "+316", "Body": words}), ours, NOW).events
        assert event.body == meant


def test_what_became_of_a_message() -> None:
    """The part's id comes back in the address, the reason as a code; what tells nothing new is passed over."""
    url = f"{URL}/status?part=m1.0"
    fields = {"MessageSid": "SM2", "MessageStatus": "undelivered", "ErrorCode": "30003", "To": "+316"}
    (report,) = sms.receive(request(fields, "status", url), ACCOUNT, NOW).reports
    assert (report.state, report.native, report.part, report.code) == ("failed", "SM2", "m1.0", "30003")
    assert not sms.receive(request({**fields, "MessageStatus": "queued"}, "status", url), ACCOUNT, NOW).reports


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"method": "GET"}, 405),
        ({"headers": {}}, 401),
        ({"headers": {"x-twilio-signature": "no"}}, 403),
        ({"body": b"a" * 70_000}, 413),
        ({"body": b"\xff=1"}, 400),
    ],
)
def test_what_is_refused(changed: dict[str, Any], status: int) -> None:
    """Each with its status."""
    with pytest.raises(Theirs) as refused:
        sms.receive(request({"MessageSid": "SM1", "From": "+316", "Body": "hi"}, **changed), ACCOUNT, NOW)
    assert refused.value.status == status


WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=50)


@given(st.binary(max_size=300), st.dictionaries(WORDS, WORDS, max_size=8))
def test_nothing_that_comes_is_our_fault(body: bytes, fields: dict[str, str]) -> None:
    """Any bytes, and any signed form, give events or a refusal."""
    every = {"MessageSid": "SM1", "From": "+316", **fields}
    for made in (Request("POST", URL, {"x-twilio-signature": "x"}, body=body), request(every)):
        try:
            sms.receive(made, ACCOUNT, NOW)
        except Theirs:
            continue


@given(MESSAGES)
def test_any_message_is_sent(message: Message) -> None:
    """A form of Twilio's with every field within its limits; pictures over MMS only."""
    where = Where("https://bots.example/assets/bar", lambda action: f"https://bots.example/{action.kind}")
    for channel in (sms, mms):
        plan = compile_message(message, channel.capabilities, where)
        for part in plan.parts:
            call = channel.wire(part, Address("+316", "m1.0"), ACCOUNT)
            form = parse_qs(call.body.decode(), strict_parsing=True)
            assert 0 < len(form["Body"][0]) <= 1600
            assert form["To"] == ["+316"] and form["From"] == ["+31970000000"]
            assert "part=m1.0" in form["StatusCallback"][0]
            assert ("MediaUrl" in form) <= (channel is mms)


def test_a_picture_and_a_messaging_service() -> None:
    """MMS carries the picture's address; a service has its own field."""
    service = replace(ACCOUNT, spec=replace(ACCOUNT.spec, account="MG" + "a" * 32))
    part = Part("look", picture=Image("https://bots.example/a.png", "a"))
    form = parse_qs(mms.wire(part, Address("+316", "m1.0"), service).body.decode())
    assert form["MediaUrl"] == ["https://bots.example/a.png"] and form["MessagingServiceSid"][0].startswith("MG")


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (201, {"sid": "SM9"}, "sent"),
        (400, {"code": 21610, "message": "unsubscribed"}, "opted_out"),
        (400, {"code": 21211}, "failed"),
        (429, {"code": 20429}, "retry"),
        (503, None, "retry"),
        (500, {}, "unknown"),
        (201, None, "unknown"),
        (200, [1], "unknown"),
    ],
)
def test_what_twilio_answered(status: int, body: Any, state: str) -> None:
    """Only what is surely not sent is tried again."""
    assert (
        sms.outcome(status, {"Retry-After": "7"}, orjson.dumps(body) if body is not None else b"<html>").state == state
    )


def test_what_a_text_costs() -> None:
    """At the edges of one message and of several, in both alphabets."""
    assert [cost("a" * n).segments for n in (1, 160, 161, 306, 307)] == [1, 1, 2, 2, 3]
    assert [cost("€" * n).segments for n in (80, 81)] == [1, 2]
    assert [(cost("ł" * n).encoding, cost("ł" * n).segments) for n in (70, 71)] == [("ucs2", 1), ("ucs2", 2)]


def test_a_curly_quote_does_not_triple_the_bill() -> None:
    """What means the same is written in the cheaper alphabet; where nothing is saved the text stays."""
    assert thrifty("It’s ready – 5 past… " * 5, 1600) == "It's ready - 5 past... " * 5
    assert thrifty("zoë’s łatte", 1600) == "zoë’s łatte"
    assert thrifty("it’s", 1600) == "it’s"


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=400))
def test_thrift_never_costs_more(text: str) -> None:
    """And what GSM 03.38 has is never changed."""
    made = thrifty(text, 1600)
    assert cost(made).segments <= cost(text).segments
    if all(c in BASIC for c in text):
        assert made == text
