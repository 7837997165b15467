"""What is sold that meets a wish: without an allergen, tagged so, within a price, to be had with an option.

Only rows speak. A product whose allergens are not declared is never listed as being without one; one that may hold
traces is told apart; one that another choice frees of it is told with that choice. Nothing is called safe.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sayso import (
    Answered,
    Candidate,
    Chosen,
    Fact,
    Line,
    Named,
    Option,
    Params,
    Product,
    Question,
    Row,
    Speak,
    Turn,
    contents,
    line_row,
    option_off,
    product_off,
    unit_price,
)
from sayso.skill.order.words import AFTER, GIVEN, PERSON, SHOWN_AT_MOST, SPOKEN_AT_MOST, amount, is_page, product

WITHOUT, TAG, SAID, MOST, NOT = "@without:", "@tag:", "@said:", "@most:", "@not:"
SORTED = {"@cheapest": 1, "@dearest": -1}
FEW = 5
"""How many of the cheapest are told."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `skus` and `categories`: where to look, everywhere when both are empty; `but`: those of both
    that are left out. `most` in minor units; `order` 1 from the cheapest, -1 from the dearest."""

    without: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    options: tuple[Chosen, ...] = ()
    skus: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    most: int | None = None
    order: int = 0
    but: tuple[str, ...] = ()
    named: bool = False
    """Only what says it of itself: `skus` are those, none when there are none."""


def is_filter(ids: Sequence[str]) -> bool:
    """Whether a question about the menu has a constraint."""
    return any(id.startswith((WITHOUT, TAG, SAID, MOST, NOT, *SORTED)) or "/" in id for id in ids)


def wanted(ids: Sequence[str], turn: Turn) -> Wanted:
    """The constraints that the ids of a question stand for; what the catalog does not know is left out."""
    catalog = turn.catalog
    pairs = (id.partition("/") for id in ids if "/" in id)
    return Wanted(
        tuple(id[len(WITHOUT) :] for id in ids if id.startswith(WITHOUT)),
        tuple(id[len(TAG) :] for id in ids if id.startswith(TAG)),
        tuple(Chosen(g, v) for g, _, v in pairs if g in catalog.options and v in catalog.options[g].values),
        tuple(id for id in ids if id in catalog.products),
        tuple(id for id in ids if id in catalog.categories),
        next((int(id[len(MOST) :]) for id in ids if id.startswith(MOST) and id[len(MOST) :].isdigit()), None),
        next((SORTED[id] for id in ids if id in SORTED), 0),
        tuple(id[len(NOT) :] for id in ids if id.startswith(NOT)),
        any(id.startswith(SAID) for id in ids),
    )


async def filtered(turn: Turn, ids: Sequence[str]) -> Answered:
    """The rows that fit, a few at a time."""
    wish, off = wanted(ids, turn), await turn.rows.switches()
    sold = [p for p in turn.catalog.products.values() if not product_off(p.sku, off) and _fits(turn, p, wish)]
    if wish.order:
        sold = sorted(sold, key=lambda p: wish.order * _cost(turn, p))[: FEW if not turn.voice else SPOKEN_AT_MOST]
    if wish.without:
        return _without(turn, wish, sold, off, ids)
    said = _listed(turn, "order.menu_fits", sold, ids) if sold else Speak("order.menu_none")
    return Answered((said,))


def _fits(turn: Turn, found: Product, wish: Wanted) -> bool:
    nowhere = not wish.skus and not wish.categories and not wish.named
    inside = nowhere or found.sku in wish.skus or found.category in wish.categories
    allowed = ((v.id for v in turn.catalog.allowed(found.sku, c.group)) for c in wish.options)
    return (
        inside
        and not {found.sku, found.category}.intersection(wish.but)
        and set(wish.tags) <= set(found.tags)
        and (wish.most is None or _cost(turn, found) <= wish.most)
        and all(c.value in values for c, values in zip(wish.options, allowed, strict=True))
    )


def _cost(turn: Turn, found: Product) -> int:
    return unit_price(Line("", found.sku), turn.catalog).minor


def _row(turn: Turn, found: Product) -> Row:
    cost = amount(unit_price(Line("", found.sku), turn.catalog), "catalog", found.sku, turn.catalog.version)
    return Row({"product": product(found.sku), "price": cost})


def _listed(turn: Turn, key: str, found: Sequence[Product], ids: Sequence[str], more: Params | None = None) -> Speak:
    """One page of rows, with a button for each and for what is left."""
    start = next((int(id[len(AFTER) :]) for id in ids if is_page(id)), 0)
    most = SPOKEN_AT_MOST if turn.voice else SHOWN_AT_MOST
    page, rest = found[start : start + most], max(0, len(found) - start - most)
    shown = tuple(Option("", Question("product", (Candidate(p.sku),), GIVEN), {"label": product(p.sku)}) for p in page)
    if rest:
        onward = (*(Candidate(id) for id in ids if not is_page(id)), Candidate(f"{AFTER}{start + most}"))
        shown += (Option("order.option_more", Question("menu", onward, GIVEN)),)
    params: Params = {
        "products": tuple(_row(turn, p) for p in page),
        "more": Fact(rest, "catalog", key),
        **(more or {}),
    }
    return Speak(key, params, shown, tuple(p.sku for p in page))


def _without(turn: Turn, wish: Wanted, sold: Sequence[Product], off: Collection[str], ids: Sequence[str]) -> Answered:
    """Declared without, with possible traces, and with another choice; then a person, for what is not declared."""
    names: Params = {"allergens": tuple(Named("allergen", a) for a in wish.without if a in turn.merchant.allergens)}
    lines = {p.sku: contents(Line("", p.sku), turn.catalog) for p in sold}
    free = [p for p in sold if lines[p.sku].declared and not set(wish.without) & {*lines[p.sku].contains}]
    clear = [p for p in free if not set(wish.without) & {*lines[p.sku].may_contain}]
    traces = [p for p in free if p not in clear]
    instead = [line for p in sold if p not in free and (line := _changed(turn, p, wish.without, off))]
    few = SPOKEN_AT_MOST if turn.voice else FEW
    said = [_listed(turn, "order.menu_without", clear, ids, names)] if clear else []
    if traces:
        told = tuple(product(p.sku) for p in traces[:few])
        said.append(Speak("order.menu_traces", {"products": told, **names}))
    if instead:
        rows = tuple(line_row(line, turn.catalog) for line in instead[:few])
        said.append(Speak("order.menu_instead", {"lines": rows, **names}))
    if not said:
        said.append(Speak("order.menu_without_none", names))
    return Answered((*said, Speak("order.allergens_person", options=(PERSON,))))


def _changed(turn: Turn, found: Product, without: Sequence[str], off: Collection[str]) -> Line | None:
    """The product with the first choice by which none of the allergens is declared for it any more."""
    for line in _choices(turn, found, off):
        now = contents(line, turn.catalog)
        if now.declared and not set(without) & {*now.contains, *now.may_contain}:
            return line
    return None


def _choices(turn: Turn, found: Product, off: Collection[str]) -> Iterator[Line]:
    for group in (turn.catalog.options[name] for name in found.options):
        values = turn.catalog.allowed(found.sku, group.id) if group.kind == "one" else ()
        yield from (
            Line("", found.sku, options=(Chosen(group.id, v.id),))
            for v in values
            if v.removes_allergens and not option_off(group.id, v.id, frozenset(off))
        )
