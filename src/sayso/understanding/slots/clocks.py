"""Words of time, and readings of a clock: "half ten", "kwart over negen", "10:30", "3 pm".

"half ten" is half past ten in English and half past nine in Dutch ("half tien"): words that mean different times in
different languages count in the utterance's own only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sayso.understanding.packs import Pack
from sayso.understanding.words import Token

DAY = 24 * 60
_OWN = frozenset(("half", "past", "to", "in"))
"""Classes of words that other languages use for other times."""
_NO_TIME = ("dozen", "dozijn", "couple")


@dataclass(frozen=True, slots=True)
class Word:
    """A token or phrase with the classes it can be of, and its value: a number, a weekday (1 is Monday), a month, days
    from today, minutes after midnight; `second` is the day of a date whose `value` is the month."""

    start: int
    end: int
    classes: frozenset[str]
    value: int = -1
    second: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """What a phrase is of the calendar."""

    kind: str
    value: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of time of some languages, compiled: phrase -> classes per language, numbers, the calendar."""

    classes: Mapping[str, Mapping[str, frozenset[str]]]
    numbers: Mapping[str, int]
    calendar: Mapping[str, Term]
    words: frozenset[str]
    """Every word of them."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A reading of a clock in words up to `stop`: minutes after midnight; `half` "am", "pm" or ""; `exact`: it was
    written on a dial of 24 hours."""

    stop: int
    minutes: int
    half: str = ""
    exact: bool = False


def compile_terms(packs: Sequence[Pack]) -> Terms:
    """The words of time of those languages."""
    classes = {pack.language: _classes(packs, pack.language) for pack in packs}
    numbers = {key: n for pack in packs for key, n in pack.numbers.items() if n <= 60 and key not in _NO_TIME}
    calendar = {phrase: term for pack in packs for phrase, term in _calendar(pack).items()}
    every = {**classes, "": _classes(packs, "")}
    phrases = (*(phrase for of in every.values() for phrase in of), *calendar, *numbers)
    return Terms(every, numbers, calendar, frozenset(word for phrase in phrases for word in phrase.split()))


def _classes(packs: Sequence[Pack], language: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for pack in packs:
        for name, phrases in pack.times.items():
            if name in _OWN and pack.language != language:
                continue
            for phrase in phrases:
                found[phrase] = found.get(phrase, frozenset()) | {name}
    return found


def _calendar(pack: Pack) -> dict[str, Term]:
    """Days and parts of days; a day and a part in one word, too ("woensdagmiddag")."""
    own = pack.calendar
    days = {p: Term("weekday", n) for n, ps in enumerate(own.get("weekdays", ()), 1) for p in ps}
    days |= {p: Term("day", n) for n, ps in enumerate(own.get("days", ())) for p in ps}
    parts = {p: Term("part", part=part) for part, ps in zip(PARTS, own.get("parts", ()), strict=False) for p in ps}
    now = {p: Term("day", 0, part) for part, ps in zip(PARTS, own.get("today", ()), strict=False) for p in ps}
    nths = {p: Term("nth", n) for n, ps in enumerate(own.get("nths", ()), 1) for p in ps}
    months = {p: Term("month", n) for n, ps in enumerate(own.get("months", ()), 1) for p in ps}
    spans = {p: Term(k) for k, ps in zip(("week", "weekend"), own.get("spans", ()), strict=False) for p in ps}
    short = {p: t for p, t in parts.items() if " " not in p}
    joint = {d + p: Term(a.kind, a.value, b.part) for d, a in days.items() for p, b in short.items() if " " not in d}
    return {**joint, **nths, **months, **spans, **parts, **days, **now}


PARTS = ("morning", "afternoon", "evening")
HALVES = {"morning": "am", "afternoon": "pm", "evening": "pm"}


def read_words(toks: Sequence[Token], terms: Terms, language: str) -> list[Word]:
    """The tokens as words of time, the longest phrases first."""
    classes = terms.classes.get(language, terms.classes[""])
    keys, found, i = [t.key for t in toks], [], 0
    while i < len(toks):
        phrase = next((w for n in (5, 4, 3, 2) if (w := _phrase(keys, i, n, classes, terms))), None)
        found.append(phrase or _single(toks[i], i, classes, terms))
        i = found[-1].end
    return found


def _phrase(keys: Sequence[str], i: int, size: int, classes: Mapping[str, frozenset[str]], terms: Terms) -> Word | None:
    if i + size > len(keys) or not all(keys[i : i + size]):
        return None
    key = " ".join(keys[i : i + size])
    return (
        _word(key, i, i + size, classes.get(key, frozenset()), terms)
        if key in classes or key in terms.calendar
        else None
    )


def _word(key: str, start: int, end: int, of: frozenset[str], terms: Terms) -> Word:
    term = terms.calendar.get(key)
    if term is None:
        return Word(start, end, of)
    return Word(start, end, of | {term.kind}, term.value, part=term.part)


def _single(token: Token, i: int, classes: Mapping[str, frozenset[str]], terms: Terms) -> Word:
    key = token.key
    if not key:
        return Word(i, i + 1, frozenset({"comma"}) if token.text in ",'" else frozenset())
    if key[0].isdigit():
        return _digits(key, i)
    of = classes.get(key, frozenset())
    if key in ("a", "an", "een", "of"):
        of |= {"of" if key == "of" else "a"}
    if key in terms.numbers:
        return Word(i, i + 1, of | {"number"}, terms.numbers[key])
    return _word(key, i, i + 1, of, terms)


def _digits(key: str, i: int) -> Word:
    if key.isdigit():
        return Word(i, i + 1, frozenset({"number"}), int(key)) if len(key) < 3 else Word(i, i + 1, frozenset())
    first, _, second = key.replace(".", ":").replace("/", "-").replace(":", " ").replace("-", " / ").partition(" ")
    if first.isdigit() and second.isdigit() and int(first) < 24 and int(second) < 60 and len(second) == 2:
        return Word(i, i + 1, frozenset({"clock"}), int(first) * 60 + int(second))
    month = second.removeprefix("/ ")
    if second.startswith("/ ") and month.isdigit() and 0 < int(first) < 32 and 0 < int(month) < 13:
        return Word(i, i + 1, frozenset({"date"}), int(month), int(first))
    return Word(i, i + 1, frozenset())


@cache
def _steps(pattern: str) -> tuple[tuple[str, bool], ...]:
    """The classes of a pattern, each with whether it may be missing. The patterns are a few tables of this package."""
    return tuple((part.rstrip("?"), part.endswith("?")) for part in pattern.split())


def match(words: Sequence[Word], i: int, pattern: str) -> tuple[int, list[Word]] | None:
    """Where `pattern` (classes in order, "?" optional) ends that begins at `i`, and its words that have a value."""
    valued: list[Word] = []
    for name, optional in _steps(pattern):
        if i < len(words) and name in words[i].classes:
            if words[i].value >= 0:
                valued.append(words[i])
            i += 1
        elif not optional:
            return None
    return i, valued


_Minutes = Callable[[list[int], bool], int]
# Classes; whether it needs "at" before it or a question about the time; minutes after midnight (argument 2: Dutch).
_CLOCKS: tuple[tuple[str, bool, _Minutes], ...] = (
    ("number minutes? past half number", False, lambda n, nl: n[1] * 60 - 30 + n[0]),
    ("number minutes? to half number", False, lambda n, nl: n[1] * 60 - 30 - n[0]),
    ("quarter past number", False, lambda n, nl: n[0] * 60 + 15),
    ("quarter to number", False, lambda n, nl: n[0] * 60 - 15),
    ("number minutes? past number", True, lambda n, nl: n[1] * 60 + n[0]),
    ("number minutes? to number", True, lambda n, nl: n[1] * 60 - n[0]),
    ("half number", False, lambda n, nl: n[0] * 60 + (-30 if nl else 30)),
    ("clock", False, lambda n, nl: n[0]),
    ("number oclock number", True, lambda n, nl: n[0] * 60 + n[1]),
    ("number oclock", False, lambda n, nl: n[0] * 60),
    ("noon", False, lambda n, nl: 12 * 60),
    ("number number", True, lambda n, nl: n[0] * 60 + n[1]),
    ("number", True, lambda n, nl: n[0] * 60),
)


def read_clock(words: Sequence[Word], i: int, language: str, led: bool) -> Clock | None:
    """The reading of a clock that begins at `i`. `led`: something before it announces a time."""
    for pattern, needs, minutes in _CLOCKS:
        hit = match(words, i, pattern)
        if hit is None:
            continue
        numbers = [w.value for w in hit[1]]
        stop, half = _half(words, hit[0])
        article = pattern.startswith("number") and "a" in words[i].classes and hit[0] == i + pattern.count("number")
        if article or _unlikely(pattern, numbers, half) or (needs and not (led or half)):
            continue
        value = minutes(numbers, language == "nl")
        if 0 <= value < DAY:
            return Clock(stop, value, half, pattern == "clock" and value >= 13 * 60)
    return None


def _unlikely(pattern: str, numbers: Sequence[int], half: str) -> bool:
    """Numbers that make no time: "8 uur een croissant", "at four two lattes"."""
    if pattern == "number oclock number" and numbers[1] < 5:
        return True
    if pattern == "number number" and (numbers[1] < 10 or numbers[0] > 23):
        return True
    return pattern != "clock" and any(n > 59 for n in numbers)


def _half(words: Sequence[Word], i: int) -> tuple[int, str]:
    """What follows a clock: "o'clock", "pm", "in the morning"."""
    half = ""
    while i < len(words):
        ahead = i + 1 if "comma" in words[i].classes and i + 1 < len(words) else i
        if "part" in words[ahead].classes:
            return ahead + 1, HALVES[words[ahead].part]
        if not words[i].classes & {"am", "pm", "oclock"}:
            break
        half = next((h for h in ("am", "pm") if h in words[i].classes), half)
        i += 1
    return i, half
