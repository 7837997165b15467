"""The life of an effect, as a table, and the changes to rows that it makes.

proposed -> confirmed -> executing -> waiting -> done -> undoing -> undone
or lapsed (before it was confirmed), failed, unknown (an outside call whose outcome is not known: it is queried,
never blindly repeated).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sayso.model.basket import Order
from sayso.model.money import Money
from sayso.model.preference import Preference

TRANSITIONS: dict[str, frozenset[str]] = {
    "proposed": frozenset({"confirmed", "lapsed"}),
    "confirmed": frozenset({"executing", "failed"}),
    "executing": frozenset({"waiting", "done", "failed", "unknown"}),
    "waiting": frozenset({"done", "failed", "undoing"}),
    "unknown": frozenset({"done", "failed"}),
    "done": frozenset({"undoing"}),
    "undoing": frozenset({"undone", "done", "unknown"}),
    "lapsed": frozenset(),
    "failed": frozenset(),
    "undone": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What was done in the world by one say-so. `key` is its idempotency key, stored before any outside call."""

    id: str
    merchant: str
    conversation: str
    customer: str
    skill: str
    intent: str
    state: str
    key: str
    proposal: str
    at: datetime
    order: str = ""
    undo_until: datetime | None = None


def advance(effect: Effect, state: str, at: datetime) -> Effect:
    """The effect in its next state. Raises ValueError when the table does not allow it."""
    if state not in TRANSITIONS[effect.state]:
        raise ValueError(f"effect {effect.id}: {effect.state} -> {state} is not in the table")
    return replace(effect, state=state, at=at)


@dataclass(frozen=True, slots=True)
class StockMoved:
    """`by` units of `sku` at `location` (negative: taken). Refused when it would leave less than nothing."""

    merchant: str
    location: str
    sku: str
    by: int
    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """A reservation of a proposal, freed at `until`: stock (`resource` "stock/<location>/<sku>", `slot` "") or capacity
    ("queue/<location>") in the time slot that starts at `slot` (ISO 8601 UTC). Refused when less is free; for capacity:
    when used plus held would pass `limit` (None: not checked)."""

    merchant: str
    proposal: str
    resource: str
    slot: str
    quantity: int
    until: datetime
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Freed:
    """All reservations of a proposal end."""

    merchant: str
    proposal: str


@dataclass(frozen=True, slots=True)
class CapacityMoved:
    """`by` units of `resource` ("queue/<location>") in the time slot that starts at `slot` (ISO 8601 UTC).
    Refused when used plus held would pass `limit`."""

    merchant: str
    resource: str
    slot: str
    by: int
    limit: int


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    order: Order


@dataclass(frozen=True, slots=True)
class OrderMoved:
    """The order's state changes; refused unless it is in one of `allowed` now."""

    merchant: str
    order: str
    state: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Booked:
    """A ledger entry: `amount` on `account` ("sales", "vat/<class>", "receivable/counter"). Rows are only added;
    the entries of one effect sum to zero."""

    merchant: str
    effect: str
    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ConsentSet:
    merchant: str
    customer: str
    purpose: str
    granted: bool
    source: str


@dataclass(frozen=True, slots=True)
class PreferenceSet:
    """What a customer likes is kept; it takes the place of what was known about the same."""

    preference: Preference


@dataclass(frozen=True, slots=True)
class PreferenceGone:
    """What a customer likes about something is deleted. `about` "*": all of it; "allergen/*": all about allergens."""

    merchant: str
    customer: str
    about: str


@dataclass(frozen=True, slots=True)
class TaskMade:
    """Something for a person at the desk. `summary`: what it is about, field by field."""

    merchant: str
    id: str
    conversation: str
    reason: str
    promised: datetime | None
    customer: str = ""
    summary: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskClosed:
    """Nobody need do it any more."""

    merchant: str
    id: str


@dataclass(frozen=True, slots=True)
class TaskNoted:
    """Words that belong to a task: the customer's (`author` "customer") or a person's answer ("person", by `name`)."""

    merchant: str
    id: str
    conversation: str
    author: str
    words: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class LinkOffered:
    """A way for whoever proves it to become one with a customer. `kind` "code": `customer` may say the code whose keyed
    `digest` this is in another conversation; "nonce": a platform brings it from there; "page": whoever is known may
    link `conversation` on a page. Once, before `until`; an earlier code of the customer's is no longer good."""

    merchant: str
    id: str
    kind: str
    conversation: str
    until: datetime
    customer: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class LinkMade:
    """`customer`, who is nobody known, turned out to be `into` over `channel`: they are one until the link ends.
    Refused unless `offer` still stands."""

    merchant: str
    offer: str
    customer: str
    into: str
    channel: str


@dataclass(frozen=True, slots=True)
class LinkEnded:
    """`customer` is somebody of their own again."""

    merchant: str
    customer: str


Change = (
    StockMoved
    | Held
    | Freed
    | CapacityMoved
    | OrderPlaced
    | OrderMoved
    | Booked
    | ConsentSet
    | PreferenceSet
    | PreferenceGone
    | TaskMade
    | TaskClosed
    | TaskNoted
    | LinkOffered
    | LinkMade
    | LinkEnded
)


def inverse(changes: tuple[Change, ...], effect: str) -> tuple[Change, ...]:
    """The changes that restore stock, capacity and money, and close tasks. An order's state is not inverted: it moves
    forward to "cancelled" by an `OrderMoved` of the caller."""
    undone: list[Change] = []
    for change in reversed(changes):
        match change:
            case StockMoved() | CapacityMoved():
                undone.append(replace(change, by=-change.by))
            case Booked():
                undone.append(replace(change, amount=-change.amount, effect=effect))
            case TaskMade():
                undone.append(TaskClosed(change.merchant, change.id))
            case _:
                continue
    return tuple(undone)
