"""A database that is watched: how long commits take and how many wait."""

from __future__ import annotations

import time
from typing import TypeVar

from sayso.store.database import Database
from sayso.store.statements import Script
from sayso.web.metrics import Metrics

T = TypeVar("T")


class Measured:
    """`store.database.Database` around another, counting into the host's metrics."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._database, self._metrics = database, metrics

    async def write(self, script: Script[T]) -> T:
        began = time.perf_counter()
        self._metrics.queue.inc()
        try:
            return await self._database.write(script)
        finally:
            self._metrics.queue.dec()
            self._metrics.commits.observe(time.perf_counter() - began)

    async def read(self, script: Script[T]) -> T:
        return await self._database.read(script)
