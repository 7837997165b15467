"""The rows a skill may read, through a handle that is already scoped to its merchant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sayso.commerce.numbers import numbers
from sayso.errors import SaysoError
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

    async def numbered(self, numbers: Sequence[str]) -> frozenset[str]:
        """Which of these order numbers were given within `commerce.numbers.RESTS`, to cancelled orders too."""
        ...

    async def switches(self) -> frozenset[str]:
        """What staff switched: "paused/<location>", "sold_out/<sku>", "sold_out/<group>/<value>"."""
        ...


async def free_number(rows: Rows, id: str) -> str:
    """The number to call the order with this `id` by: the shortest of its `numbers` that no other order has."""
    wanted = tuple(numbers(id))
    taken = await rows.numbered(wanted)
    for number in wanted:
        if number not in taken:
            return number
    raise SaysoError(f"every number that order {id} could have is in use")
