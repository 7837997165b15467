"""Jobs: what comes due, and what it does. Rows written in a turn's transaction, run by one worker on the clock."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sayso.errors import Conflict, NotFound
from sayso.host.notes import failed, note
from sayso.host.ports import Clock, Handle, Jobs
from sayso.model.effect import Change, Freed, OrderMoved, TaskClosed, TaskNoted
from sayso.model.event import Due, Event, Written
from sayso.model.writes import Job

log = logging.getLogger("sayso.jobs")

IDLE = timedelta(seconds=5)
"""How long the worker waits at most before it looks again."""


def due_changes(event: Event) -> Sequence[Change]:
    """The changes to rows that a job makes; the dialogue says what is to be said."""
    if isinstance(event.body, Written):
        return _written(event, event.body)
    assert isinstance(event.body, Due)
    payload, merchant = event.body.payload, event.merchant
    order, proposal = payload.get("order", ""), payload.get("proposal", "")
    table: dict[str, Change] = {
        "expire_proposal": Freed(merchant, proposal),
        "make_order": OrderMoved(merchant, order, "making", ("placed",)),
        "ready_order": OrderMoved(merchant, order, "ready", ("placed", "making")),
        "remind_booking": OrderMoved(merchant, order, "placed", ("placed",)),
    }
    change = table.get(event.body.job)
    return (change,) if change else ()


def _written(event: Event, body: Written) -> Sequence[Change]:
    """What a person wrote belongs to the task; a matter that is settled is off the desk."""
    noted = TaskNoted(event.merchant, body.task, event.key, "person", body.words, body.by)
    closed = TaskClosed(event.merchant, body.task)
    return (*((noted,) if body.words else ()), *((closed,) if body.closes else ()))


def event_of(job: Job, now: datetime) -> Event:
    """A job of a conversation is an event like any other; its id makes it happen once."""
    merchant, channel, account, native = job.conversation.split("/", 3)
    body = Due(job.kind, dict(job.payload or {}))
    return Event(f"job:{job.id}", merchant, channel, account, native, now, body, deadline_s=30.0)


@dataclass(slots=True)
class Worker:
    """Runs what is due."""

    jobs: Jobs
    handle: Handle
    clock: Clock
    silent: Mapping[str, Callable[[Job], Awaitable[None]]] = field(default_factory=dict)
    """Kinds of job that are no event of their conversation: nothing is said, no turn is run."""

    async def run_due(self) -> int:
        """Run everything that is due now; returns how many."""
        count = 0
        while found := await self.jobs.due(self.clock.now()):
            for job in found:
                await self._run(job)
            count += len(found)
        return count

    async def _run(self, job: Job) -> None:
        try:
            if run := self.silent.get(job.kind):
                await run(job)
            else:
                await self.handle(event_of(job, self.clock.now()))
        except (Conflict, NotFound) as gone:
            note(log, logging.INFO, "job is void", job=job.id, code=gone.code)
        except Exception as error:
            failed(log, "job failed", error, job=job.id)
            return
        await self.jobs.done(job.id)

    async def forever(self) -> None:
        """Until cancelled: run what is due, then wait for the next."""
        while True:
            await self.run_due()
            upcoming = await self.jobs.next_due()
            latest = self.clock.now() + IDLE
            await self.clock.sleep_until(min(upcoming, latest) if upcoming else latest)
