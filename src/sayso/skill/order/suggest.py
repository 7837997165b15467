"""Rows that were found for an open question ("what goes with a strong coffee?"), in the words of a reply.

Whoever found them only names them: the price and the description are their rows', why they fit is what their rows
declare. What cannot be had, and what speaks against an allergy of this order, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from sayso import (
    Add,
    Answered,
    Ask,
    Candidate,
    Evidence,
    Fact,
    Item,
    Line,
    Named,
    Option,
    Param,
    Product,
    Row,
    Speak,
    Turn,
    available,
    conflict,
    pick,
    product_off,
    service_of,
    unit_price,
)
from sayso.skill.order.words import SPOKEN_AT_MOST, amount, product

GIVEN = Evidence("", "given")
BECAUSE = "because:"


async def suggested(turn: Turn, asked: Ask) -> Answered | None:
    """The cited products that can be had, to be picked from; None when none of them is sold here."""
    cited = [turn.catalog.products[c.id] for c in asked.question.ids if c.id in turn.catalog.products]
    sold = [p for p in cited if service_of(p, turn.catalog.currency) is None]
    if not sold:
        return None
    off, free = await turn.rows.switches(), await _stock(turn, sold)
    safe = [p for p in sold if conflict(Line("", p.sku), asked.allergies, turn.catalog) is None]
    had = [p for p in safe if not product_off(p.sku, off) and available(p, free)][:SPOKEN_AT_MOST]
    if not had:
        return Answered((Speak("order.suggested_none", {"products": tuple(product(p.sku) for p in sold)}),))
    told: dict[str, Param] = {
        "products": tuple(_row(turn, asked, p) for p in had),
        "count": Fact(len(had), "catalog", "suggested", turn.catalog.version),
    }
    skus = tuple(p.sku for p in had)
    return Answered((Speak("order.suggested", told, tuple(map(_pick, skus)), skus, asks=True),))


async def _stock(turn: Turn, products: list[Product]) -> dict[str, int]:
    """Units that are free, the most that any place has."""
    ids = sorted({id for each in products for id in each.opening})
    free: dict[str, int] = {}
    for place in turn.merchant.locations if ids else ():
        for id, units in (await turn.rows.stock(place, ids)).items():
            free[id] = max(free.get(id, 0), units)
    return free


def _pick(sku: str) -> Option:
    return Option("", Add((Item(sku, (Candidate(sku),)),), GIVEN), {"label": Named("product", sku)})


def _row(turn: Turn, asked: Ask, found: Product) -> Row:
    price = unit_price(Line("", found.sku), turn.catalog)
    told = pick(found.descriptions, turn.language) if found.descriptions else ""
    return Row(
        {
            "product": product(found.sku),
            "price": amount(price, "catalog", found.sku, turn.catalog.version),
            "description": Fact(told, "catalog", found.sku, turn.catalog.version) if told else (),
            "reasons": tuple(_reasons(turn, asked, found)),
        }
    )


def _reasons(turn: Turn, asked: Ask, found: Product) -> Iterator[Named]:
    """What the product's own row declares of what was asked for, by the name that a skill gives it."""
    for id in (c.id[len(BECAUSE) :] for c in asked.question.ids if c.id.startswith(BECAUSE)):
        name, _, value = id.partition("=")
        intents = (i for skill in turn.artefact.skills.values() for i in skill.intents.values())
        naming = next((i for i in intents if name in i.slots and value in i.slots[name].values), None)
        if naming is not None and value in found.attributes.get(name, "").split():
            yield Named("choice", f"{naming.skill}/{naming.id}/{name}/{value}")
