"""From an expression of time to readings: when it is, as ISO 8601, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from sayso.understanding.values.model import Reading
from sayso.understanding.values.nodes import (
    At,
    Calendar,
    Clock,
    Hours,
    Node,
    Part,
    Portion,
    Spanned,
    Stretch,
    floor,
)
from sayso.understanding.values.occurrences import absolute, ahead, behind, everything, occurrences
from sayso.understanding.values.terms import Context, Recurring, Span, Time

_CLOCKED = (Clock, Part, Hours)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Resolved:
    """What kind of value a time is, whether it names no day, and its readings."""

    kind: str
    dayless: bool
    readings: tuple[Reading, ...]


def kind_of(time: Time) -> str:
    """The kind of value of a time."""
    if time.side or time.form not in ("day", "clock", "moment", "now"):
        return "range"
    return {"day": "date", "clock": "time"}.get(time.form, "datetime")


def resolve(context: Context, time: Time, zone: tzinfo, future_only: bool) -> Resolved | None:
    """All readings of a time by the conventions; None when it is never, or is past and only the future counts."""
    stretches = dict.fromkeys(_stretches(context, time))
    made = (_reading(context, time, s, zone) for s in stretches if not future_only or _is_ahead(context, time, s))
    readings = tuple(dict.fromkeys(made))
    return Resolved(kind_of(time), _dayless(time.node), readings) if readings else None


def _dayless(node: Node) -> bool:
    return isinstance(node, _CLOCKED) or (isinstance(node, Portion) and _dayless(node.node))


def _is_ahead(context: Context, time: Time, stretch: Stretch) -> bool:
    if time.form in ("clock", "moment") and not time.side:
        return (
            stretch[0] >= context.now.replace(second=0, microsecond=0)
            if time.form == "moment"
            else stretch[0] > context.now
        )
    return stretch[1] > context.now or time.side.startswith("after") or stretch[0] >= context.now


def _stretches(context: Context, time: Time) -> Iterator[Stretch]:
    """The stretches that are meant, the likeliest first."""
    options = context.conventions
    if absolute(time.node):
        found = list(islice(everything(time.node), 4))
        yield from _by_hour(context, time, found) if found else ()
        return
    time = _bound(context, time)
    nexts = _upcoming(context, time)
    if not nexts:
        before = behind(time.node, context.now)
        nexts = [before] if before else []
    yield from _by_hour(context, time, nexts)
    if options.past:
        yield from _past(context, time, nexts)


def _bound(context: Context, time: Time) -> Time:
    """A date whose weekday does not fit within a year: the date counts."""
    node = time.node.days if isinstance(time.node, At) else time.node
    if (
        context.conventions.weekday_binds
        or not isinstance(node, Calendar)
        or not (node.weekday and node.day and node.month)
    ):
        return time
    near = next(ahead(node, floor(context.now, "day")), None)
    if near and near[0] <= context.now + timedelta(days=366):
        return time
    plain = replace(node, weekday=0)
    return replace(time, node=At(plain, time.node.clock) if isinstance(time.node, At) else plain)


def _upcoming(context: Context, time: Time) -> list[Stretch]:
    """The next one: both halves of a clock of the next day that has any still ahead."""
    begin = _begin(context, time)
    if context.conventions.begun and isinstance(time.node, Spanned):
        year = context.now - timedelta(days=366)
        begun = [s for s in occurrences(time.node, year, context.now) if s[1] > context.now]
        if begun:
            return begun[-1:]
    pointed = time.form in ("clock", "moment")
    whole_day = context.conventions.past and not isinstance(time.node, _CLOCKED)
    later = (s for s in ahead(time.node, begin) if not pointed or whole_day or s[0] > begin)
    if isinstance(time.node, _CLOCKED):
        return list(islice(later, 2 if _dial(time.node) else 1))
    first = next(later, None)
    if first is None:
        return []
    if not isinstance(time.node, At) or not _dial(time.node.clock):
        return [first]
    return [first, *(s for s in islice(later, 1) if s[0].date() == first[0].date())]


def _dial(node: Node) -> bool:
    return (isinstance(node, Clock) and node.dial) or (isinstance(node, Hours) and node.first.dial)


def _begin(context: Context, time: Time) -> datetime:
    """From when the next one is looked for: a weekday that is today is the one of next week, unless today counts."""
    midnight = floor(context.now, "day")
    if context.conventions.past and not isinstance(time.node, _CLOCKED):
        return midnight
    node = _first(time.node)
    if isinstance(time.node, At) and context.conventions.today_at:
        return context.now
    if isinstance(node, Calendar) and node.weekday and not node.day and not context.conventions.today:
        return midnight + timedelta(days=1)
    return context.now


def _first(node: Node) -> Node:
    if isinstance(node, At):
        return _first(node.days)
    if isinstance(node, Portion):
        return _first(node.node)
    return _first(node.first) if isinstance(node, Spanned) else node


def _by_hour(context: Context, time: Time, found: list[Stretch]) -> Iterable[Stretch]:
    """The halves of the day in order: what is still ahead, at hours when people are up if a day is named."""
    dial = _dial(time.node) or (isinstance(time.node, At) and _dial(time.node.clock))
    if not dial or len(found) < 2:
        return found
    low, high = context.conventions.waking
    named = isinstance(time.node, At)

    def rank(stretch: Stretch) -> tuple[bool, bool, datetime]:
        minutes = stretch[0].hour * 60 + stretch[0].minute
        asleep = minutes < 60 if high == 0 else not low <= minutes < high
        return (stretch[0] < context.now, named and asleep, stretch[0])

    ordered = sorted(found, key=rank)
    return ordered if context.conventions.halves else ordered[:1]


def _past(context: Context, time: Time, nexts: list[Stretch]) -> Iterator[Stretch]:
    """The last one before the next, with both halves of its day."""
    if isinstance(time.node, _CLOCKED) or not nexts:
        return
    last = behind(time.node, min(floor(context.now, "day") + timedelta(seconds=1), nexts[0][0]))
    if last is None:
        return
    day = floor(last[0], "day")
    yield from (
        s for s in occurrences(time.node, day, day + timedelta(days=1)) if s[0] >= day and time.form == "moment"
    )
    yield last
    if time.form == "hours":
        yield from (s for s in occurrences(time.node, day, day + timedelta(days=1)) if s[0] >= day)


def stamp(moment: datetime, zone: tzinfo) -> str:
    """ISO 8601 with the place's offset; a wall time that is skipped when the clocks change is moved on."""
    aware = moment.replace(tzinfo=zone, microsecond=0)
    try:
        return aware.astimezone(UTC).astimezone(zone).isoformat()
    except (OverflowError, ValueError):
        return aware.isoformat()


def _point(moment: datetime, grain: str, zone: tzinfo) -> str:
    dated = grain not in ("second", "minute", "hour") or moment.year < 2
    return moment.date().isoformat() if dated else stamp(moment, zone)


def _reading(context: Context, time: Time, stretch: Stretch, zone: tzinfo) -> Reading:
    start, end = stretch
    grain = "hour" if time.form in ("hours", "part") and time.grain == "hour" else time.grain
    if time.side:
        return _open(time, start, end, grain, zone)
    if kind_of(time) != "range":
        return Reading(_point(start, grain, zone), grain=grain)
    return Reading(start=_point(start, grain, zone), end=_point(end, grain, zone), grain=grain)


def _open(time: Time, start: datetime, end: datetime, grain: str, zone: tzinfo) -> Reading:
    if time.side == "before":
        return Reading(end=_point(start if time.form != "range" else end, grain, zone), grain=grain)
    at = end if time.side == "after_end" else start
    return Reading(start=_point(at, grain, zone), grain=grain)


_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}


def seconds(span: Span) -> Reading:
    """A length in seconds: a month as 30 days, a year and its parts as 365."""
    years, months = divmod(span.length.months, 12)
    by_months = years * 365 * 86_400 + months * 30 * 86_400
    if span.mod == "mean":  # half a year is half of 365 days
        by_months = span.length.months * 365 * 7200
    total = by_months + span.length.days * 86_400 + span.length.seconds
    return Reading(f"{total:.0f}" if total == int(total) else f"{total}", unit="second", grain=span.grain)


_FREQUENCIES = {
    "second": ("SECONDLY", 1), "minute": ("MINUTELY", 1), "hour": ("HOURLY", 1), "day": ("DAILY", 1),
    "week": ("WEEKLY", 1), "fortnight": ("WEEKLY", 2), "weekend": ("WEEKLY", 1), "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3), "year": ("YEARLY", 1), "decade": ("YEARLY", 10), "century": ("YEARLY", 100),
}  # fmt: skip


def rule(recurring: Recurring) -> Reading:
    """An RFC 5545 rule; the unit names the part of the day that was said."""
    frequency, worth = _FREQUENCIES[recurring.grain]
    weekdays = (6, 7) if recurring.grain == "weekend" else recurring.weekdays
    parts = {
        "FREQ": frequency,
        "INTERVAL": str(recurring.interval * worth) if recurring.interval * worth > 1 else "",
        "BYMONTH": str(recurring.month or ""),
        "BYMONTHDAY": str(recurring.monthday or ""),
        "BYDAY": ",".join(f"{recurring.nth or ''}{_DAYS[d - 1]}" for d in weekdays),
    }
    grain = recurring.grain
    if recurring.clock:
        grain = recurring.clock.grain
        parts |= {"BYHOUR": str(recurring.clock.minutes // 60), "BYMINUTE": str(recurring.clock.minutes % 60)}
    return Reading(";".join(f"{k}={v}" for k, v in parts.items() if v), unit=recurring.part, grain=grain)


_WEEK = 7


def upcoming(reading: Reading, now: datetime, count: int = 2) -> tuple[str, ...]:
    """The next days, or moments where the rule names a time of day, of an RFC 5545 rule that `rule` has written; none
    where it names no days."""
    parts = dict(part.split("=") for part in reading.value.split(";"))
    if parts["FREQ"] not in ("DAILY", "WEEKLY") or ("BYDAY" not in parts and parts["FREQ"] == "WEEKLY"):
        return ()
    wanted = {_DAYS.index(d) for d in parts.get("BYDAY", ",".join(_DAYS)).split(",")}
    days = (now + timedelta(days=n) for n in range(1, 1 + _WEEK * count))
    found = [d for d in days if d.weekday() in wanted][:count]
    if "BYHOUR" in parts:
        at = {"hour": int(parts["BYHOUR"]), "minute": int(parts["BYMINUTE"]), "second": 0, "microsecond": 0}
        return tuple(d.replace(**at).isoformat() for d in found)  # type: ignore[arg-type]
    return tuple(d.date().isoformat() for d in found)
