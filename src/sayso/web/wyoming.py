"""A Wyoming server: Home Assistant's voice satellites talk to one merchant. Off unless SAYSO_WYOMING is set.

The protocol has neither a key nor encryption: it belongs on this machine or in a network of one's own.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso.channels.assistants import wyoming
from sayso.errors import SaysoError
from sayso.web.doors import take
from sayso.web.logs import note
from sayso.web.parts import Site

log = logging.getLogger("sayso.wyoming")

MOST = 32
"""Connections at once; a house has a few satellites."""
QUIET_S = 60.0
"""Seconds without a frame after which a connection ends."""


@dataclass(slots=True)
class Server:
    """The listening socket. `place` is (host, port, merchant)."""

    site: Site
    place: tuple[str, int, str]
    port: int = 0
    _open: int = 0
    _server: asyncio.Server | None = field(default=None)

    async def start(self) -> None:
        host, port, _ = self.place
        self._server = await asyncio.start_server(self._connected, host, port, limit=wyoming.MOST_LINE)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            while self._open <= MOST and await self._frame(reader, writer):
                await writer.drain()
        except (wyoming.NoFrame, ValueError, OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            note(log, logging.INFO, "connection ended", error=type(error).__name__)
        finally:
            self._open -= 1
            writer.close()

    async def _frame(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Reads and answers a frame; whether there was one."""
        async with asyncio.timeout(QUIET_S):
            line = await reader.readline()
            if not line:
                return False
            head = wyoming.head(line)
            data = wyoming.whole(head, await reader.readexactly(head.data_length))
            await reader.readexactly(head.payload_length)
        if head.type == "describe":
            writer.write(await self._info())
        elif head.type == "transcript":
            writer.write(await self._turn(data))
        elif head.type == "ping":
            writer.write(wyoming.frame("pong", data))
        return True

    async def _info(self) -> bytes:
        found = await self.site.parts.artefacts.current(self.place[2])
        return wyoming.info(self.place[2], found.merchant.languages if found else ())

    async def _turn(self, data: Mapping[str, Any]) -> bytes:
        parts, merchant = self.site.parts, self.place[2]
        event = wyoming.event(data, merchant, secrets.token_hex(12), parts.clock.now())
        if event is None:
            return wyoming.failed("nothing says whose conversation this is", "no_conversation")
        if await parts.artefacts.current(merchant) is None:
            return wyoming.failed(f"there is no {merchant} here", "not_found")
        try:
            answer = await take(self.site, event)
        except SaysoError as error:
            return wyoming.failed(error.text, error.code)
        return wyoming.handled([posted.message for posted in answer.messages if posted.author != "customer"])
