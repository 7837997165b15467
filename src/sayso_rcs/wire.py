"""One part of a plan as an agent's message. Pure.

Words with buttons are a text with suggestions; a picture or a title makes a rich card, several a carousel. Our part's
id is the message's id: the platform takes it once. Source: RBM "phones.agentMessages" (2026-11-21).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from sayso.channels.contract import Account, Address, Button, Call, Event, Image, NotFound, Part, Tile, identifier
from sayso_rcs.limits import limits
from sayso_rcs.parse import OPENED, PLACE

Json = dict[str, Any]
TOKEN = "google"
"""The name of the access token that every call needs."""


def wire(part: Part, to: Address, account: Account) -> Call:
    """The call that sends the part."""
    fields = {"contentMessage": content(part), "ttl": f"{limits().ttl_s}s"}
    return _post(to.native, f"agentMessages?messageId={quote(to.part, safe='')}", fields, account)


def noticed(data: Mapping[str, Any], event: Event, account: Account) -> tuple[Call, ...]:
    """That a customer's message was read, and that an answer is being written; `typing: false` tells neither. None
    where the host lacks the key. Source: RBM "phones.agentEvents"."""
    id = identifier(data, "messageId", 128)
    if "eventType" in data or not id or account.text("typing", "True") != "True" or not _keyed(account):
        return ()
    told = ("read", {"eventType": "READ", "messageId": id}), ("typing", {"eventType": "IS_TYPING"})
    return tuple(
        _post(event.conversation, f"agentEvents?eventId={quote(f'{name}-{id}', safe='')}", fields, account)
        for name, fields in told
    )


def _keyed(account: Account) -> bool:
    try:
        return bool(account.secret("service_account"))
    except NotFound:
        return False


def _post(phone: str, path: str, fields: Json, account: Account) -> Call:
    """A call about a customer's telephone."""
    region = account.text("region")
    base = limits().url.format(region=f"{region}-" if region else "")
    url = f"{base}/phones/{quote(phone, safe='+')}/{path}&agentId={quote(account.id, safe='')}"
    headers = {"content-type": "application/json", "authorization": "Bearer {token}"}
    return Call("POST", url, headers, json.dumps(fields, ensure_ascii=False).encode(), once=True, token=TOKEN)


def content(part: Part) -> Json:
    """The part as the content of one message."""
    carded = bool(part.tiles or part.picture or part.title)
    below = [*part.quick, *(() if carded else part.buttons)]
    suggestions = _suggestions(below)
    if part.asks_location:
        label = limits().share.get(part.language.partition("-")[0]) or limits().share["en"]
        suggestions.append({"action": {"text": label, "postbackData": PLACE, "shareLocationAction": {}}})
    more: Json = {"suggestions": suggestions} if suggestions else {}
    if part.tiles:
        cards = [_card(tile) for tile in part.tiles]
        return {"richCard": {"carouselCard": {"cardWidth": "MEDIUM", "cardContents": cards}}, **more}
    if carded:
        card = _card(Tile(part.title, part.text, part.picture, part.buttons))
        return {"richCard": {"standaloneCard": {"cardOrientation": "VERTICAL", "cardContent": card}}, **more}
    return {"text": part.text, **more}


def _card(tile: Tile) -> Json:
    made: Json = {"title": tile.title} if tile.title else {}
    if tile.text:
        made["description"] = tile.text
    if tile.picture:
        made["media"] = _media(tile.picture)
    return {**made, "suggestions": _suggestions(tile.buttons)} if tile.buttons else made


def _media(image: Image) -> Json:
    info = {"fileUrl": image.url, "forceRefresh": False}
    return {"height": "MEDIUM", "contentInfo": {**info, "altText": image.alt} if image.alt else info}


def _suggestions(buttons: Iterable[Button]) -> list[Json]:
    return [_suggestion(button) for button in buttons]


def _suggestion(button: Button) -> Json:
    if button.kind == "url":
        return {"action": {"text": button.label, "postbackData": OPENED, "openUrlAction": {"url": button.value}}}
    return {"reply": {"text": button.label, "postbackData": button.value}}
