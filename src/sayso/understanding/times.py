"""Times: moments, days and spans of time, put together from days, parts of days and clocks wherever they stand.

"at half ten", "in 20 minutes", "zo snel mogelijk", "Saturday at two", "woensdagmiddag", "after five tomorrow",
"volgende week dinsdag". A time is read against `now` in the merchant's zone and is always in the future; without am or
pm it is the next such hour, or one of the day's own hours when a day is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sayso.understanding.clocks import DAY, HALVES, Clock, Terms, Word, match, read_clock, read_words
from sayso.understanding.days import Days, read_days
from sayso.understanding.words import Token

ASAP = "@asap"
_PART_HOURS = {"morning": (6 * 60, 12 * 60), "afternoon": (12 * 60, 18 * 60), "evening": (18 * 60, DAY - 1)}


@dataclass(frozen=True, slots=True)
class When:
    """A time in tokens `start` to `end` (not included). `value`: ISO 8601 with offset, a day ("2026-11-25"), an
    interval of two moments ("start/end"), or "@asap"."""

    start: int
    end: int
    value: str
    at: str = ""
    """The moment alone, where only a moment will do; "" when none was said."""


@dataclass(slots=True)
class _Said:
    """What has been said of one time so far; `bound`: "after", "before" or "between" its clocks."""

    start: int
    stop: int
    days: Days | None = None
    part: str = ""
    clocks: tuple[Clock, ...] = ()
    bound: str = ""


_DURATIONS: tuple[tuple[str, Callable[[list[int]], int]], ...] = (
    ("in number minutes", lambda n: n[0]),
    ("in number? a? half_hour", lambda n: 30),
    ("in number hours", lambda n: n[0] * 60),
    ("in a? quarter of? a? hours?", lambda n: 15),
    ("in a hours", lambda n: 60),
)


def find_times(toks: Sequence[Token], terms: Terms, language: str, now: datetime, asked: bool) -> list[When]:
    """The times in `toks`; `asked`: the pending question is about a time, so that a bare number is one."""
    words = read_words(toks, terms, language)
    found: list[When] = []
    i = 0
    while i < len(words):
        if not words[i].classes:
            i += 1
            continue
        when = _asap(words, i, asked) or _duration(words, i, now, asked) or _expression(words, i, now, language, asked)
        if when:
            found.append(when)
            i = next((n for n, w in enumerate(words) if w.start >= when.end), len(words))
        else:
            i += 1
    return found


def _asap(words: Sequence[Word], i: int, asked: bool) -> When | None:
    # "now" and "direct" are filler in the middle of an order, and an answer when the time is asked.
    said = "asap" in words[i].classes or (asked and "now" in words[i].classes)
    return When(words[i].start, words[i].end, ASAP, ASAP) if said else None


def _duration(words: Sequence[Word], i: int, now: datetime, asked: bool) -> When | None:
    for pattern, minutes in _DURATIONS:
        hit = match(words, i, pattern)
        if hit is None and asked:
            hit = match(words, i, pattern.removeprefix("in "))
        if hit:
            at = now + timedelta(minutes=minutes([w.value for w in hit[1]]))
            value = at.replace(second=0, microsecond=0).isoformat()
            return When(words[i].start, words[hit[0] - 1].end, value, value)
    return None


def _expression(words: Sequence[Word], i: int, now: datetime, language: str, asked: bool) -> When | None:
    """Days, parts of days and clocks in a row, whatever their order, with small words between them."""
    said = _Said(i, i)
    at = i
    while at < len(words):
        at, led, bound = _joined(words, at)
        step = _next_part(words, at, now.date(), language, said, led or bool(bound) or (asked and not said.clocks))
        if step is None:
            break
        if not said.clocks and step.clocks:
            step = replace(step, bound=step.bound or bound)
        said = step
        at = said.stop
    value = _value(said, now)
    if not value:
        return None
    exact = _clocked(replace(said, bound=""), now) if said.clocks else ""
    return When(words[i].start, words[said.stop - 1].end, value, exact)


def _joined(words: Sequence[Word], i: int) -> tuple[int, bool, str]:
    """Over the small words before a part of a time: where they end, whether they announce one, and a bound."""
    start, led, bound = i, False, ""
    while i < len(words) and i - start < 3 and words[i].classes & {"at", "on", "comma", "after", "before"}:
        led = led or bool(words[i].classes & {"at", "after", "before"})
        bound = next((b for b in ("after", "before") if b in words[i].classes), bound)
        if match(words, i, "the number suffix"):
            break
        i += 1
    return i, led, bound


def _next_part(words: Sequence[Word], i: int, today: date, language: str, said: _Said, led: bool) -> _Said | None:
    if i >= len(words):
        return None
    if not said.clocks and (hit := match(words, i, "between number oclock? and number oclock?")):
        clocks = tuple(Clock(hit[0], w.value * 60) for w in hit[1])
        return replace(said, stop=hit[0], clocks=clocks, bound="between")
    if said.days is None and (days := read_days(words, i, today)):
        return replace(said, stop=days.stop, days=days, part=days.part or said.part)
    if not said.part and "part" in words[i].classes:
        return replace(said, stop=i + 1, part=words[i].part)
    if not said.clocks and (clock := read_clock(words, i, language, led)):
        return replace(said, stop=clock.stop, clocks=(clock,))
    return None


def _value(said: _Said, now: datetime) -> str:
    if said.clocks:
        return _clocked(said, now)
    if said.days is None:
        return _interval(now.date(), now.date(), _PART_HOURS[said.part], now) if said.part else ""
    if said.part:
        return _interval(said.days.first, said.days.last, _PART_HOURS[said.part], now)
    if said.days.first == said.days.last:
        return said.days.first.isoformat()
    return _interval(said.days.first, said.days.last, (0, DAY - 1), now)


def _clocked(said: _Said, now: datetime) -> str:
    """A moment, or the time after, before or between moments."""
    day = said.days.first if said.days else None
    moments = [_moment(clock, day, said.part, now) for clock in said.clocks]
    if said.bound == "between" and moments[1] <= moments[0]:
        moments[1] += timedelta(hours=12)
    if said.bound == "between" and len(moments) > 1:
        return f"{moments[0].isoformat()}/{moments[1].isoformat()}"
    if said.bound == "after":
        return f"{moments[0].isoformat()}/{_wall(moments[0].date(), DAY - 1, now).isoformat()}"
    if said.bound == "before":
        begin = max(now.replace(second=0, microsecond=0), _wall(moments[0].date(), 0, now))
        return f"{begin.isoformat()}/{moments[0].isoformat()}"
    return moments[0].isoformat()


def _interval(first: date, last: date, hours: tuple[int, int], now: datetime) -> str:
    start, end = _wall(first, hours[0], now), _wall(last, hours[1], now)
    if end <= now:
        return _interval(first + timedelta(days=1), last + timedelta(days=1), hours, now)
    return f"{max(start, now.replace(second=0, microsecond=0)).isoformat()}/{end.isoformat()}"


def _moment(clock: Clock, day: date | None, part: str, now: datetime) -> datetime:
    """The next moment that a clock shows: on a dial of twelve hours unless that is settled."""
    half = clock.half or HALVES.get(part, "")
    options = sorted(_dial(clock, half))
    if day is not None and half == "" and len(options) > 1:
        options = [m for m in options if 7 * 60 <= m < 19 * 60] or options
    moments = [_wall(day or now.date(), m, now) for m in options]
    later = next((m for m in moments if m > now), None)
    if later:
        return later
    return moments[-1] if day and day > now.date() else _wall(now.date() + timedelta(days=1), options[0], now)


def _dial(clock: Clock, half: str) -> Iterator[int]:
    hour12 = clock.minutes % (12 * 60)
    if clock.exact or clock.minutes >= 13 * 60:
        yield clock.minutes
    elif half != "pm":
        yield hour12
    if half != "am" and not (clock.exact or clock.minutes >= 13 * 60):
        yield hour12 + 12 * 60


def _wall(day: date, minutes: int, now: datetime) -> datetime:
    """That time on the wall clock of the place, also on a day when the clocks change."""
    return datetime.combine(day, time(minutes // 60, minutes % 60), now.tzinfo)
