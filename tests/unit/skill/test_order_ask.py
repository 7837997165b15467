"""Answers from rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso import Answered, Ask, Candidate, Chosen, Commit, Evidence, Line, Money, Question, Speak

LARGE = Line("l1", "latte", 2, (Chosen("size", "large"), Chosen("milk", "oat")))


async def ask(shop: Any, about: str, *ids: str, lines: tuple[Line, ...] = (), **more: Any) -> list[Speak]:
    words = more.pop("words", "")
    question = Question(about, tuple(Candidate(id) for id in ids), Evidence("", "given"), words)
    asked = Ask(question, "coffee.order", lines, {}, more.pop("allergies", ()))
    found: Answered | None = await shop.fulfilment.ask(shop.turn(**more), asked)
    return list(found.speaks) if found else []


def named(speak: Speak, param: str) -> list[str]:
    return [entry.id for entry in speak.params[param]]  # type: ignore[union-attr]


async def test_the_menu_tells_its_categories(shop: Any) -> None:
    """Each can be chosen."""
    (said,) = await ask(shop, "menu")
    assert named(said, "categories") == ["coffee", "pastry"]
    assert len(said.options) == 2


async def test_a_category_tells_what_can_be_had(shop: Any) -> None:
    """With cards and prices; what is sold out is not advertised."""
    shop.rows.on.add("sold_out/muffin")
    (said,) = await ask(shop, "menu", "pastry")
    assert said.products == ("croissant", "cookie")


async def test_a_voice_tells_three_and_more(shop: Any) -> None:
    """The rest comes when asked for."""
    (said,) = await ask(shop, "menu", "coffee", voice=True)
    assert (len(said.products), said.params["more"].value) == (3, 1)  # type: ignore[union-attr]
    more = said.options[-1].command
    assert isinstance(more, Question)
    (rest,) = await ask(shop, "menu", *(c.id for c in more.ids), voice=True)
    assert rest.products == ("irish_coffee",)


async def test_a_product_tells_its_sizes(shop: Any) -> None:
    """A price for each."""
    (said,) = await ask(shop, "product", "latte")
    prices = [row.params["price"].value.minor for row in said.params["sizes"]]  # type: ignore[union-attr]
    assert prices == [350, 390, 430]
    assert said.products == ("latte",)


@pytest.mark.parametrize(
    ("ids", "minor"), [(("espresso",), 260), (("latte", "milk/oat"), 400), (("milk/oat",), 50), ((), 480)]
)
async def test_a_price_is_that_of_the_catalog(shop: Any, ids: tuple[str, ...], minor: int) -> None:
    """Of a product, with options, of an extra, or of the one thing in the basket."""
    (said,) = await ask(shop, "price", *ids, lines=(replace(LARGE, quantity=1),))
    price = said.params["price"]
    assert (price.value, price.source) == (Money(minor, "EUR"), "catalog")  # type: ignore[union-attr]


async def test_the_price_of_several_is_the_whole_basket(shop: Any) -> None:
    """ "How much is that?" with more than one thing in it: each, and what it comes to."""
    (said,) = await ask(shop, "price", lines=(LARGE,))
    assert said.key == "order.basket" and said.params["total"].value == Money(2 * 480, "EUR")  # type: ignore[union-attr]


async def test_how_long_it_takes_is_told_for_each_place(shop: Any) -> None:
    """Before a place is chosen there are several answers, afterwards one."""
    for slots, places in (({}, len(shop.artefact.merchant.locations)), ({"store": "dam"}, 1)):
        asked = Ask(Question("duration", (), Evidence("", "local")), "coffee.order", (LARGE,), slots)
        answered = await shop.fulfilment.ask(shop.turn(), asked)
        (said,) = answered.speaks
        assert said.key == "order.would_be_ready" and len(said.params["times"]) == places


async def test_options_leave_out_what_is_off(shop: Any) -> None:
    """A syrup that is sold out is not offered."""
    shop.rows.on.add("sold_out/syrup/vanilla")
    (said,) = await ask(shop, "options", "syrup")
    assert named(said, "options") == ["syrup/caramel"]


async def test_options_of_a_product_are_its_own(shop: Any) -> None:
    """Only the milk that this product can have."""
    (said,) = await ask(shop, "options", "milk", "flat_white")
    assert named(said, "options") == ["milk/whole"]


@pytest.mark.parametrize(
    ("sku", "key", "contains", "may"),
    [
        ("croissant", "order.allergens", ["gluten"], ["nuts"]),
        ("muffin", "order.allergens_unknown", [], []),
        ("cookie", "order.allergens", [], []),
    ],
)
async def test_only_declared_allergens_are_told(
    shop: Any, sku: str, key: str, contains: list[str], may: list[str]
) -> None:
    """Declared, possible and unknown are told apart, and a person is always offered."""
    said, person = await ask(shop, "allergens", sku)
    assert (said.key, named(said, "contains"), named(said, "may")) == (key, contains, may)
    assert [option.label for option in person.options] == ["order.option_person"]


async def test_allergens_of_a_line_count_its_options(shop: Any) -> None:
    """With oat milk the latte has no milk in it; as it comes it has."""
    with_oat, _ = await ask(shop, "allergens", "latte", lines=(LARGE,))
    plain, _ = await ask(shop, "allergens", "latte")
    assert (named(with_oat, "contains"), named(plain, "contains")) == ([], ["milk"])


async def test_an_allergy_of_the_order_is_what_is_asked(shop: Any) -> None:
    """Without naming it again."""
    said, _ = await ask(shop, "allergens", "croissant", allergies=("nuts",))
    assert (named(said, "asked"), named(said, "contains"), named(said, "may")) == (["nuts"], [], ["nuts"])


@pytest.mark.parametrize(
    ("switch", "key"), [("", "order.option_available"), ("sold_out/milk/oat", "order.option_gone")]
)
async def test_an_option_is_there_or_not(shop: Any, switch: str, key: str) -> None:
    """Do you have oat milk?"""
    shop.rows.on |= {switch} - {""}
    (said,) = await ask(shop, "options", "milk/oat")
    assert (said.key, said.params["price"].value) == (key, Money(50, "EUR"))  # type: ignore[union-attr]


async def test_an_allergen_in_the_words_makes_it_a_question_of_allergens(shop: Any) -> None:
    """Is there gluten in the croissant?"""
    said, _ = await ask(shop, "product", "croissant", words="Is there any Gluten in it?")
    assert (said.key, named(said, "contains")) == ("order.allergens", ["gluten"])


async def test_the_basket_is_told_with_its_total(shop: Any) -> None:
    """So far, or that it is empty."""
    (said,) = await ask(shop, "basket", lines=(LARGE,))
    assert said.params["total"].value == Money(960, "EUR")  # type: ignore[union-attr]
    assert [said.key for said in await ask(shop, "basket")] == ["order.basket_empty"]


async def placed(shop: Any) -> None:
    outcome = await shop.propose(Line("l1", "espresso"))
    done = await shop.fulfilment.commit(shop.turn(), Commit(outcome.result.proposal), "key")
    shop.rows.apply((*outcome.changes, *done.changes))


async def test_where_is_my_order(shop: Any) -> None:
    """The newest order, its state and time."""
    await placed(shop)
    (said,) = await ask(shop, "order")
    assert (said.key, said.params["state"].value) == ("order.status", "placed")  # type: ignore[union-attr]
    (again,) = await ask(shop, "status")
    assert again.key == "order.status"


async def test_an_order_of_another_conversation_needs_a_known_customer(shop: Any) -> None:
    """An unverified speaker hears the same as without any order."""
    await placed(shop)
    elsewhere = {"conversation": "bar/web/bar/c2"}
    assert [said.key for said in await ask(shop, "order", **elsewhere)] == ["order.status_none"]
    assert [said.key for said in await ask(shop, "order", **elsewhere, assurance="linked")] == ["order.status"]


async def test_a_receipt_has_vat_per_rate(shop: Any) -> None:
    """One row of VAT for one rate."""
    await placed(shop)
    (said,) = await ask(shop, "receipt")
    (vat,) = said.params["vat"]  # type: ignore[misc]
    assert vat.params["rate"].value == "9%"  # type: ignore[union-attr]


@pytest.mark.parametrize(("about", "ids"), [("open", ()), ("product", ("unicorn",)), ("price", ("unicorn",))])
async def test_what_is_not_known_is_left_to_others(shop: Any, about: str, ids: tuple[str, ...]) -> None:
    """None, rather than an invention."""
    assert await ask(shop, about, *ids) == []


async def test_status_changes_with_the_order(shop: Any) -> None:
    """Ready when it is ready."""
    await placed(shop)
    (order,) = shop.rows.placed.values()
    shop.rows.placed[order.id] = replace(order, state="ready")
    (said,) = await ask(shop, "order", now=datetime(2026, 11, 23, 9, 0, tzinfo=UTC) + timedelta(hours=1))
    assert said.params["state"].value == "ready"  # type: ignore[union-attr]
