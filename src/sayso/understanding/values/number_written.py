"""Numbers in digits: "1,250.5", "3/4", "2½", "10k", "3rd", "2 x 10^3", and with words behind: "4 thousand 300"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation, localcontext

from sayso.understanding.values.number_shares import fraction_at, part_of_one, share_of, with_share
from sayso.understanding.values.number_spoken import pointed, shares_over
from sayso.understanding.values.number_words import summed
from sayso.understanding.values.numerals import Number, Numerals
from sayso.understanding.values.text import Token

_DIGITS = re.compile(
    r"\d{1,3}(?:(?P<g>[., '])\d{3}(?:(?P=g)\d{3})*)(?!\d)(?:(?!(?P=g))[.,]\d+)?(?![.,]\d)"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?(?![.,]?\d)|\d+[.,]\d+(?![.,]?\d)|\d+|[.,]\d+(?![.,]?\d)"
)


_POWER = re.compile(r"(?:\s?[x*]\s?10\s?)?\s?\^\s?([+-]*\d+)|e([+-]?\d+)(?![\w])")


_ONLY = re.compile(r"\d+")


_SHORT = {"k": 3, "m": 6, "mln": 6, "mil": 6, "g": 9, "b": 9, "bn": 9, "mld": 9, "t": 12, "tn": 12}


_SHORTHAND = re.compile(r"\s*(k|mln|mld|mil|m|g|bn|b|tn|t)(?![\w'])")


_FRACTION = re.compile(r"(\d+)\s?/\s?(\d+)(?![\d/]|[.-]\d)")


_WHOLE = re.compile(r"(\d+)\s(\d+)\s?/\s?(\d+)(?![\d/]|[.-]\d)")


def decimal_of(text: str, comma: bool) -> Decimal:
    """Digits with separators of thousands and decimals, in either convention where only one makes sense."""
    marks = [c for c in text if c in ".,"]
    point = "," if comma else "."
    if len(marks) == 1 and not re.fullmatch(r"\d{1,3}[.,]\d{3}", text):
        point = marks[0]
    elif len(set(marks)) == 2:
        point = marks[-1]
    elif len(marks) > 1:
        point = ""
    plain = "".join("." if c == point else c for c in text if c.isdigit() or c == point)
    return Decimal(plain if any(c.isdigit() for c in plain) else "0")


def _token_at(toks: Sequence[Token], i: int, stop: int) -> int | None:
    """The index behind the token that ends at character `stop`; None inside a token."""
    for n in range(i, min(i + 24, len(toks))):
        if toks[n].end == stop:
            return n + 1
        if toks[n].end > stop:
            return None
    return None


def written(toks: Sequence[Token], text: str, i: int, words: Numerals) -> Iterator[Number]:
    start = toks[i].start
    inside = i > 1 and toks[i].glued and toks[i - 1].key in ".," and toks[i - 1].glued and toks[i - 2].key.isdigit()
    plain = _ONLY.match(text, start) if inside else _DIGITS.match(text, start)
    if plain is None:
        return
    end = _token_at(toks, i, plain.end())
    if end is None:
        return
    value = decimal_of(re.sub("[ ']", "", plain.group()), words.comma)
    form = "int" if value == value.to_integral_value() and not re.search(r"[.,]\d{1,2}$", plain.group()) else "decimal"
    yield from _mixed(toks, text, i)
    yield from _scaled(toks, text, i, end, plain.end(), value, words)
    yield Number(i, end, value, digits=True, form=form)
    if toks[i].end < plain.end() and toks[i].key.isdigit():
        yield Number(i, i + 1, Decimal(toks[i].key), digits=True)
    if end < len(toks) and _suffixed(toks, end, words):
        yield Number(i, end + 1, value, ordinal=True, digits=True)
    if form == "int":
        yield from _with_part(toks, text, i, end, value, words)
    if form == "int" and (share := share_of(toks, end, words, value == 1)):
        yield Number(i, share[1], value / share[0], digits=True, form="fraction")
    yield from shares_over(toks, i, end, value, words)


def _suffixed(toks: Sequence[Token], at: int, words: Numerals) -> bool:
    """Whether digits are an ordinal: "3rd"; not "2e-3", a power of ten."""
    if toks[at].key not in words.suffixes or not (toks[at].glued or toks[at].key == "th"):
        return False
    behind = [t for t in toks[at + 1 : at + 3] if t.glued and (t.key[0].isdigit() or t.key in "-+")]
    return not any(t.key[0].isdigit() for t in behind)


def _with_part(toks: Sequence[Token], text: str, i: int, end: int, value: Decimal, words: Numerals) -> Iterator[Number]:
    """ "2½", "1 and 1/2"."""
    if end < len(toks) and not toks[end].key.isalpha() and toks[end].key in words.fractions:
        yield Number(i, end + 1, value + words.fractions[toks[end].key], digits=True, form="fraction")
    if end + 1 < len(toks) and (toks[end].key == "&" or toks[end].key in words.ands):
        for part in _mixed(toks, text, end + 1):
            if part.value < 1:
                yield Number(i, part.end, value + part.value, digits=True, form="fraction")


def _mixed(toks: Sequence[Token], text: str, i: int) -> Iterator[Number]:
    """ "1 4/5" and "3/4"."""
    for pattern in (_WHOLE, _FRACTION):
        hit = pattern.match(text, toks[i].start)
        end = _token_at(toks, i, hit.end()) if hit else None
        if hit and end:
            *whole, top, bottom = (Decimal(g[:30]) for g in hit.groups())
            if bottom:
                yield Number(i, end, (whole[0] if whole else Decimal(0)) + top / bottom, digits=True, form="fraction")


def _scaled(
    toks: Sequence[Token], text: str, i: int, end: int, stop: int, value: Decimal, words: Numerals
) -> Iterator[Number]:
    """Powers, "10k", "3 dozen", "4 thousand 3 hundred"."""
    if power := _POWER.match(text, stop):
        yield from _powered(toks, i, value, power)
    if short := _SHORTHAND.match(text, stop):
        behind = _token_at(toks, i, short.end())
        if behind:
            yield Number(i, behind, value.scaleb(_SHORT[short.group(1)]), digits=True)
    if end < len(toks) and toks[end].key in words.groups:
        yield Number(i, end + 1, value * words.groups[toks[end].key])
    if end < len(toks) and toks[end].key in words.scales:
        total, stop_at, _ = summed(toks, end, words, value)
        yield from with_share(toks, Number(i, stop_at, total), words)
        yield Number(i, stop_at, total)
    if end + 1 < len(toks) and (toks[end].key in words.ands or words.joined) and value == value.to_integral_value():
        at = end + (toks[end].key in words.ands)
        part = part_of_one(toks, at, words) if at > end or fraction_at(toks, at, words) else None
        if part:
            yield Number(i, part[1], value + part[0], form="fraction")
    if end + 1 < len(toks) and toks[end].key in words.point and toks[end].key.isalpha():
        yield from pointed(toks, i, end, value, words)


def _powered(toks: Sequence[Token], i: int, value: Decimal, power: re.Match[str]) -> Iterator[Number]:
    end = _token_at(toks, i, power.end())
    signs = (power.group(1) or power.group(2)).replace("--", "+").replace("+-", "-").lstrip("+")
    exponent = int(signs[:5])
    if end is None or abs(exponent) > 300:
        return
    times_ten = "x" in power.group() or "*" in power.group() or power.group(2)
    with localcontext() as context:
        context.prec = 20
        try:
            worth = value.scaleb(exponent) if times_ten else value**exponent
        except InvalidOperation:
            return
    yield Number(i, end, worth, digits=True, form="power")
