"""What is denied or replaced: the Friday of "not on Friday" and of "Saturday instead of Friday" fills nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from sayso.understanding.packs import Pack
from sayso.understanding.phrasing import LONGEST
from sayso.understanding.spans import Reading

_SMALL = frozenset(
    ("at", "on", "in", "for", "with", "the", "om", "op", "bij", "met", "voor", "de", "het", "naar", "to")
)


def denied(reading: Reading, start: int) -> bool:
    """Whether the words that begin with the token `start` are what a customer does not want, over the small words
    between. A "no" that takes back what was said before ("no, Friday") denies nothing."""
    for span in reversed([s for s in reading.spans if s.end <= start]):
        if span.role("instead_of") or (span.role("negation") and not span.role("correcting")):
            return True
        if span.key not in _SMALL:
            return False
    return False


def unsuited(reading: Reading, start: int, end: int, packs: Sequence[Pack]) -> bool:
    """Whether it is said that the time in those tokens does not suit: "I can't do Friday", "vrijdag kan ik niet"."""
    after = [t.key for t in takewhile(lambda t: t.key, reading.tokens[end : end + LONGEST])]
    before = [t.key for t in takewhile(lambda t: t.key, reversed(reading.tokens[max(0, start - LONGEST) : start]))]
    before.reverse()
    said = {(" ".join(before[-n:]), "before") for n in range(1, len(before) + 1)}
    said |= {(" ".join(after[:n]), "after") for n in range(1, len(after) + 1)}
    return any(side in pack.unable.get(phrase, ()) for phrase, side in said for pack in packs)
