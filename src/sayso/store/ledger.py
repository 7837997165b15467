"""Rows of effects: stock, capacity, orders, switches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sayso.commerce.numbers import RESTS
from sayso.host.ports import Clock
from sayso.model.basket import Order
from sayso.model.effect import Change, Effect
from sayso.store.changes import stock_resource
from sayso.store.codec import Codec
from sayso.store.database import Database
from sayso.store.statements import MICROSECOND, Rows, Script, Statement, micros, whole, words

ON_HAND = "SELECT sku, on_hand FROM stock WHERE merchant = ? AND location = ? AND sku IN ({marks})"
HELD_STOCK = """SELECT resource, sum(quantity) FROM holds
 WHERE merchant = ? AND until > ? AND slot = '' AND resource IN ({marks}) GROUP BY resource"""
USED = "SELECT slot, used FROM capacity WHERE merchant = ? AND resource = ? AND slot >= ? AND slot < ?"
HELD = """SELECT slot, sum(quantity) FROM holds
 WHERE merchant = ? AND resource = ? AND slot >= ? AND slot < ? AND until > ? GROUP BY slot"""
ORDER = "SELECT body, state FROM orders WHERE merchant = ? AND id = ?"
ORDERS = """SELECT body, state FROM orders
 WHERE merchant = ? AND customer IN (SELECT id FROM customers WHERE merchant = ? AND (id = ? OR merged_into = ?)
 UNION SELECT ?) AND state <> 'cancelled' ORDER BY at DESC, id DESC LIMIT ?"""
NUMBERED = "SELECT number FROM orders WHERE merchant = ? AND at > ? AND number IN ({marks})"
EFFECTS = """SELECT body FROM effects
 WHERE merchant = ? AND customer IN (SELECT id FROM customers WHERE merchant = ? AND (id = ? OR merged_into = ?)
 UNION SELECT ?) AND state = 'done' ORDER BY at DESC LIMIT ?"""
EFFECT = "SELECT body, changes FROM effects WHERE merchant = ? AND id = ?"
SWITCHES = "SELECT name FROM switches WHERE merchant = ?"
SWITCH_ON = """INSERT INTO switches (merchant, name, author, at) VALUES (?, ?, ?, ?)
 ON CONFLICT (merchant, name) DO UPDATE SET author = excluded.author, at = excluded.at"""
SWITCH_OFF = "DELETE FROM switches WHERE merchant = ? AND name = ?"


@dataclass(frozen=True, slots=True)
class Ledger:
    """`host.ports.Ledger` on any database. `clock` says which holds have ended."""

    database: Database
    codec: Codec
    clock: Clock

    async def stock(self, merchant: str, location: str, skus: Sequence[str]) -> Mapping[str, int]:
        """Units free to sell (on hand less held) per stocked sku."""
        if not skus:
            return {}
        return await self.database.read(_stock(merchant, location, tuple(skus), self._now()))

    async def used(self, merchant: str, resource: str, since: str, until: str) -> Mapping[str, int]:
        """Capacity used plus held, per slot, in [since, until); slots are compared as text."""
        return await self.database.read(_used(merchant, resource, since, until, self._now()))

    async def order(self, merchant: str, order: str) -> Order | None:
        orders = await self.database.read(_orders(Statement(ORDER, (merchant, order), alone=True), self.codec))
        return orders[0] if orders else None

    async def orders(self, merchant: str, customer: str, limit: int = 20) -> Sequence[Order]:
        """The customer's orders, those of customers merged into it too, newest first, without cancelled ones."""
        values = (merchant, merchant, customer, customer, customer, limit)
        return await self.database.read(_orders(Statement(ORDERS, values, alone=True), self.codec))

    async def numbered(self, merchant: str, numbers: Sequence[str]) -> frozenset[str]:
        """Which of these order numbers were given within `commerce.numbers.RESTS`, to cancelled orders too."""
        values: tuple[str | int, ...] = (merchant, self._now() - RESTS // MICROSECOND, *numbers)
        rows = await self.database.read(_rows(Statement(NUMBERED.format(marks=_marks(numbers)), values, alone=True)))
        return frozenset(words(number) for (number,) in rows)

    async def effect(self, merchant: str, effect: str) -> tuple[Effect, tuple[Change, ...]] | None:
        """An effect with the changes that it made."""
        return await self.database.read(_effect(merchant, effect, self.codec))

    async def effects(self, merchant: str, customer: str, limit: int = 5) -> Sequence[Effect]:
        values = (merchant, merchant, customer, customer, customer, limit)
        rows = await self.database.read(_rows(Statement(EFFECTS, values, alone=True)))
        return tuple(self.codec.load(Effect, words(body)) for (body,) in rows)

    async def switches(self, merchant: str) -> frozenset[str]:
        rows = await self.database.read(_rows(Statement(SWITCHES, (merchant,), alone=True)))
        return frozenset(words(name) for (name,) in rows)

    async def switch(self, merchant: str, name: str, on: bool, by: str) -> None:
        """Turn a switch; `by` is the principal who did."""
        flip = (
            Statement(SWITCH_ON, (merchant, name, by, self._now())) if on else Statement(SWITCH_OFF, (merchant, name))
        )
        await self.database.write(_rows(flip))

    def _now(self) -> int:
        return micros(self.clock.now())


def _rows(statement: Statement) -> Script[Rows]:
    rows = yield statement
    return rows


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _stock(merchant: str, location: str, skus: tuple[str, ...], now: int) -> Script[Mapping[str, int]]:
    rows = yield Statement(ON_HAND.format(marks=_marks(skus)), (merchant, location, *skus))
    free = {words(sku): whole(units) for sku, units in rows}
    resources = {stock_resource(location, sku): sku for sku in free}
    if resources:
        held = yield Statement(HELD_STOCK.format(marks=_marks(tuple(resources))), (merchant, now, *resources))
        for resource, units in held:
            free[resources[words(resource)]] -= whole(units)
    return free


def _used(merchant: str, resource: str, since: str, until: str, now: int) -> Script[Mapping[str, int]]:
    window = (merchant, resource, since, until)
    taken = yield Statement(USED, window)
    used = {words(slot): whole(units) for slot, units in taken}
    held = yield Statement(HELD, (*window, now))
    for slot, units in held:
        used[words(slot)] = used.get(words(slot), 0) + whole(units)
    return used


def _orders(statement: Statement, codec: Codec) -> Script[tuple[Order, ...]]:
    rows = yield statement
    return tuple(replace(codec.load(Order, words(body)), state=words(state)) for body, state in rows)


def _effect(merchant: str, effect: str, codec: Codec) -> Script[tuple[Effect, tuple[Change, ...]] | None]:
    rows = yield Statement(EFFECT, (merchant, effect), alone=True)
    for body, changes in rows:
        return codec.load(Effect, words(body)), codec.load(tuple[Change, ...], words(changes))
    return None
