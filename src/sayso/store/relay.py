"""What hosts that share a PostgreSQL tell each other: new messages, and merchants that were published anew.

Theory. NOTIFY makes the commits of all connections wait for one another, so a turn's transaction never notifies. What
is new is collected for a moment and sent by a connection of its own, whose commits are not flushed to disk. A notice
may be lost (a host is killed before it sends): who listens therefore also looks at the rows now and then. A notice
says only where to look; what is told comes from the rows.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import asyncpg
import orjson

from sayso.store.postgres import CONNECT_S

if TYPE_CHECKING:
    from sayso.store.postgres import Postgres

log = logging.getLogger("sayso.relay")

CHANNEL = "sayso"
COLLECT_S = 0.01
AGAIN_S = 1.0
MOST = 7_000
"""Bytes of a notice; PostgreSQL takes 8,000."""
SETTINGS = {"application_name": "sayso relay", "synchronous_commit": "off"}
NEWEST = "SELECT conversation, max(seq) FROM messages WHERE conversation = ANY($1) GROUP BY conversation"


@dataclass(frozen=True, slots=True)
class News:
    """What other hosts did: the newest seq of conversations, and merchants that were published."""

    messages: Mapping[str, int]
    merchants: tuple[str, ...] = ()


class Relay:
    """One host's end. `tell` and `published` never wait; `follow` runs until it is cancelled."""

    def __init__(self, url: str, database: Postgres) -> None:
        self._url, self._database, self._own = url, database, uuid4().hex
        self._messages: dict[str, int] = {}
        self._merchants: set[str] = set()
        self._waiting = asyncio.Event()

    def tell(self, conversation: str, seq: int) -> None:
        """The conversation has a message `seq`."""
        self._messages[conversation] = max(seq, self._messages.get(conversation, 0))
        self._waiting.set()

    def published(self, merchant: str) -> None:
        """The merchant has another artefact."""
        self._merchants.add(merchant)
        self._waiting.set()

    async def newest(self, conversations: Sequence[str]) -> Mapping[str, int]:
        """The highest seq of each conversation, from the rows."""
        async with self._database.connection() as connection:
            return {row[0]: row[1] for row in await connection.fetch(NEWEST, list(conversations))}

    async def follow(self, hear: Callable[[News], Awaitable[None]]) -> None:
        """Send what is told here and call `hear` with what is told elsewhere; connects again for ever."""
        while True:
            try:
                await self._connected(hear)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                log.warning("the relay lost the database: %s", type(error).__name__)
            await asyncio.sleep(AGAIN_S)

    async def _connected(self, hear: Callable[[News], Awaitable[None]]) -> None:
        connection = await asyncpg.connect(self._url, timeout=CONNECT_S, command_timeout=10, server_settings=SETTINGS)
        heard: asyncio.Queue[News] = asyncio.Queue()

        def notice(_connection: object, _pid: int, _channel: str, payload: object) -> None:
            if (news := self._read(str(payload))) is not None:
                heard.put_nowait(news)

        connection.add_termination_listener(lambda _: self._waiting.set())
        await connection.add_listener(CHANNEL, notice)
        hearing = asyncio.create_task(_hear_all(heard, hear))
        try:
            await self._send_all(connection)
        finally:
            hearing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await hearing
            connection.terminate()

    async def _send_all(self, connection: asyncpg.Connection) -> None:
        """Until the connection is lost."""
        while not connection.is_closed():
            await self._waiting.wait()
            await asyncio.sleep(COLLECT_S)
            self._waiting.clear()
            messages, self._messages = self._messages, {}
            merchants, self._merchants = self._merchants, set()
            for payload in payloads(self._own, messages, merchants):
                await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)

    def _read(self, payload: str) -> News | None:
        """What a notice says; None when it is our own."""
        said: dict[str, Any] = orjson.loads(payload)
        if said["from"] == self._own:
            return None
        return News(said["messages"], tuple(said["merchants"]))


def payloads(own: str, messages: Mapping[str, int], merchants: set[str]) -> Iterator[str]:
    """Notices that are small enough each. A key that is too long by itself is left to those who look at the rows."""
    part: dict[str, int] = {}
    names, size = sorted(merchants), 0
    for key, seq in messages.items():
        cost = len(orjson.dumps(key)) + 24
        if cost > MOST:
            continue
        if size + cost > MOST:
            yield _payload(own, part, ())
            part, size = {}, 0
        part[key] = seq
        size += cost
    if part:
        yield _payload(own, part, ())
    for start in range(0, len(names), 50):
        yield _payload(own, {}, names[start : start + 50])


def _payload(own: str, messages: Mapping[str, int], merchants: Sequence[str]) -> str:
    return orjson.dumps({"from": own, "messages": messages, "merchants": merchants}).decode()


async def _hear_all(heard: asyncio.Queue[News], hear: Callable[[News], Awaitable[None]]) -> None:
    while True:
        news = await heard.get()
        try:
            await hear(news)
        except Exception as error:  # The border of a notice: what it missed is found in the rows.
            log.warning("a notice could not be followed: %s", type(error).__name__)
