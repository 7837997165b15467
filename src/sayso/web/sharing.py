"""What a host does because others share its database: hears what they did, and takes over what one left lying.

A host keeps nothing that others need: what it remembers (which artefact is current, what is built from it) is forgotten
when another publishes; who watches a conversation here sees what was said through another host; events that a host
accepted and did not live to answer are answered here. Notices make it quick; looking at the rows makes it certain.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sayso.errors import SaysoError
from sayso.host import Assembled
from sayso.host.notes import note
from sayso.manifest.specs import Artefact
from sayso.people.history import PERSONALISE, History
from sayso.store import Store
from sayso.store.relay import News, Relay
from sayso.understanding.context import Embedder

log = logging.getLogger("sayso.sharing")

LOOK_S = 5.0
LEFT_LYING = timedelta(seconds=15)
"""How old an event without an answer is before another host than the one it came to runs it: no turn takes as long."""


@dataclass(slots=True)
class Sharing:
    """One host among several. `seen` is the newest seq that watchers here were told of, per conversation."""

    store: Store
    running: Assembled
    embedder: Embedder
    relay: Relay
    seen: dict[str, int] = field(default_factory=dict)

    async def follow(self) -> None:
        """Until cancelled: hear the other hosts."""
        await self.relay.follow(self.hear)

    async def look_forever(self) -> None:
        """Until cancelled: look at the rows for what no notice told."""
        while True:
            try:
                await self.look()
            except (SaysoError, TimeoutError) as error:
                note(log, logging.WARNING, "could not look at the rows", error=type(error).__name__)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Look once."""
        watched = self.running.feed.watched()
        self.seen = {key: self.seen[key] for key in watched if key in self.seen}
        if watched:
            await self._tell(await self.relay.newest(watched))
        for merchant in await self.store.artefacts.moved():
            await self.renew(merchant)
        await self.running.recover(LEFT_LYING)

    async def hear(self, news: News) -> None:
        """Follow what another host did."""
        watched = set(self.running.feed.watched())
        await self._tell({key: seq for key, seq in news.messages.items() if key in watched})
        if news.merchants:
            for merchant in await self.store.artefacts.moved():
                await self.renew(merchant)

    async def _tell(self, newest: Mapping[str, int]) -> None:
        for key, seq in newest.items():
            if seq <= self.seen.get(key, 0):
                continue
            self.seen[key] = seq
            for posted in await self.store.turns.messages(key, seq - 1, 1):
                self.running.feed.pass_on(key, posted)

    async def renew(self, merchant: str) -> None:
        """Another host published the merchant: what was built from its last artefact is built anew."""
        artefact = await self.store.artefacts.current(merchant)
        if artefact is not None:
            await asyncio.to_thread(self.store.vectors.index, artefact, self.embedder)
            self.running.library.forget(merchant)
            note(log, logging.INFO, "published elsewhere", merchant=merchant, digest=artefact.digest)


async def index_missing(store: Store, embedder: Embedder) -> int:
    """Build the vectors of every merchant whose collections are not those of its current artefact, as after a restore
    or on a host that is new; where there were none, those of its customers' orders too. Returns how many merchants."""
    count = 0
    for merchant, digest in (await store.artefacts.digests()).items():
        if await asyncio.to_thread(store.vectors.holds, merchant, digest, embedder):
            continue
        artefact = await store.artefacts.get(digest)
        if artefact is None:
            continue
        if await asyncio.to_thread(store.vectors.lost, merchant):
            await _remember(store, artefact, embedder)
        count += await asyncio.to_thread(store.vectors.index, artefact, embedder)
    return count


async def _remember(store: Store, artefact: Artefact, embedder: Embedder) -> None:
    """The orders of every customer who agreed to it; an order that is remembered already stays one."""
    merchant, history = artefact.merchant.id, History(store.history, store.ledger, embedder)
    for customer in await store.people.consenting(merchant, PERSONALISE):
        await history.add_all(merchant, customer, artefact.catalog)
