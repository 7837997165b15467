"""The host put together from its parts; `web.wire` and the tests choose the parts."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from sayso.errors import SaysoError
from sayso.host.attachments import EXPIRE, FETCH
from sayso.host.dues import Worker
from sayso.host.feed import LiveFeed
from sayso.host.leases import Leases
from sayso.host.library import Bind, Library
from sayso.host.linking import HIDE, Linking, Page, no_page
from sayso.host.notes import note
from sayso.host.ports import Artefacts, Clock, Handle, Inbox, Jobs, Lease, Ledger, Links, People, Turns
from sayso.host.reach import Reach
from sayso.host.remembering import Eraser, Remembering
from sayso.host.turn import Done, Seed, Turning, by_chance
from sayso.model.event import Event
from sayso.model.writes import Job
from sayso.people.history import History
from sayso.understanding.context import Finding, Understanding

log = logging.getLogger("sayso.host")


@dataclass(frozen=True, slots=True)
class Assembled:
    """A host that runs: its door, its feed, its worker for jobs and its loaded artefacts."""

    handle: Handle
    feed: LiveFeed
    worker: Worker
    library: Library
    inbox: Inbox
    keep: Callable[[Event], Awaitable[Event]]
    linking: Linking

    async def recover(self, older: timedelta = timedelta(0)) -> int:
        """Run the events that were stored and never answered, `older` ago or more; returns how many."""
        count = 0
        latest = self.worker.clock.now() - older
        for event in await self.inbox.unanswered():
            if older and event.at > latest:
                break
            try:
                await self.handle(event)
                count += 1
            except SaysoError as error:
                note(log, logging.WARNING, "an unanswered event cannot be run", event=event.id, code=error.code)
        return count


def assemble(
    *,
    inbox: Inbox,
    turns: Turns,
    ledger: Ledger,
    people: People,
    links: Links,
    jobs: Jobs,
    artefacts: Artefacts,
    understanding: Understanding,
    bind: Bind,
    clock: Clock,
    count: Callable[[Done], None] = lambda done: None,
    leases: Lease | None = None,
    beyond: Callable[[str, int], None] | None = None,
    history: History | None = None,
    eraser: Eraser | None = None,
    reach: Reach | None = None,
    link_key: bytes = b"",
    link_page: Page = no_page,
    seed: Seed = by_chance,
    finding: Finding | None = None,
) -> Assembled:
    """One host over these parts. `bind` binds an artefact's skills; `count` is told of every turn. `leases` and
    `beyond` (of each new message: its conversation and seq) reach the other hosts, where there are any. `history`: what
    customers who agree to it had before is remembered; `eraser`: who asks for it is erased. `reach`: the channels whose
    answers are pushed. `link_key`: under which one-time codes are digested (hosts that share a database share it);
    `link_page`: where a customer is linked by one press; `seed`: of each turn, chance but for tests; `finding`: what
    finds products by what they are like."""
    library, feed = Library(artefacts, bind), LiveFeed(beyond)
    linking = Linking(links, people, clock, link_key or secrets.token_bytes(32), link_page)
    handle = Turning(
        inbox,
        turns,
        ledger,
        people,
        library,
        understanding,
        clock,
        feed,
        leases or Leases(),
        count,
        linking,
        history,
        reach or Reach(),
        seed,
        finding,
    )
    remembering = Remembering(library, ledger, people, history, eraser).jobs()

    async def hide(job: Job) -> None:
        await turns.hide(job.merchant, job.conversation)

    silent = {HIDE: hide, FETCH: _without_files, EXPIRE: _without_files, **remembering}
    return Assembled(handle, feed, Worker(jobs, handle, clock, silent), library, inbox, handle.keep, linking)


async def _without_files(job: Job) -> None:
    """A host that keeps no files."""
