"""Opens a data folder: lock, migrations, database, and the rows on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sayso.host.ports import Clock
from sayso.store.artefacts import Artefacts
from sayso.store.codec import Codec
from sayso.store.database import Database
from sayso.store.inbox import Inbox, States
from sayso.store.jobs import Jobs
from sayso.store.ledger import Ledger
from sayso.store.lock import lock
from sayso.store.migrate import migrate_sqlite
from sayso.store.people import People
from sayso.store.sqlite import SQLite
from sayso.store.turns import Turns
from sayso.store.vectors import VectorIndex

FILE = "sayso.db"
VECTORS = "vectors"


@dataclass(frozen=True, slots=True)
class Store:
    """What a data folder holds, by port."""

    database: Database
    inbox: Inbox
    turns: Turns
    ledger: Ledger
    people: People
    jobs: Jobs
    artefacts: Artefacts
    vectors: VectorIndex


def store_on(database: Database, vectors: VectorIndex, clock: Clock, new_id: Callable[[], str]) -> Store:
    """The ports on a database, whichever driver it has."""
    codec = Codec()
    states = States(codec)
    return Store(
        database=database,
        inbox=Inbox(database, codec, states),
        turns=Turns(database, codec, states),
        ledger=Ledger(database, codec, clock),
        people=People(database, new_id),
        jobs=Jobs(database, codec, clock),
        artefacts=Artefacts(database, codec, clock),
        vectors=vectors,
    )


@asynccontextmanager
async def open_store(
    folder: Path, clock: Clock, new_id: Callable[[], str] = lambda: uuid4().hex
) -> AsyncIterator[Store]:
    """The store in `folder`, brought up to date. Leaving drains what is queued.

    Raises SaysoError when another process has the folder, or a newer sayso wrote it.
    """
    with lock(folder):
        await asyncio.to_thread(migrate_sqlite, folder / FILE)
        database, vectors = await asyncio.to_thread(SQLite, folder / FILE), VectorIndex(folder / VECTORS)
        try:
            yield store_on(database, vectors, clock, new_id)
        finally:
            await asyncio.to_thread(vectors.close)
            await asyncio.to_thread(database.close)
