"""A part as a message of Messenger or Instagram: a template where there are pictures or buttons, else text. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sayso.channels.contract import Button, Part, Tile

Json = dict[str, Any]


def message(part: Part, id: str) -> Json:
    """The `message` of a Send API call; `metadata` comes back in its echo."""
    made = _shown(part)
    if part.quick:
        made["quick_replies"] = [{"content_type": "text", "title": b.label, "payload": b.value} for b in part.quick]
    return {**made, "metadata": id}


def _shown(part: Part) -> Json:
    if part.tiles:
        return _template({"template_type": "generic", "elements": [_tile(tile) for tile in part.tiles]})
    if part.picture and (part.title or part.text or part.buttons):
        return _template({"template_type": "generic", "elements": [_compound(part)]})
    if part.picture:
        return {"attachment": {"type": "image", "payload": {"url": part.picture.url}}}
    if part.buttons:
        buttons = [_button(button) for button in part.buttons]
        return _template({"template_type": "button", "text": part.text, "buttons": buttons})
    return {"text": part.text or part.title}


def _template(payload: Json) -> Json:
    return {"attachment": {"type": "template", "payload": payload}}


def _compound(part: Part) -> Json:
    """One thing to look at. An element must have a title: without one the words are it."""
    title, subtitle = (part.title, part.text) if part.title else (part.text, "")
    assert part.picture is not None
    return _element(title or part.picture.alt, subtitle, part.picture.url, part.buttons)


def _tile(tile: Tile) -> Json:
    return _element(tile.title, tile.text, tile.picture.url if tile.picture else "", tile.buttons)


def _element(title: str, subtitle: str, picture: str, buttons: tuple[Button, ...]) -> Json:
    made: Json = {"title": title}
    if subtitle:
        made["subtitle"] = subtitle
    if picture:
        made["image_url"] = picture
    if buttons:
        made["buttons"] = [_button(button) for button in buttons]
    return made


def _button(button: Button) -> Json:
    if button.kind == "url":
        return {"type": "web_url", "title": button.label, "url": button.value}
    return {"type": "postback", "title": button.label, "payload": button.value}


def addressed(native: str, made: Mapping[str, Any], kind: str = "RESPONSE", tag: str = "") -> Json:
    """The whole body of the call. `kind`: RESPONSE within the window, MESSAGE_TAG with a `tag` outside of it."""
    body: Json = {"recipient": {"id": native}, "messaging_type": kind, "message": made}
    return {**body, "tag": tag} if tag else body


def action(native: str, name: str) -> Json:
    """A sender action: mark_seen, typing_on."""
    return {"recipient": {"id": native}, "sender_action": name}


def control(native: str, app: str) -> Json:
    """Hands the thread to another app."""
    return {"recipient": {"id": native}, "target_app_id": int(app)}
