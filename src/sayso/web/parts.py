"""What the web needs from the rest of the host, and what one running application holds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sayso.channels import dialogflow
from sayso.channels.alexa import Door
from sayso.channels.contract import Account, Report, Send
from sayso.host.access import Access
from sayso.host.attachments import AttachmentRows, Files
from sayso.host.outbox import Outbox
from sayso.host.ports import Artefacts, Clock, CustomerRow, Desk, Feed, Handle, Ledger, Posted, Task, Turns
from sayso.host.reach import Reach
from sayso.manifest.specs import MerchantSpec
from sayso.model.event import Event, Proof
from sayso.model.preference import Preference
from sayso.store.unheard import Missed
from sayso.web.config import Config
from sayso.web.metrics import Metrics
from sayso.web.rate import Rate
from sayso.web.tokens import Signer


async def _nothing() -> None: ...


async def _none() -> float:
    return 0.0


async def _not_kept(event: Event) -> Event:
    return event


Keep = Callable[[Event], Awaitable[Event]]
"""Stores an event, so that its platform may be answered before its turn is run."""

Reported = Callable[[str, Account, Report], Awaitable[None]]
"""(channel, account, what its platform tells of a message that was sent)."""

Heard = Callable[[str, datetime], Awaitable[Sequence[Missed]]]
"""What a merchant's customers said since then that was not understood."""


async def _all_heard(merchant: str, since: datetime) -> Sequence[Missed]:
    return ()


async def _nobody(event: Event) -> CustomerRow:
    return CustomerRow("", event.merchant, event.proof.assurance, frozenset())


Offer = Callable[[str, str, str], Awaitable[str]]


async def _no_nonce(merchant: str, customer: str, conversation: str) -> str:
    return ""


async def _forgotten(gone: Preference) -> None: ...


class EmptyDesk:
    """Implements `host.ports.Desk` where nothing is handed over."""

    async def waiting(self, merchant: str, limit: int = 100) -> Sequence[Task]:
        return ()

    async def task(self, merchant: str, id: str) -> Task | None:
        return None

    async def transcript(self, merchant: str, conversation: str, limit: int = 30) -> Sequence[Posted]:
        return ()


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a host, made by `wire` (or by a test).

    `secrets` sign tokens. `publish` checks, compiles and stores a merchant's manifests and returns the digest.
    `customer` verifies a customer's token for a merchant; `vouch` makes one in demo mode. `alexa` is Amazon's way in,
    `dialogflow` Google's, None where it is off; `reach` has every other channel: `keep` stores what came over one,
    `call` makes a call to its platform with a token of `access`, `report` hears what became of a message, `outbox`
    sends them; `attachments` are the rows of `files` that customers sent. `desk` has what waits for a person. `lag`
    tells how many seconds late the jobs are. `start` begins what runs in the background (jobs, events left
    unanswered); `close` ends it and closes the store."""

    handle: Handle
    feed: Feed
    turns: Turns
    ledger: Ledger
    artefacts: Artefacts
    clock: Clock
    secrets: tuple[str, ...]
    publish: Callable[[str], Awaitable[str]]
    customer: Callable[[MerchantSpec, str], Proof]
    vouch: Callable[[MerchantSpec, str], str]
    identify: Callable[[Event], Awaitable[CustomerRow]] = _nobody
    """The customer behind an event's proof, with what they like."""
    forget: Callable[[Preference], Awaitable[None]] = _forgotten
    """Keep that something was forgotten, in the place of what was known."""
    nonce: Offer = _no_nonce
    """(merchant, customer, conversation) -> what a platform's account linking brings back for that customer."""
    unheard: Heard = _all_heard
    metrics: Metrics = field(default_factory=Metrics)
    alexa: Door | None = None
    dialogflow: dialogflow.Door | None = None
    reach: Reach = field(default_factory=Reach)
    keep: Keep = _not_kept
    call: Send | None = None
    access: Access | None = None
    report: Reported | None = None
    outbox: Outbox | None = None
    attachments: AttachmentRows | None = None
    files: Files | None = None
    desk: Desk = field(default_factory=EmptyDesk)
    lag: Callable[[], Awaitable[float]] = _none
    start: Callable[[], Awaitable[None]] = _nothing
    close: Callable[[], Awaitable[None]] = _nothing


@dataclass(frozen=True, slots=True)
class Site:
    """One running application: its parts and what it counts. `draining` is set when the host is told to end;
    `running` are the turns in progress, which a client that goes away does not cancel; `api` is the document of the
    public API."""

    config: Config
    parts: Parts
    signer: Signer
    events: Rate
    opened: Rate
    api: Mapping[str, Any] = field(default_factory=dict)
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    running: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def metrics(self) -> Metrics:
        return self.parts.metrics
