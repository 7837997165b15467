"""The PostgreSQL driver: translation, order of locks, errors that say what to do, a drained end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from sayso.errors import Conflict, SaysoError, Theirs
from sayso.store.jobs import CLAIM
from sayso.store.migrate import migrate_postgres, written
from sayso.store.migrations import HEAD
from sayso.store.open import open_shared
from sayso.store.postgres import Postgres, begin, lock_key, open_postgres, translate
from sayso.store.postgres_errors import Errors
from sayso.store.schema import build
from sayso.store.statements import Rows, Script, Statement

ADD = "INSERT INTO merchants (id, artefact, published_at) VALUES (?, ?, 0)"


def add(id: str, artefact: str | None = "d") -> Script[str]:
    yield Statement(ADD, (id, artefact))
    return id


def ids() -> Script[list[object]]:
    rows: Rows = yield Statement("SELECT id FROM merchants ORDER BY id")
    return [row[0] for row in rows]


@pytest.fixture
async def database(new_database: str) -> AsyncIterator[Postgres]:
    async with open_shared(new_database) as database:
        yield database


def test_placeholders_become_numbers_but_for_those_in_text() -> None:
    """And what only PostgreSQL needs is uncovered."""
    assert translate("SELECT ? WHERE a = '?' AND b = ?").sql == "SELECT $1 WHERE a = '?' AND b = $2"
    assert "LIMIT $4 FOR UPDATE SKIP LOCKED" in translate(CLAIM).sql


@pytest.mark.parametrize(
    ("sql", "returns"),
    [
        ("SELECT 1", True),
        ("INSERT INTO t VALUES (?) RETURNING id", True),
        ("INSERT INTO t SELECT 1", False),
        ("DELETE FROM t", False),
    ],
)
def test_what_has_rows_to_give_is_known(sql: str, returns: bool) -> None:
    """The driver asks for rows only where there are any."""
    assert translate(sql).returns is returns


def test_locks_are_taken_in_one_order_once_each() -> None:
    """Whatever order a script names them in."""
    assert begin(()) == "BEGIN"
    assert begin(("a", "b", "a")) == begin(("b", "a")) and begin(("a", "b")).count("pg_advisory_xact_lock") == 2
    assert -(2**63) <= lock_key("bar/stock/dam/muffin") < 2**63


async def test_scripts_that_fail_leave_nothing_and_hurt_no_neighbour(database: Postgres) -> None:
    """Errors, conflicts and broken rules are each their own script's."""

    def unmet() -> Script[None]:
        yield Statement(ADD, ("x", "d"))
        yield Statement("UPDATE merchants SET artefact = 'y' WHERE id = ?", ("nobody",), "stock", "muffin")

    def breaks() -> Script[None]:
        yield Statement(ADD, ("y", "d"))
        raise RuntimeError("no")

    scripts = [add("a"), unmet(), breaks(), add("b", None), add("c\ud83d"), add("d\0"), add("e")]
    done = await asyncio.gather(*(database.write(script) for script in scripts), return_exceptions=True)
    kinds = [type(result) if isinstance(result, Exception) else result for result in done]
    assert kinds == ["a", Conflict, RuntimeError, SaysoError, Theirs, Theirs, "e"]
    assert await database.read(ids()) == ["a", "e"]


async def test_a_broken_rule_of_a_guarded_statement_is_its_conflict(database: Postgres) -> None:
    """Like on SQLite."""

    def guarded() -> Script[None]:
        yield Statement(ADD, ("a", None), "order", "o1")

    with pytest.raises(Conflict) as conflict:
        await database.write(guarded())
    assert (conflict.value.what, conflict.value.detail) == ("order", "o1")


async def test_a_read_is_one_snapshot_and_cannot_write(database: Postgres) -> None:
    """What is committed in between is not seen by its next statement."""
    other = asyncio.Event()

    def twice() -> Script[tuple[object, object]]:
        first = yield Statement("SELECT count(*) FROM merchants")
        other.set()
        yield Statement("SELECT pg_sleep(0.2)")
        second = yield Statement("SELECT count(*) FROM merchants")
        return first[0][0], second[0][0]

    reading = asyncio.ensure_future(database.read(twice()))
    await other.wait()
    await database.write(add("a"))
    assert await reading == (0, 0)
    with pytest.raises(SaysoError, match="read-only"):
        await database.read(add("b"))


async def test_a_statement_that_says_it_is_alone_must_be(database: Postgres) -> None:
    """A mistake of ours is told, and reads nothing torn."""

    def liar() -> Script[None]:
        yield Statement("SELECT 1", alone=True)
        yield Statement("SELECT 2")

    with pytest.raises(RuntimeError, match="alone"):
        await database.read(liar())


async def test_a_cancelled_write_still_lands_and_closing_waits_for_it(new_database: str) -> None:
    """The write of a turn cannot be cancelled once it was handed over."""
    async with open_shared(new_database) as database:
        task = asyncio.ensure_future(database.write(add("a")))
        await asyncio.sleep(0)
        task.cancel()
    assert task.cancelled() or task.cancelling()
    with pytest.raises(SaysoError, match="closed"):
        await database.write(add("b"))
    async with open_shared(new_database) as database:
        assert await database.read(ids()) == ["a"]


async def test_a_connection_that_breaks_is_told_and_the_next_one_works(database: Postgres) -> None:
    """The database restarted: what was under way is refused with 503, then life goes on."""

    def ends_itself() -> Script[None]:
        yield Statement(ADD, ("a", "d"))
        yield Statement("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(SaysoError) as broken:
        await database.write(ends_itself())
    assert (broken.value.status, broken.value.code) == (503, "storage_unreachable")
    assert await database.write(add("b")) == "b" and await database.read(ids()) == ["b"]


async def test_deadlocks_are_conflicts(database: Postgres) -> None:
    """PostgreSQL ends one of two; its turn is run again."""
    for id in "ab":
        await database.write(add(id))
    there = asyncio.Barrier(2)
    hold = "UPDATE merchants SET published_at = 1 WHERE id = ?"

    async def crossing(first: str, second: str) -> None:
        async with database.connection() as connection, connection.transaction():
            await connection.execute(hold.replace("?", "$1"), first)
            await there.wait()
            await connection.execute(hold.replace("?", "$1"), second)

    done = await asyncio.gather(crossing("a", "b"), crossing("b", "a"), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "NoneType"]


async def test_a_database_that_is_not_there_says_where_and_what_to_do() -> None:
    """No password in it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(SaysoError, match="cannot be reached") as away:
        async with open_postgres(f"postgresql://sam:hunter2@127.0.0.1:{port}/sayso"):
            pass
    assert away.value.where == f"postgresql://127.0.0.1:{port}/sayso" and away.value.status == 503
    assert "SAYSO_DATABASE_URL" in away.value.mend and "hunter2" not in str(away.value)


async def test_a_database_that_was_not_made_says_how_to_make_it(new_database: str) -> None:
    """The server is there, the name is wrong."""
    with pytest.raises(SaysoError, match="no such database") as missing:
        async with open_postgres(new_database.replace("/sayso_", "/nothing_")):
            pass
    assert "createdb" in missing.value.mend


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (asyncpg.DiskFullError("full"), "storage_full"),
        (asyncpg.TooManyConnectionsError("many"), "storage_busy"),
        (asyncpg.InvalidPasswordError("wrong"), "storage_refused"),
        (asyncpg.ReadOnlySQLTransactionError("standby"), "storage_readonly"),
        (asyncpg.LockNotAvailableError("waits"), "storage_busy"),
        (asyncpg.IndexCorruptedError("torn"), "storage_damaged"),
        (asyncpg.SyntaxOrAccessError("what"), "storage_failed"),
        (ConnectionRefusedError("nobody"), "storage_unreachable"),
        (TimeoutError(), "storage_busy"),
    ],
)
def test_every_error_has_a_cure(error: Exception, code: str) -> None:
    """By SQLSTATE."""
    clear = Errors("postgresql://db/sayso").clear(error)
    assert isinstance(clear, SaysoError) and clear.code == code and clear.mend and clear.status == 503


async def test_hosts_that_start_at_once_migrate_once(postgres_server: object) -> None:
    """One does it, the others wait; then the tables are those of the schema."""
    url = await postgres_server.create()  # type: ignore[attr-defined]

    async def start() -> None:
        async with open_postgres(url) as database:
            await migrate_postgres(database)

    await asyncio.gather(*(start() for _ in range(4)))
    async with open_postgres(url) as database, database.connection() as connection:
        query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        found = {tuple(row) for row in await connection.fetch(query)}
        assert await connection.fetchval("SELECT version_num FROM alembic_version") == HEAD
    wanted = {(table.name, column.name) for table in build().tables.values() for column in table.columns}
    assert found - wanted == {("alembic_version", "version_num")} and wanted <= found
    await postgres_server.drop(url)  # type: ignore[attr-defined]


async def test_a_database_of_a_newer_sayso_is_refused(new_database: str) -> None:
    """Older code never touches newer data."""
    async with open_postgres(new_database) as database:
        async with database.connection() as connection:
            await connection.execute("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(SaysoError, match="newer sayso"):
            await migrate_postgres(database)


def test_every_step_is_written_for_postgresql_too() -> None:
    """The newest alone, when the rest is there."""
    versions = Path(__file__).parents[3] / "src" / "sayso" / "store" / "migrations" / "versions"
    steps = sorted(path.name[:4] for path in versions.glob("[0-9]*.py"))
    assert steps[-1] == HEAD and written(None).count("-- Running upgrade") == len(steps)
    assert written(steps[-2]).count("-- Running upgrade") == 1
