"""Each change of an effect as statements, with the preconditions that keep stock, capacity and orders true. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from sayso.commerce.numbers import RESTS
from sayso.errors import SaysoError
from sayso.model.basket import Order
from sayso.model.effect import (
    Booked,
    CapacityMoved,
    Change,
    ConsentSet,
    Freed,
    Held,
    LinkEnded,
    LinkMade,
    LinkOffered,
    OrderMoved,
    OrderPlaced,
    PreferenceGone,
    PreferenceSet,
    StockMoved,
    TaskClosed,
    TaskMade,
    TaskNoted,
)
from sayso.store.codec import Codec
from sayso.store.links import ended, made, offered
from sayso.store.preferences import preference_gone, preference_set
from sayso.store.statements import Statement, micros

HELD = """(SELECT coalesce(sum(quantity), 0) FROM holds
 WHERE merchant = ? AND resource = ? AND slot = ? AND until > ?)"""
"""What is reserved of a resource at a moment."""

TAKE_STOCK = f"""UPDATE stock SET on_hand = on_hand + ? WHERE merchant = ? AND location = ? AND sku = ?
 AND on_hand + ? >= {HELD}"""
GIVE_STOCK = """INSERT INTO stock (merchant, location, sku, on_hand) VALUES (?, ?, ?, ?)
 ON CONFLICT (merchant, location, sku) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand"""
LOG_STOCK = """INSERT INTO stock_moves (merchant, location, sku, moved, why, turn, at) VALUES (?, ?, ?, ?, ?, ?, ?)"""

HOLD = """INSERT INTO holds (merchant, proposal, resource, slot, quantity, until)"""
HOLD_AGAIN = """ON CONFLICT (merchant, proposal, resource, slot)
 DO UPDATE SET quantity = excluded.quantity + CASE WHEN holds.until > ? THEN holds.quantity ELSE 0 END,
 until = excluded.until"""
"""More for the same proposal; what has lapsed meanwhile is not held again."""
HOLD_FREELY = f"{HOLD} VALUES (?, ?, ?, ?, ?, ?) {HOLD_AGAIN}"
HOLD_STOCK = f"""{HOLD} SELECT ?, ?, ?, ?, ?, ? FROM stock
 WHERE merchant = ? AND location = ? AND sku = ? AND on_hand - {HELD} >= ? {HOLD_AGAIN}"""
USED = "(SELECT coalesce(sum(used), 0) FROM capacity WHERE merchant = ? AND resource = ? AND slot = ?)"
HOLD_CAPACITY = f"""{HOLD} SELECT ?, ?, ?, ?, ?, ?
 WHERE {USED} + {HELD} + ? <= ? {HOLD_AGAIN}"""
FREE = "DELETE FROM holds WHERE merchant = ? AND proposal = ?"

TAKE_CAPACITY = f"""INSERT INTO capacity (merchant, resource, slot, used) SELECT ?, ?, ?, ?
 WHERE {USED} + {HELD} + ? <= ?
 ON CONFLICT (merchant, resource, slot) DO UPDATE SET used = capacity.used + excluded.used"""
GIVE_CAPACITY = """UPDATE capacity SET used = used + ? WHERE merchant = ? AND resource = ? AND slot = ?
 AND used + ? >= 0"""

PLACE_ORDER = """INSERT INTO orders (id, merchant, conversation, customer, number, state, at, body)
 SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS
 (SELECT 1 FROM orders WHERE merchant = ? AND number = ? AND at > ? AND state <> 'cancelled')
 ON CONFLICT (id) DO NOTHING"""
BOOK = "INSERT INTO ledger_entries (merchant, effect, account, minor, currency, at) VALUES (?, ?, ?, ?, ?, ?)"
CONSENT = "INSERT INTO consents (merchant, customer, purpose, granted, source, at) VALUES (?, ?, ?, ?, ?, ?)"
CLOSE = "UPDATE tasks SET state = 'closed' WHERE merchant = ? AND id = ? AND state = 'open'"
TASK = """INSERT INTO tasks (id, merchant, conversation, reason, customer, summary, promised, at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (id) DO NOTHING"""
NOTE = """INSERT INTO task_notes (merchant, task, conversation, turn, author, name, words, at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a change happens and in which turn: holds that ended before `now` no longer count."""

    now: int
    turn: str


def change_statements(changes: Sequence[Change], now: datetime, turn: str, codec: Codec) -> Iterator[Statement]:
    """The statements of `changes`, in their order. Raises SaysoError when ledger entries do not sum to zero."""
    _balanced(changes)
    at = Moment(micros(now), turn)
    for change in changes:
        yield from _of(change, at, codec)


def change_locks(changes: Sequence[Change]) -> tuple[str, ...]:
    """What must stand still while `changes` are checked and made: stock and slots that are counted, order numbers."""
    return tuple(name for change in changes if (name := _counted(change)))


def _counted(change: Change) -> str:
    match change:
        case StockMoved(merchant, location, sku):
            return f"{merchant}/{stock_resource(location, sku)}/"
        case CapacityMoved(merchant, resource, slot) | Held(merchant, _, resource, slot):
            return f"{merchant}/{resource}/{slot}"
        case OrderPlaced(order):
            return f"{order.merchant}/number/{order.number}"
        case _:
            return ""


def _balanced(changes: Sequence[Change]) -> None:
    sums: Counter[tuple[str, str]] = Counter()
    for change in changes:
        if isinstance(change, Booked):
            sums[change.effect, change.amount.currency] += change.amount.minor
    for (effect, currency), left in sums.items():
        if left:
            raise SaysoError(
                f"the ledger entries of effect {effect} sum to {left} minor units {currency}, not to zero",
                where="ledger_entries",
                mend="book every amount on two accounts, once positive and once negative",
                code="unbalanced",
            )


def _of(change: Change, at: Moment, codec: Codec) -> Iterator[Statement]:
    match change:
        case StockMoved():
            return _stock_moved(change, at)
        case Held():
            return _held(change, at)
        case Freed():
            return iter((Statement(FREE, (change.merchant, change.proposal)),))
        case CapacityMoved():
            return _capacity_moved(change, at)
        case OrderPlaced():
            return iter((_placed(change.order, codec),))
        case OrderMoved():
            return iter((_order_moved(change),))
        case PreferenceSet():
            return preference_set(change)
        case PreferenceGone():
            return preference_gone(change)
        case TaskClosed():
            return iter((Statement(CLOSE, (change.merchant, change.id)),))
        case LinkOffered():
            return offered(change, at.now)
        case LinkMade():
            return made(change, at.now)
        case LinkEnded():
            return ended(change, at.now)
        case _:
            return iter((_noted(change, at),))


def _noted(change: Booked | ConsentSet | TaskMade | TaskNoted, at: Moment) -> Statement:
    """Rows that are only added and need nothing to be true before."""
    match change:
        case Booked(merchant, effect, account, amount):
            return Statement(BOOK, (merchant, effect, account, amount.minor, amount.currency, at.now))
        case ConsentSet(merchant, customer, purpose, granted, source):
            return Statement(CONSENT, (merchant, customer, purpose, int(granted), source, at.now))
        case TaskMade():
            due = micros(change.promised) if change.promised else None
            about = (change.reason, change.customer, orjson.dumps(dict(change.summary)).decode())
            return Statement(TASK, (change.id, change.merchant, change.conversation, *about, due, at.now))
        case TaskNoted():
            said = (change.conversation, at.turn, change.author, change.name, change.words)
            return Statement(NOTE, (change.merchant, change.id, *said, at.now))


def stock_resource(location: str, sku: str) -> str:
    """The resource of a hold on stock."""
    return f"stock/{location}/{sku}"


def _stock_moved(change: StockMoved, at: Moment) -> Iterator[Statement]:
    where = (change.merchant, change.location, change.sku)
    if change.by < 0:
        held = (change.merchant, stock_resource(change.location, change.sku), "", at.now)
        yield Statement(TAKE_STOCK, (change.by, *where, change.by, *held), "stock", change.sku)
    else:
        yield Statement(GIVE_STOCK, (*where, change.by))
    yield Statement(LOG_STOCK, (*where, change.by, change.why, at.turn, at.now))


def _held(change: Held, at: Moment) -> Iterator[Statement]:
    key = (change.merchant, change.resource, change.slot)
    row = (change.merchant, change.proposal, change.resource, change.slot, change.quantity, micros(change.until))
    if change.resource.startswith("stock/"):
        _, location, sku = change.resource.split("/", 2)
        place = (change.merchant, location, sku)
        yield Statement(HOLD_STOCK, (*row, *place, *key, at.now, change.quantity, at.now), "stock", sku)
    elif change.limit is None:
        yield Statement(HOLD_FREELY, (*row, at.now))
    else:
        room = (*key, *key, at.now, change.quantity, change.limit, at.now)
        yield Statement(HOLD_CAPACITY, (*row, *room), "capacity", change.resource)


def _capacity_moved(change: CapacityMoved, at: Moment) -> Iterator[Statement]:
    key = (change.merchant, change.resource, change.slot)
    if change.by > 0:
        room = (*key, *key, at.now, change.by, change.limit)
        yield Statement(TAKE_CAPACITY, (*key, change.by, *room), "capacity", change.resource)
    else:
        yield Statement(GIVE_CAPACITY, (change.by, *key, change.by), "capacity", change.resource)


def _placed(order: Order, codec: Codec) -> Statement:
    row = (order.id, order.merchant, order.conversation, order.customer, order.number, order.state)
    given = (order.merchant, order.number, micros(order.placed_at - RESTS))
    values = (*row, micros(order.placed_at), codec.dump(Order, order), *given)
    return Statement(PLACE_ORDER, values, "number", order.number)


def _order_moved(change: OrderMoved) -> Statement:
    marks = ", ".join("?" * len(change.allowed))
    sql = f"UPDATE orders SET state = ? WHERE merchant = ? AND id = ? AND state IN ({marks})"
    return Statement(sql, (change.state, change.merchant, change.order, *change.allowed), "order", change.order)
