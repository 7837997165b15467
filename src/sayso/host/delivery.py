"""What the outbox decides. Pure: the moment and the dice come in as arguments.

Theory. A call has three ends: the platform answered; it surely was not made; nobody knows. Only the second may simply
be repeated. The third may be repeated where the platform tells calls apart by our id (`Call.once`); else the status
webhook decides: it is waited for, then the conversation goes on and the part stays "unknown". A part is marked before
its call, durably: one that is found so marked, with nobody at it, is the third case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sayso.channels.capabilities import Capabilities
from sayso.channels.contract import Outcome
from sayso.host.parcels import Delivery, Move, Parcel

TRIES = 12
"""Calls after which a part is given up."""
FIRST_S, GROWTH, MOST_S = 1.0, 3.0, 1800.0
"""Seconds before the first repetition, how much longer before each next one, and the longest: 12 tries take about
three hours."""
GRACE_S = 45.0
"""Seconds in which a status webhook tells what became of a call that broke off."""
ACCEPTED = frozenset({"sent", "delivered", "read"})


def part_id(parcel: Parcel, part: int) -> str:
    """Our id of a part: letters, digits and a dot; the message's own id in it is unguessable."""
    named = f"{parcel.conversation}/{parcel.seq}/{parcel.id}".encode("utf-8", "replace")
    return f"p{hashlib.blake2b(named, digest_size=12).hexdigest()}.{part}"


def backoff_s(tries: int, dice: float) -> float:
    """Seconds before the next try after `tries`: exponential, between half of it and the whole (`dice` in [0, 1)), so
    that what failed together does not come back together."""
    longest: float = min(MOST_S, FIRST_S * GROWTH ** max(0, tries - 1))
    return longest * (0.5 + dice / 2)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a message is not sent."""

    code: str
    reason: str


def refusal(parcel: Parcel, caps: Capabilities, now: datetime) -> Refusal | None:
    """Why the platform or the customer wants no free words now; None when they may be sent."""
    if parcel.muted and parcel.muted != parcel.turn:
        return Refusal("opted_out", "the customer wants no messages on this channel")
    if caps.window_h and (parcel.heard_at is None or now - parcel.heard_at >= timedelta(hours=caps.window_h)):
        return Refusal("window", f"the customer's last words are more than {caps.window_h:g} hours ago")
    return None


@dataclass(frozen=True, slots=True)
class Next:
    """What to do with a part: "go" on to the one after it, "send" it, "wait" `until` then, "ask" what became of the
    call that its host died in, or "stop" here: nothing after it is sent."""

    what: str
    until: datetime | None = None


def next_of(part: Delivery, now: datetime) -> Next:
    """What a part that was claimed needs."""
    if part.state in ACCEPTED:
        return Next("go")
    if part.state in ("failed", "dead"):
        return Next("stop")
    if part.due is not None and part.due > now:
        return Next("wait", part.due)
    return Next({"unknown": "go", "queued": "send", "sending": "ask"}[part.state])


def unknown(part: Delivery, caps: Capabilities, now: datetime) -> Move:
    """Nobody knows whether the call was made: wait for the status where there is one, then go on."""
    grace = timedelta(seconds=GRACE_S if caps.delivers else 0)
    return Move(part.id, "unknown", due=now + grace, code="no_answer", reason="no answer came to the call that sent it")


def settled(part: Delivery, outcome: Outcome, once: bool, caps: Capabilities, now: datetime, dice: float) -> Move:
    """What a call's outcome makes of its part; `part.attempts` counts that call."""
    reason, code = outcome.reason[:500], outcome.code[:100]
    if outcome.state == "sent":
        return Move(part.id, "sent", native=outcome.native)
    if outcome.state == "unknown" and not once:
        return unknown(part, caps, now)
    if outcome.state in ("retry", "unknown", "token"):
        if part.attempts < TRIES:
            wait = max(outcome.after_s, backoff_s(part.attempts, dice))
            return Move(part.id, "queued", due=now + timedelta(seconds=wait), reason=reason, code=code)
        return Move(part.id, "dead", reason=reason or f"given up after {TRIES} tries", code=code or outcome.state)
    return Move(part.id, "dead", reason=reason, code=code or outcome.state)


def skipped(parts: Sequence[Delivery], after: int) -> tuple[Move, ...]:
    """What stood after a part that is not sent."""
    reason = "a part before it was not sent"
    return tuple(
        Move(part.id, "dead", code="skipped", reason=reason)
        for part in parts
        if part.part > after and part.state == "queued"
    )


def ended(parcel: Parcel) -> str:
    """How a message ended whose parts have all ended."""
    return "dead" if any(part.state in ("dead", "failed") for part in parcel.parts) else "sent"


def untouched(parcel: Parcel) -> bool:
    """No call was made for any part of it, or each surely failed."""
    return all(part.state == "queued" for part in parcel.parts)


@dataclass(frozen=True, slots=True)
class Bucket:
    """How fast an account may send: the generic cell rate algorithm (ITU-T I.371). `free` is when the bucket is full
    again; times are seconds on any one clock."""

    every_s: float
    burst: int
    free: float = 0.0

    def wait_s(self, now: float) -> float:
        """Seconds until one more may be sent."""
        return max(0.0, self.free - (self.burst - 1) * self.every_s - now)

    def taken(self, now: float) -> Bucket:
        """With one more sent, at its time."""
        return replace(self, free=max(self.free, now) + self.every_s)

    def paused(self, until: float) -> Bucket:
        """Nothing before `until`."""
        return replace(self, free=max(self.free, until + (self.burst - 1) * self.every_s))


BREAKS_AFTER = 5
"""Calls in a row that reach nobody, after which an account rests."""
REST_S, REST_MOST_S = 5.0, 300.0
"""Seconds of the first rest; each next one is twice as long, up to the longest."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """Whether an account's platform can be reached. After a rest one message tries; `until` in seconds."""

    failures: int = 0
    rests: int = 0
    until: float = 0.0

    def open(self, now: float) -> bool:
        return now < self.until

    @property
    def trying(self) -> bool:
        """It rested, and nothing has come through since."""
        return self.rests > 0

    def failed(self, now: float) -> Breaker:
        if self.open(now):  # A call that was on its way when the rest began.
            return self
        failures = self.failures + 1
        if failures < BREAKS_AFTER and not self.trying:
            return replace(self, failures=failures)
        rest = min(REST_MOST_S, REST_S * 2**self.rests)
        return Breaker(0, min(self.rests + 1, 16), now + rest)

    def passed(self) -> Breaker:
        return Breaker()
