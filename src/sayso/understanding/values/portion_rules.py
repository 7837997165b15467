"""Rules for parts of periods, and what is open on one side: "the end of May", "later this week", "by Friday",
"from noon onwards"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sayso.understanding.values.chart import Row
from sayso.understanding.values.clock_rules import LAST_SECOND
from sayso.understanding.values.length_rules import FINER
from sayso.understanding.values.nodes import At, Calendar, Fixed, Portion, floor
from sayso.understanding.values.occurrences import absolute, ahead, behind
from sayso.understanding.values.period_rules import PERIODS, period
from sayso.understanding.values.terms import Context, Time, at_clock, day_of

Make = Callable[[Context, Time], Time | None]


def _ever_since(context: Context, time: Time) -> Time | None:
    """Since the last one there was."""
    named = time.form in ("day", "month", "season", "quarter", "weekend") and not time.side
    if not named or absolute(time.node) or context.conventions.past:
        return None
    stretch = behind(time.node, context.now)
    return replace(time, node=Fixed(*stretch), side="after") if stretch else None


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


def _late_tonight(context: Context, part: str) -> Time | None:
    node = context.part(part)
    late = replace(node, start=(node.start + node.end) // 2)
    return Time(At(day_of(context, 0), late), "part", "hour", part=part)


ROWS: tuple[Row, ...] = (
    ("time", "ever_since time", _ever_since, 0.4),
    ("time", "after time", _after_whole, 0.2),
    ("time", "after ac", _aside("after"), 0.1),
    ("time", "since time", _aside("after", True), 0.2),
    ("time", "from time onward", _aside("after"), 0.5),
    ("time", "from ac onward", _aside("after"), 0.5),
    ("time", "since ac", _aside("after")),
    ("time", "before time", _aside("before", True), 0.2),
    ("time", "before ac", _aside("before"), 0.1),
    ("time", "by time", _by, 0.2),
    ("time", "by ac", _by, 0.1),
    ("time", "time onward", _aside("after"), 0.3),
    ("time", "ac onward", _aside("after"), 0.2),
    ("time", "time or_earlier", _aside("before"), 0.3),
    ("time", "anno onward", _aside("after"), 0.3),
    ("time", "since anno", _aside("after"), 0.2),
    ("time", "after|later_than anno", _after_whole, 0.3),
    ("time", "before anno", _aside("before"), 0.2),
    ("time", "before_day anno", lambda c, t: replace(t, side="before") if c.conventions.years else None, 0.5),
    ("time", "before_day time", _before_day, 0.2),
    ("time", "before_day ac", _aside("before"), 0.1),
    ("time", "begin time", third("begin"), 0.4),
    ("time", "mid time", portion("mid"), 0.2),
    ("time", "end time", _end_of, 0.4),
    ("time", "toward time", _toward, 0.2),
    ("time", "begin|early anno", third("begin"), 0.2),
    ("time", "mid anno", portion("mid"), 0.2),
    ("time", "end|late anno", third("end"), 0.2),
    ("time", "begin about time", third("begin"), 0.2),
    ("time", "end about time", third("end"), 0.2),
    ("time", "later grain", lambda c, g: _in_this(c, g, _later_in), 0.2),
    ("time", "early grain", lambda c, g: _in_this(c, g, _earlier_in), 0.1),
    ("time", "early time", _earlier_in, 0.2),
    ("time", "late time", portion("end"), 0.1),
    ("time", "later time", _later_in, 0.2),
    ("time", "late now_part", _late_tonight, 0.4),
    ("time", "by|toward end time", _until_now, 0.8),
    ("time", "rest time", _rest, 0.2),
    ("time", "rest grain", _this_rest, 0.2),
    ("time", "all grain", _all, -0.4),
    ("time", "bom", _edge("begin", "month"), 0.6),
    ("time", "eom", _edge("end", "month"), 0.6),
    ("time", "boy", _edge("begin", "year"), 0.6),
    ("time", "eoy", _edge("end", "year"), 0.6),
    ("time", "by|toward eoy", lambda c: _in_this(c, "year", _until_now), 0.7),
    ("time", "by|toward eom", lambda c: _in_this(c, "month", _until_now), 0.7),
    ("time", "grain to_date", _to_date, 0.3),
)  # fmt: skip
