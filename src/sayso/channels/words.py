"""What a platform delivers as text, made safe to keep: the same on every channel. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sayso.channels.cards import mask

MOST = 8000
"""The longest words that are kept, in characters: twice the longest text of any platform."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ALONE = re.compile(r"[\ud800-\udfff]")


def clean(words: str) -> str:
    """Without control characters and card numbers."""
    return mask(_CONTROL.sub(" ", words))


def told(data: object, key: str, most: int = MOST) -> str:
    """The text under `key`, cleaned and cut to `most` characters; "" where `data` has none. Half of a surrogate pair,
    which no database takes, becomes a question mark."""
    found = data.get(key) if isinstance(data, Mapping) else None
    return _ALONE.sub("?", clean(found[:most])) if isinstance(found, str) else ""


def identifier(data: object, key: str, most: int = 256) -> str:
    """The id under `key`, a text or a whole number, as text; "" where there is none or it is longer than `most`:
    an id that is cut would be another's."""
    found = data.get(key) if isinstance(data, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    said = str(found) if isinstance(found, str) or abs(found) < 10**most else ""
    return said if len(said) <= most and not (_CONTROL.search(said) or _ALONE.search(said)) else ""


def inner(data: object, key: str) -> Mapping[str, Any]:
    """The object under `key`; an empty one where there is none."""
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, dict) else {}


def items(data: object, key: str) -> list[Any]:
    """The list under `key`; an empty one where there is none."""
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, list) else []


def number(data: object, key: str) -> float | None:
    """The finite number under `key`, None where there is none."""
    found = data.get(key) if isinstance(data, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int | float) or not abs(found) < 1e15:
        return None
    return float(found)
