"""Numbers, and the words that a language has for them: nouns only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache


@dataclass(frozen=True, slots=True)
class Number:
    """A number in tokens `start` to `end`. `ordinal`: it says which, not how many; `digits`: it is written so;
    `vague`: "a few" - about that many; `form`: "int", "decimal", "fraction" or "power"."""

    start: int
    end: int
    value: Decimal
    ordinal: bool = False
    digits: bool = False
    vague: bool = False
    form: str = "int"


@dataclass(frozen=True, slots=True)
class Numerals:
    """The words of numbers of one language."""

    cardinals: Mapping[str, int]
    scales: Mapping[str, int]
    ordinals: Mapping[str, int]
    fractions: Mapping[str, Decimal]
    vague: Mapping[tuple[str, ...], Decimal]
    groups: Mapping[str, int]
    """Words that count by the group: "dozen", "score"."""
    ands: frozenset[str]
    articles: frozenset[str]
    over: frozenset[tuple[str, ...]]
    of: frozenset[str]
    minus: frozenset[str]
    suffixes: tuple[str, ...]
    """What makes digits an ordinal: "st", "ste"."""
    joined: bool
    """Numbers are written as one word, "en" between units and tens."""
    comma: bool
    """The comma begins the decimals."""
    plural: str
    """What makes a denominator plural: "s"; "" where it is not."""
    point: frozenset[str]


@cache
def canonical(value: Decimal) -> str:
    """A decimal in plain digits, at most 15 of them significant."""
    with localcontext() as context:
        context.prec = 15
        short = +value
    text = format(short, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
