"""Lengths as platforms count them, and cutting text so that no character is broken. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

LENGTHS: Mapping[str, Callable[[str], int]] = {
    "chars": len,
    "utf16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "bytes": lambda text: len(text.encode("utf-8", "surrogatepass")),
}
"""unit -> the length of a text in it."""

_ENDS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))
"""Where a long text may be parted, the best first: paragraphs, lines, sentences, words."""

_JOINER, _ELLIPSIS = "\u200d", "…"


def length(text: str, unit: str) -> int:
    return LENGTHS[unit](text)


def fits(text: str, most: int, unit: str) -> bool:
    return length(text, unit) <= most


def fit(text: str, most: int, unit: str) -> str:
    """The text, or its beginning with an ellipsis where it is longer than `most`."""
    if fits(text, most, unit):
        return text
    room = most - length(_ELLIPSIS, unit)
    return f"{head(text, room, unit).rstrip()}{_ELLIPSIS}" if room > 0 else head(text, most, unit)


def head(text: str, most: int, unit: str) -> str:
    """The longest beginning of at most `most` that ends between two characters as people see them."""
    used, end = 0, 0
    for place, character in enumerate(text):
        used += length(character, unit)
        if used > most:
            break
        end = place + 1
    while 0 < end < len(text) and _inside(text, end):
        end -= 1
    return text[:end]


def _inside(text: str, place: int) -> bool:
    """Whether a cut before `place` would part what is seen as one character."""
    before, after = text[place - 1], text[place]
    if after == _JOINER or before == _JOINER or "\ufe00" <= after <= "\ufe0f" or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if _flag(before) and _flag(after):
        begun = place
        while begun and _flag(text[begun - 1]):
            begun -= 1
        return (place - begun) % 2 == 1
    return bool(unicodedata.combining(after))


def _flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def pieces(text: str, most: int, unit: str) -> list[str]:
    """The text in pieces of at most `most`, parted where it hurts least; nothing but white space is lost."""
    rest, found = text.strip(), []
    while not fits(rest, most, unit):
        begin = head(rest, most, unit) or rest[0]
        end = _end(begin, rest)
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*found, rest] if rest else found


def _end(begin: str, whole: str) -> int:
    """Where to part: the last good place in the second half of what fits, else the last word's end, else anywhere."""
    reach = begin + whole[len(begin) : len(begin) + 1]
    for pattern in _ENDS:
        ends = [m.start() for m in pattern.finditer(reach) if 0 < m.start() <= len(begin)]
        if ends and (ends[-1] >= len(begin) // 2 or pattern is _ENDS[-1]):
            return ends[-1]
    return len(begin)


def parted(text: str, most: int, unit: str) -> tuple[str, str]:
    """The text as what goes before and the end that fits in `most`: its last paragraphs, else its last sentence. The
    second is "" when not even that fits."""
    if fits(text, most, unit):
        return "", text
    for pattern in _ENDS[:3]:
        for found in pattern.finditer(text):
            rest = text[found.end() :].strip()
            if rest and fits(rest, most, unit):
                return text[: found.start()].rstrip(), rest
    return text, ""
