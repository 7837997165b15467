"""Opens a data folder, and the database in it or beside it: lock, migrations, and the rows on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sayso.host.ports import Clock
from sayso.store.artefacts import Artefacts
from sayso.store.codec import Codec
from sayso.store.database import Database
from sayso.store.inbox import Inbox, States
from sayso.store.jobs import Jobs
from sayso.store.ledger import Ledger
from sayso.store.lock import lock
from sayso.store.migrate import migrate_postgres, migrate_sqlite
from sayso.store.people import People
from sayso.store.sqlite import SQLite
from sayso.store.turns import Turns
from sayso.store.vectors import VectorIndex

if TYPE_CHECKING:
    from sayso.store.postgres import Postgres

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
    folder: Path, clock: Clock, new_id: Callable[[], str] = lambda: uuid4().hex, *, database_url: str = ""
) -> AsyncIterator[Store]:
    """The store in `folder`, brought up to date; its rows in PostgreSQL when `database_url` names one. Leaving drains
    what is queued.

    Raises SaysoError when another process has the folder, the database cannot be reached, or a newer sayso wrote it.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(lock(folder))
        rows = open_shared(database_url) if database_url else open_file(folder / FILE)
        database = await stack.enter_async_context(rows)
        vectors = VectorIndex(folder / VECTORS)
        stack.push_async_callback(asyncio.to_thread, vectors.close)
        yield store_on(database, vectors, clock, new_id)


@asynccontextmanager
async def open_file(path: Path) -> AsyncIterator[Database]:
    """The SQLite file at `path`, brought up to date."""
    await asyncio.to_thread(migrate_sqlite, path)
    database = await asyncio.to_thread(SQLite, path)
    try:
        yield database
    finally:
        await asyncio.to_thread(database.close)


@asynccontextmanager
async def open_shared(url: str) -> AsyncIterator[Postgres]:
    """The PostgreSQL database at `url`, brought up to date."""
    from sayso.store.postgres import open_postgres

    async with open_postgres(url) as database:
        await migrate_postgres(database)
        yield database
