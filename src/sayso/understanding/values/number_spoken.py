"""Numbers in words with their shares, groups and decimals: "half a dozen", "anderhalf", "two point five"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sayso.understanding.values.number_shares import part_of_one, with_share
from sayso.understanding.values.number_words import summed
from sayso.understanding.values.numerals import Number, Numerals
from sayso.understanding.values.text import Token


def spoken(toks: Sequence[Token], i: int, words: Numerals) -> Iterator[Number]:
    key = toks[i].key
    if key in words.point and key.isalpha() and (i == 0 or toks[i - 1].key in words.minus):
        yield from pointed(toks, i, i, Decimal(0), words)
    if words.joined and key.endswith(_HALVES) and (whole := words.cardinals.get(_halved(key))):
        yield Number(i, i + 1, whole + Decimal("0.5"), form="fraction")
    if key in words.fractions and key not in words.cardinals:
        yield from _fractional(toks, i, words)
    for number in in_words(toks, i, words):
        yield from with_share(toks, number, words)
        yield number
        if number.form == "int" and not number.ordinal:
            yield from shares_over(toks, i, number.end, number.value, words)


_HALVES = ("enhalf", "enhalve")


def _halved(key: str) -> str:
    """ "drieenhalf" and "tweeeneenhalf" without what makes them halves."""
    for suffix in ("eneenhalve", "eneenhalf", *_HALVES):
        if key.endswith(suffix):
            return key.removesuffix(suffix)
    return key


def _fractional(toks: Sequence[Token], i: int, words: Numerals) -> Iterator[Number]:
    """ "anderhalf", "half", "driekwart", and of a million."""
    worth, end = words.fractions[toks[i].key], i + 1
    if end < len(toks) and toks[end].key in words.articles and toks[end + 1 : end + 2]:
        scale = toks[end + 1].key
        if scale in words.scales:
            yield Number(i, end + 2, worth * words.scales[scale])
    if end < len(toks) and toks[end].key in words.articles:
        group = toks[end + 1 : end + 2]
        if group and group[0].key in words.groups:
            yield Number(i, end + 2, worth * words.groups[group[0].key])
    if end < len(toks) and toks[end].key in words.scales:
        yield Number(i, end + 1, worth * words.scales[toks[end].key])
    if end < len(toks) and toks[end].key in words.groups:
        yield Number(i, end + 1, worth * words.groups[toks[end].key])
    yield Number(i, end, worth, form="fraction")


def in_words(toks: Sequence[Token], i: int, words: Numerals) -> Iterator[Number]:
    """The whole number or ordinal in words at `i`."""
    key = toks[i].key
    start = i
    value = Decimal(0)
    if key in words.articles and (share := part_of_one(toks, i, words)) and not group_at(toks, share[1], words):
        yield Number(i, share[1], share[0], form="fraction")
    if key in words.articles and (share := part_of_one(toks, i, words)) and group_at(toks, share[1], words):
        many = words.scales.get(toks[share[1]].key) or words.groups[toks[share[1]].key]
        yield Number(i, share[1] + 1, share[0] * many)
        return
    if (
        key in words.articles
        and i + 1 < len(toks)
        and (toks[i + 1].key in words.scales or toks[i + 1].key in words.groups)
    ):
        value, i = Decimal(1), i + 1
        if toks[i].key in words.groups:
            yield Number(start, i + 1, Decimal(words.groups[toks[i].key]))
            return
    total, end, ordinal = summed(toks, i, words, value)
    if end <= start or (end == i and start == i):
        return
    if end - start == 1 and key in words.scales and words.plural and key.endswith(words.plural):
        return  # "hundreds" is no number
    yield Number(start, end, total, ordinal=ordinal)
    if ordinal and end - 1 > start:
        rest, stop, _ = summed(toks[: end - 1], i, words, value)
        if stop > start:
            yield Number(start, stop, rest)
    if not ordinal and end < len(toks) and toks[end].key in words.groups:
        yield Number(start, end + 1, total * words.groups[toks[end].key])
    if not ordinal and end < len(toks) and toks[end].key == "k":
        yield Number(start, end + 1, total * 1000)
    if not ordinal and end + 1 < len(toks) and toks[end].key in words.point:
        yield from pointed(toks, start, end, total, words)


def group_at(toks: Sequence[Token], at: int, words: Numerals) -> bool:
    return at < len(toks) and (toks[at].key in words.scales or toks[at].key in words.groups)


def pointed(toks: Sequence[Token], start: int, end: int, total: Decimal, words: Numerals) -> Iterator[Number]:
    """ "two point five six"."""
    digits, at = "", end + 1
    while at < len(toks) and (toks[at].key in words.cardinals or toks[at].key.isdigit()):
        worth = toks[at].key if toks[at].key.isdigit() else str(words.cardinals[toks[at].key])
        if len(worth) > 1 and digits:
            break
        digits += worth
        at += 1
    if digits and len(digits) < 20:
        value = total + Decimal(f"0.{digits}")
        if at < len(toks) and toks[at].key in words.scales:
            yield Number(start, at + 1, value * words.scales[toks[at].key])
        yield Number(start, at, value, form="decimal")


def shares_over(toks: Sequence[Token], i: int, end: int, value: Decimal, words: Numerals) -> Iterator[Number]:
    """ "1 over three", "een van de twintig"."""
    for phrase in words.over:
        size = len(phrase)
        if tuple(t.key for t in toks[end : end + size]) != phrase or end + size >= len(toks):
            continue
        token = toks[end + size]
        below = Decimal(token.key[:30]) if token.key.isdigit() else None
        stop = end + size + 1
        if below is None:
            for number in in_words(toks, end + size, words):
                below, stop = number.value, number.end
        if below:
            yield Number(i, stop, value / below, form="fraction")
