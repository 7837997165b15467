"""Clocks that are set: one stands still until a test moves it, one runs ahead of the real time by what was let pass."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class SetClock:
    """`host.ports.Clock` for tests: time moves only when `set` or `advance` is called."""

    def __init__(self, now: datetime) -> None:
        self._now = _aware(now)
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The moment it was last set to, aware, UTC."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Move to `moment` and wake everyone whose time has come. Raises ValueError when it lies in the past."""
        moment = _aware(moment)
        if moment < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()}: it cannot go back to {moment.isoformat()}")
        self._now = moment
        self._wake()

    def advance(self, by: timedelta) -> None:
        """Move forward by `by`."""
        self.set(self._now + by)

    async def sleep_until(self, moment: datetime) -> None:
        """Return once the clock stands at `moment` or later."""
        if _aware(moment) <= self._now:
            await asyncio.sleep(0)
            return
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((_aware(moment), waiting))
        await waiting

    @property
    def sleeping(self) -> int:
        """How many wait for a later moment."""
        return sum(not waiting.done() for _, waiting in self._sleepers)

    def _wake(self) -> None:
        for moment, waiting in self._sleepers:
            if moment <= self._now and not waiting.done():
                waiting.set_result(None)
        self._sleepers = [(moment, waiting) for moment, waiting in self._sleepers if not waiting.done()]


class ShiftedClock:
    """The real time, plus what somebody at a terminal let pass."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The moment it tells, aware, UTC."""
        return datetime.now(UTC) + self._ahead

    def set(self, moment: datetime) -> None:
        """Go on from `moment`."""
        self._ahead = _aware(moment) - datetime.now(UTC)

    async def sleep_until(self, moment: datetime) -> None:
        """Return once the clock tells `moment`; one that is set meanwhile wakes nobody early."""
        await asyncio.sleep(max(0.0, (_aware(moment) - self.now()).total_seconds()))


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(
            f"{moment.isoformat()} has no time zone: write it with an offset, as in 2026-11-23T09:00:00+01:00"
        )
    return moment.astimezone(UTC)
