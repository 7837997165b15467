"""A text as tokens that keep their place: digits, letters and marks, folded without changing a length."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARS = 2_000
"""What is read of one text; time stays bounded whatever is pasted."""
MAX_TOKENS = 400

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")
_MARKS = str.maketrans("’‘`´ʼ‐‑‒–—−~", "'''''-------")


@dataclass(frozen=True, slots=True)
class Token:
    """One run of digits, of letters, or one mark; `key` is folded; `glued`: nothing stands between it and the last."""

    key: str
    start: int
    end: int
    glued: bool


def fold(text: str) -> str:
    """Lower case without diacritics, one character for each of `text`."""
    marked = text.translate(_MARKS)
    return marked.lower() if marked.isascii() else "".join(map(_fold, marked))


def _fold(char: str) -> str:
    if char.isascii():
        return char.lower()
    if unicodedata.decomposition(char).startswith("<fraction>"):
        return char
    spread = unicodedata.normalize("NFKD", char)[:1].lower()
    return spread if len(spread) == 1 else char


def tokens(folded: str) -> tuple[Token, ...]:
    """The tokens of a folded text."""
    found: list[Token] = []
    for match in _TOKEN.finditer(folded[:MAX_CHARS]):
        glued = bool(found) and found[-1].end == match.start()
        found.append(Token(match.group(), match.start(), match.end(), glued))
        if len(found) == MAX_TOKENS:
            break
    return tuple(found)
