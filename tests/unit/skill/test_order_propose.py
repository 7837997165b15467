"""The offer: where, when, for how much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso import Chosen, Held, Line, Money, Outcome, Proposed, Refused, Trouble

ESPRESSO = Line("l1", "espresso", 2)
HERE = {"store": "dam", "service": "here"}
NOW = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)


def trouble(outcome: Outcome) -> Trouble:
    assert isinstance(outcome.result, Refused)
    return outcome.result.troubles[0]


def offered(outcome: Outcome) -> Proposed:
    assert isinstance(outcome.result, Proposed)
    return outcome.result


def ids(found: Trouble) -> list[str]:
    return [candidate.id for candidate in found.options]


async def test_an_offer_prices_places_and_times(shop: Any) -> None:
    """Two espressos now are ready in five minutes, for what the catalog says."""
    proposal = offered(await shop.propose(ESPRESSO)).proposal
    assert proposal.total == Money(520, "EUR")
    assert proposal.location == "dam"
    assert proposal.ready_at == datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
    assert proposal.expires == NOW + timedelta(minutes=10)
    assert proposal.vat == {"low": Money(43, "EUR")}


async def test_it_can_be_undone_until_it_is_made(shop: Any) -> None:
    """Making begins between now and when it is ready."""
    proposal = offered(await shop.propose(ESPRESSO)).proposal
    assert proposal.undo_until is not None and proposal.ready_at is not None
    assert NOW < proposal.undo_until < proposal.ready_at


async def test_it_reserves_stock_and_a_place_in_the_queue(shop: Any) -> None:
    """Counted stock and made units, until the offer expires; capacity carries its limit."""
    outcome = await shop.propose(ESPRESSO, Line("l2", "croissant", 3))
    held = {(h.resource, h.slot): (h.quantity, h.limit) for h in outcome.changes if isinstance(h, Held)}
    assert held == {
        ("stock/dam/croissant", ""): (3, None),
        ("queue/dam", "2026-11-23T09:00:00+00:00"): (2, 6),
    }
    assert [(job.kind, job.due) for job in outcome.jobs] == [("expire_proposal", NOW + timedelta(minutes=10))]


async def test_a_full_queue_gives_an_honest_later_time(shop: Any) -> None:
    """The read-back names the later time and that it is busy."""
    for minute in (0, 5, 10):
        shop.rows.capacity["queue/dam", f"2026-11-23T09:{minute:02}:00+00:00"] = 6
    told = offered(await shop.propose(ESPRESSO))
    assert told.proposal.ready_at == datetime(2026, 11, 23, 9, 20, tzinfo=UTC)
    assert told.params["busy"].value == "yes"  # type: ignore[union-attr]


async def test_a_queue_without_any_room_offers_the_other_store(shop: Any) -> None:
    """Nothing is accepted that cannot be made."""
    start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    for n in range(40):
        shop.rows.capacity["queue/dam", (start + timedelta(minutes=5 * n)).isoformat()] = 6
    found = trouble(await shop.propose(ESPRESSO))
    assert (found.key, found.slot, ids(found)) == ("order.full", "store", ["park"])


async def test_no_store_is_asked_for(shop: Any) -> None:
    """With two stores and nothing said, which one is the question."""
    found = trouble(await shop.propose(ESPRESSO, slots={}))
    assert (found.key, found.slot, ids(found)) == ("order.where", "store", ["dam", "park"])


async def test_the_nearest_store_follows_from_a_position(shop: Any) -> None:
    """ "@nearest" needs a position, and is asked without one."""
    slots = {"store": "@nearest"}
    assert offered(await shop.propose(ESPRESSO, slots=slots, latitude=52.3, longitude=4.9)).proposal.location == "park"
    assert trouble(await shop.propose(ESPRESSO, slots=slots)).key == "order.where"


async def test_a_paused_store_offers_the_other(shop: Any) -> None:
    """Staff pause a store in one tap."""
    shop.rows.on.add("paused/dam")
    found = trouble(await shop.propose(ESPRESSO))
    assert (found.key, ids(found)) == ("order.paused", ["park"])


async def test_closed_says_when_it_opens_and_offers_that(shop: Any) -> None:
    """On Sunday the next opening is on Monday; the offer is the first moment it can be ready."""
    found = trouble(await shop.propose(ESPRESSO, now=datetime(2026, 11, 22, 12, 0, tzinfo=UTC)))
    assert (found.key, found.slot, ids(found)) == ("order.closed", "time", ["2026-11-23T08:05:00+01:00"])
    assert "holiday" not in found.params


async def test_what_is_offered_can_be_ordered(shop: Any) -> None:
    """The time offered while closed is accepted as a timed order."""
    closed = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    at = ids(trouble(await shop.propose(ESPRESSO, now=closed)))[0]
    told = offered(await shop.propose(ESPRESSO, slots={"store": "dam", "time": at}, now=closed))
    assert told.proposal.ready_at == datetime.fromisoformat(at)


async def test_a_holiday_is_named_in_the_customers_language(shop: Any) -> None:
    """Closed because of King's Day, in Dutch."""
    found = trouble(await shop.propose(ESPRESSO, now=datetime(2027, 4, 27, 10, 0, tzinfo=UTC), language="nl"))
    assert found.params["holiday"].value == "Koningsdag"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("time", "key", "options"),
    [
        ("2026-11-23T09:00:00+01:00", "order.time_past", ["2026-11-23T10:05:00+01:00"]),
        ("2026-11-23T10:02:00+01:00", "order.time_soon", ["2026-11-23T10:05:00+01:00"]),
        ("2026-11-23T23:00:00+01:00", "order.closed_then", ["2026-11-23T17:50:00+01:00", "2026-11-24T08:05:00+01:00"]),
        ("2026-11-24T08:00:00+01:00", "order.closed_then", ["2026-11-24T08:05:00+01:00"]),
        ("2026-12-23T10:00:00+01:00", "order.time_far", []),
        ("around noon", "order.time_unclear", []),
    ],
)
async def test_a_time_that_cannot_be_gets_others(shop: Any, time: str, key: str, options: list[str]) -> None:
    """Past, too soon, outside hours, too far, unclear: each with what can be."""
    found = trouble(await shop.propose(ESPRESSO, slots={"store": "dam", "time": time}))
    assert (found.key, found.slot, ids(found)) == (key, "time", options)


async def test_a_full_named_time_offers_the_next_free_one(shop: Any) -> None:
    """Half past ten is full from now on; the first free time after it is offered."""
    start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    for n in range(7):
        shop.rows.capacity["queue/dam", (start + timedelta(minutes=5 * n)).isoformat()] = 6
    found = trouble(await shop.propose(ESPRESSO, slots={"store": "dam", "time": "2026-11-23T10:30:00+01:00"}))
    assert (found.key, ids(found)) == ("order.time_full", ["2026-11-23T10:40:00+01:00"])


async def test_a_time_without_an_offset_is_the_places(shop: Any) -> None:
    """Half past eleven is that by the clock on the wall."""
    told = offered(await shop.propose(ESPRESSO, slots={"store": "dam", "time": "2026-11-23T11:30:00"}))
    assert told.proposal.ready_at == datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


def delivery(**more: str) -> dict[str, str]:
    return {"store": "dam", "service": "delivery", "postcode": "1012 AB", "address": "Dam 2", **more}


async def test_a_delivery_costs_its_fee_and_its_time(shop: Any) -> None:
    """The fee is in the total, the way is in the time that is told."""
    proposal = offered(await shop.propose(Line("l1", "espresso", 6), slots=delivery())).proposal
    assert [(fee.id, fee.amount.minor) for fee in proposal.fees] == [("delivery", 250)]
    assert proposal.total == Money(6 * 260 + 250, "EUR")
    assert proposal.ready_at == datetime(2026, 11, 23, 9, 35, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "slots", "key", "slot"),
    [
        (Line("l1", "espresso", 6), delivery(postcode="1093 AB"), "order.area", "postcode"),
        (Line("l1", "espresso", 2), delivery(), "order.minimum", ""),
        (Line("l1", "irish_coffee", 2), delivery(), "order.age_delivery", "service"),
        (Line("l1", "espresso", 6), delivery(store="park"), "order.service_not_here", "service"),
    ],
)
async def test_a_delivery_has_terms(shop: Any, line: Line, slots: dict[str, str], key: str, slot: str) -> None:
    """Area, minimum, age, and a store that delivers at all."""
    found = trouble(await shop.propose(line, slots=slots))
    assert (found.key, found.slot) == (key, slot)
    assert "delivery" not in ids(found)


async def test_an_implausible_amount_is_not_sold(shop: Any) -> None:
    """Above the merchant's greatest amount a person is proposed."""
    lines = [Line(f"l{n}", "irish_coffee", 20) for n in range(2)]
    assert trouble(await shop.propose(*lines)).key == "order.amount_high"


async def test_an_empty_basket_is_no_order(shop: Any) -> None:
    """There is nothing to read back."""
    assert trouble(await shop.propose()).key == "order.empty"


async def test_a_line_in_trouble_comes_before_all_else(shop: Any) -> None:
    """Lines are checked again when the offer is made."""
    assert trouble(await shop.propose(Line("l1", "latte"), slots={})).key == "order.choose"


async def test_the_same_basket_in_another_place_is_another_promise(shop: Any) -> None:
    """The digest binds the place."""
    one = offered(await shop.propose(ESPRESSO)).proposal
    other = offered(await shop.propose(ESPRESSO, slots={"store": "park", "service": "to_go"})).proposal
    assert one.digest != other.digest


async def test_every_figure_of_the_read_back_is_a_fact(shop: Any) -> None:
    """Prices come from the catalog, the total from the proposal."""
    told = offered(await shop.propose(Line("l1", "latte", 1, (Chosen("size", "large"),))))
    (row,) = told.params["lines"]  # type: ignore[misc]
    price, total = row.params["price"], told.params["total"]  # type: ignore[union-attr]
    assert (price.source, price.version, price.value) == ("catalog", "v1", Money(430, "EUR"))  # type: ignore[union-attr]
    assert (total.source, total.id) == ("proposal", told.proposal.id)  # type: ignore[union-attr]
