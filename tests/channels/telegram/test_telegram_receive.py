"""Telegram's updates: each kind, to what it means here."""

from __future__ import annotations

import json

import pytest

from sayso.channels.contract import (
    Attached,
    Edited,
    Forbidden,
    Located,
    NotFound,
    Opened,
    Opted,
    Pressed,
    Proof,
    Reacted,
    Recognised,
    Referred,
    Theirs,
    Unauthorised,
    Unsent,
    Unsupported,
    Utterance,
)
from sayso.channels.telegram import channel
from sayso.testing.channels import NOW, account

PERSON = {"id": 77, "is_bot": False, "first_name": "Zoë", "language_code": "nl"}
CHAT = {"id": 77, "type": "private"}
GROUP = {"id": -1009, "type": "supergroup", "title": "Friends"}


def message(**content):
    return {"update_id": 9, "message": {"message_id": 5, "date": 1, "from": PERSON, "chat": CHAT, **content}}


EXPECTED = {
    "callback_query.json": [Pressed("btn:yes")],
    "opsdroid_channel_post.json": [],
    "opsdroid_contact_event.json": [Attached("contact", "123456", name="opsdroid")],
    "opsdroid_edited_message_event.json": [Edited("1247", "hi")],
    "opsdroid_get_user_from_channel_with_signature.json": [],
    "opsdroid_get_user_from_channel_without_signature.json": [],
    "opsdroid_get_user_from_first_name.json": [Utterance("hi")],
    "opsdroid_get_user_from_forwarded_message.json": [Utterance("hi")],
    "opsdroid_get_user_from_username.json": [Utterance("hi")],
    "opsdroid_join_group_event.json": [],
    "opsdroid_leave_group_event.json": [],
    "opsdroid_location_event.json": [Located(56.159849, -5.230604)],
    "opsdroid_pinned_message_event.json": [],
    "opsdroid_poll_event.json": [Unsupported("poll")],
    "opsdroid_reply_to_message_event.json": [Utterance("This is a reply")],
    "opsdroid_unparseable_event.json": [Unsupported("sticker")],
    "payments_pre_checkout_query.json": [],
    "payments_shipping_query.json": [],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_real_update_is_understood(name, fixtures, bot, sign):
    """What each real update means; what means nothing to a merchant is named."""
    found = channel.receive(sign((fixtures / "telegram" / "in" / name).read_bytes()), bot, NOW)
    assert [event.body for event in found.events] == EXPECTED[name]
    assert found.events or found.ignored or found.calls


def test_no_real_update_is_forgotten(fixtures):
    """The table above has them all."""
    assert {path.name for path in (fixtures / "telegram" / "in").iterdir()} == set(EXPECTED)


MEANT = [
    ({"text": "two lattes"}, Utterance("two lattes")),
    ({"text": "/start"}, Opened()),
    ({"text": "/start window-7"}, Referred("window-7", "link")),
    ({"text": "/start@bar_bot window-7"}, Referred("window-7", "link")),
    ({"text": "/help"}, Utterance("help")),
    ({"text": "@Bar_Bot two lattes"}, Utterance("two lattes")),
    ({"text": "two lattes @bar_bot"}, Utterance("two lattes")),
    ({"text": "who is @bar_bot?"}, Utterance("who is @bar_bot?")),
    ({"text": "/order_status 12"}, Utterance("order status 12")),
    ({"text": "card 4111 1111 1111 1111"}, Utterance("card •••• 1111")),
    ({"location": {"latitude": 52.4, "longitude": 4.9}}, Located(52.4, 4.9)),
    ({"venue": {"location": {"latitude": 1, "longitude": 2}, "title": "Bar"}}, Located(1.0, 2.0)),
    ({"location": {"latitude": 99, "longitude": 4.9}}, Unsupported("location")),
    (
        {"photo": [{"file_id": "s", "width": 90}, {"file_id": "l", "width": 900, "file_size": 7}], "caption": "this"},
        Attached("image", "l", "image/jpeg", "this", size=7),
    ),
    ({"voice": {"file_id": "v", "mime_type": "audio/ogg"}}, Attached("voice", "v", "audio/ogg")),
    ({"animation": {"file_id": "a"}, "document": {"file_id": "a"}}, Attached("video", "a")),
    (
        {"document": {"file_id": "d", "file_name": "menu.pdf", "file_size": 9}},
        Attached("document", "d", name="menu.pdf", size=9),
    ),
    ({"sticker": {"file_id": "k", "emoji": "👌"}}, Attached("sticker", "k", name="👌")),
    ({"dice": {"emoji": "🎲", "value": 3}}, Unsupported("dice")),
    ({"something_new": {"a": 1}}, Unsupported("message")),
    (
        {"web_app_data": {"data": '{"intent": "book", "day": "friday", "seats": 2}', "button_text": "Book"}},
        Recognised("book", {"day": "friday", "seats": "2"}),
    ),
    ({"web_app_data": {"data": "[1]"}}, Unsupported("web_app_data")),
]


@pytest.mark.parametrize(("content", "body"), MEANT)
def test_a_message(content, body, hear):
    """Each kind of message."""
    assert [event.body for event in hear(message(**content)).events] == [body]


def test_whose_event_it_is(hear):
    """The conversation is the chat, the language the customer's; Telegram vouches for the account."""
    (event,) = hear(message(text="hi", reply_to_message={"message_id": 3})).events
    assert (event.id, event.conversation, event.language) == ("9", "77", "nl")
    assert event.proof == Proof("channel", "telegram:bar_bot", "77")
    assert event.via == {"message": "5", "quotes": "3"}


def test_people_of_a_group_have_conversations_of_their_own(hear):
    """Nobody confirms what another began, and nobody is known where others read along."""
    (event,) = hear(message(text="yes", chat=GROUP)).events
    assert (event.conversation, event.proof) == ("-1009:77", Proof())


def test_two_bots_do_not_talk(hear):
    """Another bot's words are left alone; who hides behind a group's name is a person."""
    assert not hear(message(text="hi", **{"from": {"id": 8, "is_bot": True}})).events
    hidden = message(text="hi", chat=GROUP, **{"from": {"id": 1087968824, "is_bot": True}})
    assert [event.body for event in hear(hidden).events] == [Utterance("hi")]


def test_a_button_is_pressed_and_stops_spinning(hear):
    """The token, what the button showed, and the call that Telegram waits for."""
    below = {
        "message_id": 4,
        "date": 1,
        "chat": CHAT,
        "reply_markup": {"inline_keyboard": [[{"text": "Ja", "callback_data": "ab12"}]]},
    }
    query = {"id": "q1", "from": PERSON, "message": below, "data": "ab12"}
    found = hear({"update_id": 10, "callback_query": query})
    assert [event.body for event in found.events] == [Pressed("ab12", "Ja")]
    (call,) = found.calls
    assert call.url.endswith("/answerCallbackQuery") and json.loads(call.body) == {"callback_query_id": "q1"}


def test_who_blocks_the_bot_is_opted_out(hear):
    """Blocking is no and taking back is yes; both are silent. In a group it is nobody's wish."""

    def changed(status, chat=CHAT):
        member = {"chat": chat, "from": PERSON, "date": 1, "new_chat_member": {"status": status, "user": {"id": 1}}}
        return [event.body for event in hear({"update_id": 11, "my_chat_member": member}).events]

    assert changed("kicked") == [Opted(False, silent=True)]
    assert changed("member") == [Opted(True, silent=True)]
    assert changed("kicked", GROUP) == changed("administrator") == []


def test_a_payment_is_refused_at_once_in_the_customers_language(hear):
    """ok is false, with the reason; nothing is an event."""
    found = hear({"update_id": 12, "pre_checkout_query": {"id": "p", "from": PERSON, "total_amount": 5}})
    (call,) = found.calls
    told = json.loads(call.body)
    assert call.url.endswith("/answerPreCheckoutQuery") and not found.events
    assert (told["pre_checkout_query_id"], told["ok"]) == ("p", False) and "Betalen" in told["error_message"]


def test_edits_reactions_and_business_messages(hear):
    """What was changed, a sign on a message, what was taken back; what the owner writes is no customer's."""
    reaction = {
        "chat": CHAT,
        "message_id": 5,
        "user": PERSON,
        "date": 1,
        "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    }
    assert [e.body for e in hear({"update_id": 1, "message_reaction": reaction}).events] == [Reacted("5", "👍")]
    deleted = {"business_connection_id": "b", "chat": CHAT, "message_ids": [1, 2]}
    events = hear({"update_id": 2, "deleted_business_messages": deleted}).events
    assert [(e.id, e.body) for e in events] == [("2/1", Unsent("1")), ("2/2", Unsent("2"))]
    asked = {**message(text="open?")["message"], "business_connection_id": "b"}
    (event,) = hear({"update_id": 3, "business_message": asked}).events
    assert event.via["business"] == "b"
    assert not hear({"update_id": 4, "business_message": {**asked, "from": {"id": 1}}}).events


def test_the_door(bot, sign):
    """401 without the word, 403 with another, 405 for a look, 413 for too much, 404 for a host that lacks it."""
    good = sign(b"{}")
    refusals = [
        (good.__class__("POST", good.url, {}, {}, b"{}"), bot, Unauthorised),
        (good.__class__("POST", good.url, {"x-telegram-bot-api-secret-token": "é"}, {}, b"{}"), bot, Forbidden),
        (good.__class__("GET", good.url, good.headers), bot, Theirs),
        (sign(b"{}" + b" " * 2_000_000), bot, Theirs),
        (good, account("telegram", "b", bot.spec.settings), NotFound),
    ]
    for request, whose, error in refusals:
        with pytest.raises(error):
            channel.receive(request, whose, NOW)
