"""The PostgreSQL driver: a pool of connections, prepared statements, one transaction per script.

Theory. Scripts of many hosts run at once, at READ COMMITTED: every statement sees what was committed before it began.
What a script decides by rows that it does not change is named in its first statement's `locks`; they are taken with
BEGIN, in one order for all scripts, so that none waits for another in a circle, and PostgreSQL frees them after COMMIT.
A row that another script changed first is seen as changed, by the preconditions that each statement carries itself.

A script is a generator and cannot be run twice: what PostgreSQL could not order becomes a `Conflict`, and the turn is
run again on what is true then.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg

from sayso.errors import Conflict
from sayso.store.postgres_errors import Errors, closed
from sayso.store.statements import Rows, Script, Statement

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]

T = TypeVar("T")

CONNECTIONS = 10
"""Of one host, at most: statements take a fraction of a millisecond, so more only wait for each other's disk."""
CONNECT_S, COMMAND_S, WAIT_S = 10.0, 30.0, 10.0
"""Time limits: to connect, for one statement, for a free connection."""
TRANSLATED = 512
SETTINGS = {
    "application_name": "sayso",
    "jit": "off",
    "lock_timeout": "10s",
    # A host that stands still in the middle of a script must not keep the others waiting.
    "idle_in_transaction_session_timeout": "30s",
}
PLACEHOLDER = re.compile(r"'[^']*'|\?|/\*pg (.*?)\*/", re.DOTALL)
RETURNS = re.compile(r"\s*(?:SELECT|WITH)\b|.*\bRETURNING\b", re.DOTALL | re.IGNORECASE)
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@dataclass(frozen=True, slots=True)
class Translated:
    """A statement in PostgreSQL's words. `returns`: it has rows to give."""

    sql: str
    returns: bool


def translate(sql: str) -> Translated:
    """`?` becomes $1, $2, ...; what stands in a `/*pg` comment is uncovered."""
    count = 0

    def word(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] == "?":
            count += 1
            return f"${count}"
        return found[1] if found[0].startswith("/*") else found[0]

    return Translated(PLACEHOLDER.sub(word, sql), RETURNS.match(sql) is not None)


def lock_key(name: str) -> int:
    """The number that stands for a name among PostgreSQL's advisory locks."""
    return int.from_bytes(blake2b(name.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)


def begin(locks: tuple[str, ...]) -> str:
    """BEGIN and the locks in one round trip. The lowest number comes first, in every script."""
    taken = (f"SELECT pg_advisory_xact_lock({key})" for key in sorted({lock_key(name) for name in locks}))
    return "; ".join(("BEGIN", *taken))


class Postgres:
    """A `Database` on PostgreSQL."""

    __slots__ = ("_closed", "_errors", "_pool", "_translated", "_writing")

    def __init__(self, pool: Pool, errors: Errors) -> None:
        self._pool, self._errors = pool, errors
        self._translated: dict[str, Translated] = {}
        self._writing: set[asyncio.Task[Any]] = set()
        self._closed = False

    @property
    def where(self) -> str:
        """Its place, without a password."""
        return self._errors.where

    async def write(self, script: Script[T]) -> T:
        """Run in one transaction. Raises Conflict when a precondition fails or the order of scripts cannot be told."""
        if self._closed:
            raise closed()
        return await self._finished(self._run(script, self._write))

    async def read(self, script: Script[T]) -> T:
        """Run on one snapshot."""
        if self._closed:
            raise closed()
        return await self._run(script, self._read)

    async def run(self, statement: Statement) -> Rows:
        """One statement in a transaction of its own, which is not the rows' own business (a lease)."""
        async with self.connection() as connection:
            return await self._execute(connection, statement)

    async def close(self) -> None:
        """Finish what is being written, then close every connection."""
        self._closed = True
        while self._writing:
            await asyncio.wait(set(self._writing))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._pool.close(), COMMAND_S)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection of the pool for something that is no script. Its errors say what to do."""
        if self._closed and not self._writing:
            raise closed()
        try:
            async with self._pool.acquire(timeout=WAIT_S) as connection:
                yield connection  # type: ignore[misc]  # the pool's proxy has every method of a connection
        except Exception as error:
            clear = self._errors.clear(error)
            if clear is error:
                raise
            raise clear from error

    async def _finished(self, work: Coroutine[Any, Any, T]) -> T:
        """The work's result. It goes on when the caller is cancelled: a turn's write is never half wanted."""
        task = asyncio.ensure_future(work)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return await asyncio.shield(task)

    async def _run(self, script: Script[T], how: Callable[[Connection, Script[T]], Coroutine[Any, Any, T]]) -> T:
        try:
            async with self.connection() as connection:
                return await how(connection, script)
        finally:
            script.close()

    async def _write(self, connection: Connection, script: Script[T]) -> T:
        try:
            first = next(script)
        except StopIteration as end:
            result: T = end.value
            return result
        return await self._within(connection, begin(first.locks), first, script)

    async def _read(self, connection: Connection, script: Script[T]) -> T:
        try:
            first = next(script)
        except StopIteration as end:
            result: T = end.value
            return result
        if first.alone:
            return _last(script, await self._execute(connection, first))
        return await self._within(connection, SNAPSHOT, first, script)

    async def _within(self, connection: Connection, start: str, statement: Statement, script: Script[T]) -> T:
        try:
            await connection.execute(start)
            result = await self._drive(connection, statement, script)
            await connection.execute("COMMIT")
        except BaseException:
            if connection.is_in_transaction() and not connection.is_closed():
                await connection.execute("ROLLBACK")
            raise
        return result

    async def _drive(self, connection: Connection, statement: Statement, script: Script[T]) -> T:
        try:
            while True:
                statement = script.send(await self._execute(connection, statement))
        except StopIteration as end:
            result: T = end.value
            return result

    async def _execute(self, connection: Connection, statement: Statement) -> Rows:
        said = self._translated.get(statement.sql) or self._translate(statement.sql)
        try:
            if said.returns:
                rows = [tuple(row) for row in await connection.fetch(said.sql, *statement.values)]
                changed = len(rows)
            else:
                rows, changed = [], _changed(await connection.execute(said.sql, *statement.values))
        except asyncpg.IntegrityConstraintViolationError as error:
            if statement.expects:
                raise Conflict(statement.expects, statement.detail) from error
            raise
        if statement.expects and not changed:
            raise Conflict(statement.expects, statement.detail)
        return rows

    def _translate(self, sql: str) -> Translated:
        if len(self._translated) >= TRANSLATED:
            self._translated.clear()
        said = self._translated[sql] = translate(sql)
        return said


def _changed(status: str) -> int:
    """How many rows a command changed, from its tag: "UPDATE 1", "INSERT 0 1"."""
    count = status.rpartition(" ")[2]
    return int(count) if count.isdigit() else 0


def _last(script: Script[T], rows: Rows) -> T:
    """The result of a script whose only statement gave `rows`."""
    try:
        more = script.send(rows)
    except StopIteration as end:
        result: T = end.value
        return result
    raise RuntimeError(f"a statement said that it is alone, and then came: {more.sql}")


class Lean(asyncpg.Connection):
    """A connection that the pool hands on as it is: no script leaves anything on it, so nothing need be reset."""

    def get_reset_query(self) -> str:
        return ""


async def connected(url: str, errors: Errors) -> Pool:
    """A pool for the database at `url`. Raises SaysoError with what to mend when it cannot be had."""
    try:
        return await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=CONNECT_S,
            command_timeout=COMMAND_S,
            statement_cache_size=TRANSLATED,
            server_settings=SETTINGS,
            connection_class=Lean,
        )
    except Exception as error:
        raise errors.clear(error) from error


@asynccontextmanager
async def open_postgres(url: str) -> AsyncIterator[Postgres]:
    """The database at `url`, `postgresql://user:password@host:port/name`. Leaving drains what is being written."""
    errors = Errors.at(url)
    database = Postgres(await connected(url, errors), errors)
    try:
        yield database
    finally:
        await database.close()
