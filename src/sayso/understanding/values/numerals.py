"""Numbers in digits and words: "1,250.5", "twenty-one", "tweeënvijftig", "two hundred and two thousand", "3/4",
"anderhalf", "one and a half", "3 dozen", "the twenty-first".

A number in words is read left to right: a word adds what is smaller than the last place that was filled ("two hundred"
+ "two"), a scale multiplies what stands before it since the last greater scale. Dutch writes a number as one word,
which is taken apart into the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from functools import cache

from sayso.understanding.values.text import Token


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


def find(toks: Sequence[Token], text: str, words: Numerals) -> dict[int, list[Number]]:
    """The numbers that begin at each token: the longest reading first, then what else it may be."""
    found: dict[int, list[Number]] = {}
    for i in range(len(toks) - 1, -1, -1):
        at = list(_at(toks, text, i, words, found))
        if at:
            at += [many for share in at if (many := _of_many(toks, share, words))]
            found[i] = sorted(dict.fromkeys(at), key=lambda n: -n.end)
    return found


def _of_many(toks: Sequence[Token], share: Number, words: Numerals) -> Number | None:
    """ "A quarter of a million", "driekwart van een dozijn"."""
    at = share.end
    if share.form != "fraction" or not 0 < share.value < 1 or at + 2 >= len(toks):
        return None
    of, article, many = (toks[at + n].key for n in range(3))
    if of not in words.of or article not in words.articles or not _group_at(toks, at + 2, words):
        return None
    return Number(share.start, at + 3, share.value * (words.scales.get(many) or words.groups[many]))


def _at(
    toks: Sequence[Token], text: str, i: int, words: Numerals, found: Mapping[int, list[Number]]
) -> Iterator[Number]:
    key = toks[i].key
    bare = not (i and toks[i].glued and toks[i - 1].key.isdigit())
    if key[0].isdigit() or (bare and key in ".," and i + 1 < len(toks) and toks[i + 1].key.isdigit()):
        yield from _written(toks, text, i, words)
    elif key in words.minus:
        yield from _negative(toks, i, found)
    else:
        yield from _spoken(toks, i, words)
    for phrase, value in words.vague.items():
        if key == phrase[0] and tuple(t.key for t in toks[i : i + len(phrase)]) == phrase:
            end = i + len(phrase)
            yield Number(i, end, value, vague=True)
            if end < len(toks) and toks[end].key in words.scales:
                yield Number(i, end + 1, value * words.scales[toks[end].key], vague=True)


def _negative(toks: Sequence[Token], i: int, found: Mapping[int, list[Number]]) -> Iterator[Number]:
    spaced = i == 0 or not toks[i].glued or not toks[i - 1].key.isalnum()
    for number in found.get(i + 1, ()) if spaced else ():
        if not number.ordinal and not number.vague:
            yield Number(i, number.end, -number.value, digits=number.digits, form=number.form)


def _token_at(toks: Sequence[Token], i: int, stop: int) -> int | None:
    """The index behind the token that ends at character `stop`; None inside a token."""
    for n in range(i, min(i + 24, len(toks))):
        if toks[n].end == stop:
            return n + 1
        if toks[n].end > stop:
            return None
    return None


def _written(toks: Sequence[Token], text: str, i: int, words: Numerals) -> Iterator[Number]:
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
    if form == "int" and (share := _denominator(toks, end, words, value == 1)):
        yield Number(i, share[1], value / share[0], digits=True, form="fraction")
    yield from _over(toks, i, end, value, words)


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
        total, stop_at, _ = _sum(toks, end, words, value)
        yield from _mixed_words(toks, Number(i, stop_at, total), words)
        yield Number(i, stop_at, total)
    if end + 1 < len(toks) and (toks[end].key in words.ands or words.joined) and value == value.to_integral_value():
        at = end + (toks[end].key in words.ands)
        part = _share(toks, at, words) if at > end or _fraction_at(toks, at, words) else None
        if part:
            yield Number(i, part[1], value + part[0], form="fraction")
    if end + 1 < len(toks) and toks[end].key in words.point and toks[end].key.isalpha():
        yield from _pointed(toks, i, end, value, words)


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


def _over(toks: Sequence[Token], i: int, end: int, value: Decimal, words: Numerals) -> Iterator[Number]:
    """ "1 over three", "een van de twintig"."""
    for phrase in words.over:
        size = len(phrase)
        if tuple(t.key for t in toks[end : end + size]) != phrase or end + size >= len(toks):
            continue
        token = toks[end + size]
        below = Decimal(token.key[:30]) if token.key.isdigit() else None
        stop = end + size + 1
        if below is None:
            for number in _plain(toks, end + size, words):
                below, stop = number.value, number.end
        if below:
            yield Number(i, stop, value / below, form="fraction")


def _spoken(toks: Sequence[Token], i: int, words: Numerals) -> Iterator[Number]:
    key = toks[i].key
    if key in words.point and key.isalpha() and (i == 0 or toks[i - 1].key in words.minus):
        yield from _pointed(toks, i, i, Decimal(0), words)
    if words.joined and key.endswith(_HALVES) and (whole := words.cardinals.get(_halved(key))):
        yield Number(i, i + 1, whole + Decimal("0.5"), form="fraction")
    if key in words.fractions and key not in words.cardinals:
        yield from _fractional(toks, i, words)
    for number in _plain(toks, i, words):
        yield from _mixed_words(toks, number, words)
        yield number
        if number.form == "int" and not number.ordinal:
            yield from _over(toks, i, number.end, number.value, words)


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


def _plain(toks: Sequence[Token], i: int, words: Numerals) -> Iterator[Number]:
    """The whole number or ordinal in words at `i`."""
    key = toks[i].key
    start = i
    value = Decimal(0)
    if key in words.articles and (share := _share(toks, i, words)) and not _group_at(toks, share[1], words):
        yield Number(i, share[1], share[0], form="fraction")
    if key in words.articles and (share := _share(toks, i, words)) and _group_at(toks, share[1], words):
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
    total, end, ordinal = _sum(toks, i, words, value)
    if end <= start or (end == i and start == i):
        return
    if end - start == 1 and key in words.scales and words.plural and key.endswith(words.plural):
        return  # "hundreds" is no number
    yield Number(start, end, total, ordinal=ordinal)
    if ordinal and end - 1 > start:
        rest, stop, _ = _sum(toks[: end - 1], i, words, value)
        if stop > start:
            yield Number(start, stop, rest)
    if not ordinal and end < len(toks) and toks[end].key in words.groups:
        yield Number(start, end + 1, total * words.groups[toks[end].key])
    if not ordinal and end < len(toks) and toks[end].key == "k":
        yield Number(start, end + 1, total * 1000)
    if not ordinal and end + 1 < len(toks) and toks[end].key in words.point:
        yield from _pointed(toks, start, end, total, words)


def _group_at(toks: Sequence[Token], at: int, words: Numerals) -> bool:
    return at < len(toks) and (toks[at].key in words.scales or toks[at].key in words.groups)


def _pointed(toks: Sequence[Token], start: int, end: int, total: Decimal, words: Numerals) -> Iterator[Number]:
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


def _sum(toks: Sequence[Token], i: int, words: Numerals, begun: Decimal) -> tuple[Decimal, int, bool]:
    """The number that the words from `i` add up to, where it ends, and whether it is an ordinal."""
    total, group, end = Decimal(0), Decimal(begun), i
    ceiling = Decimal(10) ** 30
    at = i
    while at < len(toks):
        key = toks[at].key
        if words.joined and key in words.ands and at > i and (tens := _turned(toks, at, group, words)):
            group += tens
            at = end = at + 2
            continue
        if at > i and (joint := _joint_at(toks, at, words)) and end == at and _counts(toks, at + joint, words):
            if words.joined and group % 100:
                break  # "dertig en zes" and "zes-zes" are two numbers
            if key == "-" and not toks[at].glued and not (group % 100 == 0 or group % 10 == 0):
                break
            at += joint
            continue
        worth, ordinal = word(key, words)
        if worth is None and at > i and key.isdigit() and len(key) < 4 and (group == 0 or group % 100 == 0):
            worth = int(key)
        if worth is None:
            break
        scale = key in words.scales or (ordinal and worth >= 100 and _is_scale(worth))
        if scale and worth >= 1000:
            if group == 0 and ((total and worth <= ceiling) or (ordinal and at > i)):
                break
            if worth >= ceiling:
                # "Ten thousand five hundred trillions" counts trillions; "two million three million" does not.
                if worth == ceiling:
                    break
                total, group = Decimal(0), total + group
            total, group, ceiling = total + (group or 1) * worth, Decimal(0), Decimal(worth)
        elif scale:
            if not 0 < group < 100 and at > i:
                break
            group = (group or Decimal(1)) * worth
        elif _adds(group, worth, toks, at, i):
            group += worth
        else:
            break
        at = end = at + 1
        if ordinal:
            return total + group, end, True
    return total + group, end, False


def _joint_at(toks: Sequence[Token], at: int, words: Numerals) -> int:
    """How many tokens join two words of a number: "and", "-", "-and-"."""
    if toks[at].key in words.ands:
        return 1
    if toks[at].key != "-":
        return 0
    hyphened = at + 2 < len(toks) and toks[at + 1].key in words.ands and toks[at + 2].key == "-"
    return 3 if hyphened else 1


def _turned(toks: Sequence[Token], at: int, group: Decimal, words: Numerals) -> int:
    """The tens behind the units in Dutch: "twee en twintig"."""
    following = words.cardinals.get(toks[at + 1].key, 0) if at + 1 < len(toks) else 0
    tens = following if following % 10 == 0 and following >= 20 else 0
    return tens if group % 100 in range(1, 10) else 0


def _is_scale(worth: int) -> bool:
    return str(worth).strip("0") == "1" and len(str(worth)) in (3, 4, 7, 10, 13, 16)


def _counts(toks: Sequence[Token], at: int, words: Numerals) -> bool:
    return at < len(toks) and (toks[at].key.isdigit() or word(toks[at].key, words)[0] is not None)


def _adds(group: Decimal, worth: int, toks: Sequence[Token], at: int, begin: int) -> bool:
    """Whether a word fills places that are still empty: "twenty" + "one", "hundred" + "five"; not "ten" + "two"."""
    if group == 0:
        return True
    whole = int(group)
    if whole % 100 in range(10, 20) or whole != group:
        return False
    place: int = 10 ** (len(str(whole)) - len(str(whole).rstrip("0")))
    return 0 < worth < place


def word(key: str, words: Numerals) -> tuple[int | None, bool]:
    """What one word counts, and whether it is an ordinal."""
    if key in words.cardinals:
        return words.cardinals[key], False
    if key in words.scales:
        return words.scales[key], False
    if key in words.ordinals:
        return words.ordinals[key], True
    if words.joined and len(key) > 5:
        return _compound(key, words)
    return _run_on(key, words) if len(key) > 7 else (None, False)


def _run_on(key: str, words: Numerals) -> tuple[int | None, bool]:
    """ "twentyone", "seventythird"."""
    for tens, worth in words.cardinals.items():
        rest = key.removeprefix(tens)
        if 20 <= worth < 100 and rest != key:
            for table, ordinal in ((words.cardinals, False), (words.ordinals, True)):
                if 0 < table.get(rest, 0) < 10:
                    return worth + table[rest], ordinal
    return None, False


def _compound(key: str, words: Numerals) -> tuple[int | None, bool]:
    """A Dutch number in one word: "zeshonderdenachtenzeventig", "vierentwintigste"."""
    if len(key) > 80:
        return None, False
    value = _joint(key, words)
    if value is not None:
        return value, False
    for ordinal, worth in words.ordinals.items():
        if len(ordinal) > 3 and key.endswith(ordinal) and worth < 20 and len(ordinal) < len(key):
            rest = _joint(key[: -len(ordinal)].removesuffix("en"), words) or _joint(key[: -len(ordinal)], words)
            if rest is not None and rest % 100 == 0:
                return rest + worth, True
    for suffix in ("ste", "de"):
        if key.endswith(suffix):
            rest = _joint(key.removesuffix(suffix), words)
            if rest is not None:
                return rest, True
    return None, False


_JOINTS = (("miljard", 10**9), ("miljoen", 10**6), ("duizend", 1000), ("honderd", 100))


def _joint(key: str, words: Numerals) -> int | None:
    if key in words.cardinals:
        return words.cardinals[key]
    for scale, worth in _JOINTS:
        before, found, after = key.partition(scale)
        if not found:
            continue
        times = _joint(before, words) if before else 1
        rest = 0 if not after else _first(_joint(after, words), _joint(after.removeprefix("en"), words))
        return None if times is None or rest is None else times * worth + rest
    for tens, worth in words.cardinals.items():
        if 20 <= worth < 100 and worth % 10 == 0 and key.endswith("en" + tens):
            units = words.cardinals.get(key.removesuffix("en" + tens))
            return worth + units if units and units < 10 else None
    return None


def _first(*values: int | None) -> int | None:
    return next((v for v in values if v is not None), None)


def _mixed_words(toks: Sequence[Token], number: Number, words: Numerals) -> Iterator[Number]:
    """ "three fifths", "twenty-three and three fifths", "one and a half million"."""
    if number.ordinal:
        return
    number = _before_share(toks, number, words)
    end = number.end
    share = _denominator(toks, end, words, number.value == 1) if number.form == "int" else None
    if share and (split := _split_tens(toks, number, share, words)):
        yield split
    elif share:
        yield Number(number.start, share[1], number.value / share[0], form="fraction")
    at = end + 1 if end < len(toks) and toks[end].key in words.ands else end
    part = _share(toks, at, words) if at > end or _fraction_at(toks, at, words) else None
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
    if not ands or (share := _share(toks, ands[-1] + 1, words)) is None or share[1] <= number.end:
        return number
    first = words.cardinals.get(toks[ands[-1] + 1].key, 0)
    if first >= 20 or (words.joined and first != 1):
        return number  # "a hundred and twenty thirds" are forty
    article = toks[number.start].key in words.articles
    total, end, ordinal = _sum(toks[: ands[-1]], number.start + article, words, Decimal(article))
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
    top, end, _ = _sum(toks[:cut], number.start, words, Decimal(0))
    if not below or end != cut or not top:
        return None
    return Number(number.start, share[1], top / (below + share[0]), form="fraction")


def _fraction_at(toks: Sequence[Token], at: int, words: Numerals) -> bool:
    worth = words.fractions.get(toks[at].key, Decimal(1)) if at < len(toks) else Decimal(1)
    return words.joined and bool(worth < Decimal(1))


def _share(toks: Sequence[Token], at: int, words: Numerals) -> tuple[Decimal, int] | None:
    """A part of one: "a half", "three fifths", "een kwart"."""
    one = at < len(toks) and (toks[at].key in words.articles or words.cardinals.get(toks[at].key) == 1)
    begin = at + 1 if one else at
    if begin < len(toks) and toks[begin].key in words.fractions and words.fractions[toks[begin].key] < 1:
        return words.fractions[toks[begin].key], begin + 1
    if one and not _scaled_at(toks, begin, words) and (share := _denominator(toks, begin, words, True)):
        return 1 / share[0], share[1]
    if at < len(toks) and not one:
        total, end, ordinal = _sum(toks, at, words, Decimal(0))
        if end > at and ordinal and end - 1 > at:
            total, end, ordinal = _sum(toks[: end - 1], at, words, Decimal(0))
        share = _denominator(toks, end, words, False) if end > at and not ordinal else None
        return (total / share[0], share[1]) if share else None
    return None


def _scaled_at(toks: Sequence[Token], at: int, words: Numerals) -> bool:
    """ "A hundred and first" is a place, no share."""
    return at < len(toks) and toks[at].key in words.scales


def _denominator(toks: Sequence[Token], at: int, words: Numerals, one: bool) -> tuple[Decimal, int] | None:
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
    total, end, ordinal = _sum(plain, 0, words, Decimal(0))
    if not ordinal or not end or total < 3 or (words.plural and many == one and not many):
        return None
    return total, begin + end


@cache
def canonical(value: Decimal) -> str:
    """A decimal in plain digits, at most 15 of them significant."""
    with localcontext() as context:
        context.prec = 15
        short = +value
    text = format(short, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
