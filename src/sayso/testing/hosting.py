"""A whole host for a test or a terminal: real store, real understanding, nothing listening.

Publishing (checking, training, embedding) takes seconds, a conversation milliseconds: so it is published once into a
data folder, and every host begins with a copy of that folder. Artefacts and vectors, which no conversation changes, are
shared; stock, queue, clock and customers are each host's own.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sayso.errors import Theirs
from sayso.host import assemble
from sayso.host.library import Bind
from sayso.host.ports import Clock
from sayso.manifest.draft import Loaded
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import Artefact
from sayso.store import open_store
from sayso.testing.chat import Hosted, SettableClock
from sayso.testing.clock import ShiftedClock
from sayso.understanding.context import Embedder, Understanding

if TYPE_CHECKING:
    from sayso.store.vectors import VectorIndex


class HostClock(Clock, SettableClock, Protocol):
    """A clock that a host runs on and its holder moves."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was published, ready to be hosted. `faults` are in words; a merchant with faults is left out."""

    folder: Path
    merchants: Mapping[str, Artefact]
    understanding: Understanding
    bind: Bind
    faults: tuple[str, ...] = ()


def publish(manifests: Path, skills: Path, folder: Path, *, only: str = "") -> Published:
    """Check, compile and publish every merchant below `manifests`, or `only` one, into the data folder `folder`.

    Blocks. Raises Theirs when there is nothing to publish, with the faults."""
    loaded = load_tree(manifests, skills)
    faults = tuple(f"{fault.file}:{fault.line}: {fault.what}" for fault in loaded.faults)
    drafts = {id: draft for id, draft in loaded.merchants.items() if only in ("", id)}
    if not drafts:
        raise _nothing(loaded, manifests, only, faults)
    parts = _parts(skills)
    artefacts = {id: compile_artefact(draft, parts.train) for id, draft in drafts.items()}
    asyncio.run(_store(artefacts, folder, parts.embedder))
    return Published(folder, artefacts, parts.understanding(folder), parts.bind, faults)


@asynccontextmanager
async def host(
    published: Published, folder: Path, clock: HostClock, understanding: Understanding | None = None
) -> AsyncIterator[Hosted]:
    """A host on the data folder `folder`, which begins as a copy of what was published when it does not exist."""
    if not folder.exists():
        shutil.copytree(published.folder, folder, ignore=shutil.ignore_patterns("vectors", "*.lock", "lock"))
    async with open_store(folder, clock) as store:
        for artefact in published.merchants.values():
            current = await store.artefacts.current(artefact.merchant.id)
            if current is None or current.digest != artefact.digest:
                await store.artefacts.publish(artefact)
        running = assemble(
            inbox=store.inbox,
            turns=store.turns,
            ledger=store.ledger,
            people=store.people,
            jobs=store.jobs,
            artefacts=store.artefacts,
            understanding=understanding or published.understanding,
            bind=published.bind,
            clock=clock,
        )

        async def work() -> None:
            await running.worker.run_due()

        yield Hosted(running.handle, store.turns, store.ledger, published.merchants, clock, store.jobs.next_due, work)
