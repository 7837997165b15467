"""Second opinions: what another library reads where words of time are left over by the grammar.

A library speaks only of more words than the grammar explained: a reading of the same words is a matter of convention,
and the grammar's stand. It is asked at all only where a word that is telling of a time was left over.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from sayso.understanding.values.lexicon import load
from sayso.understanding.values.model import Conventions, Value
from sayso.understanding.values.number_words import word
from sayso.understanding.values.text import Token

TIMES = frozenset(("date", "time", "datetime", "range", "duration", "recurring"))
_TELLING = frozenset(
    ("weekday", "weekdays", "month", "grain", "part", "noon", "days", "now_part", "season_name", "feast",
     "weekday_part", "day_part", "adverb", "soft_part", "hour_name", "decade_nr", "oclock", "am", "pm", "zone")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a library is asked: `now` aware, in the place's zone."""

    text: str
    now: datetime
    language: str
    conventions: Conventions


class Opinion(Protocol):
    """A library's times in a text, with their readings by `conventions`; pure."""

    def __call__(self, asked: Asked) -> Sequence[Value]: ...


@cache
def telling(language: str) -> frozenset[str]:
    """The words that by themselves say that a time is meant."""
    entries = (entry for entries in load(language).phrases.values() for entry in entries if entry[1] in _TELLING)
    return frozenset(k for phrase, _, _ in entries for k in phrase[-1:] if k[:1].isalpha())


def left_over(asked: Asked, toks: Sequence[Token], found: Collection[Value]) -> bool:
    """Whether a telling word stands outside what was found, or a number close to it."""
    covered = [any(v.start <= t.start < v.end for v in found) for t in toks]
    for n, token in enumerate(toks):
        if not covered[n] and (
            token.key in telling(asked.language) or (any(covered[max(n - 3, 0) : n + 4]) and _counts(token, asked))
        ):
            return True
    return False


def _counts(token: Token, asked: Asked) -> bool:
    numerals = load(asked.language).numerals
    return token.key[:1].isdigit() or word(token.key, numerals)[0] is not None or token.key in numerals.fractions


def seconded(asked: Asked, toks: Sequence[Token], found: Sequence[Value], opinions: Sequence[Opinion]) -> list[Value]:
    """`found`, and what the libraries read of more words than it explains, the longest first."""
    kept = list(found)
    theirs = [v for opinion in opinions for v in opinion(asked)]
    for value in sorted(theirs, key=lambda v: v.start - v.end):
        within = [v for v in kept if v.start < value.end and value.start < v.end]
        if all(value.start <= v.start and v.end <= value.end for v in within) and _adds(value, within, asked, toks):
            kept = [v for v in kept if v not in within] + [value]
    return kept


def _adds(value: Value, within: Sequence[Value], asked: Asked, toks: Sequence[Token]) -> bool:
    """Whether a library's value has a telling word, or a number beside what was found, that was left over."""
    inside = [t for t in toks if value.start <= t.start < value.end]
    new = [t for t in inside if not any(v.start <= t.start < v.end for v in within)]
    if len(inside) < 2 or _CUT.search(asked.text[: value.start]) or _CUT_BEHIND.match(asked.text[value.end :]):
        return False
    return any(t.key in telling(asked.language) or (within and _counts(t, asked)) for t in new)


_CUT = re.compile(r"(?:\d[.,:/-]|[$€£#]\s?)$")
_CUT_BEHIND = re.compile(r"[.,:/-]?\d|\s?(?:[%€]|percent|procent)")
"""What a number has before or behind it that is part of the same number: a value that begins or ends there is none."""
