"""What a host remembers of customers who agreed to it: planned in the turn, done by a job, after the order is done.

A turn only writes rows, so vectors are made by jobs of the turn's own transaction. When a job runs, consent and order
are read again: what was withdrawn, undone or erased meanwhile is not remembered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sayso.host.library import Library
from sayso.host.liking import ERASE
from sayso.host.ports import CustomerRow, Ledger, People
from sayso.model.effect import Change, ConsentSet, OrderPlaced
from sayso.model.event import Event
from sayso.model.writes import Job
from sayso.people.history import PERSONALISE, History, may_remember

REMEMBER, FORGET = "remember", "forget"
Run = Callable[[Job], Awaitable[None]]


def plans(changes: Sequence[Change], customer: CustomerRow, event: Event, now: datetime) -> Iterator[Job]:
    """The jobs that follow from a turn's changes."""
    for change in changes:
        if isinstance(change, OrderPlaced) and may_remember(customer.assurance, customer.consents):
            order = change.order
            payload = {"customer": customer.id, "order": order.id}
            due = max(now, order.proposal.ready_at or now)
            yield Job(f"{REMEMBER}:{order.id}", event.merchant, REMEMBER, due, event.key, payload)
        elif isinstance(change, ConsentSet) and change.purpose == PERSONALISE:
            kind = REMEMBER if change.granted else FORGET
            yield Job(f"{kind}:{event.id}", event.merchant, kind, now, event.key, {"customer": change.customer})


class Eraser(Protocol):
    """Erases all that is known of a customer."""

    async def erase(self, merchant: str, customer: str) -> object: ...


@dataclass(frozen=True, slots=True)
class Remembering:
    """Runs those jobs."""

    library: Library
    ledger: Ledger
    people: People
    history: History | None = None
    eraser: Eraser | None = None

    def jobs(self) -> Mapping[str, Run]:
        """Kind -> what it does."""
        own: dict[str, Run] = {ERASE: self.erase} if self.eraser else {}
        return own | ({REMEMBER: self.remember, FORGET: self.forget} if self.history else {})

    async def erase(self, job: Job) -> None:
        """All that is known of a customer who agreed to it."""
        assert self.eraser is not None
        await self.eraser.erase(job.merchant, (job.payload or {}).get("customer", ""))

    async def remember(self, job: Job) -> None:
        """An order, or every order of a customer who has just agreed."""
        payload = job.payload or {}
        customer, id = payload.get("customer", ""), payload.get("order", "")
        if PERSONALISE not in await self.people.consents(job.merchant, customer):
            return
        assert self.history is not None
        catalog = (await self.library.current(job.merchant)).artefact.catalog
        if not id:
            return await self.history.add_all(job.merchant, customer, catalog)
        order = await self.ledger.order(job.merchant, id)
        if order is not None and order.customer == customer and order.state != "cancelled":
            await self.history.add(order, catalog)

    async def forget(self, job: Job) -> None:
        """Unless consent was given again meanwhile."""
        customer = (job.payload or {}).get("customer", "")
        assert self.history is not None
        if PERSONALISE not in await self.people.consents(job.merchant, customer):
            await self.history.drop(job.merchant, customer)
