"""A little RCS for Business with one telephone: it takes what the API takes, refuses what it refuses, with its errors.

Its limits are written here anew, from Google's pages, not read from the channel's table.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sayso.channels.contract import Account, Call, Channel, Request

Answer = tuple[int, Mapping[str, str], bytes]


class Refused(Exception):
    """INVALID_ARGUMENT."""


def need(kept: bool, why: str) -> None:
    if not kept:
        raise Refused(why)


def suggestions(held: list[Mapping[str, Any]], most: int) -> None:
    need(len(held) <= most, f"at most {most} suggestions")
    for each in held:
        said = each.get("reply") or each["action"]
        need(1 <= len(said["text"]) <= 25, "suggestion text is longer than 25")
        need(len(said["postbackData"]) <= 2048, "postback data are longer than 2048")


def card(made: Mapping[str, Any]) -> None:
    need(bool({"title", "description", "media"} & set(made)), "a card has a title, a description or media")
    need(len(made.get("title", "")) <= 200, "title is longer than 200")
    need(len(made.get("description", "")) <= 2000, "description is longer than 2000")
    suggestions(made.get("suggestions", []), 4)


def cards(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rich = content.get("richCard", {})
    alone = [rich["standaloneCard"]["cardContent"]] if "standaloneCard" in rich else []
    return [*alone, *rich.get("carouselCard", {}).get("cardContents", [])]


def message(sent: Mapping[str, Any]) -> None:
    content = sent["contentMessage"]
    need(set(sent) <= {"contentMessage", "ttl"}, "unknown fields")
    need(("text" in content) != ("richCard" in content), "exactly one content")
    need(1 <= len(content.get("text", "x")) <= 3072, "text is longer than 3072")
    suggestions(content.get("suggestions", []), 11)
    need("carouselCard" not in content.get("richCard", {}) or 2 <= len(cards(content)) <= 10, "a carousel has 2 to 10")
    for each in cards(content):
        card(each)


@dataclass
class Handset:
    """`shown` are the contents of the agent's messages; `ids` were taken."""

    channel: Channel
    account: Account
    customer: str = "+31612345678"
    shown: list[Mapping[str, Any]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def says(self, words: str) -> Request:
        return self.sends({"text": words})

    def locates(self, latitude: float, longitude: float) -> Request:
        return self.sends({"location": {"latitude": latitude, "longitude": longitude}})

    def opens(self) -> Request | None:
        return None

    def presses(self, token: str) -> Request | None:
        """A card's suggestions stay; those below a message are there while it is the last."""
        found = next((each for each in self._replies() if each["postbackData"] == token), None)
        told = {"postbackData": token, "text": found["text"], "type": "REPLY"} if found else None
        return self.sends({"suggestionResponse": told}) if told else None

    def _replies(self) -> Iterator[Mapping[str, Any]]:
        on_cards = [each for content in self.shown for made in cards(content) for each in made.get("suggestions", [])]
        below = [each for content in self.shown[-1:] for each in content.get("suggestions", [])]
        return (each["reply"] for each in (*on_cards, *below) if "reply" in each)

    def sends(self, content: Mapping[str, Any]) -> Request:
        about = {"senderPhoneNumber": self.customer, "messageId": f"u{next(self.numbers)}", "agentId": self.account.id}
        return self.posts({**about, "sendTime": "2026-11-23T08:00:00.123456789Z", **content})

    def posts(self, told: Mapping[str, Any]) -> Request:
        """A webhook's envelope."""
        data = json.dumps(told, ensure_ascii=False).encode()
        body = json.dumps({"message": {"data": base64.b64encode(data).decode(), "messageId": "1"}}).encode()
        token = self.account.secret("client_token").encode()
        signed = base64.b64encode(hmac.new(token, data, hashlib.sha512).digest()).decode()
        url = f"https://bots.example/v1/channels/rcs/{self.account.merchant.id}"
        return Request("POST", url, {"x-goog-signature": signed, "content-type": "application/json"}, body=body)

    def takes(self, call: Call) -> Answer:
        """phones.agentMessages.create."""
        if not call.headers.get("authorization", "").startswith("Bearer "):
            return self._told(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        parts = urlsplit(call.url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path != f"/v1/phones/{self.customer}/agentMessages" or query.get("agentId") != self.account.id:
            return self._told(404, "NOT_FOUND", "Requested entity was not found.")
        if query["messageId"] in self.ids:
            return self._told(409, "ALREADY_EXISTS", "Requested entity already exists.")
        sent = json.loads(call.body)
        try:
            message(sent)
        except Refused as refused:
            return self._told(400, "INVALID_ARGUMENT", str(refused))
        self.ids.add(query["messageId"])
        self.shown.append(sent["contentMessage"])
        return 200, {}, json.dumps({"name": f"phones/{self.customer}/agentMessages/{query['messageId']}"}).encode()

    def _told(self, status: int, code: str, why: str) -> Answer:
        return status, {}, json.dumps({"error": {"code": status, "message": why, "status": code}}).encode()
