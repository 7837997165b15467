"""Rules for lengths of time, and what is so far from now or from a time: "an hour and a half", "in three weeks",
"two days before Easter", "the next five days"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sayso.understanding.values.chart import Row
from sayso.understanding.values.day_rules import days
from sayso.understanding.values.nodes import STEP, Beyond, Clock, Fixed, Hours, Length, Shifted, Spanned, add, floor
from sayso.understanding.values.occurrences import absolute, ahead
from sayso.understanding.values.period_rules import PERIODS, period
from sayso.understanding.values.terms import RANK, Context, Span, Time, at_clock, between, cycle

MOST = 10_000
"""More of a grain than that is no length that anybody means."""


FINER = {"year": "month", "quarter": "month", "month": "day", "week": "day", "fortnight": "day", "day": "hour"}


def span(context: Context, number: Decimal, grain: str) -> Span | None:
    """So many of a grain; a part of a month or a year in days of the mean length, of a week in days."""
    if not 0 < number < MOST * 100:
        return None
    months = number * STEP[grain].months
    if months and months == int(months) < MOST:
        part = number != int(number)
        return Span(Length(int(months)), FINER.get(grain, grain) if part else grain, "mean" if part else "")
    whole, rest = int(number), number - int(number)
    length, exact = STEP[grain].times(whole), grain
    if rest:
        share = STEP[grain]
        seconds = float(rest) * (share.months * 2_628_000 + share.days * 86_400 + share.seconds)
        whole_days = 0 if share.seconds else int(seconds // 86_400)
        length = Length(length.months, length.days + whole_days, length.seconds + seconds - whole_days * 86_400)
        exact = {"hour": "second", "minute": "second"}.get(grain, FINER.get(grain, grain))
    sane = length.months < MOST and length.days < MOST * 100
    return Span(length, exact) if sane else None


def _one(context: Context, grain: str) -> Span | None:
    return span(context, Decimal(1), grain)


def _and_half(context: Context, number: Decimal, grain: str) -> Span | None:
    return span(context, number + Decimal("0.5"), grain)


def _one_and_half(context: Context, grain: str) -> Span | None:
    return span(context, Decimal("1.5"), grain)


def _quarters(context: Context, number: int) -> Span | None:
    return Span(Length(seconds=900 * number), "second") if 0 < number < 100 else None


def _both(context: Context, a: Span, b: Span) -> Span | None:
    """ "Two hours and ten minutes": the greater first."""
    if RANK[a.grain] <= RANK[b.grain]:
        return None
    x, y = a.length, b.length
    return Span(Length(x.months + y.months, x.days + y.days, x.seconds + y.seconds), b.grain)


def _from_now(context: Context, by: Span, sign: int) -> Time | None:
    """So far from now: to the day when days or more are counted, to the second otherwise."""
    length = by.length
    plain = Length(length.months, length.days)
    begun = replace(context, now=context.later(sign * length.seconds)) if length.seconds else context
    try:
        at = add(begun.now, plain.times(sign))
    except OverflowError:
        return None
    if length.seconds:
        grain = "second" if by.grain != "hour" else "minute"
        return Time(Fixed(at, at), "moment", grain)
    if by.grain in ("day", "fortnight") and context.conventions.hours_kept:
        start = floor(at, "hour")
        return Time(Fixed(start, start + timedelta(hours=1)), "moment", "hour")
    if by.grain in ("year", "quarter") and context.conventions.hours_kept:
        start = floor(at, "month")
        return Time(Fixed(start, add(start, STEP["month"])), "month", "month")
    start = floor(at, "day")
    return days(Fixed(start, start + timedelta(days=1)))


def _in(context: Context, by: Span) -> Time | None:
    return _from_now(context, by, 1)


def _ago(context: Context, by: Span) -> Time | None:
    return _from_now(context, by, -1)


def _behind(context: Context, by: Span, time: Time) -> Time | None:
    return _shifted(context, by, time, 1)


def _ahead_of(context: Context, by: Span, time: Time) -> Time | None:
    return _shifted(context, by, time, -1)


def _shifted(context: Context, by: Span, time: Time, sign: int) -> Time | None:
    if isinstance(time.node, Clock) and not time.side and not by.length.months and not by.length.days:
        minutes = int(time.node.minutes + sign * by.length.seconds // 60) % (720 if time.node.dial else 1440)
        return replace(time, node=replace(time.node, minutes=minutes, grain="minute"), grain="minute")
    if time.side or time.form in ("clock", "part", "hours"):
        return None
    if time.form == "now":
        return _from_now(context, by, sign)
    if by.length.seconds and time.form != "moment":
        return _of_day(context, by, time, sign)
    node = time.node
    if not absolute(node):
        stretch = next((s for s in ahead(node, context.now) if s[0] > context.now), None)
        node = Fixed(*stretch) if stretch else node
    return replace(time, node=Shifted(node, by.length.times(sign)))


def _of_day(context: Context, by: Span, time: Time, sign: int) -> Time | None:
    """ "Two hours after Friday begins"; "15 minutes before Friday" are a length and a day."""
    if time.form != "day" or sign < 0:
        return None
    return Time(Shifted(time.node, by.length.times(sign)), "moment", "minute" if by.grain == "hour" else by.grain)


def _within(context: Context, by: Span) -> Time:
    end = add(context.now, by.length)
    if context.conventions.hours_kept and not by.length.seconds:
        return Time(Fixed(context.now, floor(end, "day")), "range", "second")
    return Time(Fixed(context.now, end), "range", "second" if by.length.seconds else "day")


def _for(context: Context, time: Time, by: Span) -> Time | None:
    """ "From 9 for two hours", "18 December for 10 days"."""
    if time.side or time.form not in ("clock", "moment", "day", "hour"):
        return None
    if isinstance(time.node, Clock) and not by.length.months and not by.length.days:
        minutes = int(time.node.minutes + by.length.seconds // 60)
        last = replace(time.node, minutes=minutes % (720 if time.node.dial else 1440))
        fine = {"hour": 60, "minute": 1}.get(_finer(time.grain, by.grain), 0)
        return Time(Hours(time.node, last, fine if context.conventions.ends_included else 0), "hours", "minute")
    if isinstance(time.node, Clock):
        return None
    whole = context.conventions.ends_included and time.form == "day"
    return Time(Spanned(time.node, Shifted(time.node, by.length), whole, time.grain), "range", time.grain)


def _finer(a: str, b: str) -> str:
    return min((a, b), key=lambda g: RANK[g])


def _day_for(context: Context, day: Time, by: Span, clock: Time) -> Time | None:
    both = at_clock(context, day, clock)
    return _for(context, both, by) if both else None


def _from_for(context: Context, by: Span, time: Time) -> Time | None:
    return _for(context, time, by)


def _next_few(context: Context, count: int, grain: str) -> Time | None:
    return _few(context, count, grain, 1)


def _last_few(context: Context, count: int, grain: str) -> Time | None:
    return _few(context, count, grain, -1)


def _few(context: Context, count: int, grain: str, sign: int) -> Time | None:
    """The next or last so many: whole ones of the calendar, or counted from today."""
    if not 0 < count < MOST or grain not in STEP or grain in ("fortnight",):
        return None
    rolling = context.conventions.rolling and grain not in ("quarter", "decade", "century")
    if rolling and RANK[grain] >= 3:
        today = floor(context.now, "day")
        start = today + timedelta(days=1) if sign > 0 else add(today, STEP[grain].times(-count))
        return Time(Fixed(start, add(start, STEP[grain].times(count))), "range", grain)
    begin = context.now if rolling else floor(context.now, grain)
    by = STEP[grain]
    start = (begin if rolling else add(begin, by)) if sign > 0 else add(begin, by.times(-count))
    return Time(Fixed(start, add(start, by.times(count))), "range", grain)


def _upcoming_few(context: Context, count: int, grain: str) -> Time | None:
    if not context.conventions.upcoming:
        return _next_few(context, count, grain)
    return period(context, grain, count) if 0 < count < MOST and grain in STEP else None


def _side(time: Time | None, side: str) -> Time | None:
    return replace(time, side=side) if time else None


def _up_to(context: Context, first: Time | None, last: Time | None) -> Time | None:
    return between(context, first, last) if first and last and not first.side and not last.side else None


def _within_ago(context: Context, by: Span) -> Time:
    start = add(context.now, by.length.times(-1))
    return Time(Fixed(start, context.now), "range", "second" if by.length.seconds else "day")


def _next_to(context: Context, grain: str, time: Time, sign: int) -> Time | None:
    """ "The day after Christmas", "the week before Easter"."""
    if time.side or time.form not in ("day", "week", "month", "weekend", "year", "season") or grain not in PERIODS:
        return None
    if grain == "day":
        return _shifted(context, Span(Length(days=1), "day"), time, sign) if time.form == "day" else None
    return Time(Beyond(cycle(context, grain), time.node, sign), grain, grain)


ROWS: tuple[Row, ...] = (
    ("dur", "num grain", span, 0.2),
    ("dur", "int grain", lambda c, n, g: span(c, Decimal(n), g), 0.2),
    ("dur", "num more grain", span),
    ("dur", "int more grain", lambda c, n, g: span(c, Decimal(n), g)),
    ("dur", "a grain", _one), ("dur", "a grain or int", lambda c, g, n: span(c, Decimal(n), g), 0.5),
    ("time", "within the grain", lambda c, g: _within(c, Span(STEP[g], g)) if g in ("hour", "day") else None, 0.3),
    ("dur", "half grain", lambda c, g: span(c, Decimal("0.5"), g)),
    ("dur", "half a grain", lambda c, g: span(c, Decimal("0.5"), g)),
    ("dur", "half_hour", lambda c: _quarters(c, 2), 0.2),
    ("dur", "quarter_hour", lambda c: _quarters(c, 1), 0.2),
    ("dur", "int quarter_hour", _quarters, 0.2),
    ("dur", "num and_a_half grain", _and_half, 0.3),
    ("dur", "int and_a_half grain", lambda c, n, g: _and_half(c, Decimal(n), g), 0.3),
    ("dur", "int grain and_a_half", lambda c, n, g: _and_half(c, Decimal(n), g), 0.3),
    ("dur", "num grain and_a_half", _and_half, 0.3),
    ("dur", "a grain and_a_half", _one_and_half, 0.3),
    ("dur", "dur also? dur", _both, 0.1),
    ("dur", "about dur", lambda c, d: d), ("dur", "dur ish", lambda c, d: d, 0.1),
    ("time", "in dur in_time", _in, 0.4),
    ("dur", "all grain", lambda c, g: _one(c, g) if g == "day" else None, 0.1),
    ("dur", "num of? a grain", span, 0.3),
    ("time", "the? grain after time|anno", lambda c, g, t: _next_to(c, g, t, 1), 0.5),
    ("time", "the? grain before|before_day time|anno", lambda c, g, t: _next_to(c, g, t, -1), 0.5),
    ("time", "in int_alone", lambda c, n: _in(c, Span(Length(seconds=60 * n), "minute")) if n < 200 else None),
    ("time", "in int tick", lambda c, n: _in(c, Span(Length(seconds=60 * n), "minute")), 0.5),
    ("time", "in dur", _in, 0.3),
    ("time", "dur hence", _in, 0.3),
    ("time", "dur ago", _ago, 0.3),
    ("time", "dur back", lambda c, d: _ago(c, d) if not d.length.seconds else None, 0.3),
    ("time", "dur after time", _behind, 0.4),
    ("time", "dur before time", _ahead_of, 0.4),
    ("time", "dur later_than time", _behind, 0.4),
    ("time", "dur from time", _behind, 0.4),
    ("time", "dur calculated from? time", _behind, 0.5),
    ("time", "dur hence time", _behind, -0.3),
    ("time", "within dur", _within, 0.2),
    ("time", "from? time for dur", _for, 0.3),
    ("time", "for? dur from time", _from_for, 0.3),
    ("time", "time for dur from|at ac", _day_for, 0.6),
    ("time", "for dur from ac", _from_for, 0.4),
    ("time", "next int grain", _next_few, 0.4),
    ("time", "next num grain", lambda c, n, g: _next_few(c, int(n), g), 0.3),
    ("time", "last int grain", _last_few, 0.4),
    ("time", "last num grain", lambda c, n, g: _last_few(c, int(n), g), 0.3),
    ("time", "int last grain", _last_few, 0.4),
    ("time", "int next grain", _next_few, 0.4),
    ("time", "upcoming int grain", _upcoming_few, 0.7),
    ("time", "int upcoming grain", _upcoming_few, 0.7),
    ("time", "upcoming num grain", lambda c, n, g: _upcoming_few(c, int(n), g), 0.6),
    ("time", "more_than dur ago", lambda c, d: _side(_ago(c, d), "before"), 0.6),
    ("time", "less_than dur ago", lambda c, d: _within_ago(c, d), 0.6),
    ("time", "more_than in? dur hence", lambda c, d: _side(_in(c, d), "after"), 0.6),
    ("time", "less_than dur hence", _within, 0.6),
    ("time", "more_than dur after time", lambda c, d, t: _side(_behind(c, d, t), "after"), 0.7),
    ("time", "more_than dur before time", lambda c, d, t: _side(_ahead_of(c, d, t), "before"), 0.7),
    ("time", "less_than dur after time", lambda c, d, t: _up_to(c, t, _behind(c, d, t)), 0.7),
    ("time", "less_than dur before time", lambda c, d, t: _up_to(c, _ahead_of(c, d, t), t), 0.7),
    ("dur", "more_than dur", lambda c, d: d),
    ("dur", "less_than dur", lambda c, d: d),
    ("dur", "dur long", lambda c, d: d, 0.5),
    ("dur", "int oclock long", lambda c, n: span(c, Decimal(n), "hour"), 0.8),
    ("time", "after dur", _in),
    ("dur", "lasting dur", lambda c, d: d, 0.3),
    ("time", "dur before_day time", _ahead_of, 0.4),
    ("time", "more_than dur before_day time", lambda c, d, t: _side(_ahead_of(c, d, t), "before"), 0.7),
)  # fmt: skip
