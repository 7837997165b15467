"""LINE's webhook events, to what they mean here. Pure.

One request has up to some dozens of events, of several customers. An event in mode "standby" is a person's: somebody
else answers there. In a group each person has a conversation of their own, "<group>:<person>", so that nobody confirms
what another began; as others read along, a person there is anonymous: nothing of theirs is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sayso.channels.contract import (
    Attached,
    Body,
    Controlled,
    Edited,
    Located,
    Opted,
    Pressed,
    Proof,
    Referred,
    Unsent,
    Unsupported,
    Utterance,
    identifier,
    inner,
    items,
    number,
    told,
)
from sayso.channels.line.limits import limits

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Who:
    """Whose conversation an event belongs to. `person` is LINE's id of the customer."""

    conversation: str
    person: str
    private: bool

    def proof(self, account: str) -> Proof:
        """LINE knows who writes; in a group others read along."""
        return Proof("channel", f"line:{account}", self.person) if self.private else Proof()


def who(event: Data) -> Who | None:
    """None for what nobody did. LINE does not tell who writes in a group before they have agreed to it: whoever does
    not is one with the others who do not."""
    source = inner(event, "source")
    person = identifier(source, "userId", 64)
    group = identifier(source, "groupId", 64) or identifier(source, "roomId", 64)
    if group:
        return Who(f"{group}:{person}" if person else group, person, False)
    return Who(person, person, True) if person else None


def id_of(event: Data) -> str:
    """The event's id, which a repetition has too; of an event without one, what tells it apart."""
    named = identifier(event, "webhookEventId", 128)
    at, whose = identifier(event, "timestamp", 32), who(event)
    return named or ("/".join((at, whose.conversation, told(event, "type", 32))) if at and whose else "")


def via(event: Data, now: datetime) -> dict[str, str]:
    """What the answer needs: the token that a reply is free with, while it lives, and the message that is meant."""
    at, again = number(event, "timestamp"), inner(event, "deliveryContext").get("isRedelivery") is True
    late = again and (at is None or now.timestamp() - at / 1000 > limits().reply_s)
    found = {
        "reply": "" if late else identifier(event, "replyToken", 128),
        "message": identifier(inner(event, "message"), "id", 64),
        "quote": identifier(inner(event, "message"), "quoteToken"),
    }
    return {name: value for name, value in found.items() if value}


def body_of(event: Data) -> Body | None:
    """What the event means; None for what no customer waits to be answered."""
    read = EVENTS.get(told(event, "type", 32))
    return read(event) if read else None


def _message(event: Data) -> Body:
    message = inner(event, "message")
    kind = told(message, "type", 32)
    read = CONTENT.get(kind)
    return read(message) if read else Unsupported(kind or "message")


def _text(message: Data) -> Body:
    text = told(message, "text")
    return Utterance(text) if text.strip() else Unsupported("text")


def _located(message: Data) -> Body:
    latitude, longitude = number(message, "latitude"), number(message, "longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return Unsupported("location")
    return Located(latitude, longitude)


def _file(kind: str) -> Callable[[Data], Body]:
    """A file is fetched by its message's id, one that another party holds by its address."""

    def read(message: Data) -> Body:
        provider = inner(message, "contentProvider")
        handle = told(provider, "originalContentUrl", 1000) or identifier(message, "id", 64)
        size = int(max(number(message, "fileSize") or 0, 0))
        return Attached(kind, handle, name=told(message, "fileName", 256), size=size) if handle else Unsupported(kind)

    return read


def _sticker(message: Data) -> Body:
    handle = "/".join((identifier(message, "packageId", 32), identifier(message, "stickerId", 32)))
    words = [told({"a": each}, "a", 64) for each in items(message, "keywords")[:8]]
    return Attached("sticker", handle, name=told(message, "text", 100) or ", ".join(each for each in words if each))


CONTENT: Mapping[str, Callable[[Data], Body]] = {
    "text": _text,
    "location": _located,
    "image": _file("image"),
    "video": _file("video"),
    "audio": _file("audio"),
    "file": _file("document"),
    "sticker": _sticker,
}


def _pressed(event: Data) -> Body | None:
    token = identifier(inner(event, "postback"), "data", 300)
    return Pressed(token) if token else None


def _edited(event: Data) -> Body | None:
    message = inner(event, "message")
    of, text = identifier(message, "id", 64), told(message, "text")
    return Edited(of, text) if of and text else None


def _unsent(event: Data) -> Body | None:
    of = identifier(inner(event, "unsend"), "messageId", 64)
    return Unsent(of) if of else None


def _linked(event: Data) -> Body | None:
    """A page of ours sent the customer to LINE with a nonce, which comes back beside LINE's id of the customer."""
    link = inner(event, "link")
    nonce = identifier(link, "nonce")
    return Referred(nonce, "account_link") if nonce and link.get("result") == "ok" else None


EVENTS: Mapping[str, Callable[[Data], Body | None]] = {
    "message": _message,
    "messageEdited": _edited,
    "unsend": _unsent,
    "postback": _pressed,
    "follow": lambda event: Opted(True),
    "unfollow": lambda event: Opted(False, silent=True),
    "accountLink": _linked,
    "activated": lambda event: Controlled("bot"),
    "deactivated": lambda event: Controlled("person"),
}
"""An event's type -> what it means. Source: line-openapi webhook.yml (2026-07-01). Others are left alone: a bot that
joins or leaves a group, members of it, a beacon passed by, a video seen, memberships, deliveries of other messages."""
