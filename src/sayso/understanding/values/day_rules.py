"""Rules for days and longer periods: dates, weekdays, this, next and last, "the third Tuesday of", feasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sayso.understanding.values.chart import Row
from sayso.understanding.values.nodes import (
    STEP,
    At,
    Beyond,
    Calendar,
    Cycle,
    Fixed,
    Node,
    Part,
    Portion,
    Season,
    Shifted,
    Spanned,
    Whole,
    Within,
    add,
    floor,
)
from sayso.understanding.values.occurrences import ahead, behind
from sayso.understanding.values.terms import Context, Span, Time, cycle, day_of, intersect

PERIODS = ("day", "week", "fortnight", "weekend", "month", "quarter", "year", "decade", "century")


def _same(context: Context, time: Time) -> Time:
    return time


def days(node: Node) -> Time:
    return Time(node, "day", "day")


def _weekday(context: Context, weekday: int) -> Time:
    return days(Calendar(weekday=weekday))


def _month(context: Context, month: int) -> Time:
    return Time(Calendar(month=month), "month", "month")


def _near(context: Context, ahead_by: int) -> Time:
    return days(day_of(context, ahead_by))


def _part(context: Context, part: str) -> Time:
    return Time(context.part(part), "part", "hour", part=part)


def _now_part(context: Context, part: str) -> Time:
    return Time(At(day_of(context, 0), context.part(part)), "part", "hour", part=part)


def _day_part(context: Context, joint: tuple[int, str]) -> Time:
    own = f"named_{joint[1]}"
    part = own if own in context.conventions.parts else joint[1]
    return Time(At(day_of(context, joint[0]), context.part(part)), "part", "hour", part=joint[1])


def _weekday_part(context: Context, joint: tuple[int, str]) -> Time:
    return Time(At(Calendar(weekday=joint[0]), context.part(joint[1])), "part", "hour", part=joint[1])


def _season(context: Context, season: Season) -> Time:
    month, day = season.last
    last = (month, day + 1) if context.conventions.ends_included else season.last
    return Time(replace(season, last=last), "season", "season")


def _feast(context: Context, node: Node) -> Time:
    return days(node)


def _day_month(context: Context, day: int, month: int) -> Time | None:
    return days(Calendar(month=month, day=day)) if 0 < day < 32 and not (month == 2 and day > 29) else None


def _month_day(context: Context, month: int, day: int) -> Time | None:
    return _day_month(context, day, month)


def _nth_day(context: Context, day: int) -> Time | None:
    return days(Calendar(day=day)) if 0 < day < 32 else None


def _dated_weekday(context: Context, weekday: int, day: int) -> Time | None:
    return days(Calendar(weekday=weekday, day=day)) if 0 < day < 32 else None


def _surely(context: Context, weekday: int, time: Time) -> Time:
    """A date with its year; the weekday says it twice, or is a mistake."""
    return time


def _of_year(context: Context, time: Time, year: int) -> Time | None:
    if isinstance(time.node, Calendar) and not time.node.year and (time.node.month or time.form == "quarter"):
        return replace(time, node=replace(time.node, year=year))
    if isinstance(time.node, Calendar | Fixed):
        return None
    return replace(time, node=Within(time.node, Calendar(year=year))) if time.rank < 8 and not time.side else None


def _year(context: Context, year: int) -> Time:
    return Time(Calendar(year=year), "year", "year")


def _spoken_year(context: Context, first: int, second: int) -> int | None:
    return first * 100 + second if first in (18, 19, 20) and 9 < second < 100 else None


def _anno(context: Context, year: int) -> Time | None:
    return _year(context, year) if 0 < year < 9000 else None


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


def _soon(context: Context, weekday: int) -> Time:
    ahead_by = (weekday - context.now.isoweekday() - 1) % 7 + 1
    return days(day_of(context, 0 if context.conventions.today and ahead_by == 7 else ahead_by))


def _next_weekday(context: Context, weekday: int) -> Time:
    if not context.conventions.next_week:
        return _soon(context, weekday)
    return days(day_of(context, 7 - context.now.isoweekday() + weekday))


def _last_weekday(context: Context, weekday: int) -> Time:
    return days(day_of(context, -((context.now.isoweekday() - weekday - 1) % 7 + 1)))


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
        return _soon(context, time.node.weekday)
    if time.form not in ("month", "season", "day") or isinstance(time.node, Fixed):
        return None
    return _found(time, next(ahead(time.node, context.now), None))


def _this_part(context: Context, part: str) -> Time:
    return _now_part(context, part)


def _next_part(context: Context, part: str) -> Time:
    return _day_part(context, (1, part))


def _last_part(context: Context, part: str) -> Time:
    return _day_part(context, (-1, part))


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
    return _half_of(context, number, _year(context, year))


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


def _early_day(context: Context, day: Time) -> Time | None:
    return intersect(context, day, _part(context, "morning")) if day.form == "day" else None


def _joined(context: Context, a: Time, b: Time) -> Time | None:
    return intersect(context, a, b)


def _at_hour(context: Context, day: Time, clock: Time) -> Time | None:
    """A bare hour after a part of a named day: "tomorrow evening 7"."""
    return intersect(context, day, clock) if day.part or day.form == "day" else None


def _part_hour(context: Context, day: Time, clock: Time) -> Time | None:
    """Without "at" the part of the day has to tell."""
    return intersect(context, day, clock) if day.part and isinstance(day.node, At) else None


def _dot_date(context: Context, *values: object) -> Time | None:
    *weekday, time = values
    if not isinstance(time, Time) or not weekday:
        return time if isinstance(time, Time) else None
    return intersect(context, days(Calendar(weekday=int(str(weekday[0])))), time)


def _weekday_week(context: Context, weekday: int) -> Time:
    """ "Friday week": in the week after the coming Friday."""
    ahead_by = (weekday - context.now.isoweekday() - 1) % 7 + 8
    return days(day_of(context, ahead_by))


ROWS: tuple[Row, ...] = (
    ("time", "weekday", _weekday), ("time", "month", _month), ("time", "days", _near), ("time", "inpart", _part),
    ("time", "now_part", _now_part), ("time", "day_part", _day_part), ("time", "weekday_part", _weekday_part),
    ("time", "season_name", _season), ("time", "feast", _feast, 0.2), ("time", "date", _same, 1.5),
    ("time", "weekend", _weekend), ("time", "now", lambda c: Time(Fixed(c.now, c.now), "now", "second")),
    ("tx", "time|anno", _same),
    ("time", "decade_word year|int", _decade, 0.6),
    ("time", "time gone", _gone, 0.2),
    ("time", "time due", _present, 0.2),
    ("time", "time early", _early_day, 0.3),
    ("dom", "ord", lambda c, n: n if 0 < n < 32 else None),
    ("domd", "ord_d", lambda c, n: n if 0 < n < 32 else None),
    ("nr", "int|dom", lambda c, n: n),
    ("dm", "nr month", _day_month, 0.3), ("dm", "nr of month", _day_month, 0.3), ("dm", "dom the? month", _day_month),
    ("dm", "the dom of? month", _day_month, 0.3), ("dm", "the nr of month", _day_month, 0.3),
    ("dm", "month nr", _month_day, 0.2), ("dm", "month the dom", _month_day, 0.3),
    ("time", "dm", _same), ("md", "month nr", _month_day), ("time", "nr - month", _day_month),
    ("time", "month - nr", _month_day, -0.2),
    ("time", "the domd", _nth_day),
    ("time", "on_day the? dom", _nth_day), ("time", "on_day a weekday", _weekday),
    ("time", "on_the nr", _nth_day, -0.1),
    ("time", "on_day|weekday dot_date", _dot_date, 0.3),
    ("time", "the? dom day_of of_month", _nth_day, 0.3),
    ("time", "the? dom of_month", _nth_day, 0.2), ("time", "asked the? nr", _nth_day),
    ("time", "the grain", lambda c, g: _this(c, g) if g not in ("day", "decade", "century") else None, -0.3),
    ("time", "weekday comma? the? nr", _dated_weekday, -0.2), ("time", "weekday the? dom", _dated_weekday),
    ("year", "int int", _spoken_year, 0.1),
    ("dated", "dm comma? year", _of_year, 0.3), ("dated", "dm of year", _of_year, 0.3), ("time", "dated", _same, 0.2),
    ("time", "weekday comma? the? dated", _surely, 0.6),
    ("time", "time of? year", _of_year),
    ("time", "time comma year", _of_year),
    ("time", "time year_of year", _of_year),
    ("time", "year_of year", lambda c, y: _year(c, y)), ("anno", "year", lambda c, y: _year(c, y)),
    ("time", "int ad", _anno), ("time", "year_of int ad", _anno),
    ("time", "year comma? month", lambda c, y, m: Time(Calendar(y, m), "month", "month"), 0.1),
    ("time", "the? ord half_of tx", _half_of, 0.5),
    ("time", "half_nr of? year", _half_year, 0.3),
    ("time", "year half_nr", lambda c, y, n: _half_year(c, n, y), 0.3),
    ("time", "final half_of tx", lambda c, t: _half_of(c, 2, t), 0.5),
    ("time", "the? period_of time", _period_named, 0.2),
    ("time", "the? period_of anno", lambda c, t: t, 0.2),
    ("time", "anno", lambda c, t: t if c.conventions.years else None, -0.3),
    ("time", "this grain", _this), ("time", "next grain", _next), ("time", "last grain", _last),
    ("time", "the grain after_next", _after_next), ("time", "grain after_next", _after_next),
    ("time", "this weekend", lambda c: period(c, "weekend", 0), 0.2),
    ("time", "next weekend", lambda c: period(c, "weekend", c.conventions.next_weekend), 0.2),
    ("time", "soon weekend", lambda c: period(c, "weekend", 0), 0.3),
    ("time", "last weekend", lambda c: period(c, "weekend", -1), 0.2),
    ("time", "this workweek", lambda c: _workweek(c, 0)), ("time", "next workweek", lambda c: _workweek(c, 1)),
    ("time", "last workweek", lambda c: _workweek(c, -1)), ("time", "workweek", lambda c: _workweek(c, 0), -0.2),
    ("time", "next weekday", _next_weekday, 0.2), ("time", "soon weekday", _soon, 0.3),
    ("time", "last weekday", _last_weekday, 0.2), ("time", "weekday last", _last_weekday, -0.2),
    ("time", "this time", _present, -0.1), ("time", "next time", _coming), ("time", "last time", _gone),
    ("time", "this part", _this_part, 0.2), ("time", "last part", _last_part, 0.2), ("time", "next part", _next_part),
    ("time", "this season", lambda c: _season_now(c, 0)), ("time", "next season", lambda c: _season_now(c, 1)),
    ("time", "last season", lambda c: _season_now(c, -1)),
    ("time", "weekday week", _weekday_week, 0.3),
    ("time", "time in dur", _in_week, 0.4), ("time", "time dur hence", _in_week, 0.4),
    ("time", "the? ord grain of tx", _nth_grain, 0.3), ("time", "the? ord grain time", _nth_grain, 0.2),
    ("time", "the? ord weekday of tx", _nth_weekday, 0.3), ("time", "the? ord weekday time", _nth_weekday, 0.2),
    ("time", "final grain of tx", _final_grain, 0.4), ("time", "final weekday of tx", _final_weekday, 0.4),
    ("time", "final weekend of tx", lambda c, t: _final_grain(c, "weekend", t), 0.4),
    ("time", "the? ord weekend of tx", lambda c, n, t: _nth_grain(c, n, "weekend", t), 0.4),
    ("time", "the? ord final grain of tx", _nth_final, 0.5),
    ("time", "the? ord final weekday of tx", _nth_final_weekday, 0.5),
    ("time", "the? ord int grain of tx", _first_few, 0.4), ("time", "final int grain of tx", _last_few, 0.4),
    ("time", "the? ord weekday after time", _nth_after, 0.4), ("time", "the? weekday after time", _after_day, 0.3),
    ("time", "the? dom of tx", _day_of_month, 0.2), ("time", "the? ord day_of of tx", _day_of_period, 0.2),
    ("time", "the? week int", _week_number, 0.2), ("time", "quarter_nr", _quarter, 0.2),
    ("time", "the? ord grain", _nth_quarter), ("time", "week of tx", _week_of, -0.1),
    ("time", "the week of tx", _week_of, -0.1),
    ("time", "the? week starting time", _week_of, 0.2), ("time", "the? weekend of tx", _weekend_of),
    ("time", "time weekend", _weekend_of, -0.2),
    ("time", "the? dom century", _century, 0.2), ("time", "the? decade_nr", _decade),
    ("time", "the time", lambda c, t: t, -0.05), ("time", "lead time", lambda c, t: t if not t.side else None, -0.05),
    ("time", "time time", _joined), ("time", "time comma time", _joined), ("time", "time on time", _joined),
    ("time", "time of tx", _joined),
    ("time", "time at ac", _at_hour, 0.1),
    ("time", "time comma hour", _part_hour, -0.3),
    ("time", "time hour", _part_hour, -0.5), ("time", "time hh", _at_hour, -0.4),
    ("time", "ac time", lambda c, a, t: _part_hour(c, t, a), -0.4),
    ("time", "hh on? time", lambda c, a, t: _at_hour(c, t, a), -0.5),
    ("time", "ac comma time", lambda c, a, t: _at_hour(c, t, a) if t.part else None, -0.5),
)  # fmt: skip
