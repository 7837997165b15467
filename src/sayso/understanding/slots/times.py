"""Times in tokens: the one customer of `values` for slots that hold a moment, a day or a span of time.

"at half ten", "in 20 minutes", "zo snel mogelijk", "Saturday at two", "woensdagmiddag", "after five tomorrow",
"volgende week dinsdag". A time is read against `now` in the merchant's zone and is always in the future; without am or
pm it is the next such hour, or one of the day's own hours when a day is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from sayso.understanding.packs import Pack
from sayso.understanding.values import Conventions, Reading, Value, recognise, upcoming, vocabulary
from sayso.understanding.words import Token

ASAP = "@asap"
KINDS = ("date", "time", "datetime", "range", "duration", "recurring")
SHOP = Conventions()
DAY_END = time(23, 59)
MOST = 3
"""Readings of a time that are offered: the mornings of a week."""


@dataclass(frozen=True, slots=True)
class Timely:
    """The words of time of some languages: phrases for as soon as possible and for now, and every word of a time."""

    asap: frozenset[str]
    now: frozenset[str]
    words: frozenset[str]
    languages: tuple[str, ...]
    later: frozenset[str] = frozenset()
    earlier: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()
    """First words of what says as soon as possible or now."""
    where: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]] = field(default_factory=dict)
    """ "nearest" and "elsewhere": first word -> phrases of two words or more."""
    days: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Phrases for a day that is told by another: how many days it lies from that -> "the day after"."""
    beside: frozenset[str] = frozenset()
    """Words that may stand beside "later" and "earlier" where nothing else is said."""


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
    part: str = ""
    """What of a moment was said, where it was not all (`sayso.model.moment`)."""
    dayless: bool = False
    """Its clock was said, and no day."""


def compile_timely(packs: Sequence[Pack]) -> Timely:
    """The words of time of those languages."""
    asap, now, later, earlier, same = (
        frozenset(p for pack in packs for p in pack.times.get(name, ()))
        for name in ("asap", "now", "later", "earlier", "same")
    )
    timely = (phrases for pack in packs for name, phrases in pack.times.items() if name != "beside")
    words = {w for phrases in timely for p in phrases for w in p.split()}
    every = words.union(*(vocabulary(pack.language) for pack in packs))
    leads = frozenset(phrase.partition(" ")[0] for phrase in asap | now)
    where = {name: _led({p for pack in packs for p in pack.times.get(name, ())}) for name in ("nearest", "elsewhere")}
    languages = tuple(pack.language for pack in packs)
    names = ("day_after", "day_before", "beside")
    after, before, beside = (frozenset(p for pack in packs for p in pack.times.get(name, ())) for name in names)
    days = {1: after, -1: before}
    return Timely(asap, now, frozenset(every), languages, later, earlier, same, leads, where, days, beside)


def _led(phrases: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """First word -> phrases of two to six words."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for words in (tuple(phrase.split()) for phrase in sorted(phrases)):
        if 1 < len(words) < 7:
            found[words[0]] = (*found.get(words[0], ()), words)
    return found


def find_times(toks: Sequence[Token], timely: Timely, language: str, now: datetime, asked: bool) -> list[When]:
    """The times in `toks`; `asked`: the pending question is about a time, so that a bare number is one."""
    soon = list(_asap(toks, timely, asked))
    taken = {n for when in soon for n in range(when.start, when.end)}
    found = [
        w
        for w in _spoken(toks, language or _tongue(toks, timely, now, asked), timely, now, asked)
        if not taken.intersection(range(w.start, w.end))
    ]
    return sorted((*soon, *_at_the_same_time(toks, found, timely)), key=lambda when: when.start)


def _at_the_same_time(toks: Sequence[Token], found: Sequence[When], timely: Timely) -> Iterator[When]:
    """A day with "at the same time" beside it keeps the clock of what stood before."""
    said = f" {' '.join(t.key for t in toks if t.key)} "
    same = any(f" {phrase} " in said for phrase in timely.same)
    for when in found:
        yield replace(when, part=f"{when.part}T=") if same and len(when.part) == 10 else when


def _asap(toks: Sequence[Token], timely: Timely, asked: bool) -> Iterator[When]:
    # "now" and "direct" are filler in the middle of an order, and an answer when the time is asked.
    if not any(t.key in timely.leads for t in toks):
        return
    phrases = timely.asap | timely.now if asked else timely.asap
    i = 0
    while i < len(toks):
        size = next((n for n in (5, 4, 3, 2, 1) if " ".join(t.key for t in toks[i : i + n]) in phrases), 0)
        size = min(size, len(toks) - i)
        if size:
            yield When(i, i + size, ASAP, ASAP)
        i += size or 1


def _spoken(toks: Sequence[Token], language: str, timely: Timely, now: datetime, asked: bool) -> Iterator[When]:
    if now.tzinfo is None:
        return
    text, starts = _text(toks)
    for value in recognise(text, now, now.tzinfo, language, True, KINDS, SHOP, asked):
        inside = [n for n, start in enumerate(starts) if value.start <= start < value.end]
        when = (
            (_later(value, toks, inside, timely, now, language) or _when(value, now, asked, language))
            if inside
            else None
        )
        if when:
            end = max(inside[-1] + 1, when.end)
            yield replace(when, start=inside[0], end=end, dayless=value.dayless)


def _later(
    value: Value, toks: Sequence[Token], inside: Sequence[int], timely: Timely, now: datetime, language: str
) -> When | None:
    """ "An hour later", "een half uur eerder": as much from what stands, or from now where nothing does."""
    spans = ((inside[-1] + 1 - size, inside[-1] + 1 + more) for size in (0, 1, 2) for more in (0, 1, 2))
    for start, end in spans:
        said = " ".join(t.key for t in toks[start:end])
        way = 1 if said in timely.later else -1 if said in timely.earlier else 0
        text = " ".join(t.text for t in toks[inside[0] : start])
        spoken = recognise(text, now, now.tzinfo or UTC, language, False, ("duration",), SHOP, False) if way else ()
        if spoken and spoken[0].kind == "duration":
            by = way * timedelta(seconds=float(spoken[0].best.value))
            then = _whole((now + by).isoformat())
            return When(0, end, then, then, part=f"{round(by.total_seconds() / 60):+d}")
    return None


def _tongue(toks: Sequence[Token], timely: Timely, now: datetime, asked: bool) -> str:
    """The language that most of what may be a time is of, where it is not known."""
    read = {
        tongue: sum(w.end - w.start for w in _spoken(toks, tongue, timely, now, asked)) for tongue in timely.languages
    }
    return max(read, key=lambda tongue: read[tongue], default="en")


def _text(toks: Sequence[Token]) -> tuple[str, list[int]]:
    """The tokens as one text, and where each begins in it; what was written together stays so."""
    text, starts = "", list[int]()
    for n, token in enumerate(toks):
        text += "" if n == 0 or token.start == toks[n - 1].end else " "
        starts.append(len(text))
        text += token.text
    return text, starts


def _when(value: Value, now: datetime, asked: bool, language: str) -> When | None:
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
        found = _range(best, now)
        others = (_range(r, now) for r in value.readings[1:MOST]) if found else ()
        return replace(found, others=tuple(o.value for o in others if o)) if found else None
    if best.grain == "second" and datetime.fromisoformat(best.value) <= now:
        return None  # "now" is filler; asked for a time it is as soon as possible.
    moment = best.value if len(best.value) == 10 else _whole(best.value)
    if len(moment) == 10:
        return When(0, 0, moment, part=moment)
    return When(0, 0, moment, moment, part=_clock(value, now, language) if value.dayless else "")


def _clock(value: Value, now: datetime, language: str) -> str:
    """The clock alone, in the waking hours of some other day."""
    waking = now.replace(hour=SHOP.waking[0] // 60, minute=0, second=0, microsecond=0) - timedelta(minutes=1)
    read = recognise(value.text, waking, now.tzinfo or UTC, language, True, KINDS, SHOP, True)
    best = next((r.best.value for r in read if r.dayless and len(r.best.value) > 10), value.best.value)
    return f"T{datetime.fromisoformat(best):%H:%M}"


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
