"""LINE's webhooks: each event, to what it means here."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from sayso.channels.contract import (
    Attached,
    Controlled,
    Edited,
    Forbidden,
    Located,
    NotFound,
    Opted,
    Pressed,
    Proof,
    Referred,
    Theirs,
    Unauthorised,
    Unsent,
    Unsupported,
    Utterance,
)
from sayso.channels.line import channel, signature
from sayso.testing.channels import NOW, account

PERSON = "U206d25c2ea6bd87c17655609a1c37cb8"


def event(type="message", **more):
    known = {
        "type": type,
        "mode": "active",
        "timestamp": int(NOW.timestamp() * 1000),
        "source": {"type": "user", "userId": PERSON},
        "webhookEventId": "01H",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "r1",
    }
    return {**known, **more}


def text(words, **more):
    return event(message={"id": "5", "type": "text", "text": words, **more})


OUTSIDE = "https://example.com"
EXPECTED = {
    "00_message_text_user": Utterance("Hello, world"),
    "01_message_image_room": Attached("image", OUTSIDE),
    "02_message_video_user": Attached("video", OUTSIDE),
    "03_message_audio_user": Attached("audio", OUTSIDE),
    "04_message_location_user": Located(35.65910807942215, 139.70372892916203),
    "05_message_sticker_user": Attached("sticker", "1/1", name="Just sticker"),
    "06_follow_user": Opted(True),
    "07_unfollow_user": Opted(False, silent=True),
    "08_join_group": None,
    "09_leave_group": None,
    "10_postback_user": Pressed("action=buyItem&itemId=123123&color=red"),
    "11_beacon_user": None,
    "12_beacon_user": None,
    "13_accountlink_user": Referred("Vb771wDYtXuammLszK6h9A", "account_link"),
    "14_message_text_group": Utterance("Hello, world"),
    "15_message_text_room": Utterance("Hello, world"),
    "16_postback_user": Pressed("action=buyItem&itemId=123123&color=red"),
    "17_postback_user": Pressed("action=buyItem&itemId=123123&color=red"),
    "18_postback_user": Pressed("action=buyItem&itemId=123123&color=red"),
    "19_memberjoined_group": None,
    "20_memberleft_group": None,
    "21_message_file_user": Attached("document", "325708", name="file.txt", size=2138),
    "22_unsend_group": Unsent("325708"),
    "23_videoplaycomplete_user": None,
    "24_message_image_user": Attached("image", "354718705033693861"),
    "25_message_text_user": Utterance("Hello, world"),
    "26_messageedited_user": Edited("325708", "Hello, edited world"),
    "27_undefined_user": None,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_real_event_is_understood(name, fixtures, shop, sign):
    """What each real event means; what no customer waits to be answered is named."""
    body = (fixtures / "line" / "in" / f"event_{name}.json").read_bytes()
    found = channel.receive(sign(body), shop, NOW)
    assert [each.body for each in found.events] == [EXPECTED[name]] * (EXPECTED[name] is not None)
    assert len(found.events) + len(found.ignored) == 1


def test_all_events_of_one_request_are_heard(fixtures, shop, sign):
    """28 events in one POST: none costs another."""
    found = channel.receive(sign((fixtures / "line" / "in" / "webhook_all_events.json").read_bytes()), shop, NOW)
    assert [each.body for each in found.events] == [body for body in EXPECTED.values() if body]
    assert len(found.ignored) == 8


def test_the_published_signature_holds(fixtures):
    """LINE's own vector, and its wrong one."""
    vectors = {each["id"]: each for each in json.loads((fixtures / "signatures" / "vectors.json").read_text())}
    for id in ("line-py", "line-py-bad"):
        made = signature(vectors[id]["raw_body"].encode(), vectors[id]["secret"])
        assert (made == vectors[id]["header"]) is vectors[id]["expect"]


def test_the_door(shop, sign):
    """401 without a signature, 403 with a wrong one, 405 for a look, 413 for too much, 404 without the secret."""
    good = sign(b'{"events": []}')
    refusals = [
        (replace(good, headers={}), shop, Unauthorised),
        (replace(good, body=good.body + b" "), shop, Forbidden),
        (replace(good, headers={"x-line-signature": "é"}), shop, Forbidden),
        (replace(good, method="GET"), shop, Theirs),
        (sign(b" " * 3_000_000), shop, Theirs),
        (good, account("line", "U1", shop.spec.settings), NotFound),
    ]
    for request, whose, error in refusals:
        with pytest.raises(error):
            channel.receive(request, whose, NOW)


def test_the_consoles_verify_button_is_answered(hear):
    """No events: 200."""
    found = hear()
    assert (found.events, found.response.status) == ((), 200)


def test_whose_event_it_is(hear):
    """The customer's id, what the answer needs, who vouches."""
    (one,) = hear(text("hi", quoteToken="q")).events
    assert (one.id, one.conversation, one.channel) == ("01H", PERSON, "line")
    assert one.proof == Proof("channel", "line:U" + "0" * 32, PERSON)
    assert one.via == {"reply": "r1", "message": "5", "quote": "q"}


def test_people_of_a_group_have_conversations_of_their_own(hear):
    """Nobody confirms what another began, and nobody is known where others read along."""
    (one,) = hear({**text("yes"), "source": {"type": "group", "groupId": "C1", "userId": PERSON}}).events
    assert (one.conversation, one.proof) == (f"C1:{PERSON}", Proof())


def test_where_a_person_answers_the_bot_is_silent(hear):
    """Mode standby; that the chat was handed over is heard."""
    assert not hear({**text("hi"), "mode": "standby"}).events
    bodies = [each.body for each in hear(event("activated"), event("deactivated", mode="standby")).events]
    assert bodies == [Controlled("bot"), Controlled("person")]


def test_a_token_that_was_delivered_late_is_not_used(hear):
    """A repetition long after the event has a token that is dead."""
    old = int((NOW - timedelta(seconds=40)).timestamp() * 1000)
    again = {**text("hi"), "timestamp": old, "deliveryContext": {"isRedelivery": True}}
    assert "reply" not in hear(again).events[0].via
    assert "reply" in hear({**again, "timestamp": old + 30_000}).events[0].via


def test_a_customer_sees_that_an_answer_is_on_its_way(hear):
    """Read, then the loading animation; neither in a group."""
    calls = hear(text("hi", markAsReadToken="m")).calls
    assert [call.url.rsplit("/bot/", 1)[1] for call in calls] == ["chat/markAsRead", "chat/loading/start"]
    assert json.loads(calls[1].body) == {"chatId": PERSON, "loadingSeconds": 20}
    assert not hear({**text("hi"), "source": {"type": "group", "groupId": "C1", "userId": PERSON}}).calls


def test_what_is_odd_costs_only_itself(hear):
    """Wrong types inside a proven request."""
    odd = [7, None, [], {}, event(message=3), event("postback", postback={"data": ["x"]}), event(source="me")]
    found = hear(*odd, text("still here"))
    assert [each.body for each in found.events] == [Unsupported("message"), Utterance("still here")]


def test_an_event_without_an_id_has_one_that_a_repetition_has_too(hear):
    """From its time, person and type."""
    bare = {key: value for key, value in text("hi").items() if key != "webhookEventId"}
    assert hear(bare).events[0].id == hear(bare).events[0].id == f"{bare['timestamp']}/{PERSON}/message"
