"""Names of sayso's intents and slots on platforms whose own names are letters with single underscores between them.

An id is spelled: letters as they are, an underscore between letters as it is, everything else as an upper-case word
("order_coffee.usual" is `order_coffee_DOT_usual`). It is read back without a table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
_SPELLED: Mapping[str, str] = {
    ".": "DOT",
    "_": "UNDER",
    "'": "APOS",
    "-": "DASH",
    **{str(i): word for i, word in enumerate(_DIGITS)},
}
_READ: Mapping[str, str] = {word: character for character, word in _SPELLED.items()}


def spell(words: str) -> str:
    """`words` (letters and the characters of the table above) as Alexa's name; `read_name` is its inverse."""
    parts = [part for part in re.split(r"([._'\-0-9])", words) if part]
    said = [_SPELLED.get(part, part) for i, part in enumerate(parts) if not _between_letters(parts, i)]
    return "_".join(said)


def _between_letters(parts: list[str], i: int) -> bool:
    """An underscore with letters on both sides needs no word of its own."""
    return parts[i] == "_" and 0 < i < len(parts) - 1 and not {parts[i - 1], parts[i + 1]} & _SPELLED.keys()


def read_name(name: str) -> str:
    """What `spell` made into `name`: a sayso intent, or the name of a slot."""
    parts = name.split("_")
    read = ""
    for i, part in enumerate(parts):
        joined = i > 0 and part not in _READ and parts[i - 1] not in _READ
        read += ("_" if joined else "") + _READ.get(part, part)
    return read
