"""The rows a skill may read, through a handle that is already scoped to its merchant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sayso.model.basket import Order


class Rows(Protocol):
    async def stock(self, location: str, skus: Sequence[str]) -> Mapping[str, int]:
        """Units free to sell per stocked sku at a location."""
        ...

    async def used(self, resource: str, since: str, until: str) -> Mapping[str, int]:
        """Capacity used plus held per slot (ISO 8601 UTC) in [since, until)."""
        ...

    async def order(self, order: str) -> Order | None: ...

    async def orders(self, customer: str, limit: int = 20) -> Sequence[Order]:
        """The customer's orders, newest first, cancelled ones left out."""
        ...

    async def switches(self) -> frozenset[str]:
        """What staff switched: "paused/<location>", "sold_out/<sku>", "sold_out/<group>/<value>"."""
        ...
