"""The pytest plugin: fixtures for who writes a manifest or a skill. Loaded by pytest in every project that has sayso
installed, so it imports nothing of weight until a fixture is used.

`chat`          a conversation with a whole host: `await chat.say("two lattes")`, `.press("Yes")`, `.basket`, `.reply`
`new_chat`      makes such conversations: `await new_chat("coffee_bar", language="nl", customer="anna")`
`clock`         the host's clock, which only the test moves
`model_server`  a scripted OpenAI-compatible server on the loopback
`published`     what the manifests publish, once a session

Where the manifests are: the ini options `sayso_manifests` and `sayso_skills`, folders beside the ini file.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

try:
    from pytest_asyncio import fixture as async_fixture
except ImportError:  # a project that installs sayso and tests nothing of it
    async_fixture = pytest.fixture  # type: ignore[assignment]

if TYPE_CHECKING:
    from sayso.testing.chat import Chat
    from sayso.testing.clock import SetClock
    from sayso.testing.hosting import Published
    from sayso.testing.model import ModelServer
    from sayso.testing.postgres import Server

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Where the clock of a test stands at first: a Monday, nine o'clock in Amsterdam."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("sayso_manifests", "folder of merchant manifests", default="manifests")
    parser.addini("sayso_skills", "folder of skills", default="skills")
    parser.addini("sayso_merchant", "the merchant that the fixture `chat` talks to, when there are several", default="")


@pytest.fixture(scope="session")
def sayso_server() -> Iterator[Server | None]:
    """The PostgreSQL that whole hosts of tests run on; None for SQLite. SAYSO_TEST_STORE=postgres asks for it."""
    from sayso.testing.postgres import server, wanted

    if not wanted():
        yield None
        return
    with server() as running:  # That it was asked for and is not there is an error, no reason to skip.
        yield running


@pytest.fixture(scope="session")
def published(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, sayso_server: Server | None
) -> Published:
    """The manifests of this project, published once into a data folder that every host of a test copies."""
    from sayso.testing.hosting import publish

    root = pytestconfig.rootpath
    manifests, skills = (root / str(pytestconfig.getini(name)) for name in ("sayso_manifests", "sayso_skills"))
    return publish(manifests, skills, tmp_path_factory.mktemp("published"), server=sayso_server)


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands at nine o'clock on a Monday morning in Amsterdam until the test moves it."""
    from sayso.testing.clock import SetClock

    return SetClock(MORNING)


@async_fixture
async def new_chat(
    published: Published, clock: SetClock, tmp_path: Path
) -> AsyncIterator[Callable[..., Awaitable[Chat]]]:
    """Begin conversations with one host, by merchant, language, channel, voice, customer."""
    from sayso.testing.chat import Chat
    from sayso.testing.hosting import host

    async with host(published, tmp_path / "data", clock) as hosted:
        serial = iter(range(1, 10_000))

        async def begin(merchant: str, **how: str | bool | None) -> Chat:
            return Chat(hosted, merchant, conversation=f"test{next(serial)}", **how)  # type: ignore[arg-type]

        yield begin


@async_fixture
async def chat(published: Published, new_chat: Callable[..., Awaitable[Chat]], pytestconfig: pytest.Config) -> Chat:
    """A conversation with a whole host over web chat, in the merchant's first language."""
    wanted = str(pytestconfig.getini("sayso_merchant"))
    return await new_chat(wanted or next(iter(published.merchants)))


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A scripted OpenAI-compatible server: `model_server.url` is its base URL."""
    from sayso.testing.model import serve_model

    yield from serve_model()
