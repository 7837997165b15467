"""Questions about what is sold: the menu, a product, its price, its options, its allergens. All from rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sayso import (
    Answered,
    Ask,
    Candidate,
    Chosen,
    Command,
    Fact,
    Line,
    Money,
    Named,
    Option,
    OptionGroup,
    Params,
    Product,
    Question,
    Row,
    Speak,
    Turn,
    contents,
    option_off,
    pick,
    product_off,
    unit_price,
)
from sayso.skill.order.filter import filtered, is_filter
from sayso.skill.order.slots import DELIVERY
from sayso.skill.order.tell import basket
from sayso.skill.order.terms import delivery_costs
from sayso.skill.order.words import (
    AFTER,
    GIVEN,
    PERSON,
    SHOWN_AT_MOST,
    SPOKEN_AT_MOST,
    amount,
    few,
    flag,
    is_page,
    option,
    product,
)


async def menu(turn: Turn, asked: Ask) -> Answered | None:
    """The categories, or what a category has: a few at a time by voice, with "more"."""
    ids = [candidate.id for candidate in asked.question.ids]
    if is_filter(ids):
        return await filtered(turn, ids)
    category = next((id for id in ids if id in turn.catalog.categories), "")
    if category:
        return await _category(turn, category, next((int(id[len(AFTER) :]) for id in ids if is_page(id)), 0))
    if ids and ids[0] in turn.catalog.products:
        return await product_of(turn, asked)
    sold = {p.category for p in turn.catalog.products.values()}
    names = tuple(Named("category", id) for id in turn.catalog.categories if id in sold)
    shown = tuple(_option(name, Question("menu", (Candidate(name.id),), GIVEN)) for name in names)
    return Answered((Speak("order.menu", few(turn, names, "categories"), shown),))


async def _category(turn: Turn, category: str, start: int) -> Answered:
    off = await turn.rows.switches()
    every = [p for p in turn.catalog.products.values() if p.category == category and not product_off(p.sku, off)]
    most = SPOKEN_AT_MOST if turn.voice else SHOWN_AT_MOST
    page, rest = every[start : start + most], max(0, len(every) - start - most)
    params: Params = {
        "category": Named("category", category),
        "products": tuple(Row({"product": product(p.sku), "price": _price(turn, Line("", p.sku))}) for p in page),
        "more": Fact(rest, "catalog", category),
    }
    shown = tuple(_option(product(p.sku), Question("product", (Candidate(p.sku),), GIVEN)) for p in page)
    if rest:
        onward = Question("menu", (Candidate(category), Candidate(f"{AFTER}{start + most}")), GIVEN)
        shown += (Option("order.option_more", onward),)
    return Answered((Speak("order.menu_category", params, shown, tuple(p.sku for p in page)),))


def _option(name: Named, command: Command) -> Option:
    return Option("", command, {"label": name})


def _price(turn: Turn, line: Line) -> Fact:
    return amount(unit_price(line, turn.catalog), "catalog", line.sku, turn.catalog.version)


def _products(turn: Turn, asked: Ask) -> list[Product]:
    """The products that are asked about: named ones, else those in the basket."""
    named = [turn.catalog.products[c.id] for c in asked.question.ids if c.id in turn.catalog.products]
    if named or any(c.id not in turn.merchant.allergens for c in asked.question.ids):
        return named
    return [turn.catalog.products[line.sku] for line in asked.lines if line.sku in turn.catalog.products]


async def product_of(turn: Turn, asked: Ask) -> Answered | None:
    """A product: what it is, what it costs, in which sizes; shown as a card."""
    found = next(iter(_products(turn, asked)), None)
    if found is None:
        return None
    if _allergens_in(turn, asked):
        return await allergens(turn, asked)
    off = product_off(found.sku, await turn.rows.switches())
    told = pick(found.descriptions, turn.language) if found.descriptions else ""
    params: Params = {
        "product": product(found.sku),
        "description": Fact(told, "catalog", found.sku, turn.catalog.version) if told else (),
        "price": _price(turn, Line("", found.sku)),
        "sizes": _sizes(turn, found),
        "sold_out": flag(off),
    }
    return Answered((Speak("order.product", params, products=(found.sku,)),))


def _sizes(turn: Turn, found: Product) -> tuple[Row, ...]:
    """The prices of the first choice that changes what the product itself costs."""
    for group in (turn.catalog.options[name] for name in found.options):
        allowed = turn.catalog.allowed(found.sku, group.id)
        if group.kind == "one" and _is_size(group, found) and len({value.price for value in allowed}) > 1:
            return tuple(_size(turn, found, Chosen(group.id, value.id)) for value in allowed)
    return ()


def _is_size(group: OptionGroup, found: Product) -> bool:
    return group.id == "size" or group.id in found.required


def _size(turn: Turn, found: Product, chosen: Chosen) -> Row:
    line = Line("", found.sku, options=(chosen,))
    return Row({"option": Named("option", f"{chosen.group}/{chosen.value}"), "price": _price(turn, line)})


async def price_of(turn: Turn, asked: Ask) -> Answered | None:
    """What a product, an extra, or a line of the basket costs."""
    ids = [candidate.id for candidate in asked.question.ids]
    chosen = tuple(Chosen(id.partition("/")[0], id.partition("/")[2]) for id in ids if _declared(turn, id))
    line = next((Line("", id, options=chosen) for id in ids if id in turn.catalog.products), None)
    if line is None and chosen:
        return Answered(tuple(_extra(turn, one) for one in chosen))
    if line is None and any(id.endswith(f"/{DELIVERY}") for id in ids):
        costs = delivery_costs(turn)
        return Answered((costs,)) if costs else None
    if line is None and not ids and asked.lines:
        if sum(each.quantity for each in asked.lines) > 1:
            return await basket(turn, asked)  # "what do I owe?" is not what the last of them costs
        line = asked.lines[0]
    if line is None or line.sku not in turn.catalog.products:
        return None
    params: Params = {
        "product": product(line.sku),
        "options": tuple(option(c) for c in line.options if c.count),
        "price": _price(turn, line),
        "sizes": () if line.options else _sizes(turn, turn.catalog.products[line.sku]),
    }
    return Answered((Speak("order.price", params, products=(line.sku,)),))


def _declared(turn: Turn, id: str) -> bool:
    group, _, value = id.partition("/")
    return group in turn.catalog.options and value in turn.catalog.options[group].values


def _extra(turn: Turn, chosen: Chosen) -> Speak:
    return Speak("order.price_extra", _extra_params(turn, chosen))


def _extra_params(turn: Turn, chosen: Chosen) -> Params:
    """An option with what it costs extra."""
    minor = turn.catalog.options[chosen.group].values[chosen.value].price
    cost = Money(minor, turn.catalog.currency)
    price = amount(cost, "catalog", f"{chosen.group}/{chosen.value}", turn.catalog.version)
    return {"option": option(chosen), "price": price, "free": flag(minor == 0)}


async def options(turn: Turn, asked: Ask) -> Answered | None:
    """What can be chosen: the values of a group, or the groups of a product."""
    ids = [candidate.id for candidate in asked.question.ids]
    groups = [turn.catalog.options[id] for id in ids if id in turn.catalog.options]
    found = next(iter(_products(turn, asked)), None)
    groups = [group for group in groups if found is not None and group.id in found.options] or groups
    off = await turn.rows.switches()
    values = [Chosen(id.partition("/")[0], id.partition("/")[2]) for id in ids if _declared(turn, id)]
    if values:
        return Answered(tuple(_available(turn, chosen, off) for chosen in values))
    if groups:
        return Answered((_values(turn, groups[0], found, off),))
    if found is None:
        return None
    if not found.options:
        return Answered((Speak("order.options_none", {"product": product(found.sku)}),))
    names = tuple(Named("group", name) for name in found.options)
    shown = tuple(
        _option(name, Question("options", (Candidate(name.id), Candidate(found.sku)), GIVEN)) for name in names
    )
    return Answered((Speak("order.options_of", {"product": product(found.sku), **few(turn, names)}, shown),))


def _available(turn: Turn, chosen: Chosen, off: frozenset[str]) -> Speak:
    """Is there any of this to be had?"""
    gone = option_off(chosen.group, chosen.value, off)
    return Speak("order.option_gone" if gone else "order.option_available", _extra_params(turn, chosen))


def _values(turn: Turn, group: OptionGroup, found: Product | None, off: frozenset[str]) -> Speak:
    fits = found is not None and group.id in found.options
    values = turn.catalog.allowed(found.sku, group.id) if fits and found else tuple(group.values.values())
    names = tuple(Named("option", f"{group.id}/{v.id}") for v in values if not option_off(group.id, v.id, off))
    return Speak("order.options", {"group": Named("group", group.id), **few(turn, names)})


async def allergens(turn: Turn, asked: Ask) -> Answered | None:
    """Only what is declared: contained, may be contained, or not known. A person is offered; nothing is called safe."""
    products = _products(turn, asked)
    wanted = _allergens_in(turn, asked) or list(asked.allergies)
    if not products:
        return Answered((Speak("order.allergens_which", options=(PERSON,)),))
    lines = [_line(turn, asked, p) for p in products[:SPOKEN_AT_MOST]]
    return Answered((*_contents(turn, lines, wanted), Speak("order.allergens_person", options=(PERSON,))))


def _allergens_in(turn: Turn, asked: Ask) -> list[str]:
    """The declared allergens that a question names, by id or in the customer's words."""
    known = turn.merchant.allergens
    named = [c.id for c in asked.question.ids if c.id in known]
    spoken = f" {' '.join(WORD.findall(asked.question.words.casefold()))} "
    return named or [id for id in known if any(f" {name} " in spoken for name in _called(turn, id))]


def _called(turn: Turn, allergen: str) -> Iterator[str]:
    """What an allergen is called, in any language of the merchant."""
    synonyms = turn.merchant.allergen_synonyms.get(allergen, {})
    for names in (turn.merchant.allergens[allergen].values(), *synonyms.values()):
        yield from (" ".join(WORD.findall(name.casefold())) for name in names)


WORD = re.compile(r"[\w'’-]+")


def _line(turn: Turn, asked: Ask, found: Product) -> Line:
    """The product as it stands in the basket, options included; else as it comes."""
    return next((line for line in asked.lines if line.sku == found.sku), Line("", found.sku))


def _contents(turn: Turn, lines: Sequence[Line], wanted: Sequence[str]) -> Iterator[Speak]:
    for line in lines:
        found = contents(line, turn.catalog)
        hits = [a for a in found.contains if not wanted or a in wanted]
        traces = [a for a in found.may_contain if not wanted or a in wanted]
        params: Params = {
            "product": product(line.sku),
            "options": tuple(option(c) for c in line.options if c.count),
            "contains": tuple(Named("allergen", a) for a in hits),
            "may": tuple(Named("allergen", a) for a in traces),
            "asked": tuple(Named("allergen", a) for a in wanted),
        }
        yield Speak("order.allergens" if found.declared else "order.allergens_unknown", params)
