"""A little LINE with one friend: it takes what the Messaging API takes, refuses what it refuses, with its messages.

Its limits are written here anew, from LINE's pages, not read from the channel's table.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso.channels.contract import Account, Call, Channel, Request

Answer = tuple[int, Mapping[str, str], bytes]


class Refused(Exception):
    """An error of LINE's."""


def need(kept: bool, why: str) -> None:
    if not kept:
        raise Refused(why)


def units(text: str) -> int:
    """As LINE counts: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def action(made: Mapping[str, Any]) -> None:
    need(1 <= units(made["label"]) <= 20, "label: length must be between 1 and 20")
    need(1 <= units(made.get("data", "x")) <= 300, "data: length must be between 1 and 300")
    need(units(made.get("uri", "")) <= 1000, "uri: length must be between 0 and 1000")
    need(made["type"] in ("postback", "uri", "location"), "type: unknown")


def column(made: Mapping[str, Any], most: int, alone: int) -> None:
    beside = "title" in made or "thumbnailImageUrl" in made
    need(1 <= units(made["text"]) <= (60 if beside else alone), "text: too long")
    need(1 <= units(made.get("title", "x")) <= 40, "title: length must be between 1 and 40")
    need(made.get("thumbnailImageUrl", "https://").startswith("https://"), "thumbnailImageUrl: invalid uri scheme")
    need(1 <= len(made["actions"]) <= most, "actions: size")


def template(made: Mapping[str, Any]) -> None:
    match made["type"]:
        case "buttons":
            column(made, 4, 160)
        case "confirm":
            need(1 <= units(made["text"]) <= 240 and len(made["actions"]) == 2, "confirm")
        case "carousel":
            columns = made["columns"]
            need(1 <= len(columns) <= 10, "columns: size must be between 1 and 10")
            need(
                len({len(each["actions"]) for each in columns}) == 1, "all columns must have the same number of actions"
            )
            need(len({"thumbnailImageUrl" in each for each in columns}) == 1, "all columns must have an image or none")
            for each in columns:
                column(each, 3, 120)
        case other:
            need(False, f"template {other}")


def flex(made: Mapping[str, Any]) -> None:
    bubbles = made["contents"] if made["type"] == "carousel" else [made]
    need(1 <= len(bubbles) <= 12, "contents: size must be between 1 and 12")
    need(len(json.dumps(made, ensure_ascii=False).encode()) <= 50_000, "flex: too large")
    for bubble in bubbles:
        need(bubble["type"] == "bubble" and bool({"hero", "body"} & set(bubble)), "bubble: must have a block")
        need(len(json.dumps(bubble, ensure_ascii=False).encode()) <= 30_000, "bubble: too large")
        texts = [each["text"] for each in bubble.get("body", {}).get("contents", [])]
        need(all(text.strip() for text in texts), "text: must be non-empty text")


def message(made: Mapping[str, Any]) -> None:
    need(units(made.get("text", "x")) in range(1, 5001), "text: length must be between 1 and 5000")
    need(units(made.get("altText", "x")) in range(1, 401), "altText: length must be between 1 and 400")
    if made["type"] == "template":
        template(made["template"])
    if made["type"] == "flex":
        flex(made["contents"])
    if "quickReply" in made:
        need(1 <= len(made["quickReply"]["items"]) <= 13, "items: size must be between 1 and 13")
    for each in actions(made):
        action(each)


def actions(made: Any) -> Iterator[Mapping[str, Any]]:
    """Every action below a message, wherever it stands."""
    if isinstance(made, dict) and made.get("type") in ("postback", "uri", "location") and "label" in made:
        yield made
    inside = made.values() if isinstance(made, dict) else made if isinstance(made, list) else ()
    for each in inside:
        yield from actions(each)


@dataclass
class Friend:
    """`shown` are the messages of the chat. `tokens` can be replied to once, `keys` were accepted."""

    channel: Channel
    account: Account
    customer: str = "U" + "a" * 32
    shown: list[Mapping[str, Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    keys: dict[str, bytes] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def says(self, words: str) -> Request:
        return self.does("message", message={"id": str(next(self.numbers)), "type": "text", "text": words})

    def locates(self, latitude: float, longitude: float) -> Request:
        place = {"id": "9", "type": "location", "latitude": latitude, "longitude": longitude}
        return self.does("message", message=place)

    def opens(self) -> Request | None:
        """A friend's page opens without anybody being told."""
        return None

    def presses(self, token: str) -> Request | None:
        """What stands below any message; a quick reply only while its message is the last."""
        held = [{key: value for key, value in each.items() if key != "quickReply"} for each in self.shown[:-1]]
        found = any(each.get("data") == token for made in (*held, *self.shown[-1:]) for each in actions(made))
        return self.does("postback", postback={"data": token}) if found else None

    def does(self, kind: str, **more: Any) -> Request:
        """A webhook with one event."""
        token = f"r{next(self.numbers)}"
        self.tokens.add(token)
        event = {
            "type": kind,
            "mode": "active",
            "timestamp": 1,
            "source": {"type": "user", "userId": self.customer},
            "webhookEventId": f"01H{next(self.numbers)}",
            "deliveryContext": {"isRedelivery": False},
            "replyToken": token,
        }
        return self.posts({**event, **more})

    def posts(self, *events: Mapping[str, Any]) -> Request:
        body = json.dumps({"destination": self.account.id, "events": events}, ensure_ascii=False).encode()
        secret = self.account.secret("channel_secret").encode()
        signed = base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode()
        url = f"https://bots.example/v1/channels/line/{self.account.merchant.id}"
        return Request("POST", url, {"x-line-signature": signed, "content-type": "application/json"}, body=body)

    def takes(self, call: Call) -> Answer:
        """Reply and push."""
        if call.headers.get("authorization") != f"Bearer {self.account.secret('access_token')}":
            return self._told(401, "Authentication failed. Confirm that the access token in the header is valid.")
        sent, path = json.loads(call.body), call.url.removeprefix("https://api.line.me/v2/bot/")
        if path in ("chat/markAsRead", "chat/loading/start"):
            return 202, {}, b"{}"
        key = call.headers.get("x-line-retry-key", "")
        if key in self.keys:
            return 409, {}, self.keys[key]
        try:
            need(path in ("message/reply", "message/push"), "Not found")
            need(not key or (str(uuid.UUID(key)) == key and path == "message/push"), "Invalid retry key")
            need(1 <= len(sent["messages"]) <= 5, "messages: size must be between 1 and 5")
            for each in sent["messages"]:
                message(each)
            whom = sent["replyToken"] in self.tokens if path == "message/reply" else sent["to"] == self.customer
            need(whom, "Invalid reply token" if path == "message/reply" else "Failed to send messages")
        except Refused as refused:
            return self._told(400, str(refused))
        self.tokens.discard(sent.get("replyToken", ""))
        self.shown += sent["messages"]
        told = json.dumps({"sentMessages": [{"id": str(next(self.numbers))} for _ in sent["messages"]]}).encode()
        if key:
            self.keys[key] = told
        return 200, {}, told

    def _told(self, status: int, why: str) -> Answer:
        return status, {}, json.dumps({"message": why}).encode()
