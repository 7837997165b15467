"""What a customer had before, for those who agreed to it: the usual size, what was had last, what was like this.

Theory. Orders are rows; from them follow exactly what is repeated and what is preferred. Free words ("that thing with
coconut I had in summer") need nearness: each order is also a vector, kept under a pseudonym and with no text. Both are
read through a `Past`, a handle that is scoped to one customer and made only for one who is verified and has consented
to `personalise`. So neither a skill nor a merchant can read somebody else's, or anybody's without consent.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sayso.model.basket import Order
from sayso.model.catalog import Catalog
from sayso.model.command import Candidate

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    from sayso.understanding.context import Embedder

PERSONALISE = "personalise"
KNOWN = frozenset({"linked", "pin"})


class Remembered(Protocol):
    """Where vectors of orders are kept, under pseudonyms."""

    async def keep(self, merchant: str, customer: str, order: str, vector: NDArray[float32]) -> None: ...

    async def near(self, merchant: str, customer: str, vector: NDArray[float32], k: int) -> Sequence[Candidate]: ...

    async def drop(self, merchant: str, customer: str) -> None: ...


class Orders(Protocol):
    """The rows of one merchant's orders."""

    async def orders(self, merchant: str, customer: str, limit: int = 20) -> Sequence[Order]: ...


def may_remember(assurance: str, consents: frozenset[str]) -> bool:
    """Is this a customer whose history may be read and added to?"""
    return assurance in KNOWN and PERSONALISE in consents


@dataclass(frozen=True, slots=True)
class History:
    """The vectors of customers' orders: how they are made and found."""

    remembered: Remembered
    orders: Orders
    embedder: Embedder

    async def add(self, order: Order, catalog: Catalog) -> None:
        """Remember an order. Its text is made, embedded and let go."""
        vector = await self._embedded(text_of(order, catalog))
        await self.remembered.keep(order.merchant, order.customer, order.id, vector)

    async def add_all(self, merchant: str, customer: str, catalog: Catalog, most: int = 200) -> None:
        """Remember every order of a customer who has just agreed to it."""
        for order in await self.orders.orders(merchant, customer, most):
            await self.add(order, catalog)

    async def drop(self, merchant: str, customer: str) -> None:
        """Forget them all: the consent was withdrawn."""
        await self.remembered.drop(merchant, customer)

    async def near(self, merchant: str, customer: str, words: str, k: int) -> tuple[Order, ...]:
        """The customer's orders that are nearest to these words, read again from rows; what is no row any more, or
        is somebody else's, is not there."""
        found = await self.remembered.near(merchant, customer, await self._embedded(words), k)
        rows = {order.id: order for order in await self.orders.orders(merchant, customer, 500)}
        return tuple(rows[one.id] for one in found if one.id in rows)

    async def _embedded(self, text: str) -> NDArray[float32]:
        row: NDArray[float32] = (await asyncio.to_thread(self.embedder.encode, [text]))[0]
        return row


@dataclass(frozen=True, slots=True)
class Past:
    """One customer's past at one merchant."""

    history: History
    merchant: str
    customer: str

    async def like(self, words: str, limit: int = 3) -> tuple[Order, ...]:
        """Orders that these words are about, the likeliest first."""
        return await self.history.near(self.merchant, self.customer, words, limit)

    async def preferences(self, catalog: Catalog) -> Mapping[str, str]:
        """Option group -> the value that this customer takes most: a size, a milk."""
        return preferences(await self.history.orders.orders(self.merchant, self.customer, 50), catalog)


def text_of(order: Order, catalog: Catalog) -> str:
    """An order in words: articles and options in every language of the catalog."""
    said: dict[str, None] = {}
    for line in (priced.line for priced in order.proposal.lines):
        product = catalog.products.get(line.sku)
        if product is None:
            continue
        said.update(dict.fromkeys((*product.names.values(), *product.descriptions.values())))
        for chosen in line.options:
            group = catalog.options.get(chosen.group)
            value = group.values.get(chosen.value) if group else None
            said.update(dict.fromkeys(value.names.values()) if value and chosen.count else {})
    return ", ".join(said)


def preferences(orders: Sequence[Order], catalog: Catalog, least: int = 2) -> Mapping[str, str]:
    """Group -> the value chosen most often, at least `least` times and in more than half of the orders that chose one;
    of equals the newest. `orders` are newest first."""
    chosen: dict[str, list[str]] = {}
    for order in orders:
        for line in (priced.line for priced in order.proposal.lines):
            for option in line.options:
                group = catalog.options.get(option.group)
                if group is not None and group.kind == "one" and option.count:
                    chosen.setdefault(option.group, []).append(option.value)
    best = {group: Counter(values).most_common(1)[0] for group, values in chosen.items()}
    return {group: value for group, (value, n) in best.items() if n >= least and n * 2 > len(chosen[group])}
