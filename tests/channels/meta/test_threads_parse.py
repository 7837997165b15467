"""What Messenger and Instagram deliver, kind by kind, as far as no published webhook shows it."""

from __future__ import annotations

import json

import pytest

from sayso.model.event import (
    Attached,
    Controlled,
    Edited,
    Located,
    Opened,
    Opted,
    Pressed,
    Reacted,
    Referred,
    Unsent,
    Unsupported,
    Utterance,
)

FILE = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1"
BOTH = pytest.mark.parametrize("name", ["messenger", "instagram"])


def webhook(name, *elements, **entry):
    kind = "page" if name == "messenger" else "instagram"
    every = [{"sender": {"id": "7"}, "recipient": {"id": "100"}, "timestamp": 1795000000000, **e} for e in elements]
    return {"object": kind, "entry": [{"id": "100", "time": 1, "messaging": every, **entry}]}


def file(kind, url=FILE, **payload):
    return {"type": kind, "payload": {"url": url, **payload}}


MESSAGES = [
    ({"text": "hoi"}, [Utterance("hoi")]),
    ({"text": "Red", "quick_reply": {"payload": "0a1b"}}, [Pressed("0a1b", "Red")]),
    ({"attachments": [file("image")]}, [Attached("image", FILE)]),
    ({"attachments": [file("image", sticker_id=1)]}, [Attached("sticker", FILE)]),
    ({"attachments": [file("file")], "text": "my list"}, [Attached("document", FILE, caption="my list")]),
    ({"attachments": [file("audio"), file("video")]}, [Attached("audio", FILE), Attached("video", FILE)]),
    ({"attachments": [file("image", "http://x")]}, [Unsupported("image")]),
    ({"attachments": [{"type": "fallback", "url": FILE}], "text": "see this"}, [Utterance("see this")]),
    ({"attachments": [file("ig_reel")]}, [Unsupported("ig_reel")]),
    ({"attachments": [file("share")], "text": "this one?"}, [Utterance("this one?")]),
    (
        {"attachments": [{"type": "location", "payload": {"coordinates": {"lat": 52.3, "long": 4.9}}}]},
        [Located(52.3, 4.9)],
    ),
    ({"attachments": [{"type": "location", "payload": {}}]}, [Unsupported("location")]),
    ({"is_deleted": True}, [Unsent("m1")]),
    ({"is_unsupported": True}, [Unsupported("message")]),
    ({"text": "is it hot?", "referral": {"product": {"id": "latte"}}}, [Utterance("is it hot?", "latte")]),
    (
        {
            "text": "is it hot?",
            "attachments": [{"type": "template", "payload": {"product": {"elements": [{"retailer_id": "latte"}]}}}],
        },
        [Utterance("is it hot?", "latte")],
    ),
    (
        {
            "attachments": [
                {"type": "template", "payload": {"product": {"elements": [{"title": "Latte", "retailer_id": "l"}]}}}
            ]
        },
        [Utterance("Latte", "l")],
    ),
    ({"text": "hoi", "referral": {"ref": "spring", "source": "ADS"}}, [Referred("spring", "ADS"), Utterance("hoi")]),
]


@BOTH
@pytest.mark.parametrize(("held", "expected"), MESSAGES)
def test_each_kind_of_message(meta_receive, name, held, expected):
    """Words, quick replies, files, positions, products, what was taken back."""
    found = meta_receive(name, webhook(name, {"message": {"mid": "m1", **held}})).events
    assert [event.body for event in found] == expected
    assert len({event.id for event in found}) == len(found)
    assert all(event.id.startswith("m1") or isinstance(event.body, Referred) for event in found)


ELEMENTS = [
    ({"postback": {"title": "Order", "payload": "0a1b", "mid": "m1"}}, [Pressed("0a1b", "Order")]),
    ({"postback": {"title": "Get started", "payload": "GET_STARTED"}}, [Opened()]),
    (
        {"postback": {"title": "Get started", "payload": "GET_STARTED", "referral": {"ref": "poster"}}},
        [Referred("poster", "")],
    ),
    ({"postback": {"title": "Opening hours"}}, [Utterance("Opening hours")]),
    ({"referral": {"source": "ADS", "ad_id": "9", "type": "OPEN_THREAD"}}, [Referred("9", "ADS")]),
    ({"referral": {"source": "SHORTLINK"}}, []),
    ({"optin": {"type": "notification_messages", "notification_messages_status": "STOP NOTIFICATIONS"}}, "off"),
    ({"optin": {"type": "notification_messages", "notification_messages_status": "RESUME NOTIFICATIONS"}}, "on"),
    ({"reaction": {"mid": "m0", "action": "react", "reaction": "love", "emoji": "❤"}}, [Reacted("m0", "❤")]),
    ({"reaction": {"mid": "m0", "action": "unreact"}}, [Reacted("m0", "")]),
    ({"message_edit": {"mid": "m0", "text": "two", "num_edit": 1}}, [Edited("m0", "two")]),
    ({"account_linking": {"status": "linked", "authorization_code": "c0de"}}, [Referred("c0de", "account_linking")]),
    ({"account_linking": {"status": "unlinked"}}, []),
    ({"pass_thread_control": {"new_owner_app_id": "55"}}, [Controlled("bot")]),
    ({"pass_thread_control": {"new_owner_app_id": "56"}}, [Controlled("person")]),
    ({"pass_thread_control": {"new_owner_app_id": 263902037430900}}, [Controlled("person")]),
    ({"take_thread_control": {"previous_owner_app_id": "55"}}, [Controlled("person")]),
    ({"request_thread_control": {"requested_owner_app_id": "56"}}, []),
    ({"request_thread_control": {"requested_owner_app_id": "263902037430900"}}, [Controlled("person")]),
    ({"app_roles": {"55": ["primary_receiver"]}}, []),
    ({"teleported": {}}, []),
]


@BOTH
@pytest.mark.parametrize(("element", "expected"), ELEMENTS)
def test_each_kind_of_element(meta_receive, name, element, expected):
    """Buttons, links, switches, reactions, and whose the thread is."""
    if isinstance(expected, str):
        expected = [Opted(expected == "on", silent=True, marketing=True)]
    found = meta_receive(name, webhook(name, element), app_id="55")
    assert [event.body for event in found.events] == expected
    assert found.events or found.ignored


@BOTH
def test_a_person_who_asks_for_the_thread_gets_it(meta_receive, name):
    """The Page's inbox is handed the thread by a call."""
    element = {"request_thread_control": {"requested_owner_app_id": "263902037430900"}}
    (call,) = meta_receive(name, webhook(name, element)).calls
    assert call.url.endswith("/100/pass_thread_control")
    assert json.loads(call.body) == {"recipient": {"id": "7"}, "target_app_id": 263902037430900}


@BOTH
def test_copies_and_echoes_are_not_answered(meta_receive, name):
    """A thread that another app owns, and what our own side wrote."""
    copy = webhook(
        name, standby=[{"sender": {"id": "7"}, "recipient": {"id": "100"}, "message": {"mid": "m", "text": "x"}}]
    )
    echo = webhook(name, {"sender": {"id": "100"}, "recipient": {"id": "7"}, "message": {"mid": "m", "is_echo": True}})
    for data in (copy, echo):
        found = meta_receive(name, data)
        assert (list(found.events), list(found.reports)) == ([], [])
        assert found.ignored


@BOTH
def test_an_echo_of_ours_proves_that_it_was_sent(meta_receive, name):
    """Our id of the part comes back with the platform's own."""
    held = {"mid": "m9", "is_echo": True, "metadata": "part-7", "text": "hello"}
    found = meta_receive(name, webhook(name, {"sender": {"id": "100"}, "recipient": {"id": "7"}, "message": held}))
    assert [(r.state, r.native, r.part, r.conversation) for r in found.reports] == [("sent", "m9", "part-7", "7")]


def test_watermarks_and_messages_that_were_read(meta_receive):
    """Messenger tells until when, Instagram which message."""
    (until,) = meta_receive("messenger", webhook("messenger", {"read": {"watermark": 1794999999000}})).reports
    assert (until.state, until.until.timestamp(), until.conversation) == ("read", 1794999999, "7")
    (one,) = meta_receive("instagram", webhook("instagram", {"read": {"mid": "m9"}})).reports
    assert (one.state, one.native, one.until) == ("read", "m9", None)


@BOTH
def test_what_has_no_id_of_its_own_is_told_apart(meta_receive, name):
    """Two different things of one moment are two, in any order and company; the same twice is one."""
    one, two = {"postback": {"payload": "a"}}, {"postback": {"payload": "b"}}
    together = [event.id for event in meta_receive(name, webhook(name, one, two)).events]
    assert len({*together}) == 2
    assert [event.id for event in meta_receive(name, webhook(name, two, one)).events] == together[::-1]
    later = meta_receive(name, webhook(name, {**one, "timestamp": 1795000000001})).events
    assert later[0].id not in together


def test_instagram_elements_that_come_as_changes(meta_receive):
    """The same element under a field is read the same; a comment is none."""
    value = {
        "sender": {"id": "7"},
        "recipient": {"id": "100"},
        "timestamp": "1",
        "message": {"mid": "m1", "text": "hoi"},
    }
    changes = [{"field": "messages", "value": value}, {"field": "comments", "value": {"from": {"id": "7"}}}]
    data = {"object": "instagram", "entry": [{"id": "100", "changes": changes}]}
    assert [event.body for event in meta_receive("instagram", data).events] == [Utterance("hoi")]


@BOTH
def test_the_customer_sees_that_an_answer_is_written(meta_receive, name):
    """Seen and typing, once for each conversation; not for a reaction, nor when switched off."""
    data = webhook(name, *({"message": {"mid": f"m{n}", "text": "x"}} for n in range(3)))
    assert [json.loads(call.body) for call in meta_receive(name, data).calls] == [
        {"recipient": {"id": "7"}, "sender_action": action} for action in ("mark_seen", "typing_on")
    ]
    assert not meta_receive(name, data, typing=False).calls
    assert not meta_receive(name, webhook(name, {"reaction": {"mid": "m0", "emoji": "x"}})).calls


@BOTH
def test_an_element_of_a_wrong_type_costs_no_other(meta_receive, name):
    """Numbers, texts and lists where objects should be: the others live."""
    bad = [{"message": 7}, {"message": {"mid": ["x"], "text": {}}}, {"sender": "x", "message": {"text": "x"}}]
    found = meta_receive(name, webhook(name, *bad, {"message": {"mid": "m1", "text": "hoi"}}))
    assert Utterance("hoi") in [event.body for event in found.events]
