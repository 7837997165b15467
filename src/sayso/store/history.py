"""A customer's history as vectors: what was ordered, findable in other words than it was ordered in.

A vector stands for one order. Beside it are the order's id and a pseudonym of the customer, no text: price, articles
and owner are read again from rows. The pseudonym's key is a row of the customer, made when it is first needed, and an
erase deletes it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.model.command import Candidate
from sayso.people.erase import pseudonym
from sayso.store.database import Database
from sayso.store.statements import Script, Statement, words

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    from sayso.store.vectors import VectorIndex

PURPOSE, AUDIT = "history", "audit"
KEY = "SELECT key FROM pseudonyms WHERE merchant = ? AND customer = ?"
NEW_KEY = """INSERT INTO pseudonyms (merchant, customer, key) VALUES (?, ?, ?)
 ON CONFLICT (merchant, customer) DO NOTHING"""
THERE = "SELECT 1 FROM customers WHERE merchant = ? AND id = ?"


@dataclass(frozen=True, slots=True)
class History:
    """`people.history.Remembered` on any database and vectors. `new_key` makes 32 random bytes, in hex."""

    database: Database
    index: VectorIndex
    new_key: Callable[[], str]

    async def keep(self, merchant: str, customer: str, order: str, vector: NDArray[float32]) -> None:
        """Remember the order; once more changes nothing. Nothing is kept of a customer who is not there."""
        key = await self.database.write(key_script(merchant, customer, self.new_key()))
        if key:
            owner = pseudonym(key, merchant, customer, PURPOSE)
            await asyncio.to_thread(self.index.remember, merchant, owner, order, vector)

    async def near(self, merchant: str, customer: str, vector: NDArray[float32], k: int) -> Sequence[Candidate]:
        """The customer's `k` nearest orders."""
        key = await self.database.read(key_script(merchant, customer, ""))
        if not key:
            return ()
        owner = pseudonym(key, merchant, customer, PURPOSE)
        return await asyncio.to_thread(self.index.recollect, merchant, owner, vector, k)

    async def drop(self, merchant: str, customer: str) -> None:
        """Forget all that is remembered of the customer."""
        key = await self.database.read(key_script(merchant, customer, ""))
        if key:
            await asyncio.to_thread(self.index.forget, merchant, pseudonym(key, merchant, customer, PURPOSE))


def key_script(merchant: str, customer: str, fresh: str) -> Script[str]:
    """The key of the customer's pseudonyms; made from `fresh` when there is none, "" for none."""
    rows = yield Statement(KEY, (merchant, customer))
    if rows or not fresh:
        return words(rows[0][0]) if rows else ""
    if not (yield Statement(THERE, (merchant, customer))):
        return ""
    yield Statement(NEW_KEY, (merchant, customer, fresh))
    rows = yield Statement(KEY, (merchant, customer))
    return words(rows[0][0])
