"""What tests of several folders share: a PostgreSQL of this session."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from sayso.testing.postgres import NoPostgres, Server, database_of, server, wanted

# The same examples in every run: what passed passes again. `HYPOTHESIS_PROFILE=explore` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="session")
def postgres_server(sayso_server: Server | None) -> Iterator[Server]:
    """A PostgreSQL server; the test is skipped with the reason where there is none."""
    if sayso_server is not None:
        yield sayso_server
        return
    try:
        with server() as running:
            yield running
    except NoPostgres as why:
        pytest.skip(str(why))


@pytest.fixture(scope="session")
def migrated(postgres_server: Server) -> str:
    """The name of a migrated database that others are copied from."""
    from sayso.store.open import open_shared

    async def make() -> str:
        url = await postgres_server.create()
        async with open_shared(url):
            return database_of(url)

    return asyncio.run(make())


@pytest.fixture
def new_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated PostgreSQL database of this test alone."""
    server: Server = request.getfixturevalue("postgres_server")
    url = asyncio.run(server.create(request.getfixturevalue("migrated")))
    yield url
    asyncio.run(server.drop(url))


@pytest.fixture
def rows_url(request: pytest.FixtureRequest) -> str:
    """Where a host of a test has its rows: "" in its data folder, or, as SAYSO_TEST_STORE says, a database's URL."""
    return str(request.getfixturevalue("new_database")) if wanted() else ""
