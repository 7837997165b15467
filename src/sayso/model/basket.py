"""Basket, proposal, order: what the customer wants, what the host promises, what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sayso.model.money import Money


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value chosen in an option group of a line, `count` times (pumps, shots)."""

    group: str
    value: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the basket. `notes` are the customer's own words for the maker, read back as such: a modifier
    that the catalog cannot map is never dropped."""

    id: str
    sku: str
    quantity: int = 1
    options: tuple[Chosen, ...] = ()
    notes: tuple[str, ...] = ()
    merchant: str = ""


@dataclass(frozen=True, slots=True)
class Priced:
    """A line with its price at one catalog version."""

    line: Line
    unit: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Fee:
    """A charge beside the lines ("delivery", "deposit"); `id` names the manifest row it comes from."""

    id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Reserved:
    """What a proposal keeps for its customer: `quantity` of `resource`, "stock/<location>/<sku>" (`slot` "") or
    "queue/<location>" in the time slot that starts at `slot` (ISO 8601 UTC)."""

    resource: str
    slot: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the host offers and the customer says yes to; only proposals are promises.

    `digest` binds the yes: it covers lines, slots, prices, fees, place and time. `kind`: "exact" (a total),
    "up_to" (a cap) or "mandate" (a schedule with a cap)."""

    id: str
    digest: str
    skill: str
    intent: str
    lines: tuple[Priced, ...]
    slots: Mapping[str, str]
    total: Money
    expires: datetime
    catalog_version: str
    kind: str = "exact"
    fees: tuple[Fee, ...] = ()
    location: str = ""
    ready_at: datetime | None = None
    undo_until: datetime | None = None
    vat: Mapping[str, Money] = field(default_factory=dict)
    reserved: tuple[Reserved, ...] = ()
    """What is held for it, and taken by its order."""
    held_until: datetime | None = None
    """How long that is held, where it is shorter than the offer stands."""

    def kept(self, now: datetime) -> tuple[Reserved, ...]:
        """What others cannot have at `now` because of this offer."""
        return self.reserved if now < (self.held_until or self.expires) else ()


@dataclass(frozen=True, slots=True)
class Order:
    """What was agreed: a proposal that the customer confirmed. `number` is short and spoken to the customer."""

    id: str
    number: str
    merchant: str
    conversation: str
    customer: str
    proposal: Proposal
    placed_at: datetime
    state: str = "placed"
    """"placed", "making", "ready", "collected" or "cancelled"."""
