"""One message on its way: part after part, each marked before its call and settled after it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sayso.channels.capabilities import Capabilities
from sayso.channels.compiler import Part
from sayso.channels.contract import Address, Call, NotSent, Outcome, Send, Templated, Upstream
from sayso.errors import NotFound, SaysoError
from sayso.host.access import Access
from sayso.host.delivery import ended, next_of, refusal, settled, skipped, unknown, untouched
from sayso.host.notes import failed, note
from sayso.host.pace import Pace
from sayso.host.parcels import Deliveries, Delivery, Move, Parcel, Route
from sayso.host.ports import Clock

log = logging.getLogger("sayso.outbox")

LEASE = timedelta(seconds=60)
"""How long a claim holds: longer than a call with its time limits and the wait before it."""
PATIENCE_S = 10.0
"""Seconds that a claimed message waits for its turn; what must wait longer is put back."""
LOST_S, GONE = 30.0, timedelta(hours=1)
"""How often a message is tried whose channel this host does not have or cannot use, and for how long."""

Count = Callable[[str, str], None]
"""Told of each step of a part: its channel and the state that it went to."""


@dataclass(slots=True)
class Sending:
    """A claimed message, its parts laid. Raises Conflict when another host has taken it over."""

    parcel: Parcel
    route: Route
    pace: Pace
    rows: Deliveries
    send: Send
    access: Access
    clock: Clock
    count: Count
    dice: Callable[[], float]

    @property
    def caps(self) -> Capabilities:
        return self.route.channel.capabilities

    async def whole(self) -> None:
        """Send what was not sent; end the message, or leave it to be claimed when its next part is due."""
        try:
            await self._parts()
        except NotFound as error:
            await stranded(self.rows, self.parcel, error, self.clock.now(), self.count)
        except SaysoError:
            raise
        except Exception as error:  # The border of a channel's own code.
            failed(log, "a message cannot be sent", error, merchant=self.parcel.merchant, part=self.parcel.id)
            await bury(self.rows, self.parcel, self.clock.now(), self.count)

    async def _parts(self) -> None:
        number = 0
        while number < len(self.parcel.parts):
            part = self.parcel.parts[number]
            step = next_of(part, self.clock.now())
            if step.what == "wait" and step.until is not None:
                await self._write((), step.until)
                return
            if step.what == "stop":
                await self._end(skipped(self.parcel.parts, part.part))
                return
            if step.what == "go":
                number += 1
            elif not await self._part(part, died=step.what == "ask"):
                return
        await self._end()

    async def _part(self, part: Delivery, died: bool) -> bool:
        """One try of a part; False where the message was put back."""
        call = self._call(part)
        if died and not (call and call.once):
            await self._write((unknown(part, self.caps, self.clock.now()),))
            return True
        if refused := refusal(self.parcel, self.caps, self.clock.now()):
            if refused.code == "window" and (part.template or await self._templated()):
                call = self._call(self.parcel.parts[0])
                part = self.parcel.parts[0]
            else:
                await self._write((Move(part.id, "dead", code=refused.code, reason=refused.reason),))
                return True
        if call is None:
            reason = "free words are not allowed any more, and no template fits"
            await self._write((Move(part.id, "dead", code="no_template", reason=reason),))
            return True
        if not await self._turn():
            return False
        return await self._tried(part, call)

    def _call(self, part: Delivery) -> Call | None:
        channel, account, to = self.route.channel, self.route.account, self._address(part, part.template)
        if not part.template:
            return channel.wire(part.body, to, account)
        return channel.template(self.parcel.message, to, account) if isinstance(channel, Templated) else None

    def _address(self, part: Delivery, template: bool) -> Address:
        """A template answers nothing: what counts is when the customer spoke last."""
        parcel = self.parcel
        return Address(
            native=parcel.native,
            part=part.id,
            via={} if template else parcel.via,
            at=(parcel.heard_at or parcel.at) if template else parcel.at,
            language=parcel.message.language,
            now=self.clock.now(),
            spent=bool(parcel.spent - {part.id}),
            tried=part.id in parcel.spent,
        )

    async def _templated(self) -> bool:
        """Lay the message anew as one template, where the channel has one that fits and no part was sent."""
        channel, parcel = self.route.channel, self.parcel
        if not isinstance(channel, Templated) or not untouched(parcel):
            return False
        if channel.template(parcel.message, self._address(parcel.parts[0], template=True), self.route.account) is None:
            return False
        words = Part(parcel.message.text, language=parcel.message.language)
        self.parcel = await self.rows.lay(parcel, (words,), template=True)
        return True

    async def _turn(self) -> bool:
        """Wait for the account's and the customer's turn; False where that takes too long to keep the claim."""
        while wait := self.pace.wait(self.caps, self.parcel.sent_at, self.clock.now()):
            until = self.clock.now() + wait
            if wait.total_seconds() > PATIENCE_S:
                await self._write((), until)
                return False
            await self.clock.sleep_until(until)
        self.pace.take(self.caps, self.clock.now())
        return True

    async def _tried(self, part: Delivery, call: Call, fresh: bool = False) -> bool:
        """Mark, call, settle. A stale token is fetched once."""
        try:
            filled = await self.access.filled(call, self.route.channel, self.route.account)
        except NotSent as error:
            self.pace.unreached(self.clock.now())
            await self._marked(part)
            return await self._settled(part, call, Outcome("retry", reason=error.text, code="no_token"))
        await self._marked(part)
        try:
            status, headers, body = await self.send(filled)
        except (Upstream, TimeoutError) as error:
            self.pace.unreached(self.clock.now())
            state = "retry" if isinstance(error, NotSent) else "unknown"
            return await self._settled(part, call, Outcome(state, reason="the platform cannot be reached", code=state))
        outcome = self._outcome(status, headers, body)
        self.pace.answered(status, outcome, self.parcel.conversation, self.caps, self.clock.now())
        if outcome.state == "token":
            self.access.stale(call, filled, self.route.account)
            if not fresh:
                return await self._tried(part, call, fresh=True)
        return await self._settled(part, call, outcome)

    def _outcome(self, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
        """What the channel reads in the answer; one that it cannot read tells nothing."""
        try:
            return self.route.channel.outcome(status, headers, body)
        except Exception as error:
            failed(log, "an answer cannot be read", error, channel=self.parcel.channel, status=status)
            return Outcome("unknown", code="unreadable", reason="the platform's answer cannot be read")

    async def _marked(self, part: Delivery) -> None:
        """The row says that a call is being made, before it is."""
        move = Move(part.id, "sending", tried=True)
        until = self.clock.now() + LEASE
        self.parcel = await self.rows.write(self.parcel, (move,), until, must=True)

    async def _settled(self, part: Delivery, call: Call, outcome: Outcome) -> bool:
        now = self.clock.now()
        part = next(each for each in self.parcel.parts if each.id == part.id)
        if outcome.state == "window" and not part.template:
            await self._write((Move(part.id, "queued"),))
            if await self._templated():
                return True
        await self._write((settled(part, outcome, call.once, self.caps, now, self.dice()),))
        return True

    async def _write(self, moves: Sequence[Move], until: datetime | None = None) -> None:
        """Move parts. What came of a call is written even when another host has the message by now."""
        self.parcel = await self.rows.write(self.parcel, moves, until or self.clock.now() + LEASE)
        for move in moves:
            self.count(self.parcel.channel, move.state)

    async def _end(self, moves: Sequence[Move] = ()) -> None:
        push = "dead" if moves else ended(self.parcel)
        self.parcel = await self.rows.write(self.parcel, moves, self.clock.now(), push=push)
        for move in moves:
            self.count(self.parcel.channel, move.state)


async def stranded(rows: Deliveries, parcel: Parcel, error: NotFound, now: datetime, count: Count) -> None:
    """The channel is not in the manifest any more, or this host lacks what it needs: wait a while, then give up."""
    if now - (parcel.at or now) < GONE:
        note(log, logging.WARNING, "no way to send", merchant=parcel.merchant, channel=parcel.channel, why=error.where)
        await rows.write(parcel, (), now + timedelta(seconds=LOST_S))
        return
    await bury(rows, parcel, now, count, "no_channel", error.text)


async def bury(
    rows: Deliveries,
    parcel: Parcel,
    now: datetime,
    count: Count,
    code: str = "unsendable",
    reason: str = "it cannot be put into a call",
) -> None:
    """A message that cannot be sent: staff see why."""
    if not parcel.parts:
        parcel = await rows.lay(parcel, (Part(parcel.message.text, language=parcel.message.language),))
    waiting = [part for part in parcel.parts if part.state in ("queued", "sending")]
    ends = {"queued": "dead", "sending": "unknown"}
    dead = tuple(Move(part.id, ends[part.state], code=code, reason=reason) for part in waiting[:1])
    after = waiting[0].part if waiting else 0
    parcel = await rows.write(parcel, (*dead, *skipped(parcel.parts, after)), now, push="dead")
    for _ in waiting:
        count(parcel.channel, "dead")
