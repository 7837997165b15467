"""Wyoming's frames, for its service `handle`: words of a voice satellite in, words to be said out. Pure.

A frame is a line of JSON (type, data, data_length, payload_length), then so many bytes of JSON, then so many of
payload. Source: OHF-Voice/wyoming 1.10 (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from sayso.channels.contract import Event, Message, Opened, Proof, Utterance, identifier, inner, told
from sayso.channels.speech import spoken

CHANNEL = "wyoming"
MOST_LINE = 65_536
"""Bytes of a frame's line, and of its data: ours; a transcript has a few hundred."""
MOST_PAYLOAD = 1_048_576
"""Bytes of a payload that is read past: ours; `handle` has none."""
DEADLINE_S = 20.0


class NoFrame(ValueError):
    """What came is no frame of Wyoming, or too large a one."""


@dataclass(frozen=True, slots=True)
class Head:
    """The first line of a frame. `data_length` and `payload_length` bytes follow."""

    type: str
    data: Mapping[str, Any]
    data_length: int
    payload_length: int


def head(line: bytes) -> Head:
    """Raises NoFrame."""
    found = _object(line)
    data, payload = _length(found, "data_length", MOST_LINE), _length(found, "payload_length", MOST_PAYLOAD)
    return Head(identifier(found, "type", 60), inner(found, "data"), data, payload)


def whole(begun: Head, data: bytes) -> Mapping[str, Any]:
    """The data of a frame: what followed goes over what stood in the line. Raises NoFrame."""
    return {**begun.data, **(_object(data) if data else {})}


def _object(said: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(said)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise NoFrame("no JSON object")
    return found


def _length(found: Mapping[str, Any], key: str, most: int) -> int:
    said = found.get(key)
    if said is None:
        return 0
    if isinstance(said, bool) or not isinstance(said, int) or not 0 <= said <= most:
        raise NoFrame(f"{key} is not a whole number from 0 to {most}")
    return said


def frame(kind: str, data: Mapping[str, Any]) -> bytes:
    """A frame without payload."""
    body = orjson.dumps(data)
    return orjson.dumps({"type": kind, "data_length": len(body)}) + b"\n" + body


def info(name: str, languages: Sequence[str]) -> bytes:
    """The answer to `describe`: one service that handles words."""
    about = {"attribution": {"name": "sayso", "url": ""}, "installed": True, "version": "1"}
    model = {"name": name, "description": name, "languages": list(languages), **about}
    service = {"name": "sayso", "description": name, "models": [model], **about}
    return frame("info", {"handle": [service]})


def event(data: Mapping[str, Any], merchant: str, id: str, now: datetime) -> Event | None:
    """The turn of a `transcript`; None when nothing says whose conversation it is."""
    context = inner(data, "context")
    names = ("conversation_id", "satellite_id", "device_id")
    conversation = next((found for name in names if (found := identifier(context, name, 200))), "")
    if not conversation:
        return None
    words = told(data, "text").strip()
    return Event(
        id=id,
        merchant=merchant,
        channel=CHANNEL,
        account=merchant,
        conversation=conversation,
        at=now,
        body=Utterance(words) if words else Opened(),
        language=identifier(data, "language", 35),
        proof=Proof("channel", f"{CHANNEL}:{merchant}", conversation),
        deadline_s=DEADLINE_S,
        voice=True,
    )


def handled(messages: Sequence[Message]) -> bytes:
    """What is said aloud; nothing to say is `not-handled`."""
    words = " ".join(each for each in (message.speech or spoken(message.text) for message in messages) if each)
    return frame("handled" if words else "not-handled", {"text": words})


def failed(text: str, code: str) -> bytes:
    return frame("error", {"text": text, "code": code})
