"""Prices, totals, VAT and the ledger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.commerce.ledger import balance, sale
from sayso.commerce.lines import effective, same_thing
from sayso.commerce.pricing import apportion, price, total, unit_price, vat_rows
from sayso.model.basket import Chosen, Fee, Line
from sayso.model.catalog import Catalog
from sayso.model.money import Money

SKUS = ("latte", "mug", "mystery", "rum")
OPTIONS = st.lists(
    st.builds(Chosen, st.sampled_from(["size", "milk", "syrup"]), st.sampled_from(["large", "oat", "caramel"])),
    max_size=3,
    unique=True,
)
LINES = st.lists(
    st.builds(
        lambda n, sku, quantity, options: Line(f"l{n}", sku, quantity, tuple(options)),
        st.integers(0, 99),
        st.sampled_from(SKUS),
        st.integers(1, 20),
        OPTIONS,
    ),
    min_size=1,
    max_size=6,
)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def test_a_default_costs_what_it_costs_when_said(catalog: Catalog) -> None:
    """Saying the default changes neither price nor article."""
    plain = Line("a", "latte")
    said = Line("b", "latte", options=(Chosen("size", "small"), Chosen("milk", "whole"), Chosen("syrup", "vanilla")))
    assert unit_price(plain, catalog) == unit_price(said, catalog) == eur(410)
    assert same_thing(plain, catalog) == same_thing(said, catalog)


def test_a_choice_of_one_replaces_the_default(catalog: Catalog) -> None:
    """Oat milk stands instead of the default milk."""
    held = effective(Line("a", "latte", options=(Chosen("milk", "oat"),)), catalog)
    assert [c.value for c in held if c.group == "milk"] == ["oat"]


def test_a_choice_of_many_joins_the_default(catalog: Catalog) -> None:
    """Caramel comes beside the vanilla that the product has anyway."""
    held = effective(Line("a", "latte", options=(Chosen("syrup", "caramel", 2),)), catalog)
    assert {(c.value, c.count) for c in held if c.group == "syrup"} == {("caramel", 2), ("vanilla", 1)}


def test_a_default_that_is_left_out_costs_nothing(catalog: Catalog) -> None:
    """A count of 0 silences the default."""
    assert unit_price(Line("a", "latte", options=(Chosen("syrup", "vanilla", 0),)), catalog) == eur(350)


def test_leaving_out_what_was_not_there_keeps_the_default(catalog: Catalog) -> None:
    """No oat milk is still whole milk."""
    held = effective(Line("a", "latte", options=(Chosen("milk", "oat", 0),)), catalog)
    assert Chosen("milk", "whole") in held


def test_vat_is_included_and_rounded_half_up(catalog: Catalog) -> None:
    """12.99 at 21 % holds 2.25 of VAT (225.45 cents)."""
    (row,) = vat_rows(price([Line("a", "mug")], catalog), (), catalog)
    assert (row.vat, row.net) == (eur(225), eur(1074))


def test_a_fee_follows_the_classes_of_the_goods(catalog: Catalog) -> None:
    """Delivery of two classes is shared between them in proportion."""
    priced = price([Line("a", "rum", 1), Line("b", "mystery", 7)], catalog)
    rows = {row.vat_class: row.gross for row in vat_rows(priced, (Fee("delivery", eur(251)),), catalog)}
    assert rows == {"high": eur(700 + 126), "none": eur(700 + 125)}


@given(lines=LINES, fee=st.integers(0, 1000))
def test_vat_rows_add_up_to_the_total(catalog: Catalog, lines: list[Line], fee: int) -> None:
    """Gross is net and VAT in every row, and all gross amounts are the total."""
    priced, fees = price(lines, catalog), (Fee("delivery", eur(fee)),)
    rows = vat_rows(priced, fees, catalog)
    assert all(row.net + row.vat == row.gross for row in rows)
    assert sum(row.gross.minor for row in rows) == total(priced, fees, "EUR").minor


@given(lines=LINES, fee=st.integers(0, 1000))
def test_a_sale_sums_to_zero(catalog: Catalog, lines: list[Line], fee: int) -> None:
    """What the customer owes is sales and VAT."""
    priced, fees = price(lines, catalog), (Fee("delivery", eur(fee)),)
    booked = balance(sale("bar", "e", vat_rows(priced, fees, catalog), "counter"))
    assert sum(booked.values()) == 0
    assert booked["receivable/counter"] == total(priced, fees, "EUR").minor


@given(amount=st.integers(0, 10**6), weights=st.dictionaries(st.text(max_size=3), st.integers(0, 10**6), min_size=1))
def test_parts_sum_to_the_whole(amount: int, weights: dict[str, int]) -> None:
    """Nothing is lost or made in apportioning, and no part is a unit away from its due."""
    parts = apportion(amount, weights)
    assert sum(parts.values()) == amount
    whole = sum(weights.values())
    if whole:
        assert all(abs(parts[key] * whole - amount * weight) < whole for key, weight in weights.items())


def test_currencies_do_not_mix(catalog: Catalog) -> None:
    """A fee in another currency is refused, not converted."""
    with pytest.raises(ValueError, match="cannot mix"):
        total(price([Line("a", "mug")], catalog), (Fee("x", Money(1, "USD")),), "EUR")
