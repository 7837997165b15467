"""A small merchant with an order skill, and rows in memory that changes are applied to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from sayso import (
    CapacityMoved,
    Catalog,
    Change,
    Check,
    Delivery,
    Freed,
    Held,
    IntentSpec,
    Line,
    Location,
    MerchantSpec,
    Money,
    OptionGroup,
    OptionValue,
    Order,
    OrderMoved,
    OrderPlaced,
    Outcome,
    Product,
    Propose,
    Queue,
    SkillSpec,
    SlotSpec,
    StockMoved,
    Turn,
)
from sayso.manifest.specs import Answer, Artefact, ChoiceValue, Holiday, Opening
from sayso.skill.api import Fulfilment
from sayso.skill.kinds import fulfilments, kinds

NOW = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)
"""A Monday, 10:00:30 in Amsterdam."""


@dataclass
class Rows:
    """Stock, capacity and orders in memory, changed by applying changes as a store would."""

    on_hand: Counter[tuple[str, str]] = field(default_factory=Counter)
    capacity: Counter[tuple[str, str]] = field(default_factory=Counter)
    held: list[Held] = field(default_factory=list)
    placed: dict[str, Order] = field(default_factory=dict)
    on: set[str] = field(default_factory=set)
    reads: int = 0

    async def stock(self, location: str, skus: Sequence[str]) -> Mapping[str, int]:
        return {sku: self.on_hand[location, sku] - self._held(f"stock/{location}/{sku}", "") for sku in skus}

    async def used(self, resource: str, since: str, until: str) -> Mapping[str, int]:
        slots = {slot for name, slot in self.capacity if name == resource}
        slots |= {h.slot for h in self.held if h.resource == resource}
        return {s: self.capacity[resource, s] + self._held(resource, s) for s in slots if since <= s < until}

    async def order(self, order: str) -> Order | None:
        return self.placed.get(order)

    async def orders(self, customer: str, limit: int = 20) -> Sequence[Order]:
        self.reads += 1
        mine = [o for o in self.placed.values() if o.customer == customer and o.state != "cancelled"]
        return sorted(mine, key=lambda order: order.placed_at, reverse=True)[:limit]

    async def numbered(self, numbers: Sequence[str]) -> frozenset[str]:
        return frozenset(numbers) & {order.number for order in self.placed.values()}

    async def switches(self) -> frozenset[str]:
        return frozenset(self.on)

    def _held(self, resource: str, slot: str) -> int:
        return sum(h.quantity for h in self.held if (h.resource, h.slot) == (resource, slot))

    def apply(self, changes: Iterable[Change]) -> None:
        for change in changes:
            match change:
                case StockMoved(location=location, sku=sku, by=by):
                    self.on_hand[location, sku] += by
                    assert self.on_hand[location, sku] >= 0
                case CapacityMoved(resource=resource, slot=slot, by=by, limit=limit):
                    self.capacity[resource, slot] += by
                    assert 0 <= self.capacity[resource, slot] + self._held(resource, slot) <= limit
                case Held():
                    self.held.append(change)
                case Freed(proposal=proposal):
                    self.held = [h for h in self.held if h.proposal != proposal]
                case OrderPlaced(order=order):
                    self.placed[order.id] = order
                case OrderMoved(order=order, state=state, allowed=allowed):
                    assert self.placed[order].state in allowed
                    self.placed[order] = replace(self.placed[order], state=state)
                case _:
                    pass

    def figures(self) -> tuple[dict[Any, int], dict[Any, int]]:
        """Stock and capacity as they stand."""
        return dict(+self.on_hand), dict(+self.capacity)


@dataclass
class Shop:
    """The merchant's order skill, bound, on rows in memory."""

    artefact: Artefact
    rows: Rows
    fulfilment: Fulfilment

    def turn(self, **changes: Any) -> Turn:
        settings: dict[str, Any] = {
            "now": NOW,
            "seed": "seed",
            "artefact": self.artefact,
            "skill": self.artefact.skills["coffee"],
            "rows": self.rows,
            "language": "en",
            "conversation": "bar/web/bar/c1",
            "customer": "anna",
        }
        return Turn(**(settings | changes))

    async def check(self, *lines: Line, turn: Turn | None = None, **more: Any) -> list[tuple[str, tuple[str, ...]]]:
        """The troubles of these lines: keys with what is offered instead."""
        asked = Check("coffee.order", lines, more.pop("slots", {"store": "dam"}), more.pop("allergies", ()))
        checked = await self.fulfilment.check(turn or self.turn(**more), asked)
        return [(trouble.key, tuple(c.id for c in trouble.options)) for trouble in checked.troubles]

    async def propose(self, *lines: Line, slots: Mapping[str, str] | None = None, **more: Any) -> Outcome:
        wanted = {"store": "dam", "service": "to_go"} if slots is None else slots
        asked = Propose("coffee.order", lines, wanted, more.pop("allergies", ()))
        return await self.fulfilment.propose(self.turn(**more), asked)


def group(id: str, kind: str = "one", most: int = 1, **values: OptionValue) -> OptionGroup:
    return OptionGroup(id, {"en": id}, values, kind=kind, max_count=most)


def value(id: str, price: int = 0, **more: Any) -> OptionValue:
    return OptionValue(id, {"en": id}, price=price, **more)


def product(sku: str, price: int, category: str = "coffee", **more: Any) -> Product:
    return Product(sku, {"en": sku}, price, category, **({"allergens": (), "vat": "low"} | more))


def catalog() -> Catalog:
    options = {
        "size": group("size", small=value("small"), medium=value("medium", 40), large=value("large", 80)),
        "milk": group("milk", whole=value("whole", adds_allergens=("milk",)), oat=value("oat", 50)),
        "syrup": group("syrup", "many", 3, vanilla=value("vanilla", 60), caramel=value("caramel", 60)),
    }
    latte = product(
        "latte", 350, options=("size", "milk", "syrup"), defaults={"milk": "whole"}, required=("size",), only={}
    )
    products = (
        latte,
        product("espresso", 260),
        product("flat_white", 370, defaults={"milk": "whole"}, options=("milk",), only={"milk": ("whole",)}),
        product("irish_coffee", 850, vat="high", age_min=18),
        product("croissant", 260, "pastry", stocked=True, allergens=("gluten",), may_contain=("nuts",)),
        product("muffin", 280, "pastry", stocked=True, allergens=None),
        product("cookie", 250, "pastry"),
    )
    names = {"coffee": {"en": "Coffee"}, "pastry": {"en": "Pastry"}}
    return Catalog("bar", "v1", "EUR", {p.sku: p for p in products}, options, names, {"low": 900, "high": 2100})


def place(id: str, latitude: float, **more: Any) -> Location:
    weekly = {day: (Opening(time(8), time(18), 10),) for day in range(1, 7)}
    holidays = (Holiday(date(2027, 4, 27), {"en": "King's Day", "nl": "Koningsdag"}),)
    return Location(id, {"en": id}, f"{id} 1", "Europe/Amsterdam", latitude, 4.89, weekly, holidays, **more)


def merchant() -> MerchantSpec:
    delivery = Delivery(("1012",), Money(250, "EUR"), Money(1500, "EUR"), 30)
    dam = place("dam", 52.37, services=("here", "to_go", "delivery"), delivery=delivery, queue=Queue(6))
    park = place("park", 52.30, services=("here", "to_go"), queue=Queue(6))
    names = {"milk": {"en": "milk"}, "gluten": {"en": "gluten"}, "nuts": {"en": "nuts"}}
    return MerchantSpec(
        "bar",
        {"en": "Bar"},
        ("en", "nl"),
        "EUR",
        "NL",
        "Europe/Amsterdam",
        {"dam": dam, "park": park},
        ("coffee",),
        max_amount=Money(25_000, "EUR"),
        allergens=names,
    )


def skill_spec() -> SkillSpec:
    services = {id: ChoiceValue(id, {"en": id}) for id in ("here", "to_go", "delivery")}
    slots = (
        SlotSpec("items", "lines"),
        SlotSpec("store", "location", required=True),
        SlotSpec("service", "choice", default="to_go", values=services),
        SlotSpec("time", "time"),
        SlotSpec("postcode", "postcode"),
        SlotSpec("address", "text"),
    )
    add = IntentSpec(
        "order", "coffee", "purchase", "read_back", "add", {}, {slot.name: slot for slot in slots}, "until_made"
    )
    usual = IntentSpec("usual", "coffee", "purchase", "read_back", "usual", {}, {}, "until_made")
    status = IntentSpec("status", "coffee", "read", "none", "status", {})
    intents = {intent.id: intent for intent in (add, usual, status)}
    return SkillSpec("coffee", "1.0.0", "order", {"en": "Coffee"}, intents, {})


@pytest.fixture(scope="session")
def artefact() -> Artefact:
    wifi = Answer("wifi", {"en": ("wifi?",)}, {"en": "Yes."})
    return Artefact("digest", merchant(), {"coffee": skill_spec()}, catalog(), {"wifi": wifi}, {})


@pytest.fixture
def shop(artefact: Artefact) -> Shop:
    return new_shop(artefact)


@pytest.fixture(scope="session")
def open_shop(artefact: Artefact) -> Any:
    """Makes a shop with fresh rows, for property tests."""
    return lambda: new_shop(artefact)


def new_shop(artefact: Artefact) -> Shop:
    rows = Rows(Counter({(place, sku): 5 for place in ("dam", "park") for sku in ("croissant", "muffin")}))
    return Shop(artefact, rows, fulfilments(artefact, kinds())["coffee"])
