"""The SQLite driver: WAL, `synchronous=FULL`, one writer thread that groups commits, a few readers.

Theory. A commit costs a flush of the disk (4 ms), a statement some microseconds: so whatever waits is committed
together, up to 64 scripts in one transaction, each in a savepoint of its own. A script that fails is rolled back alone.
No caller is told before the group is on disk. Handing results to the event loop costs a wake-up, so a group is handed
over at once. Readers see only what is committed and never wait for the writer.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from sayso.errors import Conflict, SaysoError, Theirs
from sayso.store.statements import Rows, Script, Statement

T = TypeVar("T")

GROUP = 64
"""The most scripts in one transaction: more only adds waiting."""
READERS = 2
BUSY_MS = 5_000
CACHED_STATEMENTS = 256

PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
)


@dataclass(frozen=True, slots=True)
class Task:
    """A script and who waits for it."""

    script: Script[Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


@dataclass(frozen=True, slots=True)
class Outcome:
    task: Task
    result: Any = None
    error: Exception | None = None


Run = Callable[[sqlite3.Connection, list[Task]], list[Outcome]]


class Worker:
    """A thread with a connection of its own that runs tasks in groups."""

    __slots__ = ("_closed", "_connect", "_queue", "_run", "_thread")

    def __init__(self, name: str, connect: Callable[[], sqlite3.Connection], run: Run) -> None:
        self._connect, self._run = connect, run
        self._queue: SimpleQueue[Task | None] = SimpleQueue()
        self._closed = False
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def submit(self, script: Script[T]) -> T:
        """Queue the script; returns what it returns. Raises SaysoError when the store is closed."""
        if self._closed:
            raise _refusal()
        loop = asyncio.get_running_loop()
        task = Task(script, loop.create_future(), loop)
        self._queue.put(task)
        result: T = await task.future
        return result

    def close(self) -> None:
        """Run what is queued, then end the thread. Blocks."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        with suppress(Empty):  # What was queued in the moment of closing hears so.
            while task := self._queue.get_nowait():
                _deliver([Outcome(task, error=_refusal())])

    def _work(self) -> None:
        try:
            connection = self._connect()
        except Exception as error:
            self._refuse(error)
            return
        while tasks := self._next():
            _deliver(self._run(connection, tasks))
        connection.close()

    def _next(self) -> list[Task]:
        """At least one task, and whatever else waits; empty at the end."""
        first = self._queue.get()
        if first is None:
            return []
        tasks = [first]
        while len(tasks) < GROUP:
            try:
                task = self._queue.get_nowait()
            except Empty:
                break
            if task is None:
                self._queue.put(None)
                break
            tasks.append(task)
        return tasks

    def _refuse(self, error: Exception) -> None:
        """No connection: every task hears why."""
        while tasks := self._next():
            _deliver([Outcome(task, error=error) for task in tasks])


def _refusal() -> SaysoError:
    return SaysoError("the store is closed", mend="ask again when the host is back", code="storage_closed", status=503)


def _deliver(outcomes: Iterable[Outcome]) -> None:
    """Hand a group's results to the loops that wait: one wake-up each."""
    waiting: dict[asyncio.AbstractEventLoop, list[Outcome]] = {}
    for outcome in outcomes:
        waiting.setdefault(outcome.task.loop, []).append(outcome)
    for loop, group in waiting.items():
        try:
            loop.call_soon_threadsafe(_settle, group)
        except RuntimeError:  # The loop has ended; nobody waits any more.
            continue


def _settle(group: list[Outcome]) -> None:
    for outcome in group:
        if outcome.task.future.done():
            continue
        if outcome.error is None:
            outcome.task.future.set_result(outcome.result)
        else:
            outcome.task.future.set_exception(outcome.error)


class SQLite:
    """A `Database` on one file. Opening it blocks for a moment; `close` drains it."""

    __slots__ = ("_next", "_readers", "_writer", "path")

    def __init__(self, path: Path, busy_ms: int = BUSY_MS) -> None:
        self.path = path
        errors = Errors(str(path))
        try:
            _keep_log_ahead(path)
        except sqlite3.Error as error:
            raise errors.clear(error) from error
        self._writer = Worker("sayso-writer", lambda: connect(path, busy_ms=busy_ms), Writing(errors))
        self._readers = [
            Worker(f"sayso-reader-{number}", lambda: connect(path, reading=True), Reading(errors))
            for number in range(READERS)
        ]
        self._next = 0

    async def write(self, script: Script[T]) -> T:
        return await self._writer.submit(script)

    async def read(self, script: Script[T]) -> T:
        self._next = (self._next + 1) % READERS
        return await self._readers[self._next].submit(script)

    def close(self) -> None:
        """Ends all threads after what is queued. Blocks."""
        for worker in (*self._readers, self._writer):
            worker.close()


def connect(path: Path, *, reading: bool = False, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """A connection with the settings that durability needs; for one thread."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=CACHED_STATEMENTS)
    connection.execute(f"PRAGMA busy_timeout = {busy_ms:d}")
    for pragma in PRAGMAS:
        connection.execute(pragma)
    if reading:
        connection.execute("PRAGMA query_only = ON")
    return connection


def _keep_log_ahead(path: Path) -> None:
    """Write-ahead logging is a property of the file; switching needs it alone, so it comes before any thread."""
    connection = connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


@dataclass(frozen=True, slots=True)
class Writing:
    """Runs a group in one transaction, each script in a savepoint."""

    errors: Errors

    def __call__(self, connection: sqlite3.Connection, tasks: list[Task]) -> list[Outcome]:
        try:
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._alone(connection, task) for task in tasks]
            connection.execute("COMMIT")
        except Exception as error:  # The whole group is undone: nobody was told otherwise.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            clear = self.errors.clear(error)
            return [Outcome(task, error=clear) for task in tasks]
        return outcomes

    def _alone(self, connection: sqlite3.Connection, task: Task) -> Outcome:
        connection.execute("SAVEPOINT script")
        try:
            result = drive(connection, task.script)
        except Exception as error:
            if not connection.in_transaction:  # A full disk ends the transaction itself.
                raise
            connection.execute("ROLLBACK TO script")
            connection.execute("RELEASE script")
            return Outcome(task, error=self.errors.clear(error))
        connection.execute("RELEASE script")
        return Outcome(task, result)


@dataclass(frozen=True, slots=True)
class Reading:
    """Runs a group on one snapshot."""

    errors: Errors

    def __call__(self, connection: sqlite3.Connection, tasks: list[Task]) -> list[Outcome]:
        try:
            connection.execute("BEGIN")
            outcomes = [self._alone(connection, task) for task in tasks]
            connection.execute("COMMIT")
        except Exception as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            clear = self.errors.clear(error)
            return [Outcome(task, error=clear) for task in tasks]
        return outcomes

    def _alone(self, connection: sqlite3.Connection, task: Task) -> Outcome:
        try:
            return Outcome(task, drive(connection, task.script))
        except Exception as error:
            return Outcome(task, error=self.errors.clear(error))


def drive(connection: sqlite3.Connection, script: Script[T]) -> T:
    """Run a script to its end. Raises the Conflict that an unmet statement names."""
    rows: Rows = ()
    try:
        statement = next(script)
        while True:
            rows = _execute(connection, statement)
            statement = script.send(rows)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        script.close()


def _execute(connection: sqlite3.Connection, statement: Statement) -> Rows:
    try:
        cursor = connection.execute(statement.sql, statement.values)
        rows = cursor.fetchall()
    except sqlite3.IntegrityError as error:
        if statement.expects:
            raise Conflict(statement.expects, statement.detail) from error
        raise
    if statement.expects and cursor.rowcount < 1 and not rows:
        raise Conflict(statement.expects, statement.detail)
    return rows


@dataclass(frozen=True, slots=True)
class Errors:
    """SQLite's errors in words that say what to do about this file."""

    where: str

    def clear(self, error: Exception) -> Exception:
        """The error to raise instead; ours and other parties' pass as they are."""
        if isinstance(error, UnicodeEncodeError):
            return Theirs("a text is not valid Unicode", where="event", mend="send UTF-8 without lone surrogates")
        if not isinstance(error, sqlite3.Error):
            return error
        name = getattr(error, "sqlite_errorname", "")
        code, what, mend = next((cure for prefix, cure in CURES if name.startswith(prefix)), UNKNOWN)
        clear = SaysoError(f"{self.where}: {what} ({error})", where=self.where, mend=mend, code=code, status=503)
        clear.__cause__ = error
        return clear


CURES: tuple[tuple[str, tuple[str, str, str]], ...] = (
    (
        "SQLITE_FULL",
        ("storage_full", "the disk is full", "make room on it; nothing was lost, and writing resumes by itself"),
    ),
    ("SQLITE_BUSY", ("storage_locked", "another program holds it", "close what else has the file open")),
    ("SQLITE_LOCKED", ("storage_locked", "another program holds it", "close what else has the file open")),
    ("SQLITE_CORRUPT", ("storage_damaged", "the file is damaged", "stop sayso and restore the last backup")),
    ("SQLITE_NOTADB", ("storage_damaged", "the file is no database", "stop sayso and restore the last backup")),
    ("SQLITE_READONLY", ("storage_readonly", "the file is read-only", "give sayso's user write access to its folder")),
    (
        "SQLITE_CANTOPEN",
        ("storage_missing", "the file cannot be opened", "check that its folder exists and is writable"),
    ),
    ("SQLITE_IOERR", ("storage_failed", "the disk failed", "check the disk and the system's log")),
    (
        "SQLITE_CONSTRAINT",
        ("storage_constraint", "a row breaks a rule of the schema", "report this: it is a bug of sayso"),
    ),
)
UNKNOWN = ("storage_failed", "the database refused", "report this with the text in brackets")
