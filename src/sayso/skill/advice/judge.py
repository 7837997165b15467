"""Questions about things that were shown, answered from their rows: "is it waterproof?", "how do these two differ?".

Yes and no are said only of what a product declares; where it declares nothing, that is said, with its description.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sayso import (
    Answered,
    Ask,
    Fact,
    IntentSpec,
    Line,
    Named,
    Param,
    Params,
    Product,
    Row,
    Speak,
    Turn,
    pick,
    unit_price,
    values_left,
)
from sayso.skill.advice.search import Shelf, colour_akin, declared
from sayso.skill.advice.tell import choice_name
from sayso.skill.advice.vocabulary import kind_of_thing
from sayso.skill.advice.wish import Wish

AT_MOST = 3
"""About how many things is told at once."""
Verdict = tuple[str, Named | None, tuple[Named, ...]]
"""Yes, no or open; what was asked; what there is instead."""


def products_of(turn: Turn, asked: Ask) -> list[Product]:
    """What is asked about."""
    return [turn.catalog.products[c.id] for c in asked.question.ids if c.id in turn.catalog.products][:AT_MOST]


def judged(turn: Turn, intent: IntentSpec, wish: Wish, products: Sequence[Product], stock: Shelf) -> Answered | None:
    """Yes, no or not declared, of each product and all that is asked of it."""
    asks = wish.wanted or wish.refused or wish.options or wish.colours or wish.in_stock or wish.unknown or wish.free
    if not products or not asks:
        return None
    return Answered(tuple(_judged(turn, intent, wish, product, stock) for product in products))


def _judged(turn: Turn, intent: IntentSpec, wish: Wish, product: Product, stock: Shelf) -> Speak:
    verdicts = tuple(_verdicts(turn, intent, wish, product, stock))
    found = {verdict for verdict, _, _ in verdicts}
    verdict = "no" if "no" in found else "open" if "open" in found or not found else "yes"
    params: Params = {
        "product": Named("product", product.sku),
        "verdict": _word(verdict),
        "asked": tuple(name for said, name, _ in verdicts if said == verdict and name is not None),
        "has": tuple(has for said, _, others in verdicts if said == verdict for has in others),
        "description": _description(turn, product) if verdict == "open" else (),
    }
    return Speak("advice.trait", params, products=(product.sku,))


def _verdicts(turn: Turn, intent: IntentSpec, wish: Wish, product: Product, stock: Shelf) -> Iterator[Verdict]:
    for name, values in _asked_values(wish, intent).items():
        has = declared(product, name)
        for value in values:
            asked = choice_name(intent, name, value)
            others = tuple(choice_name(intent, name, other) for other in has if other in intent.slots[name].values)
            yield ("yes", asked, ()) if value in has else ("no", asked, others) if has else ("open", asked, ())
    for group, value in wish.options.items():
        if group in product.options or not set(wish.options).intersection(product.options):
            left = group in product.options and value in _left(turn, product, group, stock)
            yield "yes" if left else "no", Named("option", f"{group}/{value}"), ()
    for colour in (*wish.colours, *wish.not_colours):
        yield "yes" if colour_akin(product, colour) else "no", None, ()
    if wish.in_stock and not wish.options:
        yield from _stock(turn, product, stock)


def _asked_values(wish: Wish, intent: IntentSpec) -> Mapping[str, tuple[str, ...]]:
    """ "Isn't it leather?" asks of leather as "is it leather?" does."""
    names = [name for name in intent.slots if name in wish.wanted or name in wish.refused]
    return {name: (*wish.wanted.get(name, ()), *wish.refused.get(name, ())) for name in names}


def _stock(turn: Turn, product: Product, stock: Shelf) -> Iterator[Verdict]:
    """Whether any is left, in which sizes."""
    group = product.stock_by
    left = tuple(Named("option", f"{group}/{value}") for value in _left(turn, product, group, stock)) if group else ()
    yield "yes" if left or not group else "no", None, left


def _left(turn: Turn, product: Product, group: str, stock: Shelf) -> list[str]:
    allowed = [each.id for each in turn.catalog.allowed(product.sku, group)]
    left = values_left(product, stock.free) if group == product.stock_by else allowed
    return [value for value in allowed if value in left]


def compared(turn: Turn, intent: IntentSpec, products: Sequence[Product]) -> Answered | None:
    """Each with its price and what the others do not have; what all have is told once."""
    if len(products) < 2:
        return None
    traits = [tuple(_traits(intent, product)) for product in products]
    same = [trait for trait in traits[0] if all(trait in each for each in traits)]
    differ = len({_text(turn, product) for product in products}) > 1
    rows = tuple(
        _contrast(turn, intent, product, [trait for trait in each if trait not in same], differ)
        for product, each in zip(products, traits, strict=True)
    )
    both = tuple(choice_name(intent, *trait) for trait in same)
    skus = tuple(product.sku for product in products)
    return Answered((Speak("advice.compared", {"products": rows, "same": both}, products=skus),))


def _traits(intent: IntentSpec, product: Product) -> Iterator[tuple[str, str]]:
    """The values that it declares, the kind of thing left out."""
    for name, slot in intent.slots.items():
        if slot.type == "choice" and name != kind_of_thing(intent):
            yield from ((name, value) for value in declared(product, name) if value in slot.values)


def _contrast(turn: Turn, intent: IntentSpec, product: Product, own: Sequence[tuple[str, str]], described: bool) -> Row:
    price = unit_price(Line("", product.sku), turn.catalog)
    return Row(
        {
            "product": Named("product", product.sku),
            "price": Fact(price, "catalog", product.sku, turn.catalog.version),
            "own": tuple(choice_name(intent, *trait) for trait in own),
            "description": _description(turn, product) if described else (),
        }
    )


def _text(turn: Turn, product: Product) -> str:
    return pick(product.descriptions, turn.language) if product.descriptions else ""


def _description(turn: Turn, product: Product) -> Param:
    told = _text(turn, product)
    return Fact(told, "catalog", product.sku, turn.catalog.version) if told else ()


def _word(value: str) -> Fact:
    return Fact(value, "derived", value)
