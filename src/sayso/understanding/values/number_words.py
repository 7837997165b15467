"""Whole numbers in words: "two hundred and two thousand", "tweeënvijftig", "the twenty-first".

A word adds what is smaller than the last place that was filled ("two hundred" + "two"), a scale multiplies what stands
before it since the last greater scale. Dutch writes a number as one word, which is taken apart into the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sayso.understanding.values.numerals import Numerals
from sayso.understanding.values.text import Token


def summed(toks: Sequence[Token], i: int, words: Numerals, begun: Decimal) -> tuple[Decimal, int, bool]:
    """The number that the words from `i` add up to, where it ends, and whether it is an ordinal."""
    total, group, end = Decimal(0), Decimal(begun), i
    ceiling = Decimal(10) ** 30
    at = i
    while at < len(toks):
        key = toks[at].key
        if words.joined and at > i and (tens := _turned(toks, at, group, words)):
            group += tens
            at = end = at + _joint_at(toks, at, words) + 1
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
    """The tens behind the units in Dutch: "twee en twintig", "twee-en-twintig"."""
    joint = _joint_at(toks, at, words)
    if not joint or (joint == 1 and toks[at].key == "-") or at + joint >= len(toks):
        return 0
    following = words.cardinals.get(toks[at + joint].key, 0)
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
