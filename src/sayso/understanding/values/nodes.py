"""Times as expressions, and when they occur.

An expression says which stretches of the calendar agree with what was said ("a Tuesday", "the first week of an
October", "that day at three"); `occurrences` lists them in a window, so that the next, the last and the one inside
another are found in the same way. All of it is in the naive wall time of one place.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

Stretch = tuple[datetime, datetime]
"""From, and to (not included)."""
FIRST, LAST = datetime(1, 1, 3), datetime(9990, 1, 1)


@dataclass(frozen=True, slots=True)
class Fixed:
    """One stretch that is known."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days, months or years with these fields; 0 is any. Weekdays count from 1, Monday."""

    year: int = 0
    month: int = 0
    day: int = 0
    weekday: int = 0


@dataclass(frozen=True, slots=True)
class Cycle:
    """Every week, quarter or day; a weekend is the part of a week between two minutes of it."""

    grain: str
    number: int = 0
    minutes: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Season:
    """A stretch of days of every year, from (month, day) to (month, day), the last not included."""

    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Feast:
    """A day that moves with Easter by `days`, or is the nth weekday of a month."""

    days: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. `dial`: on a dial of twelve hours, so that it comes twice a day."""

    minutes: int
    second: int = 0
    dial: bool = False
    grain: str = "minute"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a day, in minutes after midnight; the end may lie on the next day."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class At:
    """A time of day on certain days."""

    days: Node
    clock: Clock | Part | Hours


@dataclass(frozen=True, slots=True)
class Hours:
    """From one time of day to another."""

    first: Clock
    last: Clock
    extra: int = 0
    """Minutes by which the end lies behind the last clock."""


@dataclass(frozen=True, slots=True)
class Within:
    """What of `inner` lies inside `outer`: all of it, or the `nth` (from the end when negative)."""

    inner: Node
    outer: Node
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Beyond:
    """The nth of `inner` after the end of `outer`, or before its start when negative."""

    inner: Node
    outer: Node
    nth: int


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nth nearest of `inner` to the start of `outer`, before or after it."""

    inner: Node
    outer: Node
    nth: int


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time: calendar months, days and seconds."""

    months: int = 0
    days: int = 0
    seconds: float = 0

    def times(self, factor: int) -> Length:
        return Length(self.months * factor, self.days * factor, self.seconds * factor)


@dataclass(frozen=True, slots=True)
class Shifted:
    """`node` moved by a length; `whole`: cut to the day."""

    node: Node
    by: Length


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of each stretch, in shares of its natural units: "begin", "mid", "end"; `way`: thirds or halves."""

    node: Node
    which: str
    way: str
    grain: str


@dataclass(frozen=True, slots=True)
class Spanned:
    """From one to another; `whole`: to the end of the last, not to its start."""

    first: Node
    last: Node
    whole: bool
    grain: str


@dataclass(frozen=True, slots=True)
class Whole:
    """The week or weekend that `node` lies in or is nearest to."""

    node: Node
    cycle: Cycle


Node = (
    Fixed | Calendar | Cycle | Season | Feast | Clock | Part | At | Hours | Within | Beyond | Nearest | Shifted
    | Portion | Spanned | Whole
)  # fmt: skip

DAY = timedelta(days=1)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def add(moment: datetime, by: Length) -> datetime:
    """`moment` moved by a length; a day that a month lacks becomes its last, what the calendar lacks its edge."""
    total = moment.year * 12 + moment.month - 1 + by.months
    year, month = divmod(total, 12)
    year = min(max(year, 1), 9999)
    day = min(moment.day, monthrange(year, month + 1)[1])
    try:
        return moment.replace(year=year, month=month + 1, day=day) + timedelta(days=by.days, seconds=by.seconds)
    except OverflowError:
        return FIRST if by.days < 0 or by.seconds < 0 else LAST


def floor(moment: datetime, grain: str) -> datetime:
    """The start of the week, month, ... that `moment` lies in."""
    day = midnight(moment)
    if grain in ("second", "minute", "hour"):
        kept = {"second": moment.second, "minute": 0, "hour": 0}[grain]
        return moment.replace(second=kept, microsecond=0, minute=0 if grain == "hour" else moment.minute)
    if grain == "week":
        return day - timedelta(days=day.weekday())
    months = {"month": 1, "quarter": 3, "year": 12}.get(grain)
    if months:
        return day.replace(day=1, month=(day.month - 1) // months * months + 1)
    if grain in ("decade", "century"):
        years = 10 if grain == "decade" else 100
        return datetime(max(1, day.year - day.year % years), 1, 1)
    return day


STEP = {
    "second": Length(seconds=1), "minute": Length(seconds=60), "hour": Length(seconds=3600), "day": Length(days=1),
    "week": Length(days=7), "fortnight": Length(days=14), "month": Length(months=1), "quarter": Length(months=3),
    "year": Length(months=12), "decade": Length(months=120), "century": Length(months=1200),
}  # fmt: skip


def fixed(moment: datetime, grain: str) -> Fixed:
    """The second, hour, day, ... that begins at `moment`."""
    return Fixed(moment, add(moment, STEP[grain]))
