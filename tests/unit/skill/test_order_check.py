"""May these lines be sold as they are?"""

from __future__ import annotations

from typing import Any

import pytest

from sayso import Chosen, Line

LARGE = Chosen("size", "large")


def latte(quantity: int = 1, *options: Chosen) -> Line:
    return Line("l1", "latte", quantity, (LARGE, *options))


async def test_a_complete_line_has_no_trouble(shop: Any) -> None:
    """Declared options, a required size, a plausible quantity."""
    assert await shop.check(latte(2, Chosen("milk", "oat"), Chosen("syrup", "vanilla", 3))) == []


@pytest.mark.parametrize(
    ("line", "key"),
    [
        (latte(111), "order.quantity_high"),
        (latte(21), "order.quantity_high"),
        (latte(0), "order.quantity_low"),
        (latte(-1), "order.quantity_low"),
        (Line("l1", "latte"), "order.choose"),
        (latte(1, Chosen("milk", "camel")), "order.option_not_offered"),
        (latte(1, Chosen("spread", "jam")), "order.option_not_offered"),
        (Line("l1", "flat_white", 1, (Chosen("milk", "oat"),)), "order.option_not_offered"),
        (latte(1, Chosen("syrup", "vanilla", 4)), "order.option_count"),
        (latte(1, Chosen("milk", "oat", 2)), "order.option_count"),
        (latte(1, Chosen("milk", "oat"), Chosen("milk", "whole")), "order.option_one"),
        (Line("l1", "croissant", 6), "order.few_left"),
        (Line("l1", "unicorn"), "order.gone"),
    ],
)
async def test_a_line_that_cannot_be_sold_names_its_trouble(shop: Any, line: Line, key: str) -> None:
    """Nothing is clamped, dropped or guessed."""
    assert [found for found, _ in await shop.check(line)] == [key]


async def test_leaving_an_option_out_is_no_choice(shop: Any) -> None:
    """A count of 0 is not checked as an option and does not fill a required group."""
    assert await shop.check(latte(1, Chosen("syrup", "vanilla", 0))) == []
    out = Line("l1", "latte", 1, (Chosen("size", "large", 0),))
    assert [key for key, _ in await shop.check(out)] == ["order.choose"]


async def test_a_required_group_offers_its_values(shop: Any) -> None:
    """The sizes that can be had."""
    assert await shop.check(Line("l1", "latte")) == [("order.choose", ("size/small", "size/medium", "size/large"))]


async def test_what_staff_switched_off_is_sold_out(shop: Any) -> None:
    """Others of the same category are offered, nearest in price first, never those with an age limit."""
    shop.rows.on.add("sold_out/espresso")
    assert await shop.check(Line("l1", "espresso")) == [("order.sold_out", ("latte", "flat_white"))]


async def test_an_option_that_is_out_offers_the_others(shop: Any) -> None:
    """Also when it is only a default."""
    shop.rows.on.add("sold_out/milk/whole")
    assert await shop.check(latte()) == [("order.option_sold_out", ("milk/oat",))]


async def test_lines_of_one_product_share_its_stock(shop: Any) -> None:
    """Three and three of five are too many."""
    found = await shop.check(Line("a", "croissant", 3), Line("b", "croissant", 3))
    assert [key for key, _ in found] == ["order.few_left", "order.few_left"]


async def test_stock_is_that_of_the_chosen_location(shop: Any) -> None:
    """Sold out at one location; while none is chosen, the other still has it."""
    shop.rows.on_hand["dam", "croissant"] = 0
    assert [key for key, _ in await shop.check(Line("a", "croissant"))] == ["order.sold_out"]
    assert await shop.check(Line("a", "croissant"), slots={}) == []


@pytest.mark.parametrize(
    ("sku", "allergy", "key"),
    [
        ("croissant", "gluten", "order.allergy_contains"),
        ("croissant", "nuts", "order.allergy_may_contain"),
        ("muffin", "nuts", "order.allergy_unknown"),
    ],
)
async def test_an_allergy_is_a_constraint_of_every_line(shop: Any, sku: str, allergy: str, key: str) -> None:
    """Only what is declared free of it is offered instead."""
    assert await shop.check(Line("a", sku), allergies=(allergy,)) == [(key, ("cookie",))]


async def test_an_option_can_solve_an_allergy(shop: Any) -> None:
    """Whole milk is refused; the line without it is not."""
    assert [key for key, _ in await shop.check(latte(), allergies=("milk",))] == ["order.allergy_contains"]
    assert await shop.check(latte(1, Chosen("milk", "oat")), allergies=("milk",)) == []


async def test_a_voice_cannot_show_its_age(shop: Any) -> None:
    """Refused aloud, allowed on a screen where it is checked when handed over."""
    assert [key for key, _ in await shop.check(Line("a", "irish_coffee"), voice=True)] == ["order.age_voice"]
    assert await shop.check(Line("a", "irish_coffee")) == []


async def test_lines_come_back_with_their_merchant(shop: Any) -> None:
    """A checked line says who fulfils it."""
    from sayso import Check

    checked = await shop.fulfilment.check(shop.turn(), Check("coffee.order", (latte(),), {}))
    assert [line.merchant for line in checked.lines] == ["bar"]
