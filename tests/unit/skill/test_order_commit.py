"""The yes and the undo: what was promised is done, once, and can be taken back whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso import (
    Booked,
    Chosen,
    Commit,
    Committed,
    Line,
    Money,
    OrderMoved,
    OrderPlaced,
    Outcome,
    Proposal,
    Proposed,
    Refused,
    Reverted,
)
from sayso.commerce.ledger import balance

NOW = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)
LINES = (Line("l1", "espresso", 2), Line("l2", "croissant", 3))


async def promise(shop: Any, *lines: Line, **more: Any) -> Proposal:
    outcome = await shop.propose(*(lines or LINES), **more)
    assert isinstance(outcome.result, Proposed)
    shop.rows.apply(outcome.changes)
    return outcome.result.proposal


async def say_yes(shop: Any, proposal: Proposal, **more: Any) -> Outcome:
    outcome: Outcome = await shop.fulfilment.commit(shop.turn(**more), Commit(proposal), "key")
    shop.rows.apply(outcome.changes)
    return outcome


def changed(outcome: Outcome) -> str:
    assert isinstance(outcome.result, Refused)
    (trouble,) = outcome.result.troubles
    assert trouble.key == "order.changed_meanwhile"
    return str(trouble.params["what"].value)  # type: ignore[union-attr]


async def test_a_yes_places_the_order_as_it_was_read_back(shop: Any) -> None:
    """The order holds the very proposal, and the effect went through its life to done."""
    proposal = await promise(shop)
    outcome = await say_yes(shop, proposal)
    assert isinstance(outcome.result, Committed) and outcome.effect is not None
    (order,) = (change.order for change in outcome.changes if isinstance(change, OrderPlaced))
    assert order.proposal == proposal
    assert (outcome.effect.state, outcome.effect.key, outcome.effect.order) == ("done", "key", order.id)


async def test_reservations_become_moves(shop: Any) -> None:
    """Nothing is held any more; stock and queue are used."""
    await say_yes(shop, await promise(shop))
    assert shop.rows.held == []
    assert shop.rows.on_hand["dam", "croissant"] == 2
    assert shop.rows.capacity["queue/dam", "2026-11-23T09:00:00+00:00"] == 2


async def test_its_own_reservation_does_not_stand_in_its_way(shop: Any) -> None:
    """The last five croissants are held by the offer that now takes them."""
    proposal = await promise(shop, Line("l1", "croissant", 5))
    assert isinstance((await say_yes(shop, proposal)).result, Committed)


async def test_the_books_balance(shop: Any) -> None:
    """The customer owes the total; sales and VAT stand against it."""
    outcome = await say_yes(shop, await promise(shop))
    booked = balance(outcome.changes)
    assert booked["receivable/counter"] == 2 * 260 + 3 * 260
    assert sum(booked.values()) == 0


async def test_it_is_planned_to_be_made_and_ready(shop: Any) -> None:
    """Making begins when undo ends; the expiry of the offer is dropped."""
    proposal = await promise(shop)
    outcome = await say_yes(shop, proposal)
    assert {job.kind: job.due for job in outcome.jobs} == {
        "make_order": proposal.undo_until,
        "ready_order": proposal.ready_at,
    }
    assert outcome.dropped == (f"expire:{proposal.id}",)


async def test_the_same_yes_twice_is_the_same_order(shop: Any) -> None:
    """Ids follow from the proposal, so that nothing can be placed twice."""
    proposal = await promise(shop)
    one = await shop.fulfilment.commit(shop.turn(seed="a"), Commit(proposal), "key")
    two = await shop.fulfilment.commit(shop.turn(seed="b"), Commit(proposal), "key")
    assert one.effect.id == two.effect.id
    assert one.result.order == two.result.order


async def test_a_number_is_short_and_speakable(shop: Any) -> None:
    """A letter and three digits."""
    outcome = await say_yes(shop, await promise(shop))
    number = outcome.result.params["number"].value  # type: ignore[union-attr]
    assert len(number) == 4 and number[0].isupper() and number[1:].isdigit()


async def test_another_price_is_said_first(shop: Any) -> None:
    """The catalog changed between the offer and the yes: nothing happens, and both prices are told."""
    proposal = await promise(shop)
    catalog = shop.artefact.catalog
    dearer = replace(catalog.products["espresso"], price=300)
    now = replace(catalog, version="v2", products=dict(catalog.products) | {"espresso": dearer})
    outcome = await say_yes(shop, proposal, artefact=replace(shop.artefact, catalog=now))
    assert changed(outcome) == "price"
    assert outcome.changes == ()
    told = outcome.result.troubles[0].params  # type: ignore[union-attr]
    assert (told["old"].value, told["new"].value) == (Money(1300, "EUR"), Money(1380, "EUR"))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("switch", "what"),
    [("sold_out/espresso", "sold_out"), ("sold_out/croissant", "sold_out"), ("paused/dam", "closed")],
)
async def test_what_staff_switched_meanwhile_counts(shop: Any, switch: str, what: str) -> None:
    """Sold out or paused after the read-back."""
    proposal = await promise(shop)
    shop.rows.on.add(switch)
    assert changed(await say_yes(shop, proposal)) == what


async def test_stock_that_was_corrected_meanwhile_counts(shop: Any) -> None:
    """Staff counted one croissant; three were promised."""
    proposal = await promise(shop)
    shop.rows.on_hand["dam", "croissant"] = 1
    assert changed(await say_yes(shop, proposal)) == "sold_out"


async def test_a_product_that_is_gone_counts(shop: Any) -> None:
    """Taken from the catalog after the read-back."""
    proposal = await promise(shop)
    catalog = shop.artefact.catalog
    left = {sku: p for sku, p in catalog.products.items() if sku != "espresso"}
    artefact = replace(shop.artefact, catalog=replace(catalog, products=left))
    assert changed(await say_yes(shop, proposal, artefact=artefact)) == "sold_out"


@pytest.mark.parametrize(("minutes", "what"), [(3, "time"), (10, "expired"), (60, "expired")])
async def test_an_offer_does_not_wait_for_ever(shop: Any, minutes: int, what: str) -> None:
    """Too late to be ready as promised, or expired."""
    proposal = await promise(shop)
    assert changed(await say_yes(shop, proposal, now=NOW + timedelta(minutes=minutes))) == what


async def test_closing_time_counts(shop: Any) -> None:
    """Last orders passed between the offer and the yes."""
    last = datetime(2026, 11, 23, 16, 49, tzinfo=UTC)
    proposal = await promise(shop, now=last)
    assert changed(await say_yes(shop, proposal, now=last + timedelta(minutes=1))) == "closed"


async def undo(shop: Any, outcome: Outcome, **more: Any) -> Outcome:
    undone: Outcome = await shop.fulfilment.undo(shop.turn(**more), outcome.effect, outcome.changes)
    shop.rows.apply(undone.changes)
    return undone


async def test_an_undo_cancels_and_tells_what_it_held(shop: Any) -> None:
    """The order moves on to cancelled, its jobs are dropped, its lines can be ordered again."""
    done = await say_yes(shop, await promise(shop))
    undone = await undo(shop, done, now=NOW + timedelta(minutes=1))
    assert isinstance(undone.result, Reverted) and undone.effect is not None
    assert undone.effect.state == "undone"
    assert [line.sku for line in undone.result.lines] == ["espresso", "croissant"]
    assert [m.state for m in undone.changes if isinstance(m, OrderMoved)] == ["cancelled"]
    assert {job.id for job in done.jobs} == set(undone.dropped)


@pytest.mark.parametrize("state", ["making", "ready", "collected", "cancelled"])
async def test_what_is_being_made_is_not_undone(shop: Any, state: str) -> None:
    """Only a placed order."""
    done = await say_yes(shop, await promise(shop))
    (order,) = shop.rows.placed.values()
    shop.rows.placed[order.id] = replace(order, state=state)
    result = (await undo(shop, done)).result
    assert isinstance(result, Refused) and result.troubles[0].key == "order.too_late"


async def test_the_window_of_undo_ends(shop: Any) -> None:
    """Later than its end nothing is taken back, whatever the job has done."""
    proposal = await promise(shop)
    done = await say_yes(shop, proposal)
    assert proposal.undo_until is not None
    result = (await undo(shop, done, now=proposal.undo_until + timedelta(seconds=1))).result
    assert isinstance(result, Refused)


BASKETS = st.lists(
    st.one_of(
        st.builds(lambda n: ("espresso", n, ()), st.integers(1, 9)),
        st.builds(
            lambda n, size, milk: ("latte", n, (Chosen("size", size), Chosen("milk", milk))),
            st.integers(1, 9),
            st.sampled_from(["small", "medium", "large"]),
            st.sampled_from(["whole", "oat"]),
        ),
        st.just(("croissant", 2, ())),
        st.just(("muffin", 1, ())),
    ),
    min_size=1,
    max_size=3,
)
SERVICES = st.sampled_from(
    [
        {"store": "dam", "service": "to_go"},
        {"store": "park", "service": "here"},
        {"store": "dam", "service": "delivery", "postcode": "1012AB", "address": "x"},
    ]
)


@settings(max_examples=60, deadline=None)
@given(basket=BASKETS, slots=SERVICES, used=st.lists(st.integers(0, 6), max_size=6))
async def test_propose_commit_undo_restores_everything(
    open_shop: Callable[[], Any], basket: list[Any], slots: dict[str, str], used: list[int]
) -> None:
    """Stock, capacity, holds and money are as they were, whatever was ordered, and capacity was never passed."""
    shop = open_shop()
    for n, units in enumerate(used):
        shop.rows.capacity["queue/dam", f"2026-11-23T09:{5 * n:02}:00+00:00"] = units
    before = shop.rows.figures()
    lines = [Line(f"l{n}", sku, quantity, options) for n, (sku, quantity, options) in enumerate(basket)]
    proposed = await shop.propose(*lines, slots=slots)
    if isinstance(proposed.result, Refused):
        assert proposed.changes == ()
        return
    shop.rows.apply(proposed.changes)
    done = await say_yes(shop, proposed.result.proposal)
    undone = await undo(shop, done)
    money = balance(done.changes + undone.changes)
    assert shop.rows.figures() == before
    assert shop.rows.held == []
    assert set(money.values()) <= {0}
    assert any(isinstance(change, Booked) for change in done.changes)
