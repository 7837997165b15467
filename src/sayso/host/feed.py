"""What happens in a conversation, as it happens, for whoever watches it in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sayso.host.ports import Posted, Typing

MOST_WAITING = 256
"""Notices kept for a slow watcher; it is let go when it falls behind and reads the store instead."""


class LiveFeed:
    """Implements `host.ports.Feed`. `beyond` is told of each new message by conversation and seq: other hosts may
    have watchers too."""

    def __init__(self, beyond: Callable[[str, int], None] | None = None) -> None:
        self._watchers: dict[str, set[asyncio.Queue[Posted | Typing | None]]] = {}
        self.beyond = beyond

    def tell(self, conversation: str, notice: Posted | Typing) -> None:
        """Give the notice to everyone who watches the conversation, here or elsewhere."""
        self.pass_on(conversation, notice)
        if self.beyond is not None and isinstance(notice, Posted):
            self.beyond(conversation, notice.seq)

    def watched(self) -> tuple[str, ...]:
        """The conversations that somebody watches in this process."""
        return tuple(self._watchers)

    def pass_on(self, conversation: str, notice: Posted | Typing) -> None:
        """Give a notice, which may come from elsewhere, to who watches in this process."""
        for queue in tuple(self._watchers.get(conversation, ())):
            if queue.full():
                self._watchers[conversation].discard(queue)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(notice)

    @asynccontextmanager
    async def watch(self, conversation: str) -> AsyncIterator[AsyncIterator[Posted | Typing]]:
        queue: asyncio.Queue[Posted | Typing | None] = asyncio.Queue(MOST_WAITING)
        watchers = self._watchers.setdefault(conversation, set())
        watchers.add(queue)
        try:
            yield _notices(queue)
        finally:
            watchers.discard(queue)
            if not watchers:
                self._watchers.pop(conversation, None)


async def _notices(queue: asyncio.Queue[Posted | Typing | None]) -> AsyncIterator[Posted | Typing]:
    while (notice := await queue.get()) is not None:
        yield notice
