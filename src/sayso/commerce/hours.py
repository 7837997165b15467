"""When a location takes orders.

Theory. Opening hours are wall-clock times of the place. A `Window` turns one opening of one day into three instants
in UTC; only instants are compared, so that the hour a clock change repeats or skips needs no rule of its own. A window
belongs to the day it opens on, even when it runs past midnight; a holiday replaces the openings of its day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sayso.manifest.specs import Holiday, Location, Opening

LOOK_AHEAD = 30
"""Days that are searched for the next opening."""


@dataclass(frozen=True, slots=True)
class Window:
    """One opening, in UTC: open in [opens, closes), orders are taken in [opens, last_orders)."""

    opens: datetime
    closes: datetime
    last_orders: datetime


def instant(day: date, at: time, zone: str) -> datetime:
    """A wall-clock time of a place, in UTC. The first of two where clocks go back; moved on where they skip it."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def local(moment: datetime, zone: str) -> datetime:
    """The moment on the clock of the place."""
    return moment.astimezone(ZoneInfo(zone))


def holiday_on(location: Location, day: date) -> Holiday | None:
    return next((holiday for holiday in location.holidays if holiday.on == day), None)


def holiday_at(location: Location, moment: datetime) -> Holiday | None:
    """The holiday that the moment falls on, at the place."""
    return holiday_on(location, local(moment, location.zone).date())


def windows_on(location: Location, day: date) -> tuple[Window, ...]:
    """The openings that begin on this day, in order."""
    holiday = holiday_on(location, day)
    openings = holiday.openings if holiday else location.weekly.get(day.isoweekday(), ())
    found = (_window(opening, day, location.zone) for opening in openings)
    return tuple(sorted((w for w in found if w.opens < w.closes), key=lambda w: w.opens))


def _window(opening: Opening, day: date, zone: str) -> Window:
    past_midnight = opening.closes <= opening.opens
    opens = instant(day, opening.opens, zone)
    closes = instant(day + timedelta(days=1) if past_midnight else day, opening.closes, zone)
    last = closes - timedelta(minutes=opening.last_orders_minutes)
    return Window(opens, closes, max(opens, last))


def window_at(location: Location, moment: datetime) -> Window | None:
    """The opening that holds the moment; None when it is closed then."""
    day = local(moment, location.zone).date()
    for start in (day - timedelta(days=1), day):
        for window in windows_on(location, start):
            if window.opens <= moment < window.closes:
                return window
    return None


def open_at(location: Location, moment: datetime) -> bool:
    return window_at(location, moment) is not None


def takes_orders_at(location: Location, moment: datetime) -> bool:
    """Open, and last orders not yet past."""
    window = window_at(location, moment)
    return window is not None and moment < window.last_orders


def windows_from(location: Location, moment: datetime) -> Iterator[Window]:
    """Openings that have not closed yet, in order."""
    day = local(moment, location.zone).date()
    for offset in range(-1, LOOK_AHEAD + 1):
        for window in windows_on(location, day + timedelta(days=offset)):
            if window.closes > moment:
                yield window


def next_opening(location: Location, moment: datetime) -> Window | None:
    """The first opening that begins after the moment; None when there is none in a month."""
    return next((window for window in windows_from(location, moment) if window.opens > moment), None)
