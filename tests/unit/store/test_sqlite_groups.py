"""The SQLite driver: groups, errors that hurt one script alone, and a drained end."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sayso.errors import Conflict, SaysoError, Theirs
from sayso.store.sqlite import SQLite, connect
from sayso.store.statements import Rows, Script, Statement

ADD = "INSERT INTO t (n, word) VALUES (?, ?)"


def add(n: int, word: str = "x") -> Script[int]:
    yield Statement(ADD, (n, word))
    return n


def fail_after_adding(n: int) -> Script[int]:
    yield Statement(ADD, (n, "x"))
    raise RuntimeError("no")


def numbers() -> Script[list[int]]:
    rows: Rows = yield Statement("SELECT n FROM t ORDER BY n")
    return [row[0] for row in rows if isinstance(row[0], int)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    connection = connect(path)
    connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, word TEXT NOT NULL)")
    connection.close()
    return path


@pytest.fixture
async def database(path: Path) -> AsyncIterator[SQLite]:
    database = SQLite(path, busy_ms=20)
    yield database
    database.close()


async def test_the_file_has_a_write_ahead_log_and_every_commit_is_flushed(database: SQLite) -> None:
    """WAL and FULL: an acknowledged turn survives a loss of power."""

    def settings() -> Script[list[object]]:
        found = []
        for pragma in ("journal_mode", "synchronous", "foreign_keys"):
            rows = yield Statement(f"PRAGMA {pragma}")
            found.append(rows[0][0])
        return found

    assert await database.write(settings()) == ["wal", 2, 1] == await database.read(settings())


async def test_what_was_acknowledged_is_read(database: SQLite) -> None:
    """A read that begins after a write sees it."""
    for n in range(50):
        await database.write(add(n))
        assert (await database.read(numbers()))[-1] == n


async def test_scripts_that_fail_leave_nothing_and_hurt_no_neighbour(database: SQLite) -> None:
    """Errors, conflicts and broken rules in one group are each their own script's."""

    def unmet() -> Script[None]:
        yield Statement(ADD, (1_000, "x"))
        yield Statement("UPDATE t SET word = 'y' WHERE n = ?", (-1,), "stock", "muffin")

    scripts = [add(1), fail_after_adding(2), add(1), unmet(), add(3), add(4, "\ud83d"), add(5)]
    done = await asyncio.gather(*(database.write(script) for script in scripts), return_exceptions=True)
    kinds = [type(result) if isinstance(result, Exception) else result for result in done]
    assert kinds == [1, RuntimeError, SaysoError, Conflict, 3, Theirs, 5]
    assert await database.read(numbers()) == [1, 3, 5]


async def test_a_conflict_names_what_and_which(database: SQLite) -> None:
    """A broken rule of a guarded statement is its Conflict too."""

    def guarded() -> Script[None]:
        yield Statement(ADD, (1, None), "order", "o1")

    with pytest.raises(Conflict) as conflict:
        await database.write(guarded())
    assert (conflict.value.what, conflict.value.detail) == ("order", "o1")


async def test_a_cancelled_write_still_lands(database: SQLite) -> None:
    """The write of a turn cannot be cancelled once it was handed over."""
    task = asyncio.ensure_future(database.write(add(7)))
    await asyncio.sleep(0)
    task.cancel()
    await database.write(add(8))
    assert await database.read(numbers()) == [7, 8] and task.cancelled()


async def test_readers_cannot_write(database: SQLite) -> None:
    """Only the one writer changes rows."""
    with pytest.raises(SaysoError, match="read-only"):
        await database.read(add(1))


async def test_closing_finishes_what_is_queued_and_refuses_the_rest(path: Path) -> None:
    """Nothing that was handed over is lost at the end."""
    database = SQLite(path)
    writes = [asyncio.ensure_future(database.write(add(n))) for n in range(200)]
    await asyncio.sleep(0)
    await asyncio.to_thread(database.close)
    assert await asyncio.gather(*writes) == list(range(200))
    with pytest.raises(SaysoError, match="closed"):
        await database.write(add(999))


async def test_a_full_disk_says_so_and_writing_resumes(database: SQLite) -> None:
    """The group that met it is told; when there is room again the next one is written."""

    def limit(pages: int) -> Script[None]:
        yield Statement(f"PRAGMA max_page_count = {pages}")

    await database.write(limit(4))
    big = "x" * 50_000
    done = await asyncio.gather(*(database.write(add(n, big)) for n in range(3)), return_exceptions=True)
    assert all(isinstance(error, SaysoError) and error.code == "storage_full" for error in done)
    assert isinstance(done[0], SaysoError) and done[0].status == 503 and "make room" in done[0].mend
    await database.write(limit(100_000))
    assert await database.write(add(9, big)) == 9
    assert await database.read(numbers()) == [9]


async def test_a_file_that_another_program_holds_says_so(database: SQLite, path: Path) -> None:
    """A foreign lock is an error with its cure, and passes with the lock."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(SaysoError, match="another program") as refused:
        await database.write(add(1))
    assert refused.value.code == "storage_locked"
    other.execute("ROLLBACK")
    other.close()
    assert await database.write(add(1)) == 1


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    """Opening tells to restore a backup."""
    (tmp_path / "a.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(SaysoError, match="no database") as refused:
        SQLite(tmp_path / "a.db")
    assert "backup" in refused.value.mend
