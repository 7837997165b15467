"""A part as a message of WhatsApp: the first shape that has room for all of it. Pure.

A session message has reply buttons, or one address, or a list, or cards with buttons of one kind: never two of them.
A picture may stand above buttons, not above a list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sayso.channels.contract import Button, Part, Row, Tile

Json = dict[str, Any]


PRODUCTS = 30
"""Products of one message (pywa client.send_products)."""


@dataclass(frozen=True, slots=True)
class Shop:
    """The merchant's catalog on the platform; `title` stands above several products, at most 24 characters."""

    catalog: str
    title: str


def shaped(part: Part, shop: Shop | None = None) -> Json:
    """`type` and the object under it. With a catalog on the platform, products are shown as its own: its button puts
    one into the basket there, which comes back as a basket of ours."""
    if shop and part.product:
        return _product(part, shop)
    if shop and part.tiles and len(part.tiles) <= PRODUCTS and all(tile.product for tile in part.tiles):
        return _products(part, shop)
    return next(shape for fits, shape in SHAPES if fits(part))(part)


def _product(part: Part, shop: Shop) -> Json:
    action = {"catalog_id": shop.catalog, "product_retailer_id": part.product}
    return {"type": "interactive", "interactive": {"type": "product", "body": {"text": part.text}, "action": action}}


def _products(part: Part, shop: Shop) -> Json:
    rows = [{"product_retailer_id": tile.product} for tile in part.tiles]
    action = {"catalog_id": shop.catalog, "sections": [{"title": shop.title, "product_items": rows}]}
    made = _interactive("product_list", part, action)
    made["interactive"]["header"] = {"type": "text", "text": shop.title}
    return made


def _interactive(kind: str, part: Part, action: Json) -> Json:
    made: Json = {"type": kind, "body": {"text": part.text}, "action": action}
    if part.picture:
        made["header"] = {"type": "image", "image": {"link": part.picture.url}}
    return {"type": "interactive", "interactive": made}


def _carousel(part: Part) -> Json:
    return _interactive("carousel", part, {"cards": [_card(place, tile) for place, tile in enumerate(part.tiles)]})


def _card(place: int, tile: Tile) -> Json:
    """At most two line breaks are allowed in a card: its title's end is the only one."""
    address = next((button for button in tile.buttons if button.kind == "url"), None)
    replies = [_reply(button, "quick_reply") for button in tile.buttons]
    made: Json = {"card_index": place, "type": "cta_url", "action": _link(address) if address else {"buttons": replies}}
    if tile.picture:
        made["header"] = {"type": "image", "image": {"link": tile.picture.url}}
    lines = (" ".join(each.split()) for each in (tile.title, tile.text))
    if text := "\n".join(line for line in lines if line):
        made["body"] = {"text": text}
    return made


def _located(part: Part) -> Json:
    return _interactive("location_request_message", part, {"name": "send_location"})


def _list(part: Part) -> Json:
    section = {"rows": [_row(row) for row in part.rows]}
    return _interactive("list", part, {"button": part.list_label, "sections": [section]})


def _row(row: Row) -> Json:
    made: Json = {"id": row.value, "title": row.title}
    return {**made, "description": row.text} if row.text else made


def _addressed(part: Part) -> Json:
    return _interactive("cta_url", part, _link(part.buttons[0]))


def _link(button: Button) -> Json:
    return {"name": "cta_url", "parameters": {"display_text": button.label, "url": button.value}}


def _buttoned(part: Part) -> Json:
    return _interactive("button", part, {"buttons": [_reply(button, "reply") for button in part.buttons]})


def _reply(button: Button, kind: str) -> Json:
    return {"type": kind, kind: {"id": button.value, "title": button.label}}


def _pictured(part: Part) -> Json:
    assert part.picture is not None
    caption: Json = {"caption": part.text} if part.text else {}
    return {"type": "image", "image": {"link": part.picture.url, **caption}}


def _text(part: Part) -> Json:
    return {"type": "text", "text": {"body": part.text or part.title, "preview_url": "https://" in part.text}}


SHAPES: tuple[tuple[Callable[[Part], bool], Callable[[Part], Json]], ...] = (
    (lambda part: bool(part.tiles), _carousel),
    (lambda part: part.asks_location, _located),
    (lambda part: bool(part.rows), _list),
    (lambda part: any(button.kind == "url" for button in part.buttons), _addressed),
    (lambda part: bool(part.buttons), _buttoned),
    (lambda part: part.picture is not None, _pictured),
    (lambda part: True, _text),
)
"""(whether a part has this shape, its making), in the order of what it holds."""
