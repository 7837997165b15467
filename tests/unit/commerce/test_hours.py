"""When a location takes orders."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.commerce.hours import (
    holiday_at,
    next_opening,
    open_at,
    takes_orders_at,
    window_at,
    windows_from,
    windows_on,
)
from sayso.manifest.specs import Location, Opening

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ((2026, 11, 23, 7, 59), False),
        ((2026, 11, 23, 8, 0), True),
        ((2026, 11, 23, 17, 59), True),
        ((2026, 11, 23, 18, 0), False),
        ((2026, 11, 27, 13, 0), False),
        ((2026, 11, 28, 0, 59), True),
        ((2026, 11, 28, 1, 0), False),
        ((2026, 11, 29, 12, 0), False),
        ((2026, 12, 25, 10, 30), True),
        ((2026, 12, 25, 9, 0), False),
        ((2027, 4, 27, 12, 0), False),
    ],
)
def test_open_in_half_open_windows(location: Location, moment: tuple[int, ...], is_open: bool) -> None:
    """Open from the opening time up to, not including, the closing time; past midnight and holidays included."""
    assert open_at(location, at(*moment)) is is_open


def test_last_orders_come_before_closing(location: Location) -> None:
    """A quarter of an hour before closing it is open and takes no orders."""
    moment = at(2026, 11, 23, 17, 45)
    assert open_at(location, moment)
    assert not takes_orders_at(location, moment)


def test_the_next_opening_skips_a_sunday_and_a_holiday(location: Location) -> None:
    """After Saturday comes Monday; after the day before King's Day comes the day after it."""
    monday = next_opening(location, at(2026, 11, 28, 19, 0))
    after_kings_day = next_opening(location, at(2027, 4, 26, 19, 0))
    assert monday is not None and monday.opens == at(2026, 11, 30, 8, 0)
    assert after_kings_day is not None and after_kings_day.opens == at(2027, 4, 28, 8, 0)


def test_a_holiday_is_named(location: Location) -> None:
    """The reason for being closed is known."""
    found = holiday_at(location, at(2027, 4, 27, 12, 0))
    assert found is not None and found.names["en"] == "King's Day"


def test_a_place_that_never_opens_has_no_next_opening(location: Location) -> None:
    """No endless search."""
    from dataclasses import replace

    assert next_opening(replace(location, weekly={}, holidays=()), at(2026, 11, 23, 8, 0)) is None


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 4), (date(2026, 10, 25), 6), (date(2026, 11, 22), 5)])
def test_a_clock_change_makes_a_night_shorter_or_longer(location: Location, day: date, hours: int) -> None:
    """Open from 00:00 to 05:00 by the clock is four, six or five real hours."""
    from dataclasses import replace

    night = replace(location, weekly={7: (Opening(time(0), time(5)),)}, holidays=())
    (window,) = windows_on(night, day)
    assert window.closes - window.opens == timedelta(hours=hours)


MOMENTS = st.datetimes(datetime(2026, 3, 20), datetime(2027, 11, 10)).map(lambda moment: moment.replace(tzinfo=UTC))


@given(moment=MOMENTS)
def test_every_offered_opening_is_open(location: Location, moment: datetime) -> None:
    """The next opening begins later, is open at its first moment, and was closed a minute before."""
    window = next_opening(location, moment)
    assert window is not None
    assert window.opens > moment
    assert open_at(location, window.opens)
    assert not open_at(location, window.opens - timedelta(minutes=1))


@given(moment=MOMENTS)
def test_windows_come_in_order_and_hold_the_moment_when_open(location: Location, moment: datetime) -> None:
    """The first window from now on is the one that holds it, whenever it is open."""
    first, second = (window for _, window in zip(range(2), windows_from(location, moment), strict=False))
    assert first.closes <= second.opens
    assert (window_at(location, moment) == first) is (first.opens <= moment)
