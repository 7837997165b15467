"""Rules for ranges: "from 9 to 5", "13 to 15 July", "11 to 1 this afternoon", "between May and June"."""

from __future__ import annotations

from dataclasses import replace

from sayso.understanding.values.chart import Row
from sayso.understanding.values.day_rules import days
from sayso.understanding.values.nodes import At, Calendar, Clock, Cycle, Hours, Within
from sayso.understanding.values.terms import Context, Time, at_clock, between, day_of, halved, intersect, zoned


def _between(context: Context, a: Time, b: Time) -> Time | None:
    return None if a.side or b.side else between(context, a, b)


def _years(context: Context, a: Time, b: Time) -> Time | None:
    """Four digits are years where years are looked for, or where they make no usual clock: not 2014 and 2016."""
    odd = any(isinstance(t.node, Calendar) and t.node.year % 5 for t in (a, b))
    return _between(context, a, b) if context.conventions.years or odd else None


def _of_quarter(year: int, number: int) -> Time:
    return Time(Within(Cycle("quarter", number), Calendar(year=year)), "quarter", "quarter")


def _led_hours(context: Context, a: Time, b: Time) -> Time | None:
    return between(context, a, b)


def _hours(context: Context, a: Time, b: Time) -> Time | None:
    """Without a word that leads, one of both must be sure to be a clock."""
    sure = [isinstance(t.node, Clock) and (not t.node.dial or t.grain != "hour") for t in (a, b)]
    return between(context, a, b) if any(sure) else None


def _same_month(context: Context, first: int, last: int, month: int) -> Time | None:
    if not (0 < first < last < 32):
        return None
    return between(context, days(Calendar(month=month, day=first)), days(Calendar(month=month, day=last)))


def _month_first(context: Context, month: int, first: int, last: int) -> Time | None:
    return _same_month(context, first, last, month)


def _day_hours(context: Context, day: Time, hours: Time) -> Time | None:
    return at_clock(context, day, hours) if day.form == "day" else _part_hours(context, day, hours)


def _part_hours(context: Context, day: Time, hours: Time) -> Time | None:
    """ "Tonight from 7 to 8": in that part of that day."""
    if day.form != "part" or not isinstance(day.node, At):
        return None
    made = _in_part(context, hours, day.part)
    return at_clock(context, days(day.node.days), made) if made else None


def _hours_of_part(context: Context, hours: Time, day: Time) -> Time | None:
    return _part_hours(context, day, hours)


def _of_period(context: Context, first: int, last: int, outer: Time) -> Time | None:
    """ "From the 4th to the 22nd of next month"."""
    if outer.form != "month" or outer.side or not 0 < first < last < 32 or isinstance(outer.node, Calendar):
        return None
    one, other = (days(Within(Calendar(day=n), outer.node)) for n in (first, last))
    return between(context, one, other)


def _to_nth(context: Context, first: Time, last: int) -> Time | None:
    """ "From 27 April to the third": of the same month, or the next."""
    node = first.node
    if not isinstance(node, Calendar) or not node.day or not node.month:
        return None
    month = node.month if last > node.day else node.month % 12 + 1
    return between(context, first, days(Calendar(month=month, day=last)))


def _hours_zoned(context: Context, hours: Time, offset: int) -> Time | None:
    node = hours.node
    if hours.zone is not None or not isinstance(node, Hours) or not context.conventions.zones:
        return None
    first, last = (zoned(context, Time(c, "clock", hours.grain), offset).node for c in (node.first, node.last))
    assert isinstance(first, Clock) and isinstance(last, Clock)
    extra = min(node.extra, 1)
    return replace(hours, node=replace(node, first=first, last=last, extra=extra), grain="minute", zone=offset)


def _in_part(context: Context, hours: Time, part: str) -> Time | None:
    """Hours in a part of the day: both, or else the one that lies in it and the other next to that: "11 to 1 this
    afternoon", "10 to 2 this morning"."""
    if not isinstance(hours.node, Hours):
        return None
    first, last = (halved(clock, part) for clock in (hours.node.first, hours.node.last))
    if _told(context, first, last, part):
        return None  # "Twenty to five in the afternoon" is one time.
    if first.minutes >= last.minutes and hours.node.first.dial and hours.node.last.dial:
        if _lies(context, last, part):
            first = replace(first, minutes=first.minutes - 720)
        elif _lies(context, first, part):
            last = replace(last, minutes=(last.minutes + 720) % 1440)
    elif first.minutes + 720 < last.minutes and hours.node.first.dial:
        first = replace(first, minutes=first.minutes + 720)
    overnight = last.minutes < first.minutes - 720
    fits = first.minutes >= 0 and (first.minutes < last.minutes or overnight)
    return replace(hours, node=replace(hours.node, first=first, last=last), part=part) if fits else None


def _lies(context: Context, clock: Clock, part: str) -> bool:
    within = context.part(part)
    return within.start <= clock.minutes < within.end


def _told(context: Context, first: Clock, last: Clock, part: str) -> bool:
    """Whether "ten to two" may be ten minutes before two in that part of the day."""
    minutes = first.minutes % 720 // 60
    fives = first.grain == last.grain == "hour" and minutes in (5, 10)
    return fives and context.language == "en" and _lies(context, replace(last, minutes=last.minutes - minutes), part)


def _in_today(context: Context, hours: Time, part: str) -> Time | None:
    """ "8 to 10 tonight"."""
    made = _in_part(context, hours, part)
    return _day_hours(context, _today(context), made) if made else None


def _today_in(context: Context, part: str, hours: Time) -> Time | None:
    return _in_today(context, hours, part)


def _today(context: Context) -> Time:
    return days(day_of(context, 0))


def _both_open(context: Context, a: Time, b: Time) -> Time | None:
    return intersect(context, a, b) if a.side and b.side else None


ROWS: tuple[Row, ...] = (
    ("time", "from time till time", _between, 0.4),
    ("time", "between time and time", _between, 0.4),
    ("time", "time till time", _between, 0.1),
    ("hours", "from ac till ac", _led_hours, 0.8),
    ("hours", "between ac and|till ac", _led_hours, 0.8),
    ("hours", "hour till clock", _led_hours, 0.2),
    ("hours", "clock till hour", _led_hours, 0.1),
    ("hours", "plain till plain", _hours, 0.2),
    ("loose", "plain till plain", _led_hours),
    ("hours", "hh till clock", _led_hours, 0.1),
    ("time", "hours", lambda c, t: t),
    ("hours", "hours|loose zone", _hours_zoned, 0.3),
    ("time", "time comma? hours", _day_hours, 0.2),
    ("time", "time at? loose", _day_hours),
    ("time", "hours on? time", lambda c, h, d: _day_hours(c, d, h), 0.2),
    ("time", "loose on? time", _hours_of_part, 0.8),
    ("time", "hours inpart", lambda c, h, p: _in_part(c, h, p), 0.4),
    ("time", "nr till nr of? month", _same_month, 0.4),
    ("time", "nr till the nr of? month", _same_month, 0.4),
    ("time", "from|between the? nr till|and the? nr of? month", _same_month, 1.0),
    ("time", "from|between the? nr till|and the? nr of? time", _of_period, 0.5),
    ("time", "the? nr till the? nr of time", _of_period, 0.3),
    ("time", "the nr till the? nr of? month", _same_month, 0.4),
    ("time", "month nr till nr", _month_first, 0.4),
    ("time", "month nr till the nr", _month_first, 0.4),
    ("time", "from|between month nr till|and the? nr", _month_first, 0.5),
    ("time", "from dm till the? dom", _to_nth, 0.4),
    ("time", "dm till the dom", _to_nth, 0.4),
    ("time", "anno till anno", _between, 0.2),
    ("time", "from anno till anno", _between, 0.4),
    ("time", "from|between anno till|and anno", _years, 1.2),
    ("time", "loose|hours now_part", _in_today, 2.0),
    ("time", "now_part loose|hours", _today_in, 0.6),
    ("time", "year quarter_nr", lambda c, y, n: _of_quarter(y, n), 0.6),
    ("time", "year - quarter_nr", lambda c, y, n: _of_quarter(y, n), 0.8),
    ("time", "loose inpart", lambda c, h, p: _in_part(c, h, p), 2.0),
    ("time", "between anno and anno", _between, 0.5),
    ("time", "from|between anno till|and time", _between, 0.3),
    ("time", "anno till time", _between, 0.2),
    ("time", "time but time", _both_open, 0.3),
    ("time", "from time to_date", lambda c, t: between(c, t, _today(c)), 0.3),
)  # fmt: skip
