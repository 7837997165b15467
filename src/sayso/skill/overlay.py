"""Rows as they would be without certain reservations: what a proposal holds does not stand in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sayso.model.basket import Order, Reserved
from sayso.skill.rows import Rows


@dataclass(frozen=True, slots=True)
class Freeing:
    """`rows`, read as if `freed` were free again; a `Rows` itself."""

    rows: Rows
    freed: tuple[Reserved, ...]

    async def stock(self, location: str, skus: Sequence[str]) -> Mapping[str, int]:
        found = await self.rows.stock(location, skus)
        return {sku: n + self._units(f"stock/{location}/{sku}", "") for sku, n in found.items()}

    async def used(self, resource: str, since: str, until: str) -> Mapping[str, int]:
        found = await self.rows.used(resource, since, until)
        return {slot: n - self._units(resource, slot) for slot, n in found.items()}

    async def order(self, order: str) -> Order | None:
        return await self.rows.order(order)

    async def orders(self, customer: str, limit: int = 20) -> Sequence[Order]:
        return await self.rows.orders(customer, limit)

    async def numbered(self, numbers: Sequence[str]) -> frozenset[str]:
        return await self.rows.numbered(numbers)

    async def switches(self) -> frozenset[str]:
        return await self.rows.switches()

    def _units(self, resource: str, slot: str) -> int:
        return sum(r.quantity for r in self.freed if (r.resource, r.slot) == (resource, slot))
