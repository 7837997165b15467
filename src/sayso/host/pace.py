"""How fast an account may send, and whether its platform can be reached: kept by each host for itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sayso.channels.capabilities import Capabilities
from sayso.channels.contract import Outcome
from sayso.host.delivery import Breaker, Bucket

THROTTLED = 429
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Pace:
    """Of one account. `nudged`: something of it is due while others are on their way."""

    bucket: Bucket | None = None
    breaker: Breaker = field(default_factory=Breaker)
    nudged: asyncio.Event = field(default_factory=asyncio.Event)
    _throttled: str = ""

    @property
    def trying(self) -> bool:
        """Only one message finds out whether the platform is back."""
        return self.breaker.trying

    def resting(self, now: datetime) -> bool:
        return self.breaker.open(_seconds(now))

    def opens(self, now: datetime) -> datetime:
        """When the account may be tried: now, or at the end of its rest."""
        return EPOCH + timedelta(seconds=self.breaker.until) if self.resting(now) else now

    def wait(self, caps: Capabilities, sent_at: datetime | None, now: datetime) -> timedelta:
        """How long the next part of a conversation waits for its account and its customer."""
        bucket = self._bucket(caps)
        pair = 0.0
        if sent_at is not None and caps.pair_every_s:
            pair = caps.pair_every_s - (now - sent_at).total_seconds()
        return timedelta(seconds=max(bucket.wait_s(_seconds(now)), pair, 0.0))

    def take(self, caps: Capabilities, now: datetime) -> None:
        """One more is sent."""
        self.bucket = self._bucket(caps).taken(_seconds(now))

    def answered(self, status: int, outcome: Outcome, conversation: str, caps: Capabilities, now: datetime) -> None:
        """The platform can be reached. When it slows down two conversations in a row it means the account."""
        self.breaker = self.breaker.passed()
        if status != THROTTLED:
            self._throttled = ""
            return
        if self._throttled not in ("", conversation):
            self.bucket = self._bucket(caps).paused(_seconds(now) + outcome.after_s)
        self._throttled = conversation

    def unreached(self, now: datetime) -> None:
        """A call reached nobody."""
        self.breaker = self.breaker.failed(_seconds(now))

    def _bucket(self, caps: Capabilities) -> Bucket:
        if self.bucket is None:
            self.bucket = Bucket(1 / caps.rate_per_s if caps.rate_per_s > 0 else 0.0, max(1, caps.burst))
        return self.bucket


def _seconds(moment: datetime) -> float:
    return (moment - EPOCH).total_seconds()
