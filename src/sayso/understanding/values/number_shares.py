"""Parts of a whole: "a third", "three fifths", "one and a half million", "drie achtste"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sayso.understanding.values.number_words import summed
from sayso.understanding.values.numerals import Number, Numerals
from sayso.understanding.values.text import Token


def with_share(toks: Sequence[Token], number: Number, words: Numerals) -> Iterator[Number]:
    """ "three fifths", "twenty-three and three fifths", "one and a half million"."""
    if number.ordinal:
        return
    number = _before_share(toks, number, words)
    end = number.end
    share = share_of(toks, end, words, number.value == 1) if number.form == "int" else None
    if share and (split := _split_tens(toks, number, share, words)):
        yield split
    elif share:
        yield Number(number.start, share[1], number.value / share[0], form="fraction")
    at = end + 1 if end < len(toks) and toks[end].key in words.ands else end
    part = part_of_one(toks, at, words) if at > end or fraction_at(toks, at, words) else None
    if part:
        last, stop = words.scales.get(toks[end - 1].key, 1), part[1]
        # "Six million and two thirds" counts thirds of a million; "a hundred and a half" is 100.5.
        value = number.value + part[0] * (last if last >= 10**6 else 1)
        yield Number(number.start, stop, value, form="fraction")
        if stop < len(toks) and toks[stop].key in words.scales:
            scale = words.scales[toks[stop].key]
            of = number.value + part[0] * scale if scale < last else (number.value + part[0]) * scale
            yield Number(number.start, stop + 1, of)


def _before_share(toks: Sequence[Token], number: Number, words: Numerals) -> Number:
    """ "Six million and two thirds": the two is of the thirds."""
    if number.form != "int" or number.end >= len(toks):
        return number
    ands = [n for n in range(number.start + 1, number.end - 1) if toks[n].key in words.ands]
    if not ands or (share := part_of_one(toks, ands[-1] + 1, words)) is None or share[1] <= number.end:
        return number
    first = words.cardinals.get(toks[ands[-1] + 1].key, 0)
    if first >= 20 or (words.joined and first != 1):
        return number  # "a hundred and twenty thirds" are forty
    article = toks[number.start].key in words.articles
    total, end, ordinal = summed(toks[: ands[-1]], number.start + article, words, Decimal(article))
    return Number(number.start, end, total) if end == ands[-1] and not ordinal else number


def _split_tens(toks: Sequence[Token], number: Number, share: tuple[Decimal, int], words: Numerals) -> Number | None:
    """ "One hundred thirty fifths" is a hundred of them, "one hundred one thousand fifths" too."""
    last = words.cardinals.get(toks[number.end - 1].key, 0)
    scale = words.scales.get(toks[number.end - 1].key, 0)
    tens = last >= 20 and last % 10 == 0 and share[0] < 10
    cut = number.end - (1 if tens else 2)
    if not (words.plural and (tens or scale) and cut > number.start and share[0] < (scale or 100)):
        return None
    below = last if tens else words.cardinals.get(toks[cut].key, 0) * scale
    top, end, _ = summed(toks[:cut], number.start, words, Decimal(0))
    if not below or end != cut or not top:
        return None
    return Number(number.start, share[1], top / (below + share[0]), form="fraction")


def fraction_at(toks: Sequence[Token], at: int, words: Numerals) -> bool:
    worth = words.fractions.get(toks[at].key, Decimal(1)) if at < len(toks) else Decimal(1)
    return words.joined and bool(worth < Decimal(1))


def part_of_one(toks: Sequence[Token], at: int, words: Numerals) -> tuple[Decimal, int] | None:
    """A part of one: "a half", "three fifths", "een kwart"."""
    one = at < len(toks) and (toks[at].key in words.articles or words.cardinals.get(toks[at].key) == 1)
    begin = at + 1 if one else at
    if begin < len(toks) and toks[begin].key in words.fractions and words.fractions[toks[begin].key] < 1:
        return words.fractions[toks[begin].key], begin + 1
    if one and not _scaled_at(toks, begin, words) and (share := share_of(toks, begin, words, True)):
        return 1 / share[0], share[1]
    if at < len(toks) and not one:
        total, end, ordinal = summed(toks, at, words, Decimal(0))
        if end > at and ordinal and end - 1 > at:
            total, end, ordinal = summed(toks[: end - 1], at, words, Decimal(0))
        share = share_of(toks, end, words, False) if end > at and not ordinal else None
        return (total / share[0], share[1]) if share else None
    return None


def _scaled_at(toks: Sequence[Token], at: int, words: Numerals) -> bool:
    """ "A hundred and first" is a place, no share."""
    return at < len(toks) and toks[at].key in words.scales


def share_of(toks: Sequence[Token], at: int, words: Numerals, one: bool) -> tuple[Decimal, int] | None:
    """What a share is of: "fifths" is 5, "een honderdste" 100; one is singular in English."""
    at += at < len(toks) and toks[at].key == "-"
    if at >= len(toks):
        return None
    key = toks[at].key
    if key in words.fractions and words.fractions[key] <= Decimal("0.5"):
        return 1 / words.fractions[key], at + 1
    many = bool(words.plural) and key.endswith(words.plural) and key not in words.ordinals
    begin, plain = at, list(toks[at : at + 5])
    for n, token in enumerate(plain):
        bare = token.key.removesuffix(words.plural or "n")
        plain[n] = Token(bare, token.start, token.end, token.glued) if bare in words.ordinals else token
        many = many or (bare != token.key and bare in words.ordinals)
    total, end, ordinal = summed(plain, 0, words, Decimal(0))
    if not ordinal or not end or total < 3 or (words.plural and many == one and not many):
        return None
    return total, begin + end
