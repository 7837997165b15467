"""Nothing is ever booked twice: many customers at once, and any order of bookings, moves, cancellations and undos."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sayso import (
    CapacityMoved,
    Change,
    Commit,
    Committed,
    Effect,
    Freed,
    Held,
    Order,
    OrderMoved,
    OrderPlaced,
    Outcome,
    Propose,
    Proposed,
    Refused,
    Turn,
    limit_of,
    local,
    window_at,
)
from sayso.manifest.specs import (
    Absence,
    Artefact,
    Holiday,
    IntentSpec,
    Location,
    MerchantSpec,
    Opening,
    SkillSpec,
    SlotSpec,
    Staff,
)
from sayso.model.catalog import Catalog, Product
from sayso.model.command import Candidate, Evidence, Fill, Start, Yes
from sayso.skill.api import Fulfilment
from sayso.skill.booking.booked import booked
from sayso.skill.kinds import fulfilments, kinds

GIVEN = Evidence("", "given")
ZONE = "Europe/Amsterdam"


def fill(**slots: str) -> tuple[Any, ...]:
    return tuple(Fill(name, (Candidate(value),), GIVEN) for name, value in slots.items())


async def test_two_hundred_customers_at_once_never_pass_the_capacity(house: Any) -> None:
    """All want the same Thursday with the same mechanic; each who is told yes has a time of his own, and no time is
    left while somebody wants it."""
    wanted = [f"2026-11-26T{hour:02}:{minute:02}" for hour in range(9, 18) for minute in (0, 30)]

    async def customer(n: int) -> str:
        slots = {"service": "puncture", "location": "oost", "time": wanted[n % len(wanted)]}
        start = Start((Candidate("book_appointment.book"),), GIVEN)
        told = await house.say(start, *fill(**slots), who=f"c{n}")
        return (await house.say(Yes(GIVEN), who=f"c{n}")).text if "Shall I book it" in told.text else ""

    answers = await asyncio.gather(*(customer(n) for n in range(200)))
    placed = [order for n in range(200) for order in await house.orders(f"c{n}")]
    assert len(placed) == sum("Booked:" in text for text in answers) == 16
    takes = Counter(take for order in placed for take in booked(order).takes)  # type: ignore[union-attr]
    assert max(takes.values()) == 1
    house.clock.set(house.clock.now() + timedelta(minutes=11))
    assert await house.used("staff/kees") == {grain: units for (_, grain), units in takes.items()}


@dataclass
class Rows:
    """Orders and capacity in memory, with the store's preconditions: a change that would break one is refused."""

    capacity: Counter[tuple[str, str]] = field(default_factory=Counter)
    held: list[Held] = field(default_factory=list)
    placed: dict[str, Order] = field(default_factory=dict)
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    async def used(self, resource: str, since: str, until: str) -> dict[str, int]:
        slots = {s for name, s in self.capacity if name == resource} | {h.slot for h in self._live(resource)}
        return {s: self.units(resource, s) for s in slots if since <= s < until}

    def units(self, resource: str, slot: str) -> int:
        return self.capacity[resource, slot] + sum(h.quantity for h in self._live(resource) if h.slot == slot)

    def _live(self, resource: str) -> list[Held]:
        return [h for h in self.held if h.resource == resource and h.until > self.now]

    async def order(self, order: str) -> Order | None:
        return self.placed.get(order)

    async def orders(self, customer: str, limit: int = 20) -> list[Order]:
        mine = [o for o in self.placed.values() if o.customer == customer and o.state != "cancelled"]
        return sorted(mine, key=lambda order: order.placed_at, reverse=True)[:limit]

    async def stock(self, location: str, skus: Any) -> dict[str, int]:
        return {}

    async def numbered(self, numbers: Any) -> frozenset[str]:
        return frozenset(numbers) & {order.number for order in self.placed.values()}

    async def switches(self) -> frozenset[str]:
        return frozenset()

    def apply(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            match change:
                case CapacityMoved(resource=resource, slot=slot, by=by, limit=limit):
                    assert by < 0 or self.units(resource, slot) + by <= limit
                    self.capacity[resource, slot] += by
                    assert self.capacity[resource, slot] >= 0
                case Held(resource=resource, slot=slot, quantity=quantity, limit=limit):
                    assert self.units(resource, slot) + quantity <= (limit or 0)
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


FIRST = date(2027, 3, 25)
"""A Thursday; on Sunday the clocks go forward, and Saturday is a holiday."""

HOLIDAY = date(2027, 3, 27)
AWAY = date(2027, 3, 29)


def small_shop() -> Artefact:
    """Open day and night, so that clock changes count; two who serve, one bench."""
    always = {day: (Opening(time(0), time(0)),) for day in range(1, 8)}
    place = Location(
        "north", {"en": "North"}, "North 1", ZONE, 52.0, 5.0, always, (Holiday(HOLIDAY, {"en": "Feast"}),),
        capacity={"fitting": 2},
    )  # fmt: skip
    kim = Staff("kim", {"en": "Kim"}, ("north",), ("repair", "fitting"), always, (Absence(AWAY, AWAY),))
    lou = Staff("lou", {"en": "Lou"}, ("north",), ("fitting", "visit"), always, capacity=2)
    products = {
        "fix": Product("fix", {"en": "fix"}, 2000, "repair", attributes={"duration": "60", "buffer": "15"}),
        "fit": Product("fit", {"en": "fit"}, 3000, "fitting", attributes={"duration": "90"}),
        "visit": Product("visit", {"en": "visit"}, 5000, "visit", attributes={"duration": "shift", "at": "home"}),
    }
    types = {"service": "product", "location": "location", "time": "time", "staff": "staff", "address": "address"}
    slots = {name: SlotSpec(name, kind) for name, kind in types.items()}
    intents = {
        op: IntentSpec(op, "book", "booking", "read_back", op, {}, slots, "P2D") for op in ("book", "move", "cancel")
    }
    skill = SkillSpec("book", "1.0.0", "booking", {}, intents, {}, {"days_ahead": 10})
    merchant = MerchantSpec(
        "shop", {"en": "Shop"}, ("en",), "EUR", "NL", ZONE, {"north": place}, ("book",), staff={"kim": kim, "lou": lou}
    )
    catalog = Catalog("shop", "v1", "EUR", products, {})
    return Artefact("d", merchant, {"book": skill}, catalog, {}, {})


ARTEFACT = small_shop()
CUSTOMERS = ("anna", "bert", "carl")
HOURS = st.integers(0, 24 * 8)


class Diary(RuleBasedStateMachine):
    """Customers book, move, cancel and undo in any order, some leaving offers open."""

    @initialize()
    def begin(self) -> None:
        self.rows = Rows()
        self.now = datetime(2027, 3, 24, 23, 0, tzinfo=UTC)
        self.serial = 0
        self.done: list[tuple[Effect, tuple[Change, ...], dict[tuple[str, str], int], int]] = []
        self.writes = 0
        self.skill: Fulfilment = fulfilments(ARTEFACT, kinds())["book"]

    def turn(self, who: str) -> Turn:
        self.serial += 1
        self.now += timedelta(minutes=1)
        self.rows.now = self.now
        return Turn(
            self.now, f"s{self.serial}", ARTEFACT, ARTEFACT.skills["book"], self.rows, "en", f"shop/web/shop/{who}", who
        )

    def run(self, wanted: Any) -> Any:
        return asyncio.run(wanted)

    def propose(self, who: str, operation: str, **slots: str) -> Outcome:
        outcome: Outcome = self.run(self.skill.propose(self.turn(who), Propose(f"book.{operation}", (), slots)))
        self.rows.apply(outcome.changes)
        return outcome

    def agree(self, who: str, outcome: Outcome) -> None:
        """An offer that was made can be had: its yes succeeds."""
        if isinstance(outcome.result, Refused):
            return
        assert isinstance(outcome.result, Proposed)
        before = dict(+self.rows.capacity)
        made: Outcome = self.run(self.skill.commit(self.turn(who), Commit(outcome.result.proposal), "k"))
        assert isinstance(made.result, Committed)
        assert made.effect is not None
        self.rows.apply(made.changes)
        self.writes += 1
        self.done.append((made.effect, made.changes, before, self.writes))

    @rule(who=st.sampled_from(CUSTOMERS), sku=st.sampled_from(["fix", "fit", "visit"]), hour=HOURS, yes=st.booleans())
    def book(self, who: str, sku: str, hour: int, yes: bool) -> None:
        at = (datetime(2027, 3, 24, 23, tzinfo=UTC) + timedelta(hours=hour)).isoformat()
        outcome = self.propose(who, "book", service=sku, time=at, address="Somewhere 1")
        if yes:
            self.agree(who, outcome)

    @rule(who=st.sampled_from(CUSTOMERS), pick=st.integers(0, 9), sku=st.sampled_from(["fix", "fit"]))
    def take_what_is_offered(self, who: str, pick: int, sku: str) -> None:
        """Whatever is listed as free can be booked at once."""
        listed = self.propose(who, "book", service=sku).result
        if isinstance(listed, Refused) and listed.troubles[0].options:
            options = listed.troubles[0].options
            outcome = self.propose(who, "book", service=sku, time=options[pick % len(options)].id)
            assert isinstance(outcome.result, Proposed)
            self.agree(who, outcome)

    @rule(who=st.sampled_from(CUSTOMERS), hour=HOURS)
    def move(self, who: str, hour: int) -> None:
        at = (datetime(2027, 3, 24, 23, tzinfo=UTC) + timedelta(hours=hour)).isoformat()
        self.agree(who, self.propose(who, "move", time=at))

    @rule(who=st.sampled_from(CUSTOMERS))
    def cancel(self, who: str) -> None:
        self.agree(who, self.propose(who, "cancel"))

    @rule(pick=st.integers(0, 9))
    def undo(self, pick: int) -> None:
        """An undo right after its commit restores every grain; a later one restores or says why not."""
        if not self.done:
            return
        effect, changes, before, at = self.done[-1 - pick % len(self.done)]
        turn = replace(self.turn(effect.customer), customer=effect.customer)
        outcome: Outcome = self.run(self.skill.undo(turn, effect, changes))
        if not isinstance(outcome.result, Refused):
            self.rows.apply(outcome.changes)
            self.done = [each for each in self.done if each[0].id != effect.id]
            if at == self.writes:
                assert dict(+self.rows.capacity) == before
            self.writes += 1

    @rule()
    def time_passes(self) -> None:
        """Open offers end."""
        self.now += timedelta(hours=1)

    @invariant()
    def never_above_capacity(self) -> None:
        for resource, slot in list(self.rows.capacity):
            assert 0 <= self.rows.units(resource, slot) <= limit_of(ARTEFACT.merchant, resource)

    @invariant()
    def what_is_taken_is_what_stands(self) -> None:
        """The grains are those of the appointments that stand: nothing leaks, whatever was moved or undone."""
        standing = [booked(o) for o in self.rows.placed.values() if o.state == "placed"]
        takes = Counter(take for each in standing if each for take in each.takes)
        assert dict(takes) == dict(+self.rows.capacity)

    @invariant()
    def nobody_works_on_a_holiday(self) -> None:
        for order in self.rows.placed.values():
            made = booked(order)
            assert made is not None
            assert local(made.starts, ZONE).date() != HOLIDAY
            if made.sku != "visit":
                assert window_at(ARTEFACT.merchant.locations["north"], made.starts)
            assert made.staff != "kim" or local(made.starts, ZONE).date() != AWAY


Diary.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestDiary = Diary.TestCase
