"""Times of day and spans of time: "at half ten", "in 20 minutes", "om kwart over negen", "zo snel mogelijk".

A time is read against `now` in the merchant's zone and is always in the future; without am or pm it is the next such
hour. "half ten" is half past ten in English and half past nine in Dutch ("half tien").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sayso.understanding.packs import Pack
from sayso.understanding.words import Token

ASAP = "@asap"


@dataclass(frozen=True, slots=True)
class When:
    """A time in tokens `start` to `end` (not included); `value` is ISO 8601 with offset, or "@asap"."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class _Word:
    """A token or phrase with the classes it can be of, and its number."""

    start: int
    end: int
    classes: frozenset[str]
    number: int = -1
    minute: int = 0


@dataclass(frozen=True, slots=True)
class _Clock:
    """A reading of a clock: minutes after midnight on a dial of 12 or 24 hours; `late` True for pm, None unknown."""

    minutes: int
    exact: bool = False


_Value = int | _Clock
# Each pattern: classes in order ("?" optional) and what the numbers in it make. Longer patterns are tried first.
_DURATIONS: tuple[tuple[str, Callable[[list[int]], int]], ...] = (
    ("in number minutes", lambda n: n[0]),
    ("in number? a? half_hour", lambda n: 30),
    ("in number hours", lambda n: n[0] * 60),
    ("in a? quarter of? a? hours?", lambda n: 15),
    ("in a hours", lambda n: 60),
)
_CLOCKS: tuple[tuple[str, bool, Callable[[list[int], bool], int]], ...] = (
    # classes, whether it needs "at" before it or a question about the time, minutes after midnight (half_before: nl)
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
    ("number", True, lambda n, nl: n[0] * 60),
)


def find_times(toks: Sequence[Token], packs: Sequence[Pack], language: str, now: datetime, asked: bool) -> list[When]:
    """The times in `toks`; `asked`: the pending question is about a time, so that a bare number is one."""
    words = _words(toks, packs, language)
    found: list[When] = []
    i = 0
    while i < len(words):
        when = _asap(words, i, asked) or _duration(words, i, now, asked) or _clock(words, i, now, language, asked)
        if when:
            found.append(when)
            i = next((n for n, w in enumerate(words) if w.start >= when.end), len(words))
        else:
            i += 1
    return found


def _words(toks: Sequence[Token], packs: Sequence[Pack], language: str) -> list[_Word]:
    classes: dict[str, set[str]] = {}
    for pack in packs:
        own = {"half", "past", "to", "in"} if pack.language != language else set()
        for name, keys in pack.times.items():
            for key in keys if name not in own else ():
                classes.setdefault(key, set()).add(name)
    numbers = {key: n for pack in packs for key, n in pack.numbers.items() if n <= 60}
    found, i = [], 0
    while i < len(toks):
        word = next(w for size in (5, 4, 3, 2, 1) if (w := _word(toks, i, size, classes, numbers)))
        found.append(word)
        i = word.end
    return found


def _word(
    toks: Sequence[Token], i: int, size: int, classes: Mapping[str, set[str]], numbers: Mapping[str, int]
) -> _Word | None:
    if i + size > len(toks):
        return None
    key = " ".join(t.key for t in toks[i : i + size])
    of = set(classes.get(key, ()))
    if size == 1:
        if key in ("a", "an", "een", "of"):
            of.add("of" if key == "of" else "a")
        number = int(key) if key.isdigit() and len(key) < 3 else numbers.get(key, -1)
        parts = key.replace(".", ":").split(":")
        if len(parts) == 2 and all(p.isdigit() for p in parts) and int(parts[0]) < 24 and int(parts[1]) < 60:
            return _Word(i, i + 1, frozenset({"clock"}), int(parts[0]) * 60 + int(parts[1]))
        if number >= 0 and key not in ("dozen", "dozijn", "couple"):
            of.add("number")
        return _Word(i, i + 1, frozenset(of), number)
    return _Word(i, i + size, frozenset(of)) if of else None


def _match(words: Sequence[_Word], i: int, pattern: str) -> tuple[int, list[int]] | None:
    """Where `pattern` ends that begins at `i`, and the numbers in it."""
    numbers: list[int] = []
    for part in pattern.split():
        name, optional = part.rstrip("?"), part.endswith("?")
        if i < len(words) and name in words[i].classes:
            if name in ("number", "clock"):
                numbers.append(words[i].number)
            i += 1
        elif not optional:
            return None
    return i, numbers


def _asap(words: Sequence[_Word], i: int, asked: bool) -> When | None:
    # "now" and "direct" are filler in the middle of an order, and an answer when the time is asked.
    said = "asap" in words[i].classes or (asked and "now" in words[i].classes)
    return When(words[i].start, words[i].end, ASAP) if said else None


def _duration(words: Sequence[_Word], i: int, now: datetime, asked: bool) -> When | None:
    for pattern, minutes in _DURATIONS:
        hit = _match(words, i, pattern)
        if hit is None and asked:
            hit = _match(words, i, pattern.removeprefix("in "))
        if hit:
            at = now + timedelta(minutes=minutes(hit[1]))
            return When(words[i].start, words[hit[0] - 1].end, at.replace(second=0, microsecond=0).isoformat())
    return None


def _clock(words: Sequence[_Word], i: int, now: datetime, language: str, asked: bool) -> When | None:
    begin, day = i, 0
    while i < len(words) and words[i].classes & {"at", "tomorrow"}:
        day |= "tomorrow" in words[i].classes
        i += 1
    led = i > begin
    for pattern, needs, minutes in _CLOCKS:
        hit = _match(words, i, pattern) if i < len(words) else None
        if hit is None:
            continue
        end, half = _tail(words, hit[0])
        day |= any("tomorrow" in w.classes for w in words[hit[0] : end])
        if pattern == "number oclock number" and hit[1][1] < 5:
            continue  # "8 uur een croissant"
        if needs and not (
            asked or (led and pattern == "number" and half == "") or half or (led and pattern != "number")
        ):
            continue
        value = minutes(hit[1], language == "nl")
        if (hit[1] and max(hit[1]) > 59 and pattern != "clock") or not 0 <= value < 24 * 60:
            continue
        at = _next(now, value, half, bool(day), pattern == "clock" and value >= 13 * 60)
        return When(words[begin].start, words[end - 1].end, at.isoformat())
    return None


def _tail(words: Sequence[_Word], i: int) -> tuple[int, str]:
    """What follows the clock: "o'clock", "in the morning", "tomorrow"."""
    half = ""
    while i < len(words) and words[i].classes & {"am", "pm", "tomorrow", "oclock"}:
        half = next((h for h in ("am", "pm") if h in words[i].classes), half)
        i += 1
    return i, half


def _next(now: datetime, minutes: int, half: str, tomorrow: bool, exact: bool) -> datetime:
    """The next moment that a clock shows `minutes`: on a dial of twelve hours unless that is settled."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1 if tomorrow else 0)
    options = list(_dial(minutes, half, exact or minutes >= 13 * 60))
    if tomorrow and half == "" and minutes < 13 * 60:
        options = [m for m in options if 6 * 60 <= m < 18 * 60] or options
    moments = [_wall(midnight, m) for m in sorted(options)]
    return next((m for m in moments if m > now), _wall(midnight + timedelta(days=1), min(options)))


def _dial(minutes: int, half: str, exact: bool) -> Iterator[int]:
    hour12 = minutes % (12 * 60)
    if exact:
        yield minutes
    elif half == "am":
        yield hour12
    elif half == "pm":
        yield hour12 + 12 * 60
    else:
        yield hour12
        yield hour12 + 12 * 60


def _wall(midnight: datetime, minutes: int) -> datetime:
    """That time on the wall clock of the place, also on a day when the clocks change."""
    return midnight.replace(hour=minutes // 60, minute=minutes % 60)
