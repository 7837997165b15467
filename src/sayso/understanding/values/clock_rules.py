"""Rules for times of day: "half past two", "kwart over drie", "14:30", "3 in the morning", "tegen zessen".

A rule is (what it makes, the parts, how, score). An hour without am, pm or 24-hour digits is on a dial of twelve and
comes twice a day.
"""

from __future__ import annotations

from dataclasses import replace

from sayso.understanding.values.chart import Row
from sayso.understanding.values.nodes import Clock
from sayso.understanding.values.terms import Context, Time, halved, zoned


def clock(minutes: int, dial: bool, grain: str = "minute", second: int = 0) -> Time | None:
    """A time of day; None where there is no such minute."""
    if not 0 <= minutes <= 24 * 60 or not 0 <= second < 60:
        return None
    return Time(Clock(minutes % 1440, second, dial and 0 <= minutes < 13 * 60, grain), "clock", grain)


def _hour(context: Context, hour: int) -> Time | None:
    return clock(hour * 60, 0 < hour < 13, "hour")


def _noon(context: Context, minutes: int) -> Time | None:
    return clock(minutes, False, "hour")


LAST_SECOND = Clock(23 * 60 + 59, 59, grain="second")


def _day_end(context: Context) -> Time | None:
    return Time(LAST_SECOND, "clock", "second") if context.conventions.halves else clock(0, False, "hour")


def _full(context: Context, hour: int, minutes: int) -> Time | None:
    return clock(hour * 60 + minutes, 0 < hour < 13) if hour < 24 and 0 < minutes < 60 else None


def _words(context: Context, hour: int, minutes: int) -> Time | None:
    return _full(context, hour, minutes) if minutes > 9 else None


def _of(time: Time) -> Clock:
    assert isinstance(time.node, Clock)
    return time.node


def _moved(time: Time, minutes: int) -> Time | None:
    """That hour and so many minutes; at noon and midnight the clock turns."""
    node = _of(time)
    if node.grain != "hour":
        return None
    return clock((node.minutes + minutes) % (720 if node.dial else 1440), node.dial)


def _half_dial(time: Time, minutes: int) -> Time | None:
    moved = _moved(time, minutes)
    node = _of(moved) if moved else None
    return replace(moved, node=replace(node, dial=_of(time).dial)) if moved and node else None


def _past(context: Context, minutes: int, hour: Time) -> Time | None:
    return _half_dial(hour, minutes) if 0 < minutes < 60 else None


def _to(context: Context, minutes: int, hour: Time) -> Time | None:
    return _half_dial(hour, -minutes) if 0 < minutes < 60 else None


def _fives(context: Context, minutes: int, hour: Time) -> Time | None:
    """Without the word "minutes", fives: "two to four" is from 2 until 4."""
    return _to(context, minutes, hour) if minutes % 5 == 0 else None


def _fives_past(context: Context, minutes: int, hour: Time) -> Time | None:
    return _past(context, minutes, hour) if minutes % 5 == 0 or minutes > 12 else None


def _sure(context: Context, hour: int) -> Time | None:
    return _hour(context, hour) if 12 < hour < 25 else None


def _half_to_past(context: Context, minutes: int, hour: Time) -> Time | None:
    return _half_dial(hour, minutes - 30) if 0 < minutes < 30 else None


def _half_to_to(context: Context, minutes: int, hour: Time) -> Time | None:
    return _half_dial(hour, -minutes - 30) if 0 < minutes < 30 else None


def am(context: Context, time: Time) -> Time | None:
    node = _of(time)
    if node.minutes >= 13 * 60:
        return time
    return replace(time, node=replace(node, minutes=node.minutes % 720, dial=False))


def pm(context: Context, time: Time) -> Time | None:
    node = _of(time)
    if node.minutes >= 13 * 60:
        return time
    return replace(time, node=replace(node, minutes=node.minutes % 720 + 720, dial=False))


def _in_part(context: Context, time: Time, part: str) -> Time:
    return replace(time, node=halved(_of(time), part), part=part)


def _part_first(context: Context, part: str, time: Time) -> Time:
    return _in_part(context, time, part)


def _same(context: Context, time: Time) -> Time:
    return time


def _zoned(context: Context, time: Time, offset: int) -> Time:
    return zoned(context, time, offset) if context.conventions.zones else time


def _seconds(context: Context, time: Time) -> Time:
    return time


ROWS: tuple[Row, ...] = (
    ("hour", "int", _hour),
    ("first", "one", _hour),
    ("clock", "first oclock", _same, -0.4),
    ("clock", "at first oclock", _same, 0.6),
    ("noontime", "noon", _noon),
    ("noontime", "end_of_day", _day_end),
    ("time", "noontime", _same),
    ("time", "the noontime", _same),
    ("ac", "hour|clock|hh|noontime", _same),
    ("plain", "hour|clock|noontime", _same),
    ("plain", "spoken", _same, -0.2),
    ("clock", "hour oclock", _same, 0.5),
    ("clock", "int oclock int", _words, 0.3),
    ("clock", "hour|hh|clock am", am, 0.5),
    ("clock", "hour|hh|clock pm", pm, 0.5),
    ("spoken", "int int", _words),
    ("spoken", "int int minutes", _words),
    ("clock", "spoken am", am, 0.6),
    ("clock", "spoken pm", pm, 0.6),
    ("ac", "spoken", _same, -0.2),
    ("dial", "hour|clock|noontime|first", _same),
    ("clock", "half_past dial", lambda c, hour: _half_dial(hour, 30), 0.5),
    ("clock", "half_plain hour", lambda c, hour: _half_dial(hour, 30), 0.2),
    ("clock", "half_to dial", lambda c, hour: _half_dial(hour, -30), 0.5),
    ("clock", "quarter past dial", lambda c, hour: _half_dial(hour, 15), 0.5),
    ("clock", "quarter to dial", lambda c, hour: _half_dial(hour, -15), 0.5),
    ("clock", "quarter past half_to dial", lambda c, hour: _half_dial(hour, -15), 0.5),
    ("clock", "quarter to half_to dial", lambda c, hour: _half_dial(hour, -45), 0.5),
    ("clock", "half past dial", lambda c, hour: _half_dial(hour, 30), 0.4),
    ("clock", "half to dial", lambda c, hour: _half_dial(hour, -30), 0.3),
    ("clock", "int any_past hour", _past, 0.3),
    ("clock", "int minutes past dial", _past, 0.4),
    ("clock", "int past dial", _fives_past, 0.3),
    ("clock", "int minutes to dial", _to, 0.4),
    ("clock", "int to dial", _fives, 0.3),
    ("clock", "int h", _sure, 0.5),
    ("clock", "at hour h", _same, 0.6),
    ("ac", "hour_name", _hour),
    ("spoken", "int oh int", _full, 0.2),
    ("inpart", "in_the soft_part", lambda c, part: part),
    ("clock", "int minutes? past half_to dial", _half_to_past, 0.5),
    ("clock", "int minutes? to half_to dial", _half_to_to, 0.5),
    ("clock", "clock oclock", _same, 0.5),
    ("clock", "clock|spoken|hh|noontime ish", _same),
    ("clock", "hour ish", _same),
    ("clock", "about clock", _same),
    ("clock", "exact ac", _same),
    ("clock", "exact clock", _same),
    ("clock", "clock|noontime|hh zone", _zoned),
    ("clock", "clock|noontime|hh ( zone )", _zoned),
    ("plain", "hour h", _same, -0.2),
    ("clock", "at ac", _same, 0.1),
    ("clock", "the clock", _same, -0.1),
    ("inpart", "part", lambda c, part: part),
    ("inpart", "in_the inpart", lambda c, part: part),
    ("inpart", "early inpart", lambda c, part: part, -0.3),
    ("inpart", "late inpart", lambda c, part: part, -0.3),
    ("clock", "ac comma? in_the inpart", _in_part, 0.4),
    ("clock", "clock|hh|noontime comma? part", _in_part, 0.4),
    ("clock", "ac|first comma? adverb", _in_part, 0.5),
    ("clock", "first oclock adverb", _in_part, 0.5),
    ("inpart", "adverb", lambda c, part: part, 0.1),
    ("clock", "inpart comma? clock", _part_first, 0.3),
    ("clock", "inpart hour", _part_first),
    ("time", "clock", _same),
)
