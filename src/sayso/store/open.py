"""Opens a data folder, and the database in it or beside it: lock, migrations, and the rows on it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from socket import gethostname
from typing import TYPE_CHECKING
from uuid import uuid4

from sayso.host.leases import Leases
from sayso.host.ports import Clock, Lease
from sayso.store.artefacts import Artefacts
from sayso.store.attachments import FOLDER as ATTACHMENTS
from sayso.store.attachments import Attachments, FolderFiles
from sayso.store.chroma import Server
from sayso.store.codec import Codec
from sayso.store.database import Database
from sayso.store.deliveries import Deliveries
from sayso.store.desk import Desk
from sayso.store.history import History
from sayso.store.inbox import Inbox, States
from sayso.store.jobs import Jobs
from sayso.store.ledger import Ledger
from sayso.store.links import LinkRows
from sayso.store.lock import lock
from sayso.store.migrate import migrate_postgres, migrate_sqlite
from sayso.store.people import People
from sayso.store.privacy import Privacy
from sayso.store.sqlite import SQLite
from sayso.store.turns import Turns
from sayso.store.unheard import UnheardRows
from sayso.store.usage import Usage
from sayso.store.vectors import VectorIndex

if TYPE_CHECKING:
    from sayso.store.leases import RowLeases
    from sayso.store.postgres import Postgres
    from sayso.store.relay import Relay

FILE = "sayso.db"
VECTORS = "vectors"


@dataclass(frozen=True, slots=True)
class Store:
    """What a data folder holds, by port. `relay` leads to the other hosts on the same database."""

    database: Database
    inbox: Inbox
    turns: Turns
    ledger: Ledger
    people: People
    links: LinkRows
    desk: Desk
    jobs: Jobs
    artefacts: Artefacts
    vectors: VectorIndex
    leases: Lease
    history: History
    privacy: Privacy
    usage: Usage
    unheard: UnheardRows
    deliveries: Deliveries
    attachments: Attachments
    files: FolderFiles
    relay: Relay | None = None


def store_on(
    database: Database, vectors: VectorIndex, clock: Clock, new_id: Callable[[], str], files: FolderFiles
) -> Store:
    """The ports on a database, whichever driver it has."""
    codec = Codec()
    states = States(codec)
    return Store(
        database=database,
        inbox=Inbox(database, codec, states),
        turns=Turns(database, codec, states),
        ledger=Ledger(database, codec, clock),
        people=People(database, new_id),
        links=LinkRows(database),
        desk=Desk(database, codec),
        jobs=Jobs(database, codec, clock),
        artefacts=Artefacts(database, codec, clock),
        vectors=vectors,
        leases=Leases(),
        history=History(database, vectors, lambda: token_hex(32)),
        privacy=Privacy(database, codec, states, vectors, clock, new_id, files),
        usage=Usage(database),
        unheard=UnheardRows(database),
        deliveries=Deliveries(database, codec, clock),
        attachments=Attachments(database, codec),
        files=files,
    )


@asynccontextmanager
async def open_store(
    folder: Path,
    clock: Clock,
    new_id: Callable[[], str] = lambda: uuid4().hex,
    *,
    database_url: str = "",
    chroma_url: str = "",
) -> AsyncIterator[Store]:
    """The store in `folder`, brought up to date; its rows in PostgreSQL when `database_url` names one, its vectors on
    the Chroma server at `chroma_url`. Leaving drains what is queued.

    Raises SaysoError when another process has the folder, the database cannot be reached, or a newer sayso wrote it.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(lock(folder))
        vectors = VectorIndex(Server(chroma_url) if chroma_url else folder / VECTORS)
        stack.push_async_callback(asyncio.to_thread, vectors.close)
        files = FolderFiles(folder / ATTACHMENTS)
        if not database_url:
            database = await stack.enter_async_context(open_file(folder / FILE))
            yield store_on(database, vectors, clock, new_id, files)
            return
        shared = await stack.enter_async_context(open_shared(database_url))
        leases, relay = await _among_hosts(shared, database_url, stack)
        yield replace(store_on(shared, vectors, clock, new_id, files), leases=leases, relay=relay)


async def _among_hosts(shared: Postgres, url: str, stack: AsyncExitStack) -> tuple[RowLeases, Relay]:
    """What hosts on one database need of each other."""
    from sayso.store.leases import RowLeases
    from sayso.store.relay import Relay

    leases = RowLeases(shared, f"{gethostname()}/{os.getpid()}")
    renewing = asyncio.create_task(leases.renew_forever())

    async def end() -> None:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing

    stack.push_async_callback(end)
    return leases, Relay(url, shared)


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
