"""The host put together from its parts; `web.wire` and the tests choose the parts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sayso.errors import SaysoError
from sayso.host.dues import Worker
from sayso.host.feed import LiveFeed
from sayso.host.leases import Leases
from sayso.host.library import Bind, Library
from sayso.host.notes import note
from sayso.host.ports import Artefacts, Clock, Handle, Inbox, Jobs, Ledger, People, Turns
from sayso.host.turn import Done, Turning
from sayso.understanding.context import Understanding

log = logging.getLogger("sayso.host")


@dataclass(frozen=True, slots=True)
class Assembled:
    """A host that runs: its door, its feed, its worker for jobs and its loaded artefacts."""

    handle: Handle
    feed: LiveFeed
    worker: Worker
    library: Library
    inbox: Inbox

    async def recover(self) -> int:
        """Run the events that were stored and never answered; returns how many."""
        count = 0
        for event in await self.inbox.unanswered():
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
    jobs: Jobs,
    artefacts: Artefacts,
    understanding: Understanding,
    bind: Bind,
    clock: Clock,
    count: Callable[[Done], None] = lambda done: None,
) -> Assembled:
    """One host over these parts. `bind` binds an artefact's skills; `count` is told of every turn."""
    library, feed = Library(artefacts, bind), LiveFeed()
    handle = Turning(inbox, turns, ledger, people, library, understanding, clock, feed, Leases(), count)
    return Assembled(handle, feed, Worker(jobs, handle, clock), library, inbox)
