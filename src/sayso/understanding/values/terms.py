"""What the rules of time work on: times with their form, lengths, recurrences, and the context of a reading."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from sayso.understanding.values.model import Conventions
from sayso.understanding.values.nodes import (
    At,
    Calendar,
    Clock,
    Cycle,
    Fixed,
    Hours,
    Length,
    Node,
    Part,
    Portion,
    Spanned,
    Within,
)

RANK = {
    "second": 0, "minute": 1, "hour": 2, "part": 2.5, "day": 3, "weekend": 4, "week": 5, "fortnight": 5.5, "month": 6,
    "season": 6.5, "quarter": 7, "year": 8, "decade": 9, "century": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What a text is read against: `now` is naive wall time of the place; `offset` its minutes from UTC."""

    now: datetime
    language: str
    conventions: Conventions
    offset: int = 0
    zone: tzinfo = UTC

    def later(self, seconds: float) -> datetime:
        """The wall time so many real seconds from now."""
        at = self.now.replace(tzinfo=self.zone).astimezone(UTC) + timedelta(seconds=seconds)
        return at.astimezone(self.zone).replace(tzinfo=None)

    @property
    def weekend_grain(self) -> str:
        return "day" if all(m % 1440 == 0 for m in self.conventions.weekend) else "hour"

    def part(self, name: str) -> Part:
        return Part(*self.conventions.parts[name])


@dataclass(frozen=True, slots=True)
class Time:
    """A time. `form`: "clock" (a time of day), "day", "moment", "part" (of a day), "hours" (from clock to clock),
    "range", or the grain of a longer period; `side`: it is open "after" or "before"; `part`: the part of the day it
    was said to be in; `weak`: nothing but words that also mean something else."""

    node: Node
    form: str
    grain: str
    side: str = ""
    part: str = ""
    zone: int | None = None

    @property
    def rank(self) -> float:
        return RANK.get(self.form, RANK.get(self.grain, 3)) if self.form in RANK else RANK[self.grain]


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time with the finest grain it was given in; `mod` "mean": its months are parts of a year."""

    length: Length
    grain: str
    mod: str = ""


@dataclass(frozen=True, slots=True)
class Recurring:
    """Every `interval` grains, on weekdays or a day of the month, at a time of the day."""

    grain: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month: int = 0
    monthday: int = 0
    nth: int = 0
    clock: Clock | None = None
    part: str = ""


def day_of(context: Context, ahead: int) -> Fixed:
    start = context.now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=ahead)
    return Fixed(start, start + timedelta(days=1))


def merged(a: Calendar, b: Calendar) -> Calendar | None:
    """Both at once; None when they contradict each other."""
    fields = []
    for x, y in ((a.year, b.year), (a.month, b.month), (a.day, b.day), (a.weekday, b.weekday)):
        if x and y and x != y:
            return None
        fields.append(x or y)
    return Calendar(*fields)


_CLOCKED = (Clock, Part, Hours)


def intersect(context: Context, a: Time, b: Time) -> Time | None:
    """Both at once: a day and a clock, a weekday and a week, a month and a year."""
    if a.side or b.side:
        return _open(context, a, b)
    small, large = sorted((a, b), key=lambda t: t.rank)
    if isinstance(small.node, _CLOCKED) and isinstance(large.node, _CLOCKED):
        return None
    if large.form == "part" and isinstance(small.node, Clock) and isinstance(large.node, At):
        return at_clock(context, Time(large.node.days, "day", "day", part=large.part), small)
    if isinstance(small.node, Part) and large.form == "week" and not context.conventions.past:
        return Time(At(large.node, small.node), "part", small.grain, part=small.part)  # each morning of a week
    if isinstance(small.node, _CLOCKED):
        return at_clock(context, large, small)
    if isinstance(small.node, Calendar) and isinstance(large.node, Calendar):
        return _calendars(small, large, small.node, large.node)
    if small.rank == large.rank:
        return _same(a, b)
    if isinstance(small.node, At) and not isinstance(small.node.days, Fixed):
        return replace(small, node=At(Within(small.node.days, large.node), small.node.clock))
    fits = large.form not in ("clock", "moment", "hours", "part") and small.form != "range"
    return replace(small, node=Within(small.node, large.node)) if fits and _inside(small) else None


def _inside(small: Time) -> bool:
    return not isinstance(small.node, Fixed)


def _calendars(small: Time, large: Time, a: Calendar, b: Calendar) -> Time | None:
    both = merged(a, b)
    if both is None or both in (a, b):
        return None
    dated = both.day or both.weekday
    bare_weekday = both.weekday and not both.day and both.month
    if bare_weekday or (both.weekday and both.year and not both.day):
        return None
    return Time(both, "day" if dated else small.form, "day" if dated else small.grain)


def _same(a: Time, b: Time) -> Time | None:
    """A day that is said twice: "in 3 days, on Friday"."""
    if a.form != "day" or b.form != "day" or type(a.node) is type(b.node):
        return None
    sure, named = (a, b) if isinstance(a.node, Fixed) else (b, a)
    if isinstance(sure.node, Fixed) and isinstance(named.node, Calendar):
        weekday = named.node.weekday
        return sure if named.node == Calendar(weekday=sure.node.start.isoweekday()) and weekday else None
    return None


def _open(context: Context, a: Time, b: Time) -> Time | None:
    """ "Thursday before 5": the day goes with the clock; "after 3 but before 6" is a range."""
    if a.side and b.side:
        if {a.side, b.side} != {"after", "before"} or (a.form != b.form and "clock" in (a.form, b.form)):
            return None
        first, last = (a, b) if a.side == "after" else (b, a)
        return between(context, replace(first, side=""), replace(last, side=""))
    opened, other = (a, b) if a.side else (b, a)
    if other.form == "part" and isinstance(other.node, At):  # "Friday morning before 11"
        other = Time(other.node.days, "day", "day", part=other.part)
    if isinstance(other.node, Part) and isinstance(opened.node, Clock):
        return replace(opened, node=halved(opened.node, other.part))
    if other.form != "day" or opened.form != "clock":
        return None
    both = intersect(context, replace(opened, side=""), other)
    return replace(both, side=opened.side) if both else None


def at_clock(context: Context, day: Time, clock: Time) -> Time | None:
    """A time of day on a day; a clock takes the half of the part of the day that was named."""
    if day.form != "day" or day.grain != "day":
        return None
    node = clock.node
    if isinstance(node, Clock) and day.part:
        node = halved(node, day.part)
        if (
            day.part in ("night", "tonight")
            and node.minutes < 360 <= context.now.hour * 60
            and isinstance(day.node, Fixed)
        ):
            day = replace(day, node=Fixed(day.node.start + timedelta(days=1), day.node.end + timedelta(days=1)))
    form = {"clock": "moment", "part": "part", "hours": "hours"}[clock.form]
    assert isinstance(node, _CLOCKED)
    return Time(At(day.node, node), form, clock.grain, part=clock.part or day.part)


def halved(clock: Clock, part: str) -> Clock:
    """A clock in a part of the day: 3 in the morning, 3 in the afternoon, 11 and 2 at night."""
    if not clock.dial:
        return clock
    minutes = clock.minutes % 720
    late = {"morning": 0, "small_hours": 0, "breakfast": 0, "dawn": 0, "early_morning": 0}.get(part, 720)
    if part in ("night", "tonight"):
        late = 0 if minutes < (6 if part == "night" else 5) * 60 else 720
    return replace(clock, minutes=minutes + late, dial=False)


def between(context: Context, a: Time, b: Time) -> Time | None:
    """From one to the other. A clock without a half takes the other's where that makes a range."""
    clocks = isinstance(a.node, Clock) and isinstance(b.node, Clock)
    grain = min((a.grain, b.grain), key=lambda g: RANK[g])
    if clocks:
        return _hours(context, a, b, grain)
    if isinstance(a.node, At) and isinstance(a.node.clock, Clock) and isinstance(b.node, Clock):
        hours = _hours(context, Time(a.node.clock, "clock", a.grain), b, grain)
        return replace(hours, node=At(a.node.days, hours.node)) if hours and isinstance(hours.node, Hours) else None
    if (a.form == "clock") != (b.form == "clock") or (a.form == "part" and b.form != "part"):
        return None
    if a.form in ("hours",) or b.form in ("hours",) or isinstance(a.node, Part) or isinstance(b.node, Part):
        return None
    if isinstance(b.node, Calendar) and b.node.weekday and not b.node.day and a.rank > b.rank:
        return None
    if b.form == "now" and a.rank >= 3:
        b = Time(day_of(context, 0), "day", "day")
        return Time(Spanned(a.node, b.node, False, "day"), "range", "day")
    if a.form == "now" and b.rank >= 3:
        a = Time(day_of(context, 0), "day", "day")
    ending = isinstance(b.node, Portion) and b.node.which == "end"
    whole = ending or (context.conventions.ends_included and (b.rank >= 3 or b.grain != "second"))
    return Time(Spanned(a.node, b.node, whole, grain), "range", grain)


def zoned(context: Context, time: Time, offset: int) -> Time:
    """A clock of a zone so many minutes from UTC, as the clock of the place."""
    node = time.node
    assert isinstance(node, Clock)
    minutes = (node.minutes - offset + context.offset) % (720 if node.dial else 1440)
    return replace(time, node=replace(node, minutes=minutes), grain="minute", zone=offset)


def _hours(context: Context, a: Time, b: Time, grain: str) -> Time | None:
    if b.zone is not None and a.zone is None:
        a = zoned(context, a, b.zone)
        grain = "minute"
    first, last = a.node, b.node
    assert isinstance(first, Clock) and isinstance(last, Clock)
    if first.dial and not last.dial:
        same = first.minutes % 720 + (720 if last.minutes >= 720 else 0)
        fits = same < last.minutes or (last.minutes == 0 and same >= 720)
        first = replace(first, minutes=same if fits else first.minutes % 720, dial=False)
        if not fits and last.minutes < 720:
            first = replace(first, minutes=first.minutes % 720 + 720)
    extra = {"hour": 60, "minute": 1}.get(grain, 0) if context.conventions.ends_included else 0
    zone = a.zone if a.zone is not None else b.zone
    return Time(Hours(first, last, extra), "hours", grain, part=b.part or a.part, zone=zone)


def cycle(context: Context, grain: str) -> Node:
    """Every week, weekend, quarter."""
    if grain == "weekend":
        return Cycle("week", minutes=context.conventions.weekend)
    return Cycle(grain)
