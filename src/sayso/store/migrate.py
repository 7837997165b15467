"""Brings a database to the schema of this code.

On SQLite Alembic runs its steps itself. For PostgreSQL it writes them down, and they are run in one transaction on the
driver's own connection: a second database library for migrations alone is not needed. Of several hosts that start at
once one does it and the others wait.
"""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.errors import SaysoError
from sayso.store.migrations import HEAD
from sayso.store.sqlite import Errors

if TYPE_CHECKING:
    from alembic.config import Config

    from sayso.store.postgres import Connection, Postgres

MIGRATING = 0x5A1_50
"""The advisory lock of whoever migrates."""
TABLE = "SELECT to_regclass('alembic_version') IS NOT NULL"


def migrate_sqlite(path: Path) -> None:
    """Runs every step that the SQLite file at `path` has not seen; does nothing for a file that is up to date.

    Raises SaysoError for a file that a newer sayso has written.
    """
    try:
        found = _revision(path)
    except sqlite3.Error as error:
        raise Errors(str(path)).clear(error) from error
    if found == HEAD:
        return
    _refuse_newer(found, str(path))
    _upgrade(f"sqlite:///{path}")


async def migrate_postgres(database: Postgres) -> None:
    """Runs every step that the database has not seen, all or none. Raises SaysoError like `migrate_sqlite`."""
    async with database.connection() as connection:
        if await _revision_of(connection) == HEAD:
            return
        async with connection.transaction():
            await connection.execute(f"SELECT pg_advisory_xact_lock({MIGRATING})")
            found = await _revision_of(connection)
            if found == HEAD:
                return
            _refuse_newer(found, database.where)
            # Statements without arguments are sent as one text.
            await connection.execute(written(found))


async def _revision_of(connection: Connection) -> str | None:
    if not await connection.fetchval(TABLE):
        return None
    found: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    return found


def _refuse_newer(found: str | None, where: str) -> None:
    if found is not None and not _known(found):
        raise SaysoError(
            f"{where} was written by a newer sayso (its schema is {found}, this one knows {HEAD})",
            where=where,
            mend="install that version again, or restore a backup made before the upgrade",
            code="storage_newer",
        )


def written(since: str | None) -> str:
    """The steps after the revision `since` as SQL of PostgreSQL."""
    from alembic import command

    config = _config()
    config.output_buffer = io.StringIO()
    command.upgrade(config, f"{since}:head" if since else "head", sql=True)
    return config.output_buffer.getvalue()


def _revision(path: Path) -> str | None:
    if not path.exists():
        return None
    with closing(sqlite3.connect(path)) as connection:
        table = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
        if not connection.execute(table).fetchone()[0]:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return row[0] if row else None


def _known(revision: str) -> bool:
    versions = Path(__file__).parent / "migrations" / "versions"
    return any(step.name.startswith(f"{revision}_") for step in versions.glob("*.py"))


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(url: str) -> None:
    from alembic import command
    from sqlalchemy import create_engine, event, pool

    config = _config()
    # Python's own transactions leave out schema changes: begin and end are ours, so that a step is whole or absent.
    engine = create_engine(url, poolclass=pool.NullPool, connect_args={"isolation_level": None})
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
