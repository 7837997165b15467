"""The clock that tests set."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from sayso.testing.clock import SetClock

NINE = datetime.fromisoformat("2026-11-23T09:00:00+01:00")


def test_it_stands_still_in_utc() -> None:
    """The clock tells the moment it was given, in UTC."""
    assert SetClock(NINE).now() == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


async def test_sleepers_wake_when_their_moment_is_reached() -> None:
    """Setting the clock wakes those whose time has come, and only those."""
    clock = SetClock(NINE)
    early = asyncio.create_task(clock.sleep_until(NINE + timedelta(minutes=5)))
    late = asyncio.create_task(clock.sleep_until(NINE + timedelta(hours=2)))
    await asyncio.sleep(0)
    clock.advance(timedelta(minutes=5))
    await early
    assert not late.done() and clock.sleeping == 1
    clock.advance(timedelta(hours=2))
    await late


async def test_a_moment_that_has_passed_does_not_wait() -> None:
    """Sleeping until now or earlier returns."""
    clock = SetClock(NINE)
    await asyncio.wait_for(clock.sleep_until(NINE), timeout=5)


async def test_a_sleeper_that_was_cancelled_is_forgotten() -> None:
    """Whoever stops waiting is not counted and not woken."""
    clock = SetClock(NINE)
    sleeper = asyncio.create_task(clock.sleep_until(NINE + timedelta(hours=1)))
    await asyncio.sleep(0)
    sleeper.cancel()
    await asyncio.gather(sleeper, return_exceptions=True)
    clock.advance(timedelta(hours=2))
    assert clock.sleeping == 0


def test_time_never_runs_backwards() -> None:
    """An earlier moment is refused with both moments."""
    with pytest.raises(ValueError, match="cannot go back"):
        SetClock(NINE).set(NINE - timedelta(seconds=1))


def test_a_moment_without_a_zone_is_refused() -> None:
    """A naive moment could mean any zone."""
    with pytest.raises(ValueError, match="no time zone"):
        SetClock(datetime(2026, 11, 23, 9, 0))
