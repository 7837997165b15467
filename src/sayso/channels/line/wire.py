"""One part of a plan as LINE's message. Pure.

Short words with buttons are a template, which every version of LINE shows. A template cuts off what is higher than
its frame, so longer words, and lists of lines such as a basket that is read back, are a Flex bubble. Each has an
alternative text, for notifications and old clients: its words, labels and addresses.
"""

from __future__ import annotations

from typing import Any

from sayso.channels.compiler.measure import fit, fits
from sayso.channels.contract import Account, Address, Button, Call, Part, Tile
from sayso.channels.line.api import send
from sayso.channels.line.limits import limits, words

Json = dict[str, Any]


def wire(part: Part, to: Address, account: Account) -> Call:
    """The call that sends the part."""
    return send([message(part)], to, account)


def message(part: Part) -> Json:
    """The part as one message."""
    made = _shape(part)
    quick = [{"type": "action", "action": _action(each)} for each in part.quick]
    if part.asks_location:
        quick.append({"type": "action", "action": {"type": "location", "label": words(part.language)["share"]}})
    return {**made, "quickReply": {"items": quick}} if quick else made


def _shape(part: Part) -> Json:
    if part.tiles:
        alike = _columns_fit(part)
        contents = _carousel(part) if alike else {"type": "carousel", "contents": [_tile(t) for t in part.tiles]}
        told = "\n".join(_told(t.title, t.text, t.buttons) for t in part.tiles)
        return _with_alt("template" if alike else "flex", told, contents)
    if part.picture and not (part.text or part.title or part.buttons):
        return {"type": "image", "originalContentUrl": part.picture.url, "previewImageUrl": part.picture.url}
    if not (part.picture or part.title or part.buttons):
        return {"type": "text", "text": part.text}
    told = _told(part.title, part.text, part.buttons)
    if _short(part.text, limits().confirm_text) and len(part.buttons) == 2 and not (part.picture or part.title):
        return _with_alt("template", told, {"type": "confirm", "text": part.text, "actions": _actions(part.buttons)})
    if part.buttons and _short(part.text, limits().template_text):
        return _with_alt("template", told, _column(Tile(part.title, part.text, part.picture, part.buttons), "buttons"))
    return _with_alt("flex", told, _tile(Tile(part.title, part.text, part.picture, part.buttons)))


def _with_alt(kind: str, told: str, contents: Json) -> Json:
    alt = fit(told, limits().alt_text, "utf16")
    return {"type": kind, "altText": alt, ("template" if kind == "template" else "contents"): contents}


def _told(title: str, text: str, buttons: tuple[Button, ...]) -> str:
    """In words alone; addresses are told, what is pressed is named."""
    held = [f"{b.label}: {b.value}" if b.kind == "url" else f"[{b.label}]" for b in buttons]
    return "\n".join(each for each in (title, text, *held) if each)


def _short(text: str, most: int) -> bool:
    return bool(text.strip()) and "\n" not in text and fits(text, most, "utf16")


def _columns_fit(part: Part) -> bool:
    """A carousel template has as many buttons on each column, a picture on all or on none."""
    tiles = part.tiles
    alike = len({len(t.buttons) for t in tiles}) == 1 and len({t.picture is None for t in tiles}) == 1
    return alike and all(t.title and t.buttons and _short(t.text, limits().template_text) for t in tiles)


def _carousel(part: Part) -> Json:
    return {"type": "carousel", "columns": [_column(tile) for tile in part.tiles]}


def _column(tile: Tile, kind: str = "") -> Json:
    made: Json = {"type": kind} if kind else {}
    if tile.picture:
        made["thumbnailImageUrl"] = tile.picture.url
    if tile.title:
        made["title"] = tile.title
    return {**made, "text": tile.text, "actions": _actions(tile.buttons)}


def _tile(tile: Tile) -> Json:
    """A Flex bubble."""
    made: Json = {"type": "bubble"}
    if tile.picture:
        hero = {"type": "image", "url": tile.picture.url, "size": "full", "aspectRatio": "20:13", "aspectMode": "cover"}
        made["hero"] = hero
    lines = [{"type": "text", "text": tile.title, "weight": "bold", "size": "lg", "wrap": True}] if tile.title else []
    if tile.text.strip():
        lines.append({"type": "text", "text": tile.text, "wrap": True})
    if lines:
        made["body"] = {"type": "box", "layout": "vertical", "spacing": "md", "contents": lines}
    if tile.buttons:
        held = [{"type": "button", "height": "sm", "action": each} for each in _actions(tile.buttons)]
        made["footer"] = {"type": "box", "layout": "vertical", "spacing": "sm", "contents": held}
    return made


def _actions(buttons: tuple[Button, ...]) -> list[Json]:
    return [_action(button) for button in buttons]


def _action(button: Button) -> Json:
    """A pressed button shows its label among the customer's own words."""
    if button.kind == "url":
        return {"type": "uri", "label": button.label, "uri": button.value}
    return {"type": "postback", "label": button.label, "data": button.value, "displayText": button.label}
