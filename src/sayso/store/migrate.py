"""Brings a database to the schema of this code."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sayso.errors import SaysoError
from sayso.store.migrations import HEAD
from sayso.store.sqlite import Errors


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
    if found is not None and not _known(found):
        raise SaysoError(
            f"{path} was written by a newer sayso (its schema is {found}, this one knows {HEAD})",
            where=str(path),
            mend="install that version again, or restore a backup made before the upgrade",
            code="storage_newer",
        )
    _upgrade(f"sqlite:///{path}")


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


def _upgrade(url: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, event, pool

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    # Python's own transactions leave out schema changes: begin and end are ours, so that a step is whole or absent.
    engine = create_engine(url, poolclass=pool.NullPool, connect_args={"isolation_level": None})
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
