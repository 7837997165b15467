"""Rules for days: dates, weekdays, feasts, parts of a day, and what is said together."""

from __future__ import annotations

from dataclasses import replace

from sayso.understanding.values.chart import Row
from sayso.understanding.values.nodes import At, Calendar, Fixed, Node, Season, Within
from sayso.understanding.values.terms import Context, Time, day_of, intersect


def same(context: Context, time: Time) -> Time:
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


def year_of(context: Context, year: int) -> Time:
    return Time(Calendar(year=year), "year", "year")


def _spoken_year(context: Context, first: int, second: int) -> int | None:
    return first * 100 + second if first in (18, 19, 20) and 9 < second < 100 else None


def _anno(context: Context, year: int) -> Time | None:
    return year_of(context, year) if 0 < year < 9000 else None


def soon(context: Context, weekday: int) -> Time:
    ahead_by = (weekday - context.now.isoweekday() - 1) % 7 + 1
    return days(day_of(context, 0 if context.conventions.today and ahead_by == 7 else ahead_by))


def _next_weekday(context: Context, weekday: int) -> Time:
    if not context.conventions.next_week:
        return soon(context, weekday)
    return days(day_of(context, 7 - context.now.isoweekday() + weekday))


def _last_weekday(context: Context, weekday: int) -> Time:
    return days(day_of(context, -((context.now.isoweekday() - weekday - 1) % 7 + 1)))


def _this_part(context: Context, part: str) -> Time:
    return _now_part(context, part)


def _next_part(context: Context, part: str) -> Time:
    return _day_part(context, (1, part))


def _last_part(context: Context, part: str) -> Time:
    return _day_part(context, (-1, part))


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
    ("time", "weekday", _weekday),
    ("time", "month", _month),
    ("time", "days", _near),
    ("time", "inpart", _part),
    ("time", "now_part", _now_part),
    ("time", "day_part", _day_part),
    ("time", "weekday_part", _weekday_part),
    ("time", "season_name", _season),
    ("time", "feast", _feast, 0.2),
    ("time", "date", same, 1.5),
    ("time", "now", lambda c: Time(Fixed(c.now, c.now), "now", "second")),
    ("tx", "time|anno", same),
    ("time", "time early", _early_day, 0.3),
    ("dom", "ord", lambda c, n: n if 0 < n < 32 else None),
    ("domd", "ord_d", lambda c, n: n if 0 < n < 32 else None),
    ("nr", "int|dom", lambda c, n: n),
    ("dm", "nr month", _day_month, 0.3),
    ("dm", "nr of month", _day_month, 0.3),
    ("dm", "dom the? month", _day_month),
    ("dm", "the dom of? month", _day_month, 0.3),
    ("dm", "the nr of month", _day_month, 0.3),
    ("dm", "month nr", _month_day, 0.2),
    ("dm", "month the dom", _month_day, 0.3),
    ("time", "dm", same),
    ("md", "month nr", _month_day),
    ("time", "nr - month", _day_month),
    ("time", "month - nr", _month_day, -0.2),
    ("time", "the domd", _nth_day),
    ("time", "on_day the? dom", _nth_day),
    ("time", "on_day a weekday", _weekday),
    ("time", "on_the nr", _nth_day, -0.1),
    ("time", "on_day|weekday dot_date", _dot_date, 0.3),
    ("time", "the? dom day_of of_month", _nth_day, 0.3),
    ("time", "the? dom of_month", _nth_day, 0.2),
    ("time", "asked the? nr", _nth_day),
    ("time", "weekday comma? the? nr", _dated_weekday, -0.2),
    ("time", "weekday the? dom", _dated_weekday),
    ("year", "int int", _spoken_year, 0.1),
    ("dated", "dm comma? year", _of_year, 0.3),
    ("dated", "dm of year", _of_year, 0.3),
    ("time", "dated", same, 0.2),
    ("time", "weekday comma? the? dated", _surely, 0.6),
    ("time", "time of? year", _of_year),
    ("time", "time comma year", _of_year),
    ("time", "time year_of year", _of_year),
    ("time", "year_of year", lambda c, y: year_of(c, y)),
    ("anno", "year", lambda c, y: year_of(c, y)),
    ("time", "int ad", _anno),
    ("time", "year_of int ad", _anno),
    ("time", "year comma? month", lambda c, y, m: Time(Calendar(y, m), "month", "month"), 0.1),
    ("time", "the? period_of anno", lambda c, t: t, 0.2),
    ("time", "anno", lambda c, t: t if c.conventions.years else None, -0.3),
    ("time", "next weekday", _next_weekday, 0.2),
    ("time", "soon weekday", soon, 0.3),
    ("time", "last weekday", _last_weekday, 0.2),
    ("time", "weekday last", _last_weekday, -0.2),
    ("time", "this part", _this_part, 0.2),
    ("time", "last part", _last_part, 0.2),
    ("time", "next part", _next_part),
    ("time", "weekday week", _weekday_week, 0.3),
    ("time", "the time", lambda c, t: t, -0.05),
    ("time", "lead time", lambda c, t: t if not t.side else None, -0.05),
    ("time", "time time", _joined),
    ("time", "time comma time", _joined),
    ("time", "time on time", _joined),
    ("time", "time of tx", _joined),
    ("time", "time at ac", _at_hour, 0.1),
    ("time", "time comma hour", _part_hour, -0.3),
    ("time", "time hour", _part_hour, -0.5),
    ("time", "time hh", _at_hour, -0.4),
    ("time", "ac time", lambda c, a, t: _part_hour(c, t, a), -0.4),
    ("time", "hh on? time", lambda c, a, t: _at_hour(c, t, a), -0.5),
    ("time", "ac comma time", lambda c, a, t: _at_hour(c, t, a) if t.part else None, -0.5),
)  # fmt: skip
