"""What a message has besides words: places, people, files, forms. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from sayso.channels.contract import (
    Attached,
    Body,
    Located,
    Recognised,
    Unsupported,
    clean,
    identifier,
    inner,
    items,
    number,
    told,
)
from sayso.channels.telegram.limits import limits

Data = Mapping[str, Any]

SLOTS_MOST = 32
"""Fields of a form that are read: ours."""


def content(message: Data, private: bool) -> Body | None:
    """What the message has; None for what Telegram tells by itself, and in a group for what nobody knows."""
    read = next((CONTENT[key] for key in CONTENT if key in message), None)
    if read is not None:
        return read(message)
    if said := next((kind for kind in limits().said if kind in message), ""):
        return Unsupported(said)
    silent = any(kind in message for kind in limits().silent)
    return Unsupported("message") if private and not silent else None


def _located(message: Data) -> Body:
    place = inner(message, "location") or inner(inner(message, "venue"), "location")
    latitude, longitude = number(place, "latitude"), number(place, "longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return Unsupported("location")
    return Located(latitude, longitude)


def _contact(message: Data) -> Body:
    contact = inner(message, "contact")
    names = (told(contact, "first_name", 128), told(contact, "last_name", 128))
    return Attached("contact", identifier(contact, "phone_number", 32), name=" ".join(each for each in names if each))


def _photo(message: Data) -> Body:
    """The largest size; the last where none is told."""
    sizes = [each for each in items(message, "photo") if identifier(each, "file_id")]
    largest = max(sizes, key=lambda each: number(each, "width") or 0.0, default=None)
    return _file("image", largest, message, "image/jpeg") if largest else Unsupported("photo")


def _held(key: str, kind: str) -> Callable[[Data], Body]:
    def read(message: Data) -> Body:
        held = inner(message, key)
        return _file(kind, held, message) if identifier(held, "file_id") else Unsupported(key)

    return read


def _file(kind: str, held: Data, message: Data, mime: str = "") -> Attached:
    return Attached(
        kind,
        handle=identifier(held, "file_id"),
        mime=told(held, "mime_type", 128) or mime,
        caption=told(message, "caption"),
        name=told(held, "file_name", 256) or told(held, "emoji", 16),
        size=int(max(number(held, "file_size") or 0, 0)),
    )


def _form(message: Data) -> Body:
    """What a mini app sent: a JSON object of fields. Anybody can make one up: evidence of what is meant, no more."""
    try:
        found = orjson.loads(told(inner(message, "web_app_data"), "data", 4096))
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        return Unsupported("web_app_data")
    said = {name[:64]: clean(str(value))[:512] for name, value in found.items() if isinstance(value, str | int | float)}
    return Recognised(said.pop("intent", ""), dict(list(said.items())[:SLOTS_MOST]))


CONTENT: Mapping[str, Callable[[Data], Body]] = {
    "web_app_data": _form,
    "venue": _located,
    "location": _located,
    "contact": _contact,
    "photo": _photo,
    "voice": _held("voice", "voice"),
    "audio": _held("audio", "audio"),
    "video": _held("video", "video"),
    "video_note": _held("video_note", "video"),
    "animation": _held("animation", "video"),
    "document": _held("document", "document"),
    "sticker": _held("sticker", "sticker"),
}
"""In this order: a venue has a location too, an animation a document."""
