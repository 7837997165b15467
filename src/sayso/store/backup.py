"""Backup and restore of a store, whichever database it is on.

Theory. A backup is one SQLite file: the rows of all tables as they were at one moment, and what a host needs besides
them (the secret that signed its tokens, the files that customers sent). So it can be opened and checked with ordinary
tools, and what was saved from SQLite can be restored into PostgreSQL and the other way round. Vectors and everything
else in the data folder are built again from the rows. It is not encrypted: it holds what the database holds.

A backup is written beside its name first, flushed, and renamed when it is whole. A host may go on meanwhile: SQLite's
online backup reads a snapshot from another process; PostgreSQL gives one transaction a snapshot.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.errors import SaysoError, Theirs
from sayso.store.backup_files import files_in, files_out
from sayso.store.lock import lock
from sayso.store.migrate import migrate_sqlite
from sayso.store.open import FILE, open_shared
from sayso.store.schema import build
from sayso.store.sqlite import Errors

if TYPE_CHECKING:
    from sqlalchemy import Table

    from sayso.store.postgres import Connection

KEPT_FILES = ("secret",)
"""Of the data folder, beside the rows. Tokens that customers and staff hold stay good."""
PASSING = frozenset({"leases"})
"""Tables whose rows mean nothing on another machine."""
FACTS = "CREATE TABLE backup (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
DERIVED = ("published.json",)
"""Files of the data folder that speak of other rows than those restored."""
ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds: when it was made, of which schema, and how many rows of the tables that tell most."""

    made: str
    schema: str
    conversations: int
    messages: int
    orders: int


async def backup(folder: Path, database_url: str, file: Path) -> Saved:
    """Save the store in `folder`, or its rows in PostgreSQL, to `file`. Raises SaysoError when there is none."""
    _free(file)
    with whole(file) as fresh:
        if database_url:
            await _from_postgres(database_url, fresh)
        else:
            await asyncio.to_thread(_from_sqlite, folder / FILE, fresh)
        await asyncio.to_thread(_note, fresh, folder)
        await asyncio.to_thread(files_in, fresh, folder)
        return await asyncio.to_thread(_checked, fresh)


async def restore(file: Path, folder: Path, database_url: str) -> Saved:
    """Bring a store back from `file`: into an empty data folder, or an empty PostgreSQL database.

    Raises SaysoError when the file is no backup, or when there is a store already: nothing is ever overwritten."""
    saved = await asyncio.to_thread(_checked, file)
    with lock(folder):
        if not database_url:
            _empty(folder)
        with whole(folder / FILE) as fresh:
            await asyncio.to_thread(_copy, file, fresh)
            await asyncio.to_thread(migrate_sqlite, fresh)
            await asyncio.to_thread(_hold_back, fresh)
            files = await asyncio.to_thread(_facts_out, fresh)
            await asyncio.to_thread(files_out, fresh, folder)
            if database_url:
                await _into_postgres(fresh, database_url)
                fresh.unlink()
            for name in KEPT_FILES:
                _put(folder / name, files.get(f"file/{name}", ""))
            for name in DERIVED:
                (folder / name).unlink(missing_ok=True)
    return saved


def _free(file: Path) -> None:
    if file.exists():
        raise Theirs(f"{file} is there already", where=str(file), mend="name another file, or move that one away")


def _empty(folder: Path) -> None:
    """No database, nor the log of one: it would be read into the restored file."""
    if left := sorted(folder.glob(f"{FILE}*")):
        raise _there(str(left[0]))


@contextmanager
def whole(file: Path) -> Iterator[Path]:
    """A name to write to; what is there at the end becomes `file`, readable by its owner only. On errors nothing is."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield fresh
        if fresh.exists():
            _flushed(fresh)
            fresh.replace(file)
            _flushed(file.parent)
    except OSError as error:
        raise SaysoError(
            f"cannot write {file}: {error.strerror}", where=str(file), mend="choose a folder that is there and has room"
        ) from error
    finally:
        for left in file.parent.glob(f"{fresh.name}*"):
            left.unlink()


def _flushed(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _from_sqlite(database: Path, fresh: Path) -> None:
    if not database.is_file():
        raise Theirs(
            f"there is no database in {database.parent}",
            where=str(database),
            mend="name the data folder with --data, or set SAYSO_DATABASE_URL",
        )
    _copy(database, fresh)


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup: a snapshot, while others write."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(target)) as writing,
        ):
            # In one step: between two the host may write, and the copy would begin anew.
            reading.backup(writing)
            # One file, without a log beside it.
            writing.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise Errors(str(source)).clear(error) from error


def _note(fresh: Path, folder: Path) -> None:
    """Writes down when and of what it was made, and the files of the data folder that are kept."""
    facts = {"made": datetime.now(UTC).isoformat(timespec="seconds")}
    for name in KEPT_FILES:
        if (folder / name).is_file():
            facts[f"file/{name}"] = (folder / name).read_text("utf-8")
    with closing(sqlite3.connect(fresh)) as connection, connection:
        connection.execute(FACTS)
        connection.executemany("INSERT INTO backup VALUES (?, ?)", facts.items())


def _checked(file: Path) -> Saved:
    """What a backup holds. Raises Theirs for a file that is none, SaysoError for one that is damaged."""
    if not file.is_file():
        raise Theirs(f"there is no file {file}", where=str(file), mend="name the file that `sayso backup` wrote")
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check").fetchone()
            facts = dict(connection.execute("SELECT name, value FROM backup"))
            (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            counts = [
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("conversations", "messages", "orders")
            ]
    except sqlite3.Error as error:
        raise Theirs(
            f"{file} is no backup of sayso ({error})", where=str(file), mend="name the file that `sayso backup` wrote"
        ) from error
    if verdict != "ok":
        raise SaysoError(
            f"{file} is damaged: {verdict}", where=str(file), mend="use an older backup", code="backup_damaged"
        )
    return Saved(facts["made"], schema, *counts)


WHY = "it waited when the backup was made: whether it was sent since is not known"
HELD_BACK = (
    """UPDATE deliveries SET state = 'unknown', due = 0, code = 'restored', reason = ?
 WHERE state IN ('queued', 'sending')""",
    """INSERT INTO deliveries
 (id, merchant, channel, account, conversation, seq, part, turn, state, code, reason, at, body)
 SELECT 'p' || lower(hex(randomblob(12))) || '.0', m.merchant, c.channel, c.account, m.conversation, m.seq, 0, m.turn,
 'unknown', 'restored', ?, m.at, json_object('text', json_extract(m.body, '$.text'))
 FROM messages AS m JOIN conversations AS c ON c.id = m.conversation WHERE m.push = 'queued'
 AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.conversation = m.conversation AND d.seq = m.seq)""",
)


def _hold_back(fresh: Path) -> None:
    """What waited to be sent is not sent by itself: it mostly was, after the backup. Staff see it and decide."""
    with closing(sqlite3.connect(fresh)) as connection, connection:
        for sql in HELD_BACK:
            connection.execute(sql, (WHY,))
        connection.execute("UPDATE messages SET push = 'sent' WHERE push = 'queued'")


def _facts_out(fresh: Path) -> Mapping[str, str]:
    """Takes what is no table of the store out of the copy."""
    with closing(sqlite3.connect(fresh)) as connection, connection:
        facts = dict(connection.execute("SELECT name, value FROM backup"))
        connection.execute("DROP TABLE backup")
    return facts


def _put(path: Path, text: str) -> None:
    if text and not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


def tables() -> Sequence[Table]:
    """All tables, those that others refer to first."""
    return [table for table in build().sorted_tables if table.name not in PASSING]


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


async def _from_postgres(url: str, fresh: Path) -> None:
    """One snapshot of all tables, written into a file of today's schema."""
    await asyncio.to_thread(migrate_sqlite, fresh)
    async with _connected(url) as connection:
        with closing(sqlite3.connect(fresh)) as file, file:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                for table in tables():
                    await _save_table(connection, table, file)


async def _save_table(connection: Connection, table: Table, file: sqlite3.Connection) -> None:
    columns = _columns(table)
    marks = ", ".join("?" * len(table.columns))
    insert = f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'
    part: list[tuple[Any, ...]] = []
    async for row in connection.cursor(f'SELECT {columns} FROM "{table.name}"', prefetch=ROWS):
        part.append(tuple(row))
        if len(part) == ROWS:
            file.executemany(insert, part)
            part = []
    file.executemany(insert, part)


async def _into_postgres(fresh: Path, url: str) -> None:
    """All rows in one transaction: the database is whole, or as empty as it was."""
    async with _connected(url) as connection:
        with closing(sqlite3.connect(fresh)) as file:
            async with connection.transaction():
                for table in tables():
                    await _restore_table(connection, table, file)


async def _restore_table(connection: Connection, table: Table, file: sqlite3.Connection) -> None:
    if await connection.fetchval(f'SELECT EXISTS (SELECT FROM "{table.name}")'):
        raise _there(f"the table {table.name} of the database")
    names = [column.name for column in table.columns]
    rows = file.execute(f'SELECT {_columns(table)} FROM "{table.name}"{_in_order(table)}')
    while part := rows.fetchmany(ROWS):
        await connection.copy_records_to_table(table.name, records=part, columns=names)
    for column in table.primary_key.columns:
        if column.autoincrement is True:
            await connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "
                f'(SELECT coalesce(max("{column.name}"), 0) + 1 FROM "{table.name}"), false)'
            )


def _in_order(table: Table) -> str:
    """Rows that refer to rows of their own table come after those."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    return "".join(f' ORDER BY "{name}" IS NOT NULL' for name in own[:1])


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Connection]:
    async with open_shared(url) as database, database.connection() as connection:
        yield connection


def _there(where: str) -> SaysoError:
    return Theirs(
        f"{where} holds a store already",
        where=where,
        mend="a restore overwrites nothing: move it away, or name an empty data folder or database",
        code="store_not_empty",
        status=409,
    )
