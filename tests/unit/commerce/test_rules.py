"""Digest, allergens, age, places, stock, receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.commerce.constraints import age_trouble, conflict, contents
from sayso.commerce.digest import digest, new_id
from sayso.commerce.places import delivers_to, metres, nearest
from sayso.commerce.pricing import price, total
from sayso.commerce.receipt import receipt
from sayso.commerce.stock import made_to_order, short
from sayso.manifest.specs import Location
from sayso.model.basket import Chosen, Fee, Line, Order, Priced, Proposal
from sayso.model.catalog import Catalog
from sayso.model.money import Money

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LINE = Line("l1", "latte", 2, (Chosen("milk", "oat"),), ("extra hot",), "bar")
PARTS: dict[str, Any] = {
    "merchant": "bar",
    "intent": "coffee.order",
    "lines": (Priced(LINE, Money(350, "EUR"), Money(700, "EUR")),),
    "slots": {"store": "dam"},
    "fees": (Fee("delivery", Money(250, "EUR")),),
    "total": Money(950, "EUR"),
    "location": "dam",
    "ready_at": NOON,
}


def with_line(**changes: Any) -> dict[str, Any]:
    return {"lines": (Priced(replace(LINE, **changes), Money(350, "EUR"), Money(700, "EUR")),)}


@pytest.mark.parametrize(
    "change",
    [
        {"merchant": "other"},
        {"intent": "coffee.usual"},
        with_line(quantity=3),
        with_line(sku="mug"),
        with_line(options=()),
        with_line(options=(Chosen("milk", "oat", 2),)),
        with_line(notes=()),
        with_line(notes=("extra", "hot")),
        with_line(merchant="else"),
        {"lines": (Priced(LINE, Money(351, "EUR"), Money(700, "EUR")),)},
        {"slots": {"store": "park"}},
        {"slots": {"store": "dam", "time": "x"}},
        {"fees": ()},
        {"total": Money(951, "EUR")},
        {"total": Money(950, "USD")},
        {"location": "park"},
        {"ready_at": NOON.replace(minute=5)},
        {"ready_at": None},
        {"kind": "up_to"},
    ],
)
def test_anything_that_matters_changes_the_digest(change: dict[str, Any]) -> None:
    """A yes is bound to exactly what was read back."""
    assert digest(**PARTS) != digest(**(PARTS | change))


def test_what_does_not_matter_keeps_the_digest() -> None:
    """A line's id, the order in which options were said and the zone of a moment are no difference."""
    from zoneinfo import ZoneInfo

    again = PARTS | with_line(id="l9") | {"ready_at": NOON.astimezone(ZoneInfo("Europe/Amsterdam"))}
    assert digest(**PARTS) == digest(**again)


@given(st.text(), st.text())
def test_ids_follow_from_their_seed(seed: str, what: str) -> None:
    """The same seed and purpose give the same id, another purpose another."""
    assert new_id(seed, what) == new_id(seed, what) != new_id(seed, what, "more")


def test_options_replace_and_add_allergens(catalog: Catalog) -> None:
    """Milk comes with the default milk and goes with oat, which brings gluten."""
    assert contents(Line("a", "latte"), catalog).contains == ("milk",)
    assert contents(LINE, catalog).contains == ("gluten",)


@pytest.mark.parametrize(
    ("line", "allergies", "why"),
    [
        (Line("a", "latte"), ("milk",), "contains"),
        (LINE, ("milk",), None),
        (LINE, ("gluten", "nuts"), "contains"),
        (LINE, ("nuts",), "may_contain"),
        (Line("a", "mystery"), ("nuts",), "unknown"),
        (Line("a", "mystery"), (), None),
        (Line("a", "mug"), ("nuts",), None),
    ],
)
def test_an_allergy_meets_only_what_is_declared(
    catalog: Catalog, line: Line, allergies: tuple[str, ...], why: str | None
) -> None:
    """Declared, possible and unknown are told apart; nothing undeclared is assumed to be free of anything."""
    found = conflict(line, allergies, catalog)
    assert (found.why if found else None) == why


@pytest.mark.parametrize(
    ("voice", "delivered", "why"), [(True, False, "voice"), (False, True, "delivery"), (False, False, "")]
)
def test_age_needs_a_counter(catalog: Catalog, voice: bool, delivered: bool, why: str) -> None:
    """A voice shows no document, and a courier is no counter."""
    assert age_trouble(catalog.products["rum"], voice=voice, delivered=delivered) == why
    assert age_trouble(catalog.products["latte"], voice=voice, delivered=delivered) == ""


def test_a_distance_is_that_of_the_globe(location: Location) -> None:
    """Amsterdam's Dam to Rotterdam's Erasmus bridge is some 57 km."""
    assert 56_000 < metres(51.9092, 4.4870, location) < 59_000


def test_the_nearest_comes_first(location: Location) -> None:
    """From the south, the southern one."""
    south = replace(location, id="south", latitude=52.0)
    assert [found.id for found in nearest([location, south], 51.9, 4.9)] == ["south", "dam"]


@pytest.mark.parametrize(
    ("said", "served"), [("1012 ab", True), ("1012AB", True), ("1011 AB", True), ("1011 AC", False), ("", False)]
)
def test_an_area_is_a_prefix_of_the_postcode(location: Location, said: str, served: bool) -> None:
    """Spaces and case do not matter; no postcode is nowhere."""
    assert location.delivery is not None
    assert delivers_to(location.delivery, said) is served


def test_all_lines_of_a_product_share_its_stock(catalog: Catalog) -> None:
    """Two and two of three are too many; what is made to order is never short."""
    lines = (Line("a", "mug", 2), Line("b", "mug", 2), Line("c", "latte", 50))
    assert short(lines, catalog, {"mug": 3}) == {"mug": 3}
    assert short(lines, catalog, {"mug": 4}) == {}
    assert made_to_order(lines, catalog) == 50


def test_a_receipt_lists_vat_per_rate(catalog: Catalog) -> None:
    """One row a rate, adding up to the total that was agreed."""
    lines = price([Line("a", "latte", 2), Line("b", "mug")], catalog)
    agreed = total(lines, (), "EUR")
    proposal = Proposal("p", "d", "s", "s.i", lines, {}, agreed, NOON, "v1")
    made = receipt(Order("o", "A1", "bar", "c", "u", proposal, NOON), catalog)
    assert [row.rate for row in made.vat] == [900, 2100]
    assert sum(row.gross.minor for row in made.vat) == made.total.minor == 2 * 410 + 1299
