"""Single flight: who asks for the same thing at the same time waits for one making of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Flights(Generic[T]):
    """What is being made, by its name. What was made is its maker's to keep."""

    __slots__ = ("_under_way",)

    def __init__(self) -> None:
        self._under_way: dict[str, asyncio.Task[T]] = {}

    async def once(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """What `make` makes, or what one who asked before is making. Whoever is cut off while waiting does not end it
        for the others; an error is told to all who wait, and the next who asks tries again."""
        task = self._under_way.get(name)
        if task is None:
            task = self._under_way[name] = asyncio.ensure_future(make())
            task.add_done_callback(lambda done: self._landed(name, done))
        return await asyncio.shield(task)

    def forget(self, name: str) -> None:
        """Who asks from now on does not get what is being made."""
        self._under_way.pop(name, None)

    def _landed(self, name: str, task: asyncio.Task[T]) -> None:
        if self._under_way.get(name) is task:
            del self._under_way[name]
        if not task.cancelled():
            task.exception()  # Looked at, for perhaps nobody waits any more.
