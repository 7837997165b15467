"""What a screen shows beside what is said: one APL document for every answer, filled by data. Pure.

The document (`screen.json`) arranges itself by what there is (words, one thing large, several as a list, buttons) and
by the screen (round, upright, wide). A touch comes back as `[PRESS, token, label]`. Words are data there, never markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any

import orjson

from sayso.channels.alexa.limits import ResponseLimits
from sayso.channels.speech import plain
from sayso.model.message import Action, Card, Message, Picture

JSON = dict[str, Any]

PRESS = "press"
TOKEN = "sayso"
"""Names the document on the screen."""
SOURCE = "sayso"
"""Names its data."""

Address = Callable[[Picture], str]
"""Where a picture is, "" where nobody outside can see it."""


def shown(said: Sequence[Message], title: str, address: Address, limits: ResponseLimits) -> JSON:
    """The directive that shows an answer. Of a private one only what the catalog says."""
    public = [message for message in said if not message.private]
    cards = [card for message in said for card in message.cards][: limits.max_rows]
    buttons = [a for message in public for a in message.actions if a.kind == "reply"][: limits.max_rows]
    words = "\n".join(message.text or message.speech for message in public)
    properties = {
        "title": _text(title, limits.max_title),
        "text": _text(words, limits.max_screen),
        "rows": list(_rows(cards, address, limits)),
        "buttons": [_button(action, limits) for action in buttons],
    }
    return {
        "type": "Alexa.Presentation.APL.RenderDocument",
        "token": TOKEN,
        "document": document(),
        "datasources": {SOURCE: {"type": "object", "properties": properties}},
    }


@lru_cache(maxsize=1)
def document() -> Mapping[str, Any]:
    """`screen.json`."""
    read: Mapping[str, Any] = orjson.loads(files(__package__).joinpath("screen.json").read_bytes())
    return read


def _rows(cards: Iterable[Card], address: Address, limits: ResponseLimits) -> Iterator[JSON]:
    for card in cards:
        press = next((action for action in card.actions if action.kind == "reply"), None)
        image = address(card.picture) if card.picture else ""
        yield {
            "title": _text(card.title, limits.max_title),
            "body": _text(card.body, limits.max_title * 3),
            "image": image,
            "alt": _text(card.picture.alt, limits.max_title) if card.picture else "",
            "action": _text(press.label, limits.max_title) if press else "",
            "press": [PRESS, press.value, card.title[: limits.max_title]] if press else [],
        }


def _button(action: Action, limits: ResponseLimits) -> JSON:
    label = action.label[: limits.max_title]
    return {"label": _text(label, limits.max_title), "press": [PRESS, action.value, label]}


def _text(words: str, most: int) -> str:
    """Words as APL's Text shows them: it reads markup, so none of ours or anybody's is left."""
    return escape(plain(words, most), quote=False).replace("\n", "<br>")
