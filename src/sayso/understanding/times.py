"""Times in tokens: the one customer of `values` for slots that hold a moment, a day or a span of time.

"at half ten", "in 20 minutes", "zo snel mogelijk", "Saturday at two", "woensdagmiddag", "after five tomorrow",
"volgende week dinsdag". A time is read against `now` in the merchant's zone and is always in the future; without am or
pm it is the next such hour, or one of the day's own hours when a day is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sayso.understanding.packs import Pack
from sayso.understanding.values import Conventions, Reading, Value, recognise, upcoming, vocabulary
from sayso.understanding.words import Token

ASAP = "@asap"
KINDS = ("date", "time", "datetime", "range", "duration", "recurring")
SHOP = Conventions()
DAY_END = time(23, 59)


@dataclass(frozen=True, slots=True)
class Timely:
    """The words of time of some languages: phrases for as soon as possible and for now, and every word of a time."""

    asap: frozenset[str]
    now: frozenset[str]
    words: frozenset[str]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class When:
    """A time in tokens `start` to `end` (not included). `value`: ISO 8601 with offset, a day ("2026-11-25"), an
    interval of two moments ("start/end"), or "@asap"."""

    start: int
    end: int
    value: str
    at: str = ""
    """The moment alone, where only a moment will do; "" when none was said."""
    others: tuple[str, ...] = ()
    """What else it may be: the next one of what recurs."""


def compile_timely(packs: Sequence[Pack]) -> Timely:
    """The words of time of those languages."""
    asap, now = ({p for pack in packs for p in pack.times.get(name, ())} for name in ("asap", "now"))
    words = {w for pack in packs for phrases in pack.times.values() for p in phrases for w in p.split()}
    every = words.union(*(vocabulary(pack.language) for pack in packs))
    return Timely(frozenset(asap), frozenset(now), frozenset(every), tuple(pack.language for pack in packs))


def find_times(toks: Sequence[Token], timely: Timely, language: str, now: datetime, asked: bool) -> list[When]:
    """The times in `toks`; `asked`: the pending question is about a time, so that a bare number is one."""
    soon = list(_asap(toks, timely, asked))
    taken = {n for when in soon for n in range(when.start, when.end)}
    found = [
        w
        for w in _spoken(toks, language or _tongue(toks, timely, now, asked), now, asked)
        if not taken.intersection(range(w.start, w.end))
    ]
    return sorted((*soon, *found), key=lambda when: when.start)


def _asap(toks: Sequence[Token], timely: Timely, asked: bool) -> Iterator[When]:
    # "now" and "direct" are filler in the middle of an order, and an answer when the time is asked.
    phrases = timely.asap | timely.now if asked else timely.asap
    i = 0
    while i < len(toks):
        size = next((n for n in (5, 4, 3, 2, 1) if " ".join(t.key for t in toks[i : i + n]) in phrases), 0)
        size = min(size, len(toks) - i)
        if size:
            yield When(i, i + size, ASAP, ASAP)
        i += size or 1


def _spoken(toks: Sequence[Token], language: str, now: datetime, asked: bool) -> Iterator[When]:
    if now.tzinfo is None:
        return
    text, starts = _text(toks)
    for value in recognise(text, now, now.tzinfo, language, True, KINDS, SHOP, asked):
        inside = [n for n, start in enumerate(starts) if value.start <= start < value.end]
        when = _when(value, now, asked) if inside else None
        if when:
            yield replace(when, start=inside[0], end=inside[-1] + 1)


def _tongue(toks: Sequence[Token], timely: Timely, now: datetime, asked: bool) -> str:
    """The language that most of what may be a time is of, where it is not known."""
    read = {tongue: sum(w.end - w.start for w in _spoken(toks, tongue, now, asked)) for tongue in timely.languages}
    return max(read, key=lambda tongue: read[tongue], default="en")


def _text(toks: Sequence[Token]) -> tuple[str, list[int]]:
    """The tokens as one text, and where each begins in it; what was written together stays so."""
    text, starts = "", list[int]()
    for n, token in enumerate(toks):
        text += "" if n == 0 or token.start == toks[n - 1].end else " "
        starts.append(len(text))
        text += token.text
    return text, starts


def _when(value: Value, now: datetime, asked: bool) -> When | None:
    """A value as a slot takes it, without its place."""
    best = value.best
    if value.kind == "duration":
        # "20 minutes" alone is when, where that was asked.
        at = (now + timedelta(seconds=float(best.value))).replace(second=0, microsecond=0).isoformat()
        return When(0, 0, at, at) if asked else None
    if value.kind == "recurring":
        days = upcoming(best, now)
        return When(0, 0, days[0], others=days[1:]) if days else None
    if value.kind == "range":
        return _range(best, now)
    if best.grain == "second" and datetime.fromisoformat(best.value) <= now:
        return None  # "now" is filler; asked for a time it is as soon as possible.
    moment = best.value if len(best.value) == 10 else _whole(best.value)
    return When(0, 0, moment, "" if len(moment) == 10 else moment)


def _whole(moment: str) -> str:
    return datetime.fromisoformat(moment).replace(second=0).isoformat()


def _range(reading: Reading, now: datetime) -> When | None:
    """An interval from now on. What is open ends with its day, or begins with it."""
    start = _moment(reading.start, now) if reading.start else None
    end = _moment(reading.end, now) if reading.end else None
    at = next((m.isoformat() for r, m in ((reading.start, start), (reading.end, end)) if m and len(r) > 10), "")
    opened = reading.start and reading.end
    if end and len(reading.end) == 10:
        end -= timedelta(minutes=1)
    if start and end is None:
        end = _wall(start.date(), DAY_END, now)
    if end and start is None:
        start = _wall(end.date(), time(), now)
    if start is None or end is None or end <= now:
        return None
    start = max(start, now.replace(second=0, microsecond=0))
    return When(0, 0, f"{start.isoformat()}/{end.isoformat()}", "" if opened else at)


def _moment(iso: str, now: datetime) -> datetime:
    return datetime.fromisoformat(iso) if len(iso) > 10 else _wall(date.fromisoformat(iso), time(), now)


def _wall(day: date, at: time, now: datetime) -> datetime:
    """That time on the wall clock of the place, also on a day when the clocks change."""
    return datetime.combine(day, at, now.tzinfo)
