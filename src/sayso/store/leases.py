"""Leases on conversations for hosts that share a PostgreSQL: a row with who holds it, until when, and a version.

Theory. Within a process the turns of a conversation queue in memory, so that only the first of each host competes for
the row. A lease is short and is renewed while it is held: a host that dies is waited for no longer than that. Time is
the database's own. A host that stood still beyond its lease and comes back finds that another went on: its
write fails on the conversation's version, which every turn writes, and on the event, which one turn answers. So a lease
keeps turns from being run in vain; that none happens twice does not depend on it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sayso.errors import SaysoError
from sayso.host.leases import Leases
from sayso.store.postgres import Postgres
from sayso.store.statements import Statement, whole

log = logging.getLogger("sayso.leases")

LEASE_S = 4.0
RENEW_S = 1.0
"""Several times within a lease: one that is late or lost does no harm."""
LOOK_S = (0.01, 0.02, 0.04, 0.08, 0.1)
"""How long to wait before looking again; the last one repeats."""

NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
TAKE = f"""INSERT INTO leases (conversation, merchant, holder, version, until) VALUES (?, ?, ?, 1, {NOW} + ?)
 ON CONFLICT (conversation) DO UPDATE SET holder = excluded.holder, until = excluded.until,
 version = leases.version + 1 WHERE leases.until <= {NOW} RETURNING version"""
RENEW = f"UPDATE leases SET until = {NOW} + ? WHERE conversation = ? AND version = ?"
GIVE = "UPDATE leases SET until = 0 WHERE conversation = ? AND version = ?"


class RowLeases:
    """`host.ports.Lease` on a shared database. `holder` names this host, for whoever looks at the rows."""

    def __init__(self, database: Postgres, holder: str, seconds: float = LEASE_S) -> None:
        self._database, self._holder = database, holder
        self._micros = int(seconds * 1_000_000)
        self._here = Leases()
        self._held: dict[str, tuple[int, float]] = {}

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[None]:
        """Wait for the conversation's turn among all hosts and keep it. Raises SaysoError when the database is gone."""
        async with self._here.hold(conversation):
            version = await self._taken(conversation)
            self._held[conversation] = version, time.monotonic()
            try:
                yield
            finally:
                del self._held[conversation]
                with suppress(SaysoError):  # It ends by itself.
                    await self._database.run(Statement(GIVE, (conversation, version)))

    async def renew_forever(self) -> None:
        """Until cancelled: keep what is held for longer."""
        while True:
            await asyncio.sleep(RENEW_S)
            with suppress(SaysoError):
                await self._renewed()

    async def _renewed(self) -> None:
        began = time.monotonic() - RENEW_S / 2
        for conversation, (version, since) in tuple(self._held.items()):
            if since < began:
                await self._database.run(Statement(RENEW, (self._micros, conversation, version)))

    async def _taken(self, conversation: str) -> int:
        take = Statement(TAKE, (conversation, conversation.partition("/")[0], self._holder, self._micros))
        looks = 0
        while not (rows := await self._database.run(take)):
            await asyncio.sleep(LOOK_S[min(looks, len(LOOK_S) - 1)])
            looks += 1
        return whole(rows[0][0])
