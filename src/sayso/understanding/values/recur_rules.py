"""Rules for what recurs: "every Tuesday", "om de week", "elke eerste van de maand", "daily at 8"."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sayso.understanding.values.chart import Row
from sayso.understanding.values.nodes import At, Calendar, Clock
from sayso.understanding.values.terms import Context, Recurring, Time, halved


def _grain(context: Context, grain: str) -> Recurring | None:
    return Recurring(grain)


def _interval(context: Context, number: int, grain: str) -> Recurring | None:
    return Recurring(grain, number) if 0 < number < 1000 else None


def _number(context: Context, number: Decimal, grain: str) -> Recurring | None:
    return _interval(context, int(number), grain)


def _other(context: Context, grain: str) -> Recurring:
    return Recurring(grain, 2)


def _weekly(context: Context, weekday: int) -> Recurring:
    return Recurring("week", weekdays=(weekday,))


def _other_weekday(context: Context, weekday: int) -> Recurring:
    return Recurring("week", 2, (weekday,))


def _more_days(context: Context, recurring: Recurring, weekday: int) -> Recurring | None:
    fits = recurring.weekdays and weekday not in recurring.weekdays and recurring.clock is None
    return replace(recurring, weekdays=tuple(sorted((*recurring.weekdays, weekday)))) if fits else None


def _monthday(context: Context, day: int) -> Recurring | None:
    return Recurring("month", monthday=day) if 0 < day < 32 else None


def _nth_weekday(context: Context, nth: int, weekday: int) -> Recurring | None:
    return Recurring("month", weekdays=(weekday,), nth=nth) if nth in (-1, 1, 2, 3, 4, 5) else None


def _every_time(context: Context, time: Time) -> Recurring | None:
    """Every morning, every weekend, every 1 May, every Monday at 4."""
    match time:
        case Time(node=Clock() as clock):
            return Recurring("day", clock=clock)
        case Time(form="part", node=At(days=Calendar(weekday=int() as weekday))) if weekday:
            return Recurring("week", weekdays=(weekday,), part=time.part)
        case Time(form="part") if not isinstance(time.node, At):
            return Recurring("day", part=time.part)
        case Time(form="weekend"):
            return Recurring("weekend")
        case Time(form="day", node=Calendar() as days) if days.month and days.day:
            return Recurring("year", month=days.month, monthday=days.day)
        case Time(form="month", node=Calendar(month=int() as month)):
            return Recurring("year", month=month)
        case Time(form="moment", node=At(days=Calendar(weekday=int() as weekday), clock=Clock() as clock)) if weekday:
            return Recurring("week", weekdays=(weekday,), clock=clock)
    return None


def _at(context: Context, recurring: Recurring, time: Time) -> Recurring | None:
    """At a time of day; a clock takes the half of the part that was named."""
    days = time.node
    if isinstance(days, Calendar) and days.month and days.day and recurring.grain == "year" and not recurring.month:
        return replace(recurring, month=days.month, monthday=days.day)
    if recurring.clock or recurring.grain in ("second", "minute", "hour"):
        return None
    if isinstance(time.node, Clock):
        node = halved(time.node, recurring.part) if recurring.part else time.node
        return replace(recurring, clock=node)
    if time.form == "part" and not isinstance(time.node, At) and not recurring.part:
        return replace(recurring, part=time.part)
    return None


def _clock_first(context: Context, time: Time, recurring: Recurring) -> Recurring | None:
    return _at(context, recurring, time) if recurring else None


def _plain_days(context: Context) -> Recurring:
    return Recurring("week", weekdays=(1, 2, 3, 4, 5))


ROWS: tuple[Row, ...] = (
    ("set", "every grain", _grain, 0.4),
    ("set", "every int grain", _interval, 0.5),
    ("set", "every num grain", _number, 0.4),
    ("set", "every other grain", _other, 0.6), ("set", "every other weekday", _other_weekday, 0.6),
    ("set", "every_other weekday", _other_weekday, 0.5), ("set", "every_other grain", _other, 0.5),
    ("set", "every_other int grain", _interval, 0.6), ("set", "every ord grain", _interval, 0.3),
    ("set", "once_every int grain", _interval, 0.6), ("set", "once_every grain", _grain, 0.5),
    ("set", "every weekday", _weekly, 0.5), ("set", "weekdays", _weekly, 0.3), ("set", "on weekdays", _weekly, 0.3),
    ("set", "set also|or weekday", _more_days, 0.2), ("set", "set also|or weekdays", _more_days, 0.2),
    ("set", "set also every weekday", _more_days, 0.3),
    ("set", "the? ord weekday every_month", _nth_weekday, 0.7),
    ("set", "every ord weekday of_month", _nth_weekday, 0.8),
    ("set", "every final weekday of_month", lambda c, d: _nth_weekday(c, -1, d), 0.8),
    ("set", "the? final weekday every_month", lambda c, d: _nth_weekday(c, -1, d), 0.8),
    ("set", "weekday parts", lambda c, d, p: Recurring("week", weekdays=(d,), part=p), 0.5),
    ("set", "spoken set", _clock_first),
    ("set", "every time", _every_time, 0.3), ("set", "every weekend", lambda c: Recurring("weekend"), 0.5),
    ("set", "every_one plural_weekend", lambda c: Recurring("weekend"), 0.5),
    ("set", "every_one weekdays", _weekly, 0.5),
    ("set", "plural_weekend", lambda c: Recurring("weekend"), 0.3), ("set", "workdays", _plain_days, 0.4),
    ("set", "every workdays", _plain_days, 0.6), ("set", "every workday", _plain_days, 0.6),
    ("set", "daily", lambda c: Recurring("day")), ("set", "weekly", lambda c: Recurring("week")),
    ("set", "fortnightly", lambda c: Recurring("week", 2)), ("set", "monthly", lambda c: Recurring("month")),
    ("set", "bimonthly", lambda c: Recurring("month", 2)), ("set", "quarterly", lambda c: Recurring("quarter")),
    ("set", "yearly", lambda c: Recurring("year")),
    ("set", "the? dom of every grain", lambda c, d, g: _monthday(c, d) if g == "month" else None, 0.6),
    ("set", "every dom of_month", _monthday, 0.6), ("set", "the? dom every_month", _monthday, 0.6),
    ("set", "set on? time", _at, 0.3), ("set", "set at ac", _at, 0.3), ("set", "set hh", _at, -0.2),
    ("set", "time set", _clock_first, 0.1), ("set", "a_times a? grain", lambda c, g: Recurring(g), 0.2),
    ("set", "set comma time", _at, 0.2),
)  # fmt: skip
