"""What tests of several folders share: a PostgreSQL of this session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sayso.testing.postgres import NoPostgres, Server, server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server; the test is skipped with the reason where there is none."""
    try:
        with server() as running:
            yield running
    except NoPostgres as why:
        pytest.skip(str(why))
