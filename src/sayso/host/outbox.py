"""The outbox: messages that were written with their turns are sent to their platforms, in order, once where that can
be known.

    lanes ─▶ claim ─▶ lay parts ─▶ for each part: gate, pace, token, mark, call, settle ─▶ ended

A lane is an account: it has a task of its own, which ends when nothing waits, so none delays another. Whatever breaks
off leaves a claim that lapses, and rows that say how far it came.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sayso.channels.compiler import compile_message
from sayso.channels.contract import Report, Send
from sayso.errors import Conflict, NotFound, SaysoError
from sayso.host.access import Access
from sayso.host.notes import failed, note
from sayso.host.pace import Pace
from sayso.host.parcels import Deliveries, Lane, Parcel, Route, Routes
from sayso.host.ports import Clock
from sayso.host.sending import LEASE, Sending, bury, stranded

log = logging.getLogger("sayso.outbox")

LANES = 256
"""Accounts that are served at once."""
AT_ONCE = 8
"""Messages of one account that are on their way at once, each of another conversation."""
IDLE = timedelta(seconds=1)
"""How long the outbox waits at most before it looks again."""
DRAIN_S = 5.0
"""Seconds in which what is on its way may end when the host does."""

Count = Callable[[str, str], None]
"""Told of each step of a part: its channel and the state that it went to."""


def _uncounted(channel: str, state: str) -> None:
    """Counts nothing."""


@dataclass(slots=True)
class Outbox:
    """One host's end. `dice` gives numbers in [0, 1) for the waits between tries; `access` has the platforms' tokens,
    fetched by `send` where none is given."""

    rows: Deliveries
    routes: Routes
    send: Send
    clock: Clock
    count: Count = _uncounted
    dice: Callable[[], float] = random.random
    access: Access | None = None
    _paces: dict[str, Pace] = field(default_factory=dict)
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _ending: bool = False
    _claimed: int = 0

    def wake(self) -> None:
        """There is something to send."""
        self._woken.set()

    async def report(self, merchant: str, channel: str, account: str, report: Report) -> None:
        """What a platform told of a message that was sent."""
        for state in await self.rows.report(merchant, channel, account, report):
            self.count(channel, state)
        self.wake()

    async def resend(self, merchant: str, part: str) -> bool:
        """Send a part anew that staff should see; False when there is no such part."""
        found = await self.rows.resend(merchant, part)
        self.wake()
        return found

    async def forever(self) -> None:
        """Until cancelled: send what waits. What is on its way then is finished or left as it is marked."""
        try:
            while True:
                self._woken.clear()
                try:
                    upcoming = await self._sweep()
                except Exception as error:  # Whatever it is, messages are looked for again.
                    failed(log, "could not look for messages", error)
                    upcoming = None
                await self._rest(upcoming)
        finally:
            await self.stop()

    async def run_due(self) -> None:
        """Send all that is due now, and what becomes due by it."""
        before = -1
        while before < self._claimed:
            before = self._claimed
            await self._sweep()
            await asyncio.gather(*self._running.values())

    async def stop(self) -> None:
        """End what is on its way. A call that was begun and is cut off is found as such by whoever goes on."""
        self._ending = True
        running = tuple(self._running.values())
        if running:
            await asyncio.wait(running, timeout=DRAIN_S)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _rest(self, upcoming: datetime | None) -> None:
        latest = self.clock.now() + IDLE
        waits = (
            asyncio.ensure_future(self.clock.sleep_until(min(upcoming, latest) if upcoming else latest)),
            asyncio.ensure_future(self._woken.wait()),
        )
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _sweep(self) -> datetime | None:
        """Serve the accounts with something due. Returns when the next comes due."""
        now, upcoming = self.clock.now(), []
        for lane in sorted(await self.rows.lanes(), key=lambda lane: lane.due):
            pace = self._paces.setdefault(lane.key, Pace())
            due = max(lane.due, pace.opens(now))
            if due > now:
                upcoming.append(due)
            elif lane.key in self._running:
                pace.nudged.set()
            elif len(self._running) < LANES:
                self._begin(lane, pace)
        return min(upcoming, default=None)

    def _begin(self, lane: Lane, pace: Pace) -> None:
        task = asyncio.create_task(self._serve(lane, pace))
        self._running[lane.key] = task
        task.add_done_callback(lambda _: self._running.pop(lane.key, None))

    async def _serve(self, lane: Lane, pace: Pace) -> None:
        """Send what waits in a lane until nothing is due."""
        under: set[asyncio.Task[None]] = set()
        try:
            while True:
                pace.nudged.clear()
                claimed = await self._claim(lane, pace, len(under))
                under |= {asyncio.create_task(self._deliver(parcel, pace)) for parcel in claimed}
                if not under:
                    return
                under = await _first(under, pace.nudged)
        except Exception as error:  # The border of an account: it is served anew.
            failed(log, "messages could not be claimed", error, channel=lane.channel)
        finally:
            for task in under:
                task.cancel()
            await asyncio.gather(*under, return_exceptions=True)

    async def _claim(self, lane: Lane, pace: Pace, under: int) -> Sequence[Parcel]:
        now = self.clock.now()
        room = (1 if pace.trying else AT_ONCE) - under
        if room <= 0 or self._ending or pace.resting(now):
            return ()
        claimed = await self.rows.claim(lane.key, now, now + LEASE, room)
        self._claimed += len(claimed)
        return claimed

    async def _deliver(self, parcel: Parcel, pace: Pace) -> None:
        """The border of a message: whatever breaks, others go on."""
        try:
            await self._on_its_way(parcel, pace)
        except Conflict:
            note(log, logging.INFO, "another host has the message", merchant=parcel.merchant, part=parcel.id)
        except SaysoError as error:
            note(log, logging.WARNING, "a message waits", merchant=parcel.merchant, part=parcel.id, code=error.code)
        except Exception as error:
            failed(log, "a message cannot be sent", error, merchant=parcel.merchant, part=parcel.id)
            with contextlib.suppress(SaysoError):
                await bury(self.rows, parcel, self.clock.now(), self.count)

    async def _on_its_way(self, parcel: Parcel, pace: Pace) -> None:
        try:
            route = await self.routes(parcel.merchant, parcel.channel, parcel.conversation)
        except NotFound as error:
            await stranded(self.rows, parcel, error, self.clock.now(), self.count)
            return
        if not parcel.parts:
            plan = compile_message(parcel.message, route.channel.capabilities, route.where)
            parcel = await self.rows.lay(parcel, plan.parts)
        await self._sending(parcel, route, pace).whole()

    def _sending(self, parcel: Parcel, route: Route, pace: Pace) -> Sending:
        if self.access is None:
            self.access = Access(self.send, self.clock)
        return Sending(parcel, route, pace, self.rows, self.send, self.access, self.clock, self.count, self.dice)


async def _first(under: set[asyncio.Task[None]], nudged: asyncio.Event) -> set[asyncio.Task[None]]:
    """Wait until one of them has ended or something new is due; returns those that go on."""
    nudge = asyncio.ensure_future(nudged.wait())
    try:
        await asyncio.wait({*under, nudge}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        nudge.cancel()
    return {task for task in under if not task.done()}
