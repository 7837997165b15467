"""Stock, capacity, orders and effects: what is promised is there, and comes back when it is undone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sayso.errors import Conflict
from sayso.model.effect import (
    Booked,
    CapacityMoved,
    Change,
    Freed,
    Held,
    OrderMoved,
    OrderPlaced,
    StockMoved,
    inverse,
)
from sayso.model.money import Money
from sayso.store import Store

SLOT = "2026-11-23T09:05:00+00:00"
QUEUE = "queue/dam"


async def write(store: Store, make: Any, *changes: Change, guest: str = "", **more: Any) -> None:
    event = make.event(guest or f"guest{next(make.ids)}")
    await store.inbox.accept(event)
    await store.turns.apply(make.turn(event, changes=changes, **more))


async def refused(store: Store, make: Any, *changes: Change) -> str:
    with pytest.raises(Conflict) as conflict:
        await write(store, make, *changes)
    return conflict.value.what


def taken(by: int) -> StockMoved:
    return StockMoved("bar", "dam", "muffin", -by, "sold")


def held(make: Any, quantity: int, proposal: str = "p1", minutes: int = 10) -> Held:
    until = make.clock.now() + timedelta(minutes=minutes)
    return Held("bar", proposal, "stock/dam/muffin", "", quantity, until)


def queued(make: Any, quantity: int, proposal: str = "p1", limit: int | None = 6) -> Held:
    return Held("bar", proposal, QUEUE, SLOT, quantity, make.clock.now() + timedelta(minutes=10), limit)


async def muffins(store: Store, place: str = "dam") -> int:
    return (await store.ledger.stock("bar", place, ["muffin", "latte"]))["muffin"]


async def used(store: Store) -> int:
    return (await store.ledger.used("bar", QUEUE, "2026-11-23T09", "2026-11-23T10")).get(SLOT, 0)


async def test_stock_is_told_for_counted_products_alone(stocked: Store) -> None:
    """A latte is not counted, so it is not in the answer; neither is another merchant's muffin."""
    assert await stocked.ledger.stock("bar", "dam", ["muffin", "latte"]) == {"muffin": 5}
    assert await stocked.ledger.stock("rival", "dam", ["muffin"]) == {} == await stocked.ledger.stock("bar", "dam", [])


async def test_selling_takes_from_its_own_place(stocked: Store, make: Any) -> None:
    """Two sold at the Dam leave five in Oost."""
    await write(stocked, make, taken(2))
    assert (await muffins(stocked), await muffins(stocked, "oost")) == (3, 5)


async def test_more_than_there_is_cannot_be_sold(stocked: Store, make: Any) -> None:
    """The sixth muffin is a conflict, and nothing was taken."""
    assert await refused(stocked, make, taken(6)) == "stock"
    assert await muffins(stocked) == 5


async def test_what_is_held_is_not_free(stocked: Store, make: Any) -> None:
    """A reservation counts for everyone else until it ends."""
    await write(stocked, make, held(make, 4))
    assert await muffins(stocked) == 1
    assert await refused(stocked, make, taken(2)) == "stock"
    assert await refused(stocked, make, held(make, 2, "p2")) == "stock"
    await write(stocked, make, taken(1))


async def test_a_hold_ends_by_itself(stocked: Store, make: Any, clock: Any) -> None:
    """When its time is over the stock is free again, with no job having run."""
    await write(stocked, make, held(make, 5))
    clock.moment += timedelta(minutes=10)
    assert await muffins(stocked) == 5
    await write(stocked, make, taken(5))


async def test_a_commit_uses_its_own_hold(stocked: Store, make: Any) -> None:
    """Freed and taken in one turn: the customer gets what was kept for him."""
    await write(stocked, make, held(make, 5))
    await write(stocked, make, Freed("bar", "p1"), taken(5))
    assert await muffins(stocked) == 0


async def test_freeing_one_proposal_leaves_the_others(stocked: Store, make: Any) -> None:
    """Only its own reservations end."""
    await write(stocked, make, held(make, 2), held(make, 1, "p2"), queued(make, 3))
    await write(stocked, make, Freed("bar", "p1"))
    assert (await muffins(stocked), await used(stocked)) == (4, 0)


async def test_capacity_never_passes_its_limit(store: Store, make: Any) -> None:
    """Used plus held stays within what a place can make."""
    await write(store, make, CapacityMoved("bar", QUEUE, SLOT, 4, 6))
    await write(store, make, queued(make, 2))
    assert await used(store) == 6
    assert await refused(store, make, CapacityMoved("bar", QUEUE, SLOT, 1, 6)) == "capacity"
    assert await refused(store, make, queued(make, 1, "p2")) == "capacity"
    await write(store, make, queued(make, 1, "p3", limit=None))


async def test_capacity_of_another_slot_is_another(store: Store, make: Any) -> None:
    """`used` tells each slot of the window, its end left out."""
    await write(store, make, CapacityMoved("bar", QUEUE, SLOT, 6, 6))
    await write(store, make, CapacityMoved("bar", QUEUE, "2026-11-23T10:00:00+00:00", 6, 6))
    window = ("2026-11-23T09:00:00+00:00", "2026-11-23T10:00:00+00:00")
    assert await store.ledger.used("bar", QUEUE, *window) == {SLOT: 6}


async def test_undo_restores_stock_capacity_and_money(stocked: Store, make: Any) -> None:
    """The inverse of an order's changes leaves everything as it was."""
    made: tuple[Change, ...] = (
        taken(2),
        CapacityMoved("bar", QUEUE, SLOT, 2, 6),
        Booked("bar", "f1", "sales", Money(-500, "EUR")),
        Booked("bar", "f1", "receivable/counter", Money(500, "EUR")),
    )
    await write(stocked, make, *made, effects=(make.effect(),), effect_changes={"f1": made})
    effect, stored = await stocked.ledger.effect("bar", "f1") or (None, ())
    assert effect == make.effect() and stored == made
    undone = inverse(stored, "f1")
    await write(stocked, make, *undone, effects=(make.effect(state="undone"),))
    assert (await muffins(stocked), await used(stocked)) == (5, 0)
    assert (await stocked.ledger.effect("bar", "f1") or (None, ()))[1] == made


async def test_capacity_is_not_given_back_twice(store: Store, make: Any) -> None:
    """More back than was taken is a conflict."""
    await write(store, make, CapacityMoved("bar", QUEUE, SLOT, 2, 6))
    assert await refused(store, make, CapacityMoved("bar", QUEUE, SLOT, -3, 6)) == "capacity"


async def test_an_order_moves_only_from_an_allowed_state(store: Store, make: Any) -> None:
    """Undo loses against the barista who already makes it."""
    await write(store, make, OrderPlaced(make.order()))
    await write(store, make, OrderMoved("bar", "o1", "making", ("placed",)))
    assert await refused(store, make, OrderMoved("bar", "o1", "cancelled", ("placed",))) == "order"
    order = await store.ledger.order("bar", "o1")
    assert order is not None and order.state == "making"


async def test_orders_are_told_newest_first_without_cancelled_ones(store: Store, make: Any, clock: Any) -> None:
    """The customer's own, of this merchant, at most as many as asked."""
    for number in range(4):
        clock.moment += timedelta(seconds=1)
        await write(store, make, OrderPlaced(make.order(f"o{number}")))
    await write(store, make, OrderPlaced(make.order("other", customer="bob")))
    await write(store, make, OrderMoved("bar", "o2", "cancelled", ("placed",)))
    assert [order.id for order in await store.ledger.orders("bar", "anna", limit=2)] == ["o3", "o1"]
    assert await store.ledger.orders("rival", "anna") == () and await store.ledger.order("rival", "o1") is None


async def test_an_order_is_placed_once(store: Store, make: Any) -> None:
    """The same id again is a conflict."""
    await write(store, make, OrderPlaced(make.order()))
    assert await refused(store, make, OrderPlaced(make.order())) == "number"


async def test_two_orders_of_a_week_have_two_numbers(store: Store, make: Any) -> None:
    """A number is refused while another order has it; after a cancellation or a week it may be given again."""
    first, second = make.order(number="A123"), make.order("o2", number="A123")
    await write(store, make, OrderPlaced(first))
    assert await store.ledger.numbered("bar", ("A123", "A124")) == {"A123"}
    assert await store.ledger.numbered("rival", ("A123",)) == frozenset()
    assert await refused(store, make, OrderPlaced(second)) == "number"
    make.clock.moment += timedelta(days=8)
    assert await store.ledger.numbered("bar", ("A123",)) == frozenset()
    await write(store, make, OrderPlaced(make.order("o2", number="A123")))


async def test_a_moved_appointment_keeps_its_number(store: Store, make: Any) -> None:
    """The old row is cancelled and the new one placed in one go."""
    await write(store, make, OrderPlaced(make.order(number="A123")))
    moved = (OrderMoved("bar", "o1", "cancelled", ("placed",)), OrderPlaced(make.order("o2", number="A123")))
    await write(store, make, *moved)
    assert await store.ledger.numbered("bar", ("A123",)) == {"A123"}


async def test_of_two_who_want_one_number_at_once_one_gets_it(store: Store, make: Any) -> None:
    """Two turns drew the same number and write side by side: the later is refused and runs again."""
    wanted = [OrderPlaced(make.order(f"o{n}", number="A123")) for n in range(8)]
    told = await asyncio.gather(*(write(store, make, each) for each in wanted), return_exceptions=True)
    assert sum(not isinstance(each, Conflict) for each in told) == 1
    assert len(await store.ledger.orders("bar", "anna")) == 1


async def test_an_idempotency_key_belongs_to_one_effect(store: Store, make: Any) -> None:
    """No effect twice: a second effect with the same key is refused."""
    await write(store, make, effects=(make.effect("f1", key="k"),))
    with pytest.raises(Conflict, match="effect"):
        await write(store, make, effects=(make.effect("f2", key="k"),))


async def test_an_effect_cannot_go_back(store: Store, make: Any) -> None:
    """What is undone stays undone, whatever a late turn says."""
    for state in ("confirmed", "done", "undone"):
        await write(store, make, effects=(make.effect(state=state),))
    with pytest.raises(Conflict, match="effect"):
        await write(store, make, effects=(make.effect(state="done"),))


async def test_switches_are_turned_by_staff(store: Store) -> None:
    """Each merchant's own, on until turned off, twice is once."""
    for on, by in ((True, "sam"), (True, "kim")):
        await store.ledger.switch("bar", "paused/dam", on, by)
    await store.ledger.switch("rival", "sold_out/latte", True, "eve")
    assert await store.ledger.switches("bar") == {"paused/dam"}
    await store.ledger.switch("bar", "paused/dam", False, "sam")
    assert await store.ledger.switches("bar") == frozenset()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["sell", "hold", "free", "make", "reserve", "wait"]), st.integers(1, 4), st.integers(1, 3)
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("sell", 1, 1), ("hold", 4, 1), ("wait", 1, 1), ("hold", 1, 1)])
async def test_stock_and_capacity_hold_under_any_concurrent_turns(
    steps: list[tuple[str, int, int]],
    tmp_path_factory: pytest.TempPathFactory,
    fresh: Any,
    clock: Any,
    make: Any,
    artefact: Any,
) -> None:
    """Whatever is sold, held, freed and made at once: never less than nothing, never more than the limit."""
    from sayso.store import open_store

    async with open_store(fresh(tmp_path_factory.mktemp("data")), clock) as store:
        await store.artefacts.publish(artefact)
        turns = []
        for what, quantity, proposal in steps:
            changes: dict[str, Change] = {
                "sell": taken(quantity),
                "hold": held(make, quantity, f"p{proposal}", minutes=proposal),
                "free": Freed("bar", f"p{proposal}"),
                "make": CapacityMoved("bar", QUEUE, SLOT, quantity, 6),
                "reserve": queued(make, quantity, f"q{proposal}"),
            }
            if what == "wait":
                await asyncio.gather(*turns, return_exceptions=True)
                turns, clock.moment = [], clock.moment + timedelta(minutes=quantity)
            else:
                turns.append(asyncio.ensure_future(write(store, make, changes[what])))
        outcomes = await asyncio.gather(*turns, return_exceptions=True)
        assert all(outcome is None or isinstance(outcome, Conflict) for outcome in outcomes)
        assert 0 <= await muffins(store) <= 5 and 0 <= await used(store) <= 6
