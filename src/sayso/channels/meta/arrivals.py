"""What webhooks of Meta hold, one thing after another, put together as one `Inbound`. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sayso.channels.contract import (
    Account,
    Attached,
    Body,
    Call,
    CartSent,
    Event,
    Inbound,
    Located,
    Opened,
    Pressed,
    Recognised,
    Referred,
    Report,
    Unsupported,
    Utterance,
    identifier,
)

Thing = Event | Report | Call | str
"""A text names what was left alone."""

ANSWERED = (Utterance, Pressed, Attached, Located, CartSent, Recognised, Referred, Opened, Unsupported)
"""Kinds of events that the customer waits for an answer to."""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose webhook it is, `now`, and the seconds that a turn may take. `call` makes a call below the account, none
    where the host lacks its access token."""

    account: Account
    now: datetime
    deadline_s: float
    call: Callable[[str, Mapping[str, Any]], Sequence[Call]]

    def sender(self, native: str) -> Sender:
        return Sender(self, native)


@dataclass(frozen=True, slots=True)
class Sender:
    """The customer who sent it; `via`: what came along that an answer may need."""

    source: Source
    native: str
    via: Mapping[str, str] = field(default_factory=dict)

    def with_via(self, **more: str) -> Sender:
        """Also these, but for the empty ones."""
        return replace(self, via={**self.via, **{name: value for name, value in more.items() if value}})

    def event(self, id: str, body: Body) -> Event:
        source = self.source
        return source.account.event(id, self.native, body, source.now, source.deadline_s, via=self.via)


def gathered(things: Iterable[Thing], noticed: Callable[[Event], Iterable[Call]]) -> Inbound:
    """All of it. `noticed` makes the calls that tell a customer that something was seen: once for each conversation, of
    its last event that is answered."""
    found = list(things)
    events = [each for each in found if isinstance(each, Event)]
    last = {event.conversation: event for event in events if isinstance(event.body, ANSWERED)}
    calls = [each for each in found if isinstance(each, Call)]
    return Inbound(
        events=events,
        reports=[each for each in found if isinstance(each, Report)],
        calls=[*calls, *(call for event in last.values() for call in noticed(event))],
        ignored=[each for each in found if isinstance(each, str)],
    )


def moment(data: object, key: str, now: datetime, unit: int = 1) -> datetime:
    """The time under `key`, counted in `unit`-ths of a second since 1970; `now` where there is none."""
    said = identifier(data, key, 20)
    if not (said.isascii() and said.isdigit()) or not 0 < int(said) // unit < 32503680000:
        return now
    return datetime.fromtimestamp(int(said) / unit, UTC)
