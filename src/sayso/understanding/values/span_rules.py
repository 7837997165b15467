"""Rules for lengths of time, ranges, parts of periods, and what is open on one side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sayso.understanding.values.chart import Row
from sayso.understanding.values.clock_rules import LAST_SECOND
from sayso.understanding.values.day_rules import PERIODS, days, period
from sayso.understanding.values.nodes import (
    STEP,
    At,
    Beyond,
    Calendar,
    Clock,
    Cycle,
    Fixed,
    Hours,
    Length,
    Portion,
    Shifted,
    Spanned,
    Within,
    add,
    floor,
)
from sayso.understanding.values.occurrences import absolute, ahead, behind
from sayso.understanding.values.terms import (
    RANK,
    Context,
    Span,
    Time,
    at_clock,
    between,
    cycle,
    day_of,
    halved,
    intersect,
    zoned,
)

FINER = {"year": "month", "quarter": "month", "month": "day", "week": "day", "fortnight": "day", "day": "hour"}
Make = Callable[[Context, Time], Time | None]
MOST = 10_000
"""More of a grain than that is no length that anybody means."""


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


def _cut(context: Context, time: Fixed | Shifted, grain: str) -> Time:
    return Time(time, "moment" if RANK[grain] < 3 else "day", grain)


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
    if by.grain == "day" and context.conventions.hours_kept:
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


def _upcoming_one(context: Context, grain: str) -> Time | None:
    return period(context, grain, 1)


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


def _next_to(context: Context, grain: str, time: Time, sign: int) -> Time | None:
    """ "The day after Christmas", "the week before Easter"."""
    if time.side or time.form not in ("day", "week", "month", "weekend", "year", "season") or grain not in PERIODS:
        return None
    if grain == "day":
        return _shifted(context, Span(Length(days=1), "day"), time, sign) if time.form == "day" else None
    return Time(Beyond(cycle(context, grain), time.node, sign), grain, grain)


def _ever_since(context: Context, time: Time) -> Time | None:
    """Since the last one there was."""
    named = time.form in ("day", "month", "season", "quarter", "weekend") and not time.side
    if not named or absolute(time.node) or context.conventions.past:
        return None
    stretch = behind(time.node, context.now)
    return replace(time, node=Fixed(*stretch), side="after") if stretch else None


def _of_period(context: Context, first: int, last: int, outer: Time) -> Time | None:
    """ "From the 4th to the 22nd of next month"."""
    if outer.form != "month" or outer.side or not 0 < first < last < 32 or isinstance(outer.node, Calendar):
        return None
    one, other = (days(Within(Calendar(day=n), outer.node)) for n in (first, last))
    return between(context, one, other)


def _side(time: Time | None, side: str) -> Time | None:
    return replace(time, side=side) if time else None


def _up_to(context: Context, first: Time | None, last: Time | None) -> Time | None:
    return between(context, first, last) if first and last and not first.side and not last.side else None


def _within_ago(context: Context, by: Span) -> Time:
    start = add(context.now, by.length.times(-1))
    return Time(Fixed(start, context.now), "range", "second" if by.length.seconds else "day")


def _to_nth(context: Context, first: Time, last: int) -> Time | None:
    """ "From 27 April to the third": of the same month, or the next."""
    node = first.node
    if not isinstance(node, Calendar) or not node.day or not node.month:
        return None
    month = node.month if last > node.day else node.month % 12 + 1
    return between(context, first, days(Calendar(month=month, day=last)))


def _aside(side: str, portion: bool = False) -> Make:
    def make(context: Context, time: Time) -> Time | None:
        opens = time.form not in ("hours", "range") or (portion and isinstance(time.node, Portion | Fixed))
        return replace(time, side=side) if not time.side and opens else None

    return make


def _before_day(context: Context, time: Time) -> Time | None:
    """ "Voor maandag" is before it, "voor volgende week" is for it."""
    before = time.form in ("day", "moment", "clock") or isinstance(time.node, Portion)
    before = before or (time.form == "month" and context.conventions.past)
    return replace(time, side="before") if before and not time.side else None


def _after_whole(context: Context, time: Time) -> Time | None:
    """After a year or a month is when it has ended."""
    if time.side or time.form == "hours" or (time.form == "range" and not isinstance(time.node, Portion)):
        return None
    if time.form == "part" or (isinstance(time.node, Portion) and time.node.which == "mid"):
        return replace(time, side="after_end")
    return replace(time, side="after_end" if time.rank >= 5 and not context.conventions.ends_included else "after")


def _by(context: Context, time: Time) -> Time | None:
    """ "By five": at the latest; by some conventions from now until then."""
    made: Time | None = _aside("before", True)(context, time)
    if made is None or not context.conventions.by_now:
        return made
    at = isinstance(time.node, Portion) and time.node.which == "end"
    stretch = next((s for s in ahead(time.node, context.now) if s[at] > context.now), None)
    return Time(Fixed(context.now, stretch[at]), "range", "second") if stretch else None


def _until_now(context: Context, time: Time) -> Time | None:
    if time.side or time.form in ("hours",):
        return None
    stretch = next(ahead(time.node, context.now), None)
    return Time(Fixed(context.now, stretch[1]), "range", "second") if stretch and stretch[1] > context.now else None


def portion(which: str) -> Make:
    """A rule for the beginning, middle or end of a period."""

    def make(context: Context, time: Time) -> Time | None:
        grain = time.form
        if time.side or grain not in ("day", "week", "month", "quarter", "year", "decade", "part"):
            return None
        way = "halves" if context.conventions.portions == "halves" else "thirds"
        form, fine = ("part", "hour") if grain == "part" else ("range", FINER.get(grain, "day"))
        return Time(Portion(time.node, which, way, grain), form, fine, part=time.part)

    return make


def third(which: str) -> Make:
    """The end "of 1989", which is a third of it by every convention but with "this"."""

    def make(context: Context, time: Time) -> Time | None:
        made: Time | None = portion(which)(context, time)
        named = isinstance(time.node, Calendar) and time.form == "year"
        if made and named and isinstance(made.node, Portion):
            return replace(made, node=replace(made.node, way="thirds"))
        return made

    return make


def _end_of(context: Context, time: Time) -> Time | None:
    """The last part of a period; of a day its last second, where the end of a day is one."""
    if time.form == "day" and not time.side and context.conventions.halves:
        return at_clock(context, time, Time(LAST_SECOND, "clock", "second"))
    made: Time | None = third("end")(context, time)
    return made


def _toward(context: Context, time: Time) -> Time | None:
    """ "Tegen vrijdag" is by Friday; by a clock it is about."""
    named = time.form in ("day", "week", "month", "year", "season", "quarter") and not time.side
    return replace(time, side="before") if named else None


def _later_in(context: Context, time: Time) -> Time | None:
    """What is left of this period, or its second half."""
    if time.side or time.form == "clock":
        return None
    made: Time | None = portion("end")(context, time)
    if made is None or not isinstance(time.node, Fixed) or time.form not in ("week", "month", "year", "day"):
        return made
    if time.node.start <= context.now < time.node.end and time.form == "week":
        half = time.node.start + timedelta(days=3)
        return Time(Fixed(max(half, floor(context.now, "day")), time.node.end), "range", "day")
    fine = "hour" if time.form == "day" else "day"
    return Time(replace(made.node, way="halves") if isinstance(made.node, Portion) else made.node, "range", fine)


def _earlier_in(context: Context, time: Time) -> Time | None:
    made: Time | None = portion("begin")(context, time)
    if made and isinstance(made.node, Portion) and isinstance(time.node, Fixed):
        return replace(made, node=replace(made.node, way="halves"))
    return made


def _rest(context: Context, time: Time) -> Time | None:
    if not isinstance(time.node, Fixed) or time.form not in ("week", "month", "year", "day"):
        return None
    last = context.conventions.ends_included and time.form == "week"
    end = time.node.end - timedelta(days=last or context.conventions.halves)
    return Time(Fixed(floor(context.now, "day"), end), "range", "day")


def _all(context: Context, grain: str) -> Time | None:
    this = period(context, grain, 0) if grain in PERIODS else None
    if this is None or not isinstance(this.node, Fixed):
        return None
    end = this.node.end - timedelta(days=context.conventions.ends_included and grain == "week")
    return Time(Fixed(this.node.start, end), "range", "day")


def _this_rest(context: Context, grain: str) -> Time | None:
    this = period(context, grain, 0) if grain in PERIODS else None
    return _rest(context, this) if this else None


def _in_this(context: Context, grain: str, make: Callable[[Context, Time], Time | None]) -> Time | None:
    this = period(context, grain, 0) if grain in PERIODS else None
    return make(context, this) if this else None


def _edge(which: str, grain: str) -> Callable[[Context], Time | None]:
    def make(context: Context) -> Time | None:
        this = period(context, grain, 0)
        return portion(which)(context, this) if this else None

    return make


def _to_date(context: Context, grain: str) -> Time | None:
    this = period(context, grain, 0) if grain in PERIODS else None
    return Time(Fixed(this.node.start, context.now), "range", "day") if this and isinstance(this.node, Fixed) else None


def _both_open(context: Context, a: Time, b: Time) -> Time | None:
    return intersect(context, a, b) if a.side and b.side else None


def _late_tonight(context: Context, part: str) -> Time | None:
    node = context.part(part)
    late = replace(node, start=(node.start + node.end) // 2)
    return Time(At(day_of(context, 0), late), "part", "hour", part=part)


def _today(context: Context) -> Time:
    return days(day_of(context, 0))


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


ROWS: tuple[Row, ...] = (
    ("dur", "num grain", span, 0.2), ("dur", "int grain", lambda c, n, g: span(c, Decimal(n), g), 0.2),
    ("dur", "num more grain", span),
    ("dur", "int more grain", lambda c, n, g: span(c, Decimal(n), g)),
    ("dur", "a grain", _one),
    ("dur", "half grain", lambda c, g: span(c, Decimal("0.5"), g)),
    ("dur", "half a grain", lambda c, g: span(c, Decimal("0.5"), g)),
    ("dur", "half_hour", lambda c: _quarters(c, 2), 0.2),
    ("dur", "quarter_hour", lambda c: _quarters(c, 1), 0.2), ("dur", "int quarter_hour", _quarters, 0.2),
    ("dur", "num and_a_half grain", _and_half, 0.3),
    ("dur", "int and_a_half grain", lambda c, n, g: _and_half(c, Decimal(n), g), 0.3),
    ("dur", "int grain and_a_half", lambda c, n, g: _and_half(c, Decimal(n), g), 0.3),
    ("dur", "num grain and_a_half", _and_half, 0.3),
    ("dur", "a grain and_a_half", _one_and_half, 0.3), ("dur", "dur also? dur", _both, 0.1),
    ("dur", "about dur", lambda c, d: d), ("dur", "all grain", lambda c, g: _one(c, g) if g == "day" else None, 0.1),
    ("dur", "num of? a grain", span, 0.3),
    ("time", "the? grain after time", lambda c, g, t: _next_to(c, g, t, 1), 0.5),
    ("time", "the? grain before|before_day time", lambda c, g, t: _next_to(c, g, t, -1), 0.5),
    ("time", "ever_since time", _ever_since, 0.4),
    ("time", "in dur", _in, 0.3),
    ("time", "dur hence", _in, 0.3),
    ("time", "dur ago", _ago, 0.3),
    ("time", "dur back", lambda c, d: _ago(c, d) if not d.length.seconds else None, 0.3),
    ("time", "dur after time", _behind, 0.4), ("time", "dur before time", _ahead_of, 0.4),
    ("time", "dur later_than time", _behind, 0.4),
    ("time", "dur from time", _behind, 0.4), ("time", "dur calculated from? time", _behind, 0.5),
    ("time", "dur hence time", _behind, -0.3), ("time", "within dur", _within, 0.2),
    ("time", "from? time for dur", _for, 0.3), ("time", "for? dur from time", _from_for, 0.3),
    ("time", "time for dur from|at ac", _day_for, 0.6), ("time", "for dur from ac", _from_for, 0.4),
    ("time", "next int grain", _next_few, 0.4),
    ("time", "next num grain", lambda c, n, g: _next_few(c, int(n), g), 0.3),
    ("time", "last int grain", _last_few, 0.4),
    ("time", "last num grain", lambda c, n, g: _last_few(c, int(n), g), 0.3),
    ("time", "int last grain", _last_few, 0.4), ("time", "int next grain", _next_few, 0.4),
    ("time", "upcoming int grain", _upcoming_few, 0.7), ("time", "int upcoming grain", _upcoming_few, 0.7),
    ("time", "upcoming num grain", lambda c, n, g: _upcoming_few(c, int(n), g), 0.6),
    ("time", "from time till time", _between, 0.4), ("time", "between time and time", _between, 0.4),
    ("time", "time till time", _between, 0.1),
    ("hours", "from ac till ac", _led_hours, 0.8), ("hours", "between ac and|till ac", _led_hours, 0.8),
    ("hours", "hour till clock", _led_hours, 0.2), ("hours", "clock till hour", _led_hours, 0.1),
    ("hours", "plain till plain", _hours, 0.2), ("loose", "plain till plain", _led_hours),
    ("hours", "hh till clock", _led_hours, 0.1),
    ("time", "hours", lambda c, t: t),
    ("hours", "hours|loose zone", _hours_zoned, 0.3),
    ("time", "time comma? hours", _day_hours, 0.2),
    ("time", "time at? loose", _day_hours),
    ("time", "hours on? time", lambda c, h, d: _day_hours(c, d, h), 0.2),
    ("time", "loose on? time", _hours_of_part, 0.8),
    ("time", "hours inpart", lambda c, h, p: _in_part(c, h, p), 0.4),
    ("time", "nr till nr of? month", _same_month, 0.4), ("time", "nr till the nr of? month", _same_month, 0.4),
    ("time", "from|between the? nr till|and the? nr of? month", _same_month, 1.0),
    ("time", "from|between the? nr till|and the? nr of? time", _of_period, 0.5),
    ("time", "the? nr till the? nr of time", _of_period, 0.3),
    ("time", "more_than dur ago", lambda c, d: _side(_ago(c, d), "before"), 0.6),
    ("time", "less_than dur ago", lambda c, d: _within_ago(c, d), 0.6),
    ("time", "more_than in? dur hence", lambda c, d: _side(_in(c, d), "after"), 0.6),
    ("time", "less_than dur hence", _within, 0.6),
    ("time", "more_than dur after time", lambda c, d, t: _side(_behind(c, d, t), "after"), 0.7),
    ("time", "more_than dur before time", lambda c, d, t: _side(_ahead_of(c, d, t), "before"), 0.7),
    ("time", "less_than dur after time", lambda c, d, t: _up_to(c, t, _behind(c, d, t)), 0.7),
    ("time", "less_than dur before time", lambda c, d, t: _up_to(c, _ahead_of(c, d, t), t), 0.7),
    ("dur", "more_than dur", lambda c, d: d), ("dur", "less_than dur", lambda c, d: d),
    ("time", "the nr till the? nr of? month", _same_month, 0.4),
    ("time", "month nr till nr", _month_first, 0.4), ("time", "month nr till the nr", _month_first, 0.4),
    ("time", "from|between month nr till|and the? nr", _month_first, 0.5),
    ("time", "from dm till the? dom", _to_nth, 0.4), ("time", "dm till the dom", _to_nth, 0.4),
    ("time", "after time", _after_whole, 0.2),
    ("time", "after ac", _aside("after"), 0.1),
    ("time", "since time", _aside("after", True), 0.2),
    ("time", "from time onward", _aside("after"), 0.5),
    ("time", "from ac onward", _aside("after"), 0.5),
    ("dur", "dur long", lambda c, d: d, 0.5),
    ("dur", "int oclock long", lambda c, n: span(c, Decimal(n), "hour"), 0.8),
    ("time", "since ac", _aside("after")), ("time", "before time", _aside("before", True), 0.2),
    ("time", "before ac", _aside("before"), 0.1), ("time", "by time", _by, 0.2), ("time", "by ac", _by, 0.1),
    ("time", "time onward", _aside("after"), 0.3), ("time", "ac onward", _aside("after"), 0.2),
    ("time", "time or_earlier", _aside("before"), 0.3),
    ("time", "anno onward", _aside("after"), 0.3), ("time", "since anno", _aside("after"), 0.2),
    ("time", "after|later_than anno", _after_whole, 0.3), ("time", "before anno", _aside("before"), 0.2),
    ("time", "anno till anno", _between, 0.2), ("time", "from anno till anno", _between, 0.4),
    ("time", "from|between anno till|and anno", _years, 1.2),
    ("time", "loose|hours now_part", _in_today, 2.0), ("time", "now_part loose|hours", _today_in, 0.6),
    ("time", "after dur", _in),
    ("time", "year quarter_nr", lambda c, y, n: _of_quarter(y, n), 0.6),
    ("time", "year - quarter_nr", lambda c, y, n: _of_quarter(y, n), 0.8),
    ("time", "before_day anno", lambda c, t: replace(t, side="before") if c.conventions.years else None, 0.5),
    ("dur", "lasting dur", lambda c, d: d, 0.3), ("time", "before_day time", _before_day, 0.2),
    ("time", "before_day ac", _aside("before"), 0.1),
    ("time", "dur before_day time", _ahead_of, 0.4),
    ("time", "more_than dur before_day time", lambda c, d, t: _side(_ahead_of(c, d, t), "before"), 0.7),
    ("time", "loose inpart", lambda c, h, p: _in_part(c, h, p), 2.0),
    ("time", "between anno and anno", _between, 0.5), ("time", "from|between anno till|and time", _between, 0.3),
    ("time", "anno till time", _between, 0.2),
    ("time", "time but time", _both_open, 0.3),
    ("time", "begin time", third("begin"), 0.4),
    ("time", "mid time", portion("mid"), 0.2),
    ("time", "end time", _end_of, 0.4),
    ("time", "toward time", _toward, 0.2),
    ("time", "begin|early anno", third("begin"), 0.2),
    ("time", "mid anno", portion("mid"), 0.2),
    ("time", "end|late anno", third("end"), 0.2),
    ("time", "begin about time", third("begin"), 0.2), ("time", "end about time", third("end"), 0.2),
    ("time", "later grain", lambda c, g: _in_this(c, g, _later_in), 0.2),
    ("time", "early grain", lambda c, g: _in_this(c, g, _earlier_in), 0.1),
    ("time", "early time", _earlier_in, 0.2),
    ("time", "late time", portion("end"), 0.1),
    ("time", "later time", _later_in, 0.2),
    ("time", "late now_part", _late_tonight, 0.4), ("time", "by|toward end time", _until_now, 0.8),
    ("time", "rest time", _rest, 0.2), ("time", "rest grain", _this_rest, 0.2), ("time", "all grain", _all, -0.4),
    ("time", "bom", _edge("begin", "month"), 0.6), ("time", "eom", _edge("end", "month"), 0.6),
    ("time", "boy", _edge("begin", "year"), 0.6), ("time", "eoy", _edge("end", "year"), 0.6),
    ("time", "by|toward eoy", lambda c: _in_this(c, "year", _until_now), 0.7),
    ("time", "by|toward eom", lambda c: _in_this(c, "month", _until_now), 0.7),
    ("time", "grain to_date", _to_date, 0.3),
    ("time", "from time to_date", lambda c, t: between(c, t, _today(c)), 0.3),
)  # fmt: skip
