"""What the outbox needs from the outside: rows of messages that wait, and the way to a platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sayso.channels.compiler.layout import Where
from sayso.channels.compiler.plan import Part
from sayso.channels.contract import Account, Pushing, Report
from sayso.model.message import Message

STEPS: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"sending", "sent", "delivered", "read", "dead"}),
    "sending": frozenset({"queued", "sending", "sent", "delivered", "read", "failed", "unknown", "dead"}),
    "unknown": frozenset({"sent", "delivered", "read", "failed", "queued"}),
    "sent": frozenset({"delivered", "read", "failed"}),
    "delivered": frozenset({"read"}),
    "read": frozenset(),
    "failed": frozenset({"queued"}),
    "dead": frozenset({"queued", "delivered", "read"}),
}
"""state of a part -> the states that it may go to. "queued": not sent; "sending": the call is being made, or its host
died; "sent": the platform has it; "unknown": the call broke off; "failed": the platform took it and told later that it
was not delivered; "dead": given up, or refused. From "unknown", "failed" and "dead" staff send again."""

ATTENTION = ("dead", "failed", "unknown")
"""States that staff should see."""


def follows(before: str, after: str) -> bool:
    """Whether a part may go from one state to the other: never backwards."""
    return after in STEPS[before]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One part of a message. `id` is ours and given to the platform, `native` the platform's. `due`: not before then
    (a retry), or how long its status is waited for (unknown). `template`: the whole message as a template."""

    id: str
    part: int
    state: str
    body: Part
    native: str = ""
    attempts: int = 0
    due: datetime | None = None
    reason: str = ""
    code: str = ""
    template: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that was claimed for sending. `until`: the claim ends then, and names it: whoever claims it later has
    another. `via` and `at` came with the event that is answered; `heard_at`: the customer's last words in the
    conversation; `muted`: "" or the one turn whose answer may still go out; `sent_at`: when the last part of any
    message of the conversation was sent; `spent`: the parts for which a call was made already that had this `via`."""

    merchant: str
    channel: str
    account: str
    native: str
    conversation: str
    seq: int
    id: str
    turn: str
    message: Message
    until: datetime
    via: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None
    heard_at: datetime | None = None
    muted: str = ""
    sent_at: datetime | None = None
    spent: frozenset[str] = frozenset()
    parts: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """A merchant's account on a channel with messages that wait; `due`: when the first of them may be claimed."""

    key: str
    merchant: str
    channel: str
    account: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """What became of a part. `tried`: a call is made now and counted; `native`: the platform's id of it."""

    id: str
    state: str
    native: str = ""
    due: datetime | None = None
    reason: str = ""
    code: str = ""
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits on a channel: messages, and since when the oldest; parts that staff should see."""

    channel: str
    messages: int
    oldest: datetime | None
    attention: int = 0


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A part that staff should see, with the words of its message."""

    id: str
    channel: str
    conversation: str
    state: str
    reason: str
    code: str
    attempts: int
    at: datetime
    text: str


class Deliveries(Protocol):
    """Rows of messages to be sent. Nothing that is written here is taken back: states only go forward."""

    async def lanes(self) -> Sequence[Lane]:
        """The accounts with messages that wait."""
        ...

    async def claim(self, lane: str, now: datetime, until: datetime, limit: int) -> Sequence[Parcel]:
        """Messages whose turn it is, the oldest first, one of each conversation."""
        ...

    async def lay(self, parcel: Parcel, parts: Sequence[Part], template: bool = False) -> Parcel:
        """Write the message's parts; in place of those that were laid before, when none was sent. Raises Conflict when
        the claim is lost."""
        ...

    async def write(
        self, parcel: Parcel, moves: Sequence[Move], until: datetime, *, push: str = "queued", must: bool = False
    ) -> Parcel:
        """Move parts, and the message: to be claimed again at `until`, or ended as `push` says ("sent", "dead"). A
        claim that was lost leaves the message alone; where it `must` hold, raises Conflict and moves nothing. A move
        that a part may not make any more is left out."""
        ...

    async def report(self, merchant: str, channel: str, account: str, report: Report) -> Sequence[str]:
        """Move what a platform told of; kept for a while when nothing of ours has its id yet. Returns the states that
        were gone to."""
        ...

    async def resume(self) -> None:
        """No other host lives: what a dead one had claimed may be claimed now."""
        ...

    async def waiting(self) -> Sequence[Waiting]: ...

    async def undelivered(self, merchant: str, limit: int = 100) -> Sequence[Undelivered]:
        """Parts that staff should see, the newest first."""
        ...

    async def resend(self, merchant: str, part: str) -> bool:
        """Queue the part anew with those that were not sent because of it; False when there is no such part."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """The way to a customer's platform."""

    channel: Pushing
    account: Account
    where: Where


class Routes(Protocol):
    async def __call__(self, merchant: str, channel: str, conversation: str) -> Route:
        """Raises SaysoError when the merchant or this host has no such channel (any more)."""
        ...
