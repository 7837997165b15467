"""One message of Messenger or Instagram: words, a quick reply, attachments, or that it was taken back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sayso.channels.contract import (
    Attached,
    Body,
    Located,
    Pressed,
    Unsent,
    Unsupported,
    Utterance,
    identifier,
    inner,
    items,
    number,
    told,
)

Data = Mapping[str, Any]

MOST = 10
"""Attachments of one message that are read."""
URL = 2000
"""The longest address that is read."""


def of_message(data: Data, mid: str) -> Iterator[Body]:
    """What the message holds; words beside a file stand with the first file."""
    text, reply = told(data, "text"), told(inner(data, "quick_reply"), "payload", 1000)
    if data.get("is_deleted") is True:
        yield Unsent(mid)
        return
    if reply:
        yield Pressed(reply, text)
        return
    bodies = [body for each in items(data, "attachments")[:MOST] if (body := _attachment(each)) is not None]
    about = _product(data)
    if text.strip() and not any(isinstance(body, Attached) for body in bodies):
        yield Utterance(text, about)
        bodies = [body for body in bodies if not isinstance(body, Unsupported | Utterance)]
        text = ""
    for body in bodies:
        if text and isinstance(body, Attached):
            body, text = replace(body, caption=text), ""
        yield body
    if not bodies and not told(data, "text").strip():
        yield Unsupported("message")


def _attachment(data: object) -> Body | None:
    """The attachment; None for one without a type, and for the preview of a link in the words."""
    kind = told(data, "type", 40)
    return READERS.get(kind, _unknown)(kind, inner(data, "payload")) if kind else None


def _file(kind: str, payload: Data) -> Body | None:
    url = told(payload, "url", URL)
    if kind == "image" and "sticker_id" in payload:
        kind = "sticker"
    return Attached(FILES.get(kind, kind), url) if url.startswith("https://") else Unsupported(kind)


def _location(kind: str, payload: Data) -> Body | None:
    place = inner(payload, "coordinates")
    latitude, longitude = number(place, "lat"), number(place, "long")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return Unsupported(kind)
    return Located(latitude, longitude)


def _template(kind: str, payload: Data) -> Body | None:
    """A product of the shop that the customer sends is what the words are about; alone, its name is what is said."""
    shown = _shown(payload)
    return Utterance(told(shown, "title", 200), identifier(shown, "retailer_id")) if shown else Unsupported(kind)


def _fallback(kind: str, payload: Data) -> Body | None:
    return None


def _unknown(kind: str, payload: Data) -> Body | None:
    return Unsupported(kind)


def _shown(payload: Data) -> Data:
    first = next(iter(items(inner(payload, "product"), "elements")), None)
    return first if isinstance(first, dict) else {}


def _product(data: Data) -> str:
    """The product that the words are about: one that the customer shared, or the one whose page was written from."""
    shared = (_shown(inner(each, "payload")) for each in items(data, "attachments")[:MOST])
    found = next((identifier(each, "retailer_id") for each in shared if each), "")
    return found or identifier(inner(inner(data, "referral"), "product"), "id")


FILES: Mapping[str, str] = {"file": "document"}
"""The platform's word for a kind of file -> ours, where they differ."""

READERS: Mapping[str, Callable[[str, Data], Body | None]] = {
    "image": _file,
    "video": _file,
    "audio": _file,
    "file": _file,
    "sticker": _file,
    "location": _location,
    "template": _template,
    "fallback": _fallback,
}
"""type -> its reader; what is shared or mentioned (share, story_mention, reel, ...) is told by its name."""
