"""A handle on the rows of one merchant: nothing of another can be asked for through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sayso.host.ports import Ledger
from sayso.model.basket import Order


@dataclass(frozen=True, slots=True)
class MerchantRows:
    """Implements `skill.rows.Rows`."""

    ledger: Ledger
    merchant: str

    async def stock(self, location: str, skus: Sequence[str]) -> Mapping[str, int]:
        return await self.ledger.stock(self.merchant, location, skus)

    async def used(self, resource: str, since: str, until: str) -> Mapping[str, int]:
        return await self.ledger.used(self.merchant, resource, since, until)

    async def order(self, order: str) -> Order | None:
        return await self.ledger.order(self.merchant, order)

    async def orders(self, customer: str, limit: int = 20) -> Sequence[Order]:
        return await self.ledger.orders(self.merchant, customer, limit)

    async def numbered(self, numbers: Sequence[str]) -> frozenset[str]:
        return await self.ledger.numbered(self.merchant, numbers)

    async def switches(self) -> frozenset[str]:
        return await self.ledger.switches(self.merchant)
