"""A client's event, as bytes, to an Event of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sayso.channels.web.validate import decode
from sayso.channels.words import clean
from sayso.model.event import Body, Closed, Event, Located, Opened, Pressed, Proof, Utterance

CHANNEL = "web"
ACCOUNT = "site"
"""A merchant has one web chat."""
DEADLINE_S = 10.0
"""From receipt to answer. Our own choice: the page shows meanwhile that somebody is typing."""


def conversation_key(merchant: str, conversation: str) -> str:
    """The key under which a web conversation's rows and feed are found: `Event.key`."""
    return f"{merchant}/{CHANNEL}/{ACCOUNT}/{conversation}"


def parse(body: bytes, merchant: str, conversation: str, proof: Proof, now: datetime) -> Event:
    """The event. Raises Theirs when the bytes are not one.

    A client chooses its event ids, so they are unique within its conversation only: nobody can ask for another's
    answer by guessing an id.
    """
    data = decode(body, "Event")
    return Event(
        id=f"{conversation}/{data['id']}",
        merchant=merchant,
        channel=CHANNEL,
        account=ACCOUNT,
        conversation=conversation,
        at=now,
        body=BODIES[data["type"]](data),
        language=data.get("language", ""),
        proof=proof,
        deadline_s=DEADLINE_S,
        heard=data.get("heard"),
    )


def opened(merchant: str, conversation: str, language: str, proof: Proof, now: datetime) -> Event:
    """The first event of a conversation: it was opened without a wish."""
    return Event(
        id=f"{conversation}/open",
        merchant=merchant,
        channel=CHANNEL,
        account=ACCOUNT,
        conversation=conversation,
        at=now,
        body=Opened(),
        language=language,
        proof=proof,
        deadline_s=DEADLINE_S,
    )


BODIES: Mapping[str, Callable[[Mapping[str, Any]], Body]] = {
    "text": lambda data: Utterance(clean(data["text"])),
    "press": lambda data: Pressed(data["token"], clean(data.get("label", ""))),
    "locate": lambda data: Located(float(data["latitude"]), float(data["longitude"])),
    "open": lambda data: Opened(),
    "close": lambda data: Closed(),
}
