"""LINE as every channel is checked, its messages by LINE's documented limits and by the types of line-bot-sdk."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest

from sayso.channels.compiler import Button, Image, Tile
from sayso.channels.contract import Address, Outcome, Part
from sayso.channels.line import channel
from sayso.testing.channels import NOW, Trial, checks

SOURCE = {"type": "user", "userId": "U206d25c2ea6bd87c17655609a1c37cb8"}
EVENTS = [
    {"type": "message", "replyToken": "r", "message": {"id": "5", "type": "text", "text": "two lattes"}},
    {"type": "message", "message": {"id": "6", "type": "image", "contentProvider": {"type": "line"}}},
    {"type": "message", "message": {"id": "7", "type": "location", "latitude": 52.4, "longitude": 4.9}},
    {"type": "message", "message": {"id": "8", "type": "sticker", "packageId": "1", "stickerId": "2"}},
    {"type": "postback", "postback": {"data": "0a" * 9}},
    {"type": "follow", "follow": {"isUnblocked": False}},
    {"type": "unfollow"},
    {"type": "unsend", "unsend": {"messageId": "5"}},
    {"type": "messageEdited", "message": {"id": "5", "type": "text", "text": "three"}},
    {"type": "accountLink", "link": {"result": "ok", "nonce": "n"}},
]
WHOLE = [
    {**each, "mode": "active", "timestamp": 1, "source": SOURCE, "webhookEventId": f"e{place}"}
    for place, each in enumerate(EVENTS)
]
BODIES = [json.dumps({"destination": "U1", "events": [each]}).encode() for each in WHOLE]
BODIES.append(json.dumps({"destination": "U1", "events": WHOLE}).encode())


def length(text):
    """As LINE counts."""
    return len(text.encode("utf-16-le")) // 2


def action_fits(action):
    assert 1 <= length(action["label"]) <= 20
    assert length(action.get("data", "")) <= 300 and length(action.get("displayText", "")) <= 300
    assert length(action.get("uri", "")) <= 1000


def column_fits(column, most, columns_alone):
    assert length(column.get("title", "")) <= 40
    beside = "title" in column or "thumbnailImageUrl" in column
    assert 1 <= length(column["text"]) <= (60 if beside else columns_alone)
    assert 1 <= len(column["actions"]) <= most
    for action in column["actions"]:
        action_fits(action)


def template_fits(template):
    match template["type"]:
        case "buttons":
            column_fits(template, 4, 160)
        case "confirm":
            assert 1 <= length(template["text"]) <= 240 and len(template["actions"]) == 2
        case "carousel":
            assert 1 <= len(template["columns"]) <= 10
            assert len({len(column["actions"]) for column in template["columns"]}) == 1
            assert len({"thumbnailImageUrl" in column for column in template["columns"]}) == 1
            for column in template["columns"]:
                column_fits(column, 3, 120)


def bubble_fits(bubble):
    assert len(json.dumps(bubble, ensure_ascii=False).encode()) <= 30_000
    assert "body" in bubble or "hero" in bubble
    for box in (bubble.get("body"), bubble.get("footer")):
        assert box is None or box["contents"]
    for each in bubble.get("body", {}).get("contents", []):
        assert each["text"].strip()
    for each in bubble.get("footer", {}).get("contents", []):
        action_fits(each["action"])


def message_fits(message):
    """Source of each number: the Messaging API reference."""
    assert length(message.get("text", "x")) in range(1, 5001)
    assert length(message.get("altText", "x")) in range(1, 401)
    items = message.get("quickReply", {}).get("items", [{}])
    assert 1 <= len(items) <= 13
    for item in items if "quickReply" in message else []:
        action_fits(item["action"])
    match message["type"]:
        case "template":
            template_fits(message["template"])
        case "flex":
            held = message["contents"]
            bubbles = [held] if held["type"] == "bubble" else held["contents"]
            assert 1 <= len(bubbles) <= 12 and len(json.dumps(held, ensure_ascii=False).encode()) <= 50_000
            for bubble in bubbles:
                bubble_fits(bubble)


def valid(call):
    sent = json.loads(call.body)
    assert 1 <= len(sent["messages"]) <= 5
    for message in sent["messages"]:
        message_fits(message)


@pytest.fixture(scope="module")
def trial(shop, sign):
    return Trial(channel, shop, sign, BODIES, valid=valid, to=Address(SOURCE["userId"], "p1", now=NOW))


NAMES = [check.__name__ for check in checks(Trial(channel, None, None, BODIES))]


@pytest.mark.parametrize("name", NAMES)
def test_line_keeps_the_contract(name, trial):
    """What `sayso.testing.channels` asks of every channel."""
    {check.__name__: check for check in checks(trial)}[name](trial)


def holds(known, sent):
    """Whether everything that is sent is known, beside the defaults."""
    if isinstance(sent, dict):
        return all(key in known and holds(known[key], value) for key, value in sent.items())
    if isinstance(sent, list):
        return len(known) == len(sent) and all(map(holds, known, sent))
    return known == sent


def test_lines_own_types_take_every_message(trial, shop):
    """line-bot-sdk reads each call and writes it back unchanged."""
    models = pytest.importorskip(
        "linebot.v3.messaging", reason="line-bot-sdk is not installed: pip install '.[oracles]'"
    )

    def known(call):
        sent = json.loads(call.body)
        assert holds(json.loads(models.PushMessageRequest.from_dict(sent).to_json()), sent)

    every = {check.__name__: check for check in checks(trial)}["every_part_is_sent"]
    every(Trial(channel, shop, trial.sign, BODIES, valid=known, to=trial.to))


def sent(part, shop, id="p7", **to):
    call = channel.wire(part, Address(**{"native": "U1", "part": id, "now": NOW, **to}), shop)
    return call, json.loads(call.body)["messages"][0]


BOTH = (Button("reply", "Yes", "ab"), Button("reply", "No", "cd"))
CUP = Image("https://shop.example/a.png", "a cup")


def test_short_words_are_a_template_and_long_ones_a_bubble(shop):
    """A template cuts off what is higher than its frame: what is read back must be seen whole."""
    shapes = {
        "Two lattes?": "confirm",
        "2 lattes\n1 tea\nTogether € 9.00": "bubble",
        "x" * 200: "bubble",
    }
    for words, kind in shapes.items():
        _, message = sent(Part(words, buttons=BOTH), shop)
        assert (message.get("template") or message["contents"])["type"] == kind
        assert message["altText"].startswith(words[:50]) and "[Yes]" in message["altText"]


def test_a_compound_is_one_message(shop):
    """Picture, title, words, a button and an address."""
    held = (Button("reply", "Order here", "ab"), Button("url", "Read more", "https://shop.example/p/1"))
    _, message = sent(Part("With oat milk", "Latte", CUP, buttons=held), shop)
    template = message["template"]
    assert (template["thumbnailImageUrl"], template["title"], template["text"]) == (CUP.url, "Latte", "With oat milk")
    assert [action["type"] for action in template["actions"]] == ["postback", "uri"]
    assert "https://shop.example/p/1" in message["altText"]


def test_columns_that_differ_are_bubbles(shop):
    """A carousel template has as many buttons on each column."""
    alike = (Tile("Latte", "Milky", CUP, BOTH), Tile("Tea", "Green", CUP, BOTH))
    other = (alike[0], Tile("Tea", "Green", CUP, BOTH[:1]))
    assert sent(Part(tiles=alike), shop)[1]["template"]["type"] == "carousel"
    assert sent(Part(tiles=other), shop)[1]["contents"]["type"] == "carousel"


def test_a_place_is_asked_for_with_a_quick_reply(shop):
    """In the language of the conversation."""
    _, message = sent(Part("Waar?", asks_location=True, language="nl"), shop)
    assert message["quickReply"]["items"][0]["action"] == {"type": "location", "label": "Locatie delen"}


def test_a_reply_while_its_token_lives_else_a_push_that_is_sent_once(shop):
    """25 seconds, one use; a push has a key that is the same for each try of the part and another for other parts."""
    via, young = {"reply": "r1"}, NOW - timedelta(seconds=24)
    reply, _ = sent(Part("Hi"), shop, via=via, at=young)
    assert reply.url.endswith("/message/reply") and json.loads(reply.body)["replyToken"] == "r1" and not reply.once
    for other in (
        {"at": young, "spent": True},
        {"at": NOW - timedelta(seconds=26)},
        {"at": young, "via": {}},
        {"at": None},
    ):
        push, _ = sent(Part("Hi"), shop, **{"via": via, **other})
        assert push.url.endswith("/message/push") and push.once and json.loads(push.body)["to"] == "U1"
    perhaps, _ = sent(Part("Hi"), shop, via=via, at=young, tried=True)
    assert perhaps.url.endswith("/message/push") and not perhaps.once, "the try before it may have been the reply"
    assert sent(Part("Hi"), shop, via=via, at=young, tried=True, spent=True)[0].once, "another part had the token"
    again, _ = sent(Part("Hi"), shop)
    third, _ = sent(Part("Hi"), shop, id="p8")
    key = "x-line-retry-key"
    assert push.headers[key] == again.headers[key] != third.headers[key]
    assert uuid.UUID(push.headers[key])
    assert push.headers["authorization"] == "Bearer long-lived"


def test_in_a_group_the_group_is_written_to(shop):
    """Its members' conversations are theirs, the chat is one."""
    push, _ = sent(Part("Hi"), shop, native="C1:U1")
    assert json.loads(push.body)["to"] == "C1"


KEPT = "The retry key is already accepted"
FAST, MANY = "The API rate limit has been exceeded.", "You have reached your monthly limit."
OUTCOMES = [
    (200, {}, {"sentMessages": [{"id": "461", "quoteToken": "q"}]}, Outcome("sent", "461")),
    (409, {}, {"message": KEPT, "sentMessages": [{"id": "46"}]}, Outcome("sent", "46", code="409")),
    (400, {}, {"message": "Invalid reply token"}, Outcome("retry", reason="Invalid reply token", code="reply_token")),
    (400, {}, {"message": "Failed to send"}, Outcome("failed", reason="Failed to send", code="400")),
    (429, {"retry-after": "3"}, {"message": FAST}, Outcome("retry", after_s=3, reason=FAST, code="429")),
    (429, {}, {"message": MANY}, Outcome("failed", reason=MANY, code="429")),
    (500, {}, {"message": "Internal"}, Outcome("unknown", reason="Internal", code="500")),
]


@pytest.mark.parametrize(("status", "headers", "body", "outcome"), OUTCOMES)
def test_what_line_answers(status, headers, body, outcome):
    """Sent, already accepted, a token that is spent, too fast, too many this month, nobody knows."""
    assert channel.outcome(status, headers, json.dumps(body).encode()) == outcome
