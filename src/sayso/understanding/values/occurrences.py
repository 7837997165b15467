"""When an expression of time occurs: every stretch of it that meets a window, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sayso.understanding.values.nodes import (
    DAY,
    FIRST,
    LAST,
    STEP,
    At,
    Beyond,
    Calendar,
    Clock,
    Cycle,
    Feast,
    Fixed,
    Hours,
    Length,
    Nearest,
    Node,
    Part,
    Portion,
    Season,
    Shifted,
    Spanned,
    Stretch,
    Whole,
    Within,
    add,
    floor,
    midnight,
)

MOST = 400
"""Occurrences that are looked at in one window."""
_WIDTHS = (9, 70, 800, 3400, 15000)
"""Days ahead or back that are searched, one after another."""


def occurrences(node: Node, low: datetime, high: datetime) -> Iterator[Stretch]:
    """The stretches of `node` that end after `low` and begin before `high`, in order."""
    low, high = max(low, FIRST), min(high, LAST)
    if low >= high:
        return
    for start, end in islice(_OF[type(node)](node, low, high), MOST):
        if end > low and start < high:
            yield start, end


def ahead(node: Node, now: datetime) -> Iterator[Stretch]:
    """The stretches that end after `now`."""
    low = now
    for width in _WIDTHS:
        high = _moved(now, width)
        yield from (s for s in occurrences(node, low, high) if s[0] >= low or low == now)
        low = high


def behind(node: Node, now: datetime) -> Stretch | None:
    """The last stretch that begins before `now`."""
    for width in _WIDTHS:
        found = [s for s in occurrences(node, _moved(now, -width), now) if s[0] < now]
        if found:
            return found[-1]
    return None


def _moved(now: datetime, days: int) -> datetime:
    try:
        return now + timedelta(days=days)
    except OverflowError:
        return LAST if days > 0 else FIRST


def absolute(node: Node) -> bool:
    """Whether `node` names its own place in the calendar, whatever the day is."""
    match node:
        case Fixed():
            return True
        case Calendar():
            return node.year > 0
        case Within() | Beyond() | Nearest():
            return absolute(node.outer)
        case At():
            return absolute(node.days)
        case Shifted() | Portion() | Whole():
            return absolute(node.node)
        case Spanned():
            return absolute(node.first) or absolute(node.last)
        case _:
            return False


def everything(node: Node) -> Iterator[Stretch]:
    """All stretches of an absolute node."""
    return occurrences(node, FIRST, LAST)


def _fixed(node: Fixed, low: datetime, high: datetime) -> Iterator[Stretch]:
    yield node.start, node.end


def _calendar(node: Calendar, low: datetime, high: datetime) -> Iterator[Stretch]:
    years = (node.year,) if node.year else range(low.year, high.year + 1)
    if node.weekday and not (node.day or node.month or node.year):
        yield from _weekly(node.weekday, low, high)
        return
    for year in years:
        if not (node.month or node.day or node.weekday):
            yield _period(date(year, 1, 1), "year")
            continue
        for month in (node.month,) if node.month else range(1, 13):
            first = date(year, month, 1)
            if node.day or node.weekday:
                yield from _in_month(node, first)
            else:
                yield _period(first, "month")


def _period(day: date, grain: str) -> Stretch:
    start = midnight(day)
    return start, add(start, STEP[grain])


def _weekly(weekday: int, low: datetime, high: datetime) -> Iterator[Stretch]:
    day = midnight(low)
    day += timedelta(days=(weekday - day.isoweekday()) % 7)
    while day < high:
        yield day, day + DAY
        day += timedelta(days=7)


def _in_month(node: Calendar, first: date) -> Iterator[Stretch]:
    days: range | tuple[int] = (node.day,) if node.day else range(1, 32)
    for number in days:
        try:
            day = first.replace(day=number)
        except ValueError:
            return
        if node.weekday in (0, day.isoweekday()):
            yield _period(day, "day")


def _cycle(node: Cycle, low: datetime, high: datetime) -> Iterator[Stretch]:
    begin = floor(low, "year" if node.number else node.grain)
    if node.grain == "week" and node.number:
        yield from _week_number(node, low, high)
        return
    if node.minutes != (0, 0):
        begin = floor(low, "week") - timedelta(days=7)
    while begin < high:
        end = add(begin, STEP[node.grain])
        if node.minutes != (0, 0):
            yield tuple(begin + timedelta(minutes=m) for m in node.minutes)  # type: ignore[misc]
        elif not node.number or (begin.month - 1) // 3 + 1 == node.number:
            yield begin, end
        begin = end


def _week_number(node: Cycle, low: datetime, high: datetime) -> Iterator[Stretch]:
    for year in range(low.year, high.year + 1):
        try:
            begin = midnight(date.fromisocalendar(year, node.number, 1))
        except ValueError:
            continue
        yield begin, begin + timedelta(days=7)


def _season(node: Season, low: datetime, high: datetime) -> Iterator[Stretch]:
    for year in range(low.year - 1, high.year + 1):
        start = datetime(max(year, 1), *node.first)
        end = datetime(max(year, 1) + (node.last <= node.first), *node.last)
        yield start, end


def _feast(node: Feast, low: datetime, high: datetime) -> Iterator[Stretch]:
    for year in range(low.year, high.year + 1):
        yield _period(easter(year) + timedelta(days=node.days), "day")


def easter(year: int) -> date:
    """Western Easter Sunday (anonymous Gregorian algorithm, Meeus 1991, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _daily(low: datetime, high: datetime, back: int = 1) -> Iterator[datetime]:
    day = midnight(max(low, FIRST + DAY * back)) - DAY * back
    while day < high:
        yield day
        day += DAY


def _clock(node: Clock, low: datetime, high: datetime) -> Iterator[Stretch]:
    for day in _daily(low, high):
        yield from times(node, day)


def _hours(node: Part | Hours, low: datetime, high: datetime) -> Iterator[Stretch]:
    for day in _daily(low, high):
        yield from times(node, day)


def times(clock: Clock | Part | Hours, day: datetime) -> Iterator[Stretch]:
    """When that time of day is on one day."""
    if isinstance(clock, Part):
        yield day + timedelta(minutes=clock.start), day + timedelta(minutes=clock.end)
        return
    if isinstance(clock, Hours):
        yield from _between(clock, day)
        return
    for half in (0, 12 * 60) if clock.dial else (0,):
        minutes = clock.minutes % 720 + half if clock.dial else clock.minutes
        start = day + timedelta(minutes=minutes, seconds=clock.second)
        yield start, start + timedelta(seconds=STEP[clock.grain].seconds)


def _between(hours: Hours, day: datetime) -> Iterator[Stretch]:
    """A dial at both ends turns as one: "from 11 to 2" is 11:00-14:00 or 23:00-02:00."""
    for start, _ in times(hours.first, day):
        ends = [e for d in (day, day + DAY) for e, _ in times(hours.last, d) if e > start]
        if ends and (not hours.last.dial or hours.first.dial or ends[0] - start <= timedelta(hours=12)):
            yield start, ends[0] + timedelta(minutes=hours.extra)


def _at(node: At, low: datetime, high: datetime) -> Iterator[Stretch]:
    for start, end in occurrences(node.days, low - DAY, high):
        day = start
        while day < end and day < high:
            yield from times(node.clock, midnight(day))
            day += DAY


def _within(node: Within, low: datetime, high: datetime) -> Iterator[Stretch]:
    margin = timedelta(days=400) if node.nth else timedelta(days=8)
    begin, finish = (FIRST, LAST) if absolute(node.outer) else (max(low, FIRST + margin) - margin, high)
    for start, end in occurrences(node.outer, begin, finish):
        found = [s for s in occurrences(node.inner, start, end) if s[0] >= start and (s[1] <= end or node.nth >= 0)]
        if node.nth == 0:
            yield from found
        elif len(found) >= abs(node.nth):
            yield found[node.nth - 1 if node.nth > 0 else node.nth]


def _beyond(node: Beyond, low: datetime, high: datetime) -> Iterator[Stretch]:
    for start, end in _outers(node.outer, low, high):
        later = (s for s in occurrences(node.inner, end, _moved(end, 366 * 6)) if s[0] >= end)
        if node.nth > 0:
            yield from islice(later, node.nth - 1, node.nth)
            continue
        before = [s for s in occurrences(node.inner, _moved(start, -366 * 6), start) if s[1] <= start]
        yield from before[node.nth :][:1]


def _nearest(node: Nearest, low: datetime, high: datetime) -> Iterator[Stretch]:
    for start, _ in _outers(node.outer, low, high):
        around = occurrences(node.inner, _moved(start, -370 - 7 * node.nth), _moved(start, 370 + 7 * node.nth))
        found = sorted(around, key=lambda s: abs(s[0] - start))
        yield from found[node.nth - 1 : node.nth]


def _outers(node: Node, low: datetime, high: datetime) -> Iterator[Stretch]:
    if absolute(node):
        return everything(node)
    return occurrences(node, _moved(low, -800), _moved(high, 800))


def _shifted(node: Shifted, low: datetime, high: datetime) -> Iterator[Stretch]:
    for start, end in _outers(node.node, low, high):
        yield add(start, node.by), add(end, node.by)


_DAY_SHARES: dict[str, dict[str, tuple[int, int]]] = {
    "begin": {"week": (0, 3), "month": (0, 10)}, "mid": {"week": (2, 5), "month": (10, 20)},
    "end": {"week": (4, 7), "month": (20, 40)},
}  # fmt: skip
_MONTH_SHARES = {"begin": (0, 3), "mid": (4, 8), "end": (8, 12)}


def _portion(node: Portion, low: datetime, high: datetime) -> Iterator[Stretch]:
    outers = everything(node.node) if absolute(node.node) else occurrences(node.node, low, high)
    for start, end in outers:
        yield share(node, start, end)


def share(node: Portion, start: datetime, end: datetime) -> Stretch:
    """That portion of a stretch."""
    if node.way == "thirds" and node.grain in ("week", "month"):
        first, last = _DAY_SHARES[node.which][node.grain]
        return start + first * DAY, min(end, start + last * DAY)
    if node.way == "thirds" and node.grain == "year":
        first, last = _MONTH_SHARES[node.which]
        return add(start, Length(months=first)), add(start, Length(months=last))
    if node.which == "mid":
        return _middle(node, start, end)
    half = _half(node.grain, start, end)
    return (start, half) if node.which == "begin" else (half, end)


def _half(grain: str, start: datetime, end: datetime) -> datetime:
    if grain == "month":
        return start + 15 * DAY
    if grain == "year":
        return add(start, Length(months=6))
    if grain == "week":
        return start + 3 * DAY
    return (start + (end - start) / 2 + timedelta(seconds=1)).replace(second=0, microsecond=0)


def _middle(node: Portion, start: datetime, end: datetime) -> Stretch:
    if node.grain == "month":
        return start + 10 * DAY, start + 20 * DAY
    if node.grain == "year":
        return add(start, Length(months=4)), add(start, Length(months=8))
    third = (end - start) / 3
    return start + third, start + 2 * third


def _spanned(node: Spanned, low: datetime, high: datetime) -> Iterator[Stretch]:
    """From each first to the next last; a year that only the last has holds for the first, too."""
    if not absolute(node.first) and absolute(node.last):
        end = next(everything(node.last), None)
        first = behind(node.first, end[0]) if end else None
        if end and first:
            yield first[0], end[node.whole]
        return
    for start, _ in everything(node.first) if absolute(node.first) else occurrences(node.first, low - DAY, high):
        later = everything(node.last) if absolute(node.last) else ahead(node.last, start)
        end = next((s for s in later if s[node.whole] > start and s[0] >= start), None)
        if end:
            yield start, end[node.whole]


def _whole(node: Whole, low: datetime, high: datetime) -> Iterator[Stretch]:
    for start, _ in _outers(node.node, low, high):
        week = floor(start, "week")
        if node.cycle.minutes == (0, 0):
            yield week, week + timedelta(days=7)
        else:
            first, last = (week + timedelta(minutes=m) for m in node.cycle.minutes)
            yield first, last


_OF: dict[type, Callable[[Any, datetime, datetime], Iterator[Stretch]]] = {
    Fixed: _fixed, Calendar: _calendar, Cycle: _cycle, Season: _season, Feast: _feast, Clock: _clock, Part: _hours,
    Hours: _hours, At: _at, Within: _within, Beyond: _beyond, Nearest: _nearest, Shifted: _shifted, Portion: _portion,
    Spanned: _spanned, Whole: _whole,
}  # fmt: skip
