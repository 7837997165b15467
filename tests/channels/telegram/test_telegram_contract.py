"""Telegram as every channel is checked, its calls by python-telegram-bot's own types and limits."""

from __future__ import annotations

import inspect
import json

import pytest

from sayso.channels.compiler import Button, Image
from sayso.channels.contract import Address, Outcome, Part
from sayso.channels.telegram import channel
from sayso.channels.telegram.wire import rows
from sayso.testing.channels import NOW, Trial, checks

telegram = pytest.importorskip(
    "telegram", reason="python-telegram-bot, the oracle of Telegram's calls, is not installed"
)

CHAT, PERSON = {"id": 77, "type": "private"}, {"id": 77, "is_bot": False, "first_name": "Zoë"}
WORDS = {"message_id": 5, "date": 1, "chat": CHAT, "from": PERSON}
UPDATES = [
    {"message": {**WORDS, "text": "two lattes", "reply_to_message": WORDS}},
    {"message": {**WORDS, "text": "/start abc"}},
    {"message": {**WORDS, "location": {"latitude": 52.4, "longitude": 4.9}}},
    {"message": {**WORDS, "photo": [{"file_id": "a", "width": 9, "file_size": 3}], "caption": "this"}},
    {"message": {**WORDS, "contact": {"phone_number": "+31", "first_name": "Zoë"}}},
    {"message": {**WORDS, "web_app_data": {"data": '{"a": "b"}', "button_text": "B"}}},
    {"edited_message": {**WORDS, "text": "three"}},
    {"callback_query": {"id": "q", "from": PERSON, "message": WORDS, "data": "0a" * 9}},
    {"my_chat_member": {"chat": CHAT, "from": PERSON, "new_chat_member": {"status": "kicked"}}},
    {"message_reaction": {"chat": CHAT, "message_id": 5, "user": PERSON, "new_reaction": [{"emoji": "👍"}]}},
    {"deleted_business_messages": {"business_connection_id": "b", "chat": CHAT, "message_ids": [1, 2]}},
    {"pre_checkout_query": {"id": "p", "from": PERSON}},
]
BODIES = [json.dumps({"update_id": 100 + place, **each}).encode() for place, each in enumerate(UPDATES)]
METHODS = {
    "sendMessage": telegram.Bot.send_message,
    "sendPhoto": telegram.Bot.send_photo,
    "sendMediaGroup": telegram.Bot.send_media_group,
}


def valid(call):
    """Known parameters of a known method, within the limits that python-telegram-bot has found."""
    limits, sent = telegram.constants, json.loads(call.body)
    method = METHODS[call.url.rsplit("/", 1)[1]]
    assert set(sent) <= set(inspect.signature(method).parameters)
    assert isinstance(sent["chat_id"], int)
    assert "text" not in sent or 1 <= len(sent["text"]) <= limits.MessageLimit.MAX_TEXT_LENGTH
    assert len(sent.get("caption", "")) <= limits.MessageLimit.CAPTION_LENGTH
    if "media" in sent:
        assert limits.MediaGroupLimit.MIN_MEDIA_LENGTH <= len(sent["media"]) <= limits.MediaGroupLimit.MAX_MEDIA_LENGTH
        assert all(len(each["caption"]) <= limits.MessageLimit.CAPTION_LENGTH for each in sent["media"])
    markup = sent.get("reply_markup", {})
    if "keyboard" in markup:
        telegram.ReplyKeyboardMarkup.de_json(markup, None)
    if "inline_keyboard" in markup:
        known = telegram.InlineKeyboardMarkup.de_json(markup, None)
        assert json.loads(known.to_json()) == markup
        held = [button for row in known.inline_keyboard for button in row]
        assert len(held) <= limits.InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER
        assert all(len(row) <= limits.InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in known.inline_keyboard)
        assert all(
            len((b.callback_data or "").encode()) <= limits.InlineKeyboardButtonLimit.MAX_CALLBACK_DATA for b in held
        )


@pytest.fixture(scope="module")
def trial(bot, sign):
    return Trial(channel, bot, sign, BODIES, signs_body=False, valid=valid, to=Address("77", "p1", now=NOW))


NAMES = [check.__name__ for check in checks(Trial(channel, None, None, BODIES))]


@pytest.mark.parametrize("name", NAMES)
def test_telegram_keeps_the_contract(name, trial):
    """What `sayso.testing.channels` asks of every channel."""
    {check.__name__: check for check in checks(trial)}[name](trial)


@pytest.mark.parametrize("body", BODIES)
def test_what_we_send_ourselves_is_an_update_to_others(body):
    """The updates above are updates to python-telegram-bot too, so far as they are whole."""
    update = json.loads(body)
    assert set(update) - {"update_id"} <= {str(kind.value) for kind in telegram.constants.UpdateType}


def sent(part, bot, **to):
    return json.loads(channel.wire(part, Address(**{"native": "77", "part": "p", "now": NOW, **to}), bot).body)


def test_a_picture_has_words_and_buttons_in_one_message(bot):
    """The compound: photo, caption, keyboard."""
    held = (Button("reply", "Order", "ab"), Button("url", "Read more", "https://shop.example/p/1"))
    made = sent(Part("Try it", picture=Image("https://shop.example/a.png", "a cup"), buttons=held), bot)
    assert (made["photo"], made["caption"]) == ("https://shop.example/a.png", "Try it")
    (row,) = made["reply_markup"]["inline_keyboard"]
    assert row == [{"text": "Order", "callback_data": "ab"}, {"text": "Read more", "url": "https://shop.example/p/1"}]


def test_short_labels_share_a_row():
    """At most three, and only where they can be read."""
    held = [Button("reply", label, label) for label in ("Yes", "No", "Cancel", "Help", "A large oat milk latte to go")]
    assert [len(row) for row in rows(held)] == [3, 1, 1]


def test_a_place_is_asked_for_by_a_button_in_private_only(bot):
    """In a group Telegram refuses such a button."""
    assert sent(Part("Where?", asks_location=True, language="nl"), bot)["reply_markup"]["keyboard"][0][0] == {
        "text": "Mijn locatie delen",
        "request_location": True,
    }
    assert "reply_markup" not in sent(Part("Where?", asks_location=True), bot, native="-100:77")


def test_in_a_group_the_first_part_answers_a_message(bot):
    """The others follow it; a forum's topic and a business account are kept."""
    via = {"message": "5", "thread": "8", "business": "b"}
    first, second = (sent(Part("Hi"), bot, native="-100:77", via=via, spent=spent) for spent in (False, True))
    assert first["chat_id"] == -100 and first["reply_parameters"]["message_id"] == 5
    assert "reply_parameters" not in second
    assert (second["message_thread_id"], second["business_connection_id"]) == (8, "b")


OUTCOMES = [
    (200, {"ok": True, "result": {"message_id": 12}}, Outcome("sent", "12")),
    (200, {"ok": True, "result": [{"message_id": 12}, {"message_id": 13}]}, Outcome("sent", "13")),
    (
        429,
        {"ok": False, "description": "Too Many Requests: retry after 7", "parameters": {"retry_after": 7}},
        Outcome("retry", after_s=7, reason="Too Many Requests: retry after 7", code="429"),
    ),
    (
        403,
        {"ok": False, "description": "Forbidden: bot was blocked by the user"},
        Outcome("opted_out", reason="Forbidden: bot was blocked by the user", code="403"),
    ),
    (
        403,
        {"ok": False, "description": "Forbidden: bot can't initiate conversation with a user"},
        Outcome("failed", reason="Forbidden: bot can't initiate conversation with a user", code="403"),
    ),
    (
        400,
        {"ok": False, "description": "Bad Request: chat not found"},
        Outcome("failed", reason="Bad Request: chat not found", code="400"),
    ),
    (500, {"ok": False, "description": "Internal"}, Outcome("retry", after_s=5, reason="Internal", code="500")),
]


@pytest.mark.parametrize(("status", "body", "outcome"), OUTCOMES)
def test_what_telegram_answers(status, body, outcome):
    """Sent, to be tried again, blocked, failed."""
    assert channel.outcome(status, {}, json.dumps(body).encode()) == outcome


def test_a_gateways_page_tells_nothing():
    """It may have been sent."""
    assert channel.outcome(502, {}, b"<html>Bad Gateway</html>").state == "unknown"
