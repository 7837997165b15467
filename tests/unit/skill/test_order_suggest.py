"""Rows that were found for an open question, told from themselves."""

from __future__ import annotations

from typing import Any

from sayso import Add, Answered, Ask, Candidate, Evidence, Fact, Money, Question, Speak


async def suggest(shop: Any, *ids: str, **more: Any) -> list[Speak]:
    question = Question("suggested", tuple(Candidate(id) for id in ids), Evidence("", "model"), "something nice")
    asked = Ask(question, "coffee.order", (), {}, more.pop("allergies", ()))
    found: Answered | None = await shop.fulfilment.ask(shop.turn(**more), asked)
    return list(found.speaks) if found else []


async def test_what_is_cited_is_told_from_its_row(shop: Any) -> None:
    """Price and description are Facts of the catalog; each can be picked."""
    (said,) = await suggest(shop, "latte", "muffin")
    row = said.params["products"][0].params  # type: ignore[index, union-attr]
    assert isinstance(row["price"], Fact) and isinstance(row["price"].value, Money)
    assert (row["price"].source, row["price"].id) == ("catalog", "latte")
    assert said.products == ("latte", "muffin") and all(isinstance(o.command, Add) for o in said.options)


async def test_what_is_not_sold_here_is_not_told(shop: Any) -> None:
    """An id that the catalog does not know answers nothing."""
    assert await suggest(shop, "gold_bar") == []


async def test_what_cannot_be_had_is_left_out(shop: Any) -> None:
    """What staff switched off is not suggested; where nothing is left, that is said."""
    shop.rows.on.add("sold_out/muffin")
    (said,) = await suggest(shop, "muffin", "latte")
    assert said.products == ("latte",)
    (none,) = await suggest(shop, "muffin")
    assert none.key == "order.suggested_none"


async def test_an_allergy_of_this_order_leaves_out_what_speaks_against_it(shop: Any) -> None:
    """Contained, possibly contained or not declared: none of it is suggested."""
    (said,) = await suggest(shop, "latte", allergies=("milk",))
    assert said.key == "order.suggested_none"
