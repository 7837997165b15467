"""Rules for longer periods, and what is counted in them: this, next and last, "the third Tuesday of", quarters, halves,
weekends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sayso.understanding.values.chart import Row
from sayso.understanding.values.day_rules import days, soon, year_of
from sayso.understanding.values.nodes import (
    STEP,
    Beyond,
    Calendar,
    Cycle,
    Fixed,
    Node,
    Part,
    Portion,
    Shifted,
    Spanned,
    Whole,
    Within,
    add,
    floor,
)
from sayso.understanding.values.occurrences import ahead, behind
from sayso.understanding.values.terms import Context, Span, Time, cycle, intersect

PERIODS = ("day", "week", "fortnight", "weekend", "month", "quarter", "year", "decade", "century")


def period(context: Context, grain: str, by: int) -> Time | None:
    """The week, month, ... so many after this one."""
    if grain == "weekend":
        first, last = (timedelta(minutes=m) for m in context.conventions.weekend)
        week = floor(context.now, "week") + timedelta(days=7 * by)
        return Time(Fixed(week + first, week + last), "weekend", context.weekend_grain)
    start = add(floor(context.now, "week" if grain == "fortnight" else grain), STEP[grain].times(by))
    if grain in ("hour", "minute", "second"):
        return Time(Fixed(start, add(start, STEP[grain])), "moment", grain)
    return Time(Fixed(start, add(start, STEP[grain])), grain, grain)


def _this(context: Context, grain: str) -> Time | None:
    return period(context, grain, 0) if grain not in ("hour", "minute", "second") else None


def _next(context: Context, grain: str) -> Time | None:
    return period(context, grain, 1)


def _last(context: Context, grain: str) -> Time | None:
    return period(context, grain, -1)


def _after_next(context: Context, grain: str) -> Time | None:
    return period(context, grain, 2)


def _found(time: Time, stretch: tuple[datetime, datetime] | None) -> Time | None:
    return replace(time, node=Fixed(*stretch)) if stretch else None


_NAMED = ("day", "month", "season", "quarter", "weekend", "part")


def _coming(context: Context, time: Time) -> Time | None:
    """The next May, summer, Christmas."""
    if time.form not in _NAMED or isinstance(time.node, Fixed | Part):
        return None
    if isinstance(time.node, Calendar) and time.node.weekday and not time.node.day:
        return None
    return _found(time, next((s for s in ahead(time.node, context.now) if s[0] > context.now), None))


def _gone(context: Context, time: Time) -> Time | None:
    if time.form not in _NAMED or isinstance(time.node, Fixed | Part):
        return None
    if isinstance(time.node, Calendar) and time.node.weekday and not time.node.day:
        return None
    stretch = behind(time.node, context.now)
    if stretch and stretch[1] > context.now:
        stretch = behind(time.node, stretch[0])
    return _found(time, stretch)


def _present(context: Context, time: Time) -> Time | None:
    """This May, summer: the one that is now, or next in the year; of a weekday the one to come."""
    if isinstance(time.node, Calendar) and time.node == Calendar(weekday=time.node.weekday):
        return soon(context, time.node.weekday)
    if time.form not in ("month", "season", "day") or isinstance(time.node, Fixed):
        return None
    return _found(time, next(ahead(time.node, context.now), None))


def _in_week(context: Context, time: Time, span: Span) -> Time | None:
    """ "Tuesday in a week": that day of the week so far ahead."""
    if span.length.days % 7 or not span.length.days or span.length.months or span.length.seconds:
        return None
    if isinstance(time.node, Fixed) and time.form == "day" and not time.side:
        return replace(time, node=Shifted(time.node, span.length))
    if not isinstance(time.node, Calendar):
        return None
    week = period(context, "week", span.length.days // 7)
    return intersect(context, time, week) if week else None


def nth(context: Context, number: int, inner: Node, form: str, outer: Time) -> Time | None:
    """The nth of something within a period."""
    if outer.rank <= Time(inner, form, form).rank or outer.side or number == 0:
        return None
    return Time(Within(inner, outer.node, number), form, context.weekend_grain if form == "weekend" else form)


def _nth_grain(context: Context, number: int, grain: str, outer: Time) -> Time | None:
    if grain not in PERIODS:
        return None
    if grain == "week" and context.conventions.portions == "halves":
        thursday = Within(Calendar(weekday=4), outer.node, number)
        return Time(Whole(thursday, Cycle("week")), "week", "week") if outer.rank > 5 else None
    return nth(context, number, cycle(context, grain), grain, outer)


def _nth_weekday(context: Context, number: int, weekday: int, outer: Time) -> Time | None:
    return nth(context, number, Calendar(weekday=weekday), "day", outer)


def _final_grain(context: Context, grain: str, outer: Time) -> Time | None:
    return _nth_grain(context, -1, grain, outer)


def _final_weekday(context: Context, weekday: int, outer: Time) -> Time | None:
    return _nth_weekday(context, -1, weekday, outer)


def _nth_final(context: Context, number: int, grain: str, outer: Time) -> Time | None:
    return _nth_grain(context, -number, grain, outer)


def _nth_final_weekday(context: Context, number: int, weekday: int, outer: Time) -> Time | None:
    return _nth_weekday(context, -number, weekday, outer)


def _first_few(context: Context, number: int, count: int, grain: str, outer: Time) -> Time | None:
    """ "The first ten days of last year"."""
    if number != 1 or grain not in PERIODS or outer.side or outer.rank < 5:
        return None
    first = Within(cycle(context, grain), outer.node, 1)
    return Time(Spanned(first, Shifted(first, STEP[grain].times(count)), False, grain), "range", grain)


def _last_few(context: Context, count: int, grain: str, outer: Time) -> Time | None:
    if grain not in PERIODS or outer.side or outer.rank < 5:
        return None
    every = cycle(context, grain)
    return Time(
        Spanned(Within(every, outer.node, -count), Within(every, outer.node, -1), True, grain),
        "range",
        grain,
    )  # fmt: skip


def _nth_after(context: Context, number: int, weekday: int, outer: Time) -> Time | None:
    return days(Beyond(Calendar(weekday=weekday), outer.node, number)) if not outer.side and outer.rank >= 3 else None


def _after_day(context: Context, weekday: int, outer: Time) -> Time | None:
    return _nth_after(context, 1, weekday, outer)


def _week_number(context: Context, number: int) -> Time | None:
    return Time(Cycle("week", number), "week", "week") if 0 < number < 54 else None


def _quarter(context: Context, number: int) -> Time | None:
    return Time(Cycle("quarter", number), "quarter", "quarter") if 0 < number < 5 else None


def _nth_quarter(context: Context, number: int, grain: str) -> Time | None:
    return _quarter(context, number) if grain == "quarter" else None


def _week_of(context: Context, time: Time) -> Time | None:
    if time.form != "day" or time.side:
        return None
    return Time(Whole(time.node, Cycle("week")), "week", "week")


def _weekend_of(context: Context, time: Time) -> Time | None:
    if time.form != "day" or time.side or (isinstance(time.node, Calendar) and not time.node.day):
        return None
    return Time(Whole(time.node, Cycle("week", minutes=context.conventions.weekend)), "weekend", context.weekend_grain)


def _weekend(context: Context) -> Time:
    return Time(cycle(context, "weekend"), "weekend", context.weekend_grain)


def _workweek(context: Context, by: int) -> Time:
    week = floor(context.now, "week") + timedelta(days=7 * by)
    return Time(Fixed(week, week + timedelta(days=5)), "range", "day")


def _century(context: Context, number: int) -> Time | None:
    start = (number - 1) * 100
    return (
        Time(Fixed(datetime(start, 1, 1), datetime(start + 100, 1, 1)), "century", "year") if 0 < start < 9000 else None
    )


def _decade(context: Context, start: int) -> Time | None:
    """The nineties: of the last century when only two digits are said."""
    year = start if start > 99 else 1900 + start
    return Time(Fixed(datetime(year, 1, 1), datetime(year + 10, 1, 1)), "decade", "year")


def _season_now(context: Context, by: int) -> Time | None:
    """The astronomical season, on its usual days."""
    edges = [(m, d) for m, d in ((3, 20), (6, 21), (9, 23), (12, 21))]
    starts = sorted(datetime(context.now.year + y, m, d) for y in (-2, -1, 0, 1, 2) for m, d in edges)
    at = max(i for i, s in enumerate(starts) if s <= context.now) + by
    return Time(Fixed(starts[at], starts[at + 1] - timedelta(days=1)), "range", "day")


def _half_of(context: Context, number: int, outer: Time) -> Time | None:
    """The first or second half of a year, a month, a day."""
    if number not in (1, 2) or outer.side or outer.form not in ("day", "week", "month", "year"):
        return None
    fine = {"day": "hour", "year": "month"}.get(outer.form, "day")
    return Time(Portion(outer.node, "begin" if number == 1 else "end", "halves", outer.form), "range", fine)


def _half_year(context: Context, number: int, year: int) -> Time | None:
    return _half_of(context, number, year_of(context, year))


def _day_of_period(context: Context, number: int, outer: Time) -> Time | None:
    """ "The 15th day of next month", "the 15th of next month"."""
    return (
        nth(context, number, Cycle("day"), "day", outer) if outer.form in ("month", "year", "quarter", "week") else None
    )


def _day_of_month(context: Context, number: int, outer: Time) -> Time | None:
    return _day_of_period(context, number, outer) if outer.form == "month" and number < 32 else None


def _period_named(context: Context, time: Time) -> Time | None:
    """ "The month of May"."""
    return time if time.form in ("month", "year", "season", "quarter") and not time.side else None


ROWS: tuple[Row, ...] = (
    ("time", "weekend", _weekend),
    ("time", "decade_word year|int", _decade, 0.6),
    ("time", "time gone", _gone, 0.2),
    ("time", "time due", _present, 0.2),
    ("time", "the grain", lambda c, g: _this(c, g) if g not in ("day", "decade", "century") else None, -0.3),
    ("time", "the? ord half_of tx", _half_of, 0.5),
    ("time", "half_nr of? year", _half_year, 0.3),
    ("time", "year half_nr", lambda c, y, n: _half_year(c, n, y), 0.3),
    ("time", "final half_of tx", lambda c, t: _half_of(c, 2, t), 0.5),
    ("time", "the? period_of time", _period_named, 0.2),
    ("time", "this grain", _this),
    ("time", "next grain", _next),
    ("time", "last grain", _last),
    ("time", "the grain after_next", _after_next),
    ("time", "grain after_next", _after_next),
    ("time", "this weekend", lambda c: period(c, "weekend", 0), 0.2),
    ("time", "next weekend", lambda c: period(c, "weekend", c.conventions.next_weekend), 0.2),
    ("time", "soon weekend", lambda c: period(c, "weekend", 0), 0.3),
    ("time", "last weekend", lambda c: period(c, "weekend", -1), 0.2),
    ("time", "this workweek", lambda c: _workweek(c, 0)),
    ("time", "next workweek", lambda c: _workweek(c, 1)),
    ("time", "last workweek", lambda c: _workweek(c, -1)),
    ("time", "workweek", lambda c: _workweek(c, 0), -0.2),
    ("time", "this time", _present, -0.1),
    ("time", "next time", _coming),
    ("time", "last time", _gone),
    ("time", "this season", lambda c: _season_now(c, 0)),
    ("time", "next season", lambda c: _season_now(c, 1)),
    ("time", "last season", lambda c: _season_now(c, -1)),
    ("time", "time in dur", _in_week, 0.4),
    ("time", "time dur hence", _in_week, 0.4),
    ("time", "the? ord grain of tx", _nth_grain, 0.3),
    ("time", "the? ord grain time", _nth_grain, 0.2),
    ("time", "the? ord weekday of tx", _nth_weekday, 0.3),
    ("time", "the? ord weekday time", _nth_weekday, 0.2),
    ("time", "final grain of tx", _final_grain, 0.4),
    ("time", "final weekday of tx", _final_weekday, 0.4),
    ("time", "final weekend of tx", lambda c, t: _final_grain(c, "weekend", t), 0.4),
    ("time", "the? ord weekend of tx", lambda c, n, t: _nth_grain(c, n, "weekend", t), 0.4),
    ("time", "the? ord final grain of tx", _nth_final, 0.5),
    ("time", "the? ord final weekday of tx", _nth_final_weekday, 0.5),
    ("time", "the? ord int grain of tx", _first_few, 0.4),
    ("time", "final int grain of tx", _last_few, 0.4),
    ("time", "the? ord weekday after time", _nth_after, 0.4),
    ("time", "the? weekday after time", _after_day, 0.3),
    ("time", "the? dom of tx", _day_of_month, 0.2),
    ("time", "the? ord day_of of tx", _day_of_period, 0.2),
    ("time", "the? week int", _week_number, 0.2),
    ("time", "quarter_nr", _quarter, 0.2),
    ("time", "the? ord grain", _nth_quarter),
    ("time", "week of tx", _week_of, -0.1),
    ("time", "the week of tx", _week_of, -0.1),
    ("time", "the? week starting time", _week_of, 0.2),
    ("time", "the? weekend of tx", _weekend_of),
    ("time", "time weekend", _weekend_of, -0.2),
    ("time", "the? dom century", _century, 0.2),
    ("time", "the? decade_nr", _decade),
)  # fmt: skip
