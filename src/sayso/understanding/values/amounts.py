"""Amounts of money and percentages: "€ 3,50", "twee euro vijftig", "five bucks", "10 %", "50 cent"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from sayso.understanding.values.lexicon import Lexicon
from sayso.understanding.values.model import Reading
from sayso.understanding.values.numerals import Number, canonical
from sayso.understanding.values.text import Token

Found = tuple[str, int, int, Reading]
"""Kind, first token, the token after the last, reading."""


def amounts(toks: Sequence[Token], numbers: Mapping[int, Sequence[Number]], lexicon: Lexicon) -> Iterator[Found]:
    """Money and percentages, from left to right."""
    at = 0
    while at < len(toks):
        found = _led(toks, at, numbers, lexicon) or _followed(toks, at, numbers, lexicon)
        if found:
            yield found
        at = found[2] if found else at + 1


def _word(toks: Sequence[Token], at: int, table: Mapping[tuple[str, ...], str]) -> tuple[str, int] | None:
    """The code of the longest of those phrases at a token, and where it ends."""
    for size in (3, 2, 1):
        phrase = tuple(t.key for t in toks[at : at + size])
        if len(phrase) == size and phrase in table:
            return table[phrase], at + size
    return None


def _counts(numbers: Mapping[int, Sequence[Number]], at: int) -> Iterator[Number]:
    return (n for n in numbers.get(at, ()) if not n.ordinal)


def _led(toks: Sequence[Token], at: int, numbers: Mapping[int, Sequence[Number]], lexicon: Lexicon) -> Found | None:
    """ "€ 3,50", "EUR 10"."""
    named = _word(toks, at, lexicon.currencies)
    number = next(_counts(numbers, named[1]), None) if named else None
    if named and number and number.digits:
        return "money", at, number.end, Reading(canonical(number.value), unit=named[0])
    return None


def _followed(
    toks: Sequence[Token], at: int, numbers: Mapping[int, Sequence[Number]], lexicon: Lexicon
) -> Found | None:
    """ "3.50 euro", "two euros fifty", "50 cent", "10 %"."""
    for number in _counts(numbers, at):
        if named := _word(toks, number.end, lexicon.currencies):
            cents, end = _small_change(toks, named, numbers, lexicon)
            return "money", at, end, Reading(canonical(number.value + cents), unit=named[0])
        small = _word(toks, number.end, lexicon.cents)
        if small and (len(toks[number.end].key) > 1 or toks[number.end].glued):
            return "money", at, small[1], Reading(canonical(number.value / 100), unit=small[0])
        if share := _word(toks, number.end, dict.fromkeys(lexicon.percent, "percent")):
            return "percentage", at, share[1], Reading(canonical(number.value), unit="percent")
    return None


def _small_change(
    toks: Sequence[Token], named: tuple[str, int], numbers: Mapping[int, Sequence[Number]], lexicon: Lexicon
) -> tuple[Decimal, int]:
    """The cents behind whole units: "two euros fifty", "two pounds and 20 pence"."""
    end = named[1]
    at = end + (end < len(toks) and toks[end].key in lexicon.numerals.ands)
    number = next(_counts(numbers, at), None)
    if number is None or not 0 < number.value < 100 or number.form != "int":
        return Decimal(0), end
    small = _word(toks, number.end, lexicon.cents)
    bare = at == end and number.value >= 10 and number.value % 5 == 0 and number.end == len(toks)
    if small and small[0] == named[0]:
        return number.value / 100, small[1]
    return (number.value / 100, number.end) if bare else (Decimal(0), end)
