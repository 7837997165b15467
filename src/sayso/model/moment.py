"""A moment of which only a part is said anew: "no, Friday", "make it eleven", "an hour later", "at the same time".

A part is written "T11:00" (the clock), "2026-11-27" (the day), "2026-11-27T=" (that day, the clock as it was) or
"+60" and "-30" (minutes later and earlier).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

REFUSED = "@was:"
"""Before a slot's name: the value that could not be had, so that "the day after" counts from it."""

SOONEST = "@asap"
"""The value of a time that should be as early as can be."""


def amended(earlier: str, part: str, zone: str) -> str:
    """The moment (or the day) that `earlier`, a moment, a day or an interval in ISO 8601, becomes with `part` said
    anew; "" where the two do not make one. `zone` is the place's."""
    began = earlier.partition("/")[0]
    try:
        day, clock = date.fromisoformat(began[:10]), _clock(began) if "/" not in earlier else None
        if part[:1] in "+-":
            moved = [_later(moment, int(part), zone) for moment in earlier.split("/")]
            return "/".join(moved) if len(began) > 10 else ""
        if part[:1] == "T":
            return _moment(day, time.fromisoformat(part[1:]), zone)
        day = date.fromisoformat(part[:10])
        return _moment(day, clock, zone) if clock else ""
    except ValueError:
        return ""


def _later(moment: str, minutes: int, zone: str) -> str:
    return (datetime.fromisoformat(moment) + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone)).isoformat()


def is_part(value: str) -> bool:
    """Whether a slot's value is a part that waits for the rest of its moment."""
    return value[:1] in ("T", "+", "-") or value.endswith("T=")


def _clock(moment: str) -> time | None:
    return datetime.fromisoformat(moment).time() if len(moment) > 10 else None


def _moment(day: date, clock: time, zone: str) -> str:
    return datetime.combine(day, clock, ZoneInfo(zone)).isoformat()
