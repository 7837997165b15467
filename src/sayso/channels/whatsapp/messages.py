"""One message of a WhatsApp customer, by its type. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from sayso.channels.contract import (
    Attached,
    Body,
    CartItem,
    CartSent,
    Edited,
    Located,
    Opened,
    Pressed,
    Reacted,
    Recognised,
    Renumbered,
    Unsent,
    Unsupported,
    Utterance,
    clean,
    identifier,
    inner,
    items,
    told,
)

Data = Mapping[str, Any]
Reader = Callable[[Data, Data], Iterator[Body]]
"""(the message, what it holds under its type) -> its bodies."""

ITEMS = 100
"""Products of a basket, and contacts of a message, that are read."""
QUANTITY = 9999
"""The most of one product; more is no number of things."""
FIELDS = 50
"""Fields of a form that are read."""
TEXT = 4096
"""Characters of a form's field."""

_INTENT = re.compile(r"([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)(?:[:/].*)?", re.DOTALL)
"""A flow's token names the intent that its form is for: "skill.intent", then anything."""
_BUILT = re.compile(r"screen_\d+_(.+?)_\d+")
_CHOSEN = re.compile(r"\d+_")
"""What the flow builder makes of a field's name ("screen_0_size_1") and of a choice ("0_Large")."""


def _text(message: Data, data: Data) -> Iterator[Body]:
    product = identifier(inner(inner(message, "context"), "referred_product"), "product_retailer_id")
    text = told(data, "body")
    yield Utterance(text, product) if text.strip() else Unsupported("text")


def _media(kind: str) -> Reader:
    def read(message: Data, data: Data) -> Iterator[Body]:
        handle = identifier(data, "id")
        found = "voice" if kind == "audio" and data.get("voice") is True else kind
        mime, caption, name = told(data, "mime_type", 120), told(data, "caption"), told(data, "filename", 240)
        yield Attached(found, handle, mime, caption, name) if handle else Unsupported(kind)

    return read


def _location(message: Data, data: Data) -> Iterator[Body]:
    latitude, longitude = _degrees(data.get("latitude"), 90), _degrees(data.get("longitude"), 180)
    if latitude is None or longitude is None:
        yield Unsupported("location")
    else:
        yield Located(latitude, longitude)


def _degrees(said: object, most: float) -> float | None:
    """A number, or a text of one: both are seen."""
    if isinstance(said, str) and re.fullmatch(r"-?\d{1,3}(\.\d{1,20})?", said, re.ASCII):
        said = float(said)
    if isinstance(said, bool) or not isinstance(said, int | float) or not abs(said) <= most:
        return None
    return float(said)


def _contacts(message: Data, data: Data) -> Iterator[Body]:
    """People whose cards the customer sent, by name and numbers. They are nobody's words, and not the customer's."""
    cards = [card for card in items(message, "contacts")[:ITEMS] if isinstance(card, dict)]
    for card in cards:
        numbers = [told(each, "phone", 40) for each in items(card, "phones")[:5]]
        named = [told(inner(card, "name"), "formatted_name", 200), *numbers]
        yield Attached("contact", "", name=", ".join(each for each in named if each))
    if not cards:
        yield Unsupported("contacts")


def _button(message: Data, data: Data) -> Iterator[Body]:
    """A button of a template. Without a payload of ours it says its own text."""
    payload, text = told(data, "payload", 256), told(data, "text", 200)
    if payload and payload != text:
        yield Pressed(payload, text)
    else:
        yield Utterance(text) if text else Unsupported("button")


def _interactive(message: Data, data: Data) -> Iterator[Body]:
    kind = told(data, "type", 40)
    held = inner(data, kind)
    if kind in ("button_reply", "list_reply") and identifier(held, "id"):
        yield Pressed(identifier(held, "id"), told(held, "title", 200))
    elif kind == "nfm_reply":
        yield _form(told(held, "response_json", 65536))
    else:
        yield Unsupported(kind or "interactive")


def _form(said: str) -> Body:
    """A form's fields as slots; its token may name the intent. Fields that the flow builder named have their own name
    back."""
    try:
        data = orjson.loads(said)
    except orjson.JSONDecodeError:
        data = None
    if not isinstance(data, dict):
        return Unsupported("nfm_reply")
    token = _INTENT.fullmatch(identifier(data, "flow_token"))
    fields = [(name, value) for name, value in data.items() if name != "flow_token"][:FIELDS]
    slots = dict(_slot(clean(name[:100]), value) for name, value in fields)
    return Recognised(token.group(1) if token else "", {name: value for name, value in slots.items() if value})


def _slot(name: str, value: object) -> tuple[str, str]:
    built = _BUILT.fullmatch(name)
    said = _said(value, built is not None)
    return (built.group(1) if built else name), clean(said[:TEXT])


def _said(value: object, built: bool) -> str:
    if isinstance(value, list):
        return ", ".join(said for each in value if (said := _said(each, built)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        return ""
    return _CHOSEN.sub("", value, count=1) if built and _CHOSEN.match(value) else value


def _order(message: Data, data: Data) -> Iterator[Body]:
    """A basket of the platform's catalog; its prices are not believed."""
    found = [_item(each) for each in items(data, "product_items")[:ITEMS]]
    kept = tuple(item for item in found if item is not None)
    yield CartSent(kept, told(data, "text")) if kept else Unsupported("order")


def _item(data: object) -> CartItem | None:
    """A quantity that is none is one: the basket is read back before anything is bought."""
    sku, said = identifier(data, "product_retailer_id"), identifier(data, "quantity", 8)
    count = int(said) if said.isascii() and said.isdigit() else 1
    return CartItem(sku, min(max(count, 1), QUANTITY)) if sku else None


def _reaction(message: Data, data: Data) -> Iterator[Body]:
    yield Reacted(identifier(data, "message_id", 512), told(data, "emoji", 40))


def _edit(message: Data, data: Data) -> Iterator[Body]:
    now = inner(data, "message")
    words = told(inner(now, "text"), "body") or told(inner(now, told(now, "type", 40)), "caption")
    yield Edited(identifier(data, "original_message_id", 512), words)


def _revoke(message: Data, data: Data) -> Iterator[Body]:
    yield Unsent(identifier(data, "original_message_id", 512))


def _system(message: Data, data: Data) -> Iterator[Body]:
    """A notice of the platform: the customer's new number, or the new id of one whose number is not shown. Others mean
    nothing here."""
    to = identifier(data, RENUMBERED.get(told(data, "type", 60), ""), 140) or identifier(data, "new_wa_id", 140)
    known_by_number = identifier(message, "from") or identifier(data, "customer")
    if to and told(data, "type", 60) in RENUMBERED and not (to == identifier(data, "user_id", 140) and known_by_number):
        yield Renumbered(to)


RENUMBERED: Mapping[str, str] = {
    "user_changed_number": "wa_id",
    "customer_changed_number": "wa_id",
    "user_changed_user_id": "user_id",
}
"""A notice -> where the new id stands (pywa types/system.py)."""


def _welcome(message: Data, data: Data) -> Iterator[Body]:
    yield Opened()


READERS: Mapping[str, Reader] = {
    "text": _text,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "document": _media("document"),
    "sticker": _media("sticker"),
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "request_welcome": _welcome,
    "system": _system,
}
"""type -> its reader; another type is told by its name."""

IGNORED = frozenset({"ephemeral"})
"""Notices of the platform that no customer wrote: no answer, no event."""
