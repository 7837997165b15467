"""Street and house number in an utterance: "to Prinsengracht 12", "op de Lange Nieuwstraat 4a", "12 Mill Road"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sayso.understanding.spans import Reading, Span

_STREET = re.compile(
    r"\w{2,}(?:straat|laan|weg|gracht|plein|kade|dijk|singel|hof|dreef|steeg|pad|plantsoen|markt|lei|street|road)$"
)
_ROAD = frozenset(
    (
        "street",
        "road",
        "avenue",
        "ave",
        "lane",
        "square",
        "drive",
        "boulevard",
        "terrace",
        "straat",
        "laan",
        "weg",
        "plein",
        "gracht",
    )
)
_CUES = frozenset(("to", "at", "op", "naar", "aan", "address", "adres", "adress", "is", "in"))
_MIDDLE = frozenset(("van", "de", "der", "den", "het", "ten", "ter", "t"))
_SUFFIX = re.compile(r"[a-z]{1,3}")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in tokens `start` to `end` (not included); what leads up to it ("to") is in them, not in `words`."""

    start: int
    end: int
    words: str


def find_address(reading: Reading, taken: set[int]) -> Address | None:
    """The first address; tokens that are `taken` are something else."""
    for i, span in enumerate(reading.spans):
        if span.start in taken or not _house(reading, i):
            continue
        if found := _street_before(reading, i, taken) or _street_after(reading, i):
            return found
    return None


def _house(reading: Reading, i: int) -> bool:
    """Whether a span can be a house number: digits that count nothing."""
    span = reading.spans[i]
    following = reading.spans[i + 1] if i + 1 < len(reading.spans) else None
    counts = following is not None and (
        following.has("product", "option", "category", "part") or following.role("unit")
    )
    return span.key.isdigit() and len(span.key) < 5 and not (counts and not _letter(reading, i))


def _street_before(reading: Reading, i: int, taken: set[int]) -> Address | None:
    """ "Prinsengracht 12": back over the street's name to its cue."""
    spans, at = reading.spans, i
    while at and i - at < 4 and spans[at - 1].start not in taken and _of_name(spans[at - 1]):
        at -= 1
    while at < i and spans[at].key in _MIDDLE:
        at += 1
    if at == i:
        return None
    cue = at
    while cue and (spans[cue - 1].key in _MIDDLE or spans[cue - 1].role("definite", "article")):
        cue -= 1
    cued = cue > 0 and spans[cue - 1].key in _CUES
    if not (cued or any(_STREET.match(s.key) for s in spans[at:i])):
        return None
    stop = i + 1 + _letter(reading, i)
    start = spans[cue - 1].start if cued else spans[at].start
    return Address(start, spans[stop - 1].end, reading.words(spans[at:stop]))


def _street_after(reading: Reading, i: int) -> Address | None:
    """ "12 Mill Road"."""
    spans = reading.spans
    for stop in range(i + 2, min(i + 5, len(spans) + 1)):
        last = spans[stop - 1]
        if last.key in _ROAD or _STREET.match(last.key):
            cued = i > 0 and spans[i - 1].key in _CUES
            return Address(spans[i - cued].start, last.end, reading.words(spans[i:stop]))
        if not _of_name(last):
            return None
    return None


def _of_name(span: Span) -> bool:
    """Whether a span can be part of a street's name."""
    if span.key in _MIDDLE:
        return True
    street = bool(_STREET.match(span.key)) and not span.has("product")
    return (
        bool(span.key) and not span.key[0].isdigit() and (street or not span.senses or span.senses[0].kind == "common")
    )


def _letter(reading: Reading, i: int) -> int:
    """1 when an addition follows the house number: "12a", "12 hs"."""
    following: Sequence[Span] = reading.spans[i + 1 : i + 2]
    if not following or following[0].end - following[0].start != 1 or following[0].named:
        return 0
    token, before = reading.tokens[following[0].start], reading.tokens[reading.spans[i].end - 1]
    joined = token.start <= before.end + 1 and (token.start == before.end or token.key in ("a", "b", "c", "hs", "bis"))
    return 1 if joined and _SUFFIX.fullmatch(token.key) else 0


_DIGITS = 4
"""Digits of a postcode of the Netherlands; two letters follow them."""


def spoken_postcode(reading: Reading) -> tuple[int, str] | None:
    """A postcode as it is spelled out, and the token where it begins: "ten fifteen c s", "tien vijftien cs"."""
    spans = [s for s in reading.spans if s.key]
    for i in range(len(spans)):
        digits, at = "", i
        while at < len(spans) and len(digits) < _DIGITS and spans[at].number is not None:
            digits, at = digits + str(spans[at].number), at + 1
        letters = "".join(t.key for s in spans[at : at + 2] for t in reading.tokens[s.start : s.end])[:3]
        if len(digits) == _DIGITS and digits[0] != "0" and len(letters) == 2 and letters.isalpha():
            return spans[i].start, digits + letters.upper()
    return None


def is_street(words: str) -> bool:
    """Whether words begin with the name of a street."""
    return any(_STREET.match(word) or word in _ROAD for word in words.casefold().split()[:4])
