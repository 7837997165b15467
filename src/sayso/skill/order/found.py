"""What was described rather than named: the products that come nearest, each from its row."""

from __future__ import annotations

from sayso import (
    Answered,
    Ask,
    Candidate,
    Evidence,
    Fact,
    Line,
    Named,
    Option,
    Product,
    Question,
    Row,
    Speak,
    Turn,
    available,
    product_off,
    unit_price,
)
from sayso.skill.order.words import SPOKEN_AT_MOST, amount, product

GIVEN = Evidence("", "given")


async def found(turn: Turn, asked: Ask) -> Answered | None:
    """The products that a search brought along, as far as they can be had now; nothing when it brought none."""
    near = [turn.catalog.products[c.id] for c in asked.question.ids if c.id in turn.catalog.products]
    here = [each for each in near if await _to_be_had(turn, each)]
    if not here:
        return None
    told = here[:SPOKEN_AT_MOST] if turn.voice else here
    rows = tuple(Row({"product": product(each.sku), "price": _price(turn, each)}) for each in told)
    shown = tuple(_option(each) for each in told)
    return Answered((Speak("order.found", {"products": rows}, shown, tuple(each.sku for each in told)),))


def _price(turn: Turn, found: Product) -> Fact:
    return amount(unit_price(Line("", found.sku), turn.catalog), "catalog", found.sku, turn.catalog.version)


def _option(found: Product) -> Option:
    return Option("", Question("product", (Candidate(found.sku),), GIVEN), {"label": Named("product", found.sku)})


async def _to_be_had(turn: Turn, found: Product) -> bool:
    """Whether it is sold now, and any place has it."""
    if product_off(found.sku, await turn.rows.switches()):
        return False
    if not found.stocked:
        return True
    for place in turn.merchant.locations:
        if available(found, await turn.rows.stock(place, sorted(found.opening))):
            return True
    return False
