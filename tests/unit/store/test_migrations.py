"""A database of any age is brought to today's schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from sayso.errors import SaysoError
from sayso.store.migrate import migrate_sqlite
from sayso.store.migrations import HEAD
from sayso.store.schema import build


def test_the_migrations_lead_to_the_schema(tmp_path: Path) -> None:
    """Autogenerate finds nothing that a migration forgot."""
    migrate_sqlite(tmp_path / "a.db")
    with create_engine(f"sqlite:///{tmp_path / 'a.db'}").connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), build()) == []


def test_the_newest_step_is_the_one_that_is_named() -> None:
    """A file at HEAD is opened without Alembic, so HEAD must be right."""
    config = Config()
    config.set_main_option("script_location", str(files("sayso.store") / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_migrating_twice_does_nothing(tmp_path: Path) -> None:
    """A file that is up to date keeps its rows."""
    path = tmp_path / "a.db"
    migrate_sqlite(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO merchants (id, artefact, published_at) VALUES ('bar', 'd', 1)")
    migrate_sqlite(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM merchants").fetchone() == (1,)


def test_a_migration_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next start begins it again."""
    path, real = tmp_path / "a.db", command.upgrade

    def breaks(*arguments: Any) -> None:
        real(*arguments)
        raise OSError("power")

    monkeypatch.setattr(command, "upgrade", breaks)
    with pytest.raises(OSError, match="power"):
        migrate_sqlite(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    monkeypatch.setattr(command, "upgrade", real)
    migrate_sqlite(path)


def test_a_file_of_a_newer_sayso_is_refused_with_the_cure(tmp_path: Path) -> None:
    """Older code never touches newer data."""
    path = tmp_path / "a.db"
    migrate_sqlite(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SaysoError, match="newer sayso") as refused:
        migrate_sqlite(path)
    assert "backup" in refused.value.mend


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_the_schema_is_said_in_both_databases_words(dialect: sqlite.dialect | postgresql.dialect) -> None:
    """One definition creates the tables of either."""
    tables = build().sorted_tables
    assert all("CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect)) for table in tables)
    indices = [index for table in tables for index in table.indexes]
    assert all("INDEX" in str(CreateIndex(index).compile(dialect=dialect)) for index in indices)


def test_every_row_names_its_merchant() -> None:
    """No table can be read across merchants by accident; `merchants` itself is keyed by it."""
    lacking = [table.name for table in build().tables.values() if "merchant" not in table.columns]
    assert lacking == ["merchants"]
    assert all(
        table.columns["merchant"].server_default is None
        for table in build().tables.values()
        if table.name != "merchants"
    )
