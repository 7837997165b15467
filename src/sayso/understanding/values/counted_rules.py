"""Rules for days and periods that are counted from somewhere: "four Fridays ago", "the Tuesday after next", "two
Sundays from the third", "Wednesday two weeks ago", "the closest Monday to the fifth", "in three days at noon"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sayso.understanding.values.chart import Row
from sayso.understanding.values.day_rules import days
from sayso.understanding.values.nodes import Beyond, Calendar, Clock, Fixed, Length, Nearest, Node, Shifted, add, floor
from sayso.understanding.values.occurrences import ahead
from sayso.understanding.values.period_rules import PERIODS, period
from sayso.understanding.values.terms import Context, Span, Time, at_clock, cycle, day_of

MOST = 1000


def _ahead(context: Context, weekday: int, nth: int) -> Time:
    """The nth of a weekday to come; before today when negative."""
    today = context.now.isoweekday()
    if nth > 0:
        return days(day_of(context, (weekday - today - 1) % 7 + 1 + 7 * (nth - 1)))
    return days(day_of(context, -((today - weekday - 1) % 7 + 1) + 7 * (nth + 1)))


def _to_come(context: Context, count: int, weekday: int) -> Time | None:
    return _ahead(context, weekday, count) if 0 < count < MOST else None


def _gone(context: Context, count: int, weekday: int) -> Time | None:
    return _ahead(context, weekday, -count) if 0 < count < MOST else None


def _many_gone(context: Context, count: Decimal, weekday: int) -> Time | None:
    return _gone(context, int(count), weekday)


def _after_next(context: Context, weekday: int) -> Time:
    """The one that follows "next Friday"."""
    if context.conventions.skips:
        return _ahead(context, weekday, 2)
    return days(day_of(context, 14 - context.now.isoweekday() + weekday))


def _week_on(context: Context, by: Span, weekday: int) -> Time | None:
    """ "A week on Tuesday": a week after the coming one."""
    weeks = by.length.days // 7
    exact = 0 < weeks < 5 and by.length == Length(days=7 * weeks)
    return _ahead(context, weekday, weeks + 1) if exact else None


def _now_on(context: Context, day: Time) -> Time | None:
    """ "This time tomorrow"."""
    now = Clock(context.now.hour * 60 + context.now.minute)
    return at_clock(context, day, Time(now, "clock", "minute")) if not day.side else None


def _before_last(context: Context, weekday: int) -> Time:
    return _ahead(context, weekday, -2)


def _month_after_next(context: Context, month: int) -> Time | None:
    coming = (s for s in ahead(Calendar(month=month), context.now) if s[0] > context.now)
    next(coming, None)
    stretch = next(coming, None)
    return Time(Fixed(*stretch), "month", "month") if stretch else None


def _grain_before_last(context: Context, grain: str) -> Time | None:
    return period(context, grain, -2) if grain in PERIODS else None


def _counted_from(context: Context, count: int, weekday: int, time: Time) -> Time | None:
    fits = not time.side and time.rank >= 3 and 0 < count < MOST
    return days(Beyond(Calendar(weekday=weekday), time.node, count)) if fits else None


def _grain_after(context: Context, count: int, grain: str, time: Time) -> Time | None:
    """ "The second week after Easter"."""
    if time.side or time.rank < 3 or grain not in PERIODS or not 0 < count < MOST:
        return None
    if grain == "day":
        return replace(time, node=Shifted(time.node, Length(days=count))) if time.form == "day" else None
    return Time(Beyond(cycle(context, grain), time.node, count), grain, grain)


def _weekday_of_week(context: Context, weekday: int, by: Span) -> Time | None:
    """ "Wednesday two weeks ago": of that week."""
    whole = by.length.days and by.length.days % 7 == 0 and not by.length.months and not by.length.seconds
    if not whole:
        return None
    week = floor(add(context.now, by.length.times(-1)), "week")
    return days(Fixed(week + timedelta(days=weekday - 1), week + timedelta(days=weekday)))


def _weekday_in(context: Context, by: Span, weekday: int) -> Time | None:
    """ "In two weeks, on Tuesday": of that week."""
    return _weekday_of_week(context, weekday, replace(by, length=by.length.times(-1)))


def _nearest(context: Context, number: int, inner: Node, time: Time) -> Time | None:
    fits = not time.side and time.rank >= 3 and 0 < number < MOST
    return days(Nearest(inner, time.node, number)) if fits else None


def _closest(context: Context, weekday: int, time: Time) -> Time | None:
    return _nearest(context, 1, Calendar(weekday=weekday), time)


def _nth_closest(context: Context, number: int, weekday: int, time: Time) -> Time | None:
    return _nearest(context, number, Calendar(weekday=weekday), time)


def _day_at(context: Context, by: Span, clock: Time, sign: int = 1) -> Time | None:
    """A clock on the day so many days or months from now."""
    length = by.length
    if length.seconds or not (length.days or length.months):
        return None
    try:
        start = floor(add(context.now, length.times(sign)), "day")
    except OverflowError:
        return None
    return at_clock(context, days(Fixed(start, start + timedelta(days=1))), clock)


def _day_ago_at(context: Context, by: Span, clock: Time) -> Time | None:
    return _day_at(context, by, clock, -1)


ROWS: tuple[Row, ...] = (
    ("time", "int weekday hence", _to_come, 0.4),
    ("time", "int weekday ago|back", _gone, 0.5), ("time", "num weekday ago|back", _many_gone, 0.4),
    ("time", "int weekday after|from time", _counted_from, 0.4),
    ("time", "the? weekday after_next", _after_next, 0.5), ("time", "the? weekday before_last", _before_last, 0.5),
    ("time", "over_next weekday", _after_next, 0.5), ("time", "over_next grain", lambda c, g: period(c, g, 2), 0.5),
    ("time", "the? weekend after_next", lambda c: period(c, "weekend", 2), 0.5),
    ("time", "the weekend behind_it", lambda c: period(c, "weekend", 1), 0.4),
    ("time", "the grain behind_it", lambda c, g: period(c, g, 1), 0.4),
    ("time", "dur week_on weekday", _week_on, 0.5),
    ("time", "now_time time", _now_on, 0.5), ("time", "time now_time", _now_on, 0.5),
    ("time", "month after_next", _month_after_next, 0.5),
    ("time", "the? grain before_last", _grain_before_last, 0.5),
    ("time", "the? ord grain after time", _grain_after, 0.6),
    ("time", "weekday dur ago", _weekday_of_week, 0.6),
    ("time", "in dur comma? on? weekday", _weekday_in, 0.6), ("time", "in dur on_day weekday", _weekday_in, 0.6),
    ("time", "the? closest weekday to|till time", _closest, 0.6),
    ("time", "the? ord closest weekday to|till time", _nth_closest, 0.8),
    ("time", "in dur at? ac", _day_at, 0.5), ("time", "dur hence at? ac", _day_at, 0.5),
    ("time", "dur ago at? ac", _day_ago_at, 0.5),
)  # fmt: skip
