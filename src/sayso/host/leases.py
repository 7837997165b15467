"""One turn at a time in a conversation, within this process; the fencing version guards across processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Leases:
    """A lock per conversation that exists only while somebody holds or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[None]:
        """Wait for the conversation's turn and keep it."""
        lock, waiting = self._locks.get(conversation, (asyncio.Lock(), 0))
        self._locks[conversation] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks[conversation]
            if waiting == 1:
                del self._locks[conversation]
            else:
                self._locks[conversation] = (lock, waiting - 1)

    def __len__(self) -> int:
        return len(self._locks)
