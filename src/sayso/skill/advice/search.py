"""What fits a wish: hard filters, what is given up when nothing fits all of it, and the order of what is left.

Only declared rows speak: an attribute that a product does not declare is not assumed, but for the undertone of a shade,
which follows from its declared colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sayso import (
    Catalog,
    IntentSpec,
    Lab,
    Line,
    Product,
    Turn,
    akin,
    available,
    difference,
    is_hex,
    lab,
    product_off,
    undertone,
    unit_price,
    values_left,
)
from sayso.skill.advice.vocabulary import kind_of_thing, stems, tokens
from sayso.skill.advice.wish import Wish

HEX = "hex"
SAME = 8.0
"""CIEDE2000 up to which a shade is what was asked for."""
GREY = 10.0
"""Chroma below which a colour is nearly grey, and only one that is nearly the same passes for it."""
LIGHTER_BY = 1.0
"""How much lighter or darker (L*) a shade must at least be to be so."""
NAME, OTHER, TOLD = 4.0, 2.0, 1.0
"""What a free word is worth in a name, in a synonym or tag, in a description."""
NEAREST, BESIDE, STEPS = 0.1, 0.6, 10
"""From when on a product is near to free words, at least what share of the nearest one's nearness, and what nearness 1
is worth beside words."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be had: staff's switches, and free units (the most that any place has)."""

    switches: frozenset[str] = frozenset()
    free: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """A product that fits. `distance` is how far its shade is from the nearest wished colour, None without one; `akin`:
    it goes by the same colour word."""

    product: Product
    score: float = 0.0
    distance: float | None = None
    akin: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """Best first. `given_up`: what had to be left out of the wish to find any ("attribute:finish", "price",
    "option:size")."""

    matches: tuple[Match, ...]
    given_up: tuple[str, ...] = ()


async def shelf(turn: Turn, products: Sequence[Product]) -> Shelf:
    """The stock of these products, at any place."""
    ids = sorted({id for product in products for id in product.opening})
    free: dict[str, int] = {}
    for place in turn.merchant.locations if ids else ():
        for id, units in (await turn.rows.stock(place, ids)).items():
            free[id] = max(free.get(id, 0), units)
    return Shelf(await turn.rows.switches(), free)


def colour_of(product: Product) -> Lab | None:
    """Its declared colour."""
    declared = product.attributes.get(HEX, "")
    return lab(declared) if is_hex(declared) else None


def declared(product: Product, attribute: str) -> tuple[str, ...]:
    """The values that a product declares; an undertone that is not declared follows from its colour."""
    said = tuple(product.attributes.get(attribute, "").split())
    colour = colour_of(product) if attribute == "undertone" and not said else None
    return (undertone(colour),) if colour is not None else said


@dataclass(frozen=True, slots=True)
class Fitting:
    """The products that fit `wish`, what is left of what was wished; `given_up` as in `Found`."""

    wish: Wish
    products: tuple[Product, ...]
    given_up: tuple[str, ...] = ()


def fitting(wish: Wish, intent: IntentSpec, catalog: Catalog, stock: Shelf) -> Fitting:
    """What fits all of the wish; else what fits most of it: the least important parts are given up first."""
    had = [p for p in catalog.products.values() if _can_be_had(p, stock)]
    tried, given_up = wish, []
    found = _fitting(tried, had, catalog, stock)
    for part in _parts(wish, intent) if not found else ():
        tried = _without(tried, part)
        given_up.append(part)
        if found := _fitting(tried, had, catalog, stock):
            break
    needless = [part for part in given_up if _fitting(_with(tried, wish, part), had, catalog, stock)]
    for part in needless:
        tried = _with(tried, wish, part)
        found = _fitting(tried, had, catalog, stock) or found
    if "price" in given_up and wish.cheaper:
        tried = replace(tried, cheap=True)
    return Fitting(tried, tuple(found), tuple(part for part in given_up if part not in needless))


def search(fit: Fitting, catalog: Catalog, stock: Shelf, sizes: Mapping[str, str], near: Mapping[str, float]) -> Found:
    """What fits, the best first. `sizes` (group -> value) are what this customer usually has: what is left in them goes
    before what is not. `near`: how near products are to the words that nothing declared explains (sku -> score)."""
    mine = {p.sku: _usual(p, sizes, catalog, stock) for p in fit.products}
    least = max(NEAREST, BESIDE * max(near.values(), default=0.0))
    close = {sku: score for sku, score in near.items() if score >= least}
    products = tuple(p for p in fit.products if p.sku in close or _worth(fit.wish, p)) if close else fit.products
    worth = {p.sku: mine[p.sku] + _worth(fit.wish, p) + _steps(close.get(p.sku, 0.0)) for p in products}
    return Found(_ranked(fit.wish, products, worth, catalog), fit.given_up)


def _steps(near: float) -> float:
    """What nearness is worth beside words, in steps: what is about as near stands as it would without."""
    return float(round(near * STEPS))


def _usual(product: Product, sizes: Mapping[str, str], catalog: Catalog, stock: Shelf) -> float:
    """1 for what can be had in the customer's usual size."""
    return float(
        any(_to_be_had(product, g, Wish(options=sizes), catalog, stock) for g in product.options if g in sizes)
    )


def _can_be_had(product: Product, stock: Shelf) -> bool:
    return not product_off(product.sku, stock.switches) and available(product, stock.free)


def _fitting(wish: Wish, products: Sequence[Product], catalog: Catalog, stock: Shelf) -> list[Product]:
    return [p for p in products if all(test(p, wish, catalog, stock) for test in TESTS)]


Test = Callable[[Product, Wish, Catalog, Shelf], bool]


def _has_attributes(product: Product, wish: Wish, catalog: Catalog, stock: Shelf) -> bool:
    return all(set(values).intersection(declared(product, name)) for name, values in wish.wanted.items())


def _has_nothing_refused(product: Product, wish: Wish, catalog: Catalog, stock: Shelf) -> bool:
    if any(set(values).intersection(declared(product, name)) for name, values in wish.refused.items()):
        return False
    called = stems(tokens(" ".join(product.names.values())))
    if any(name.endswith(word) for word in stems(wish.not_words) if len(word) > 2 for name in called):
        return False
    colour = colour_of(product)
    return colour is None or not any(_of_family(colour, other) for other in wish.not_colours)


def _of_family(colour: Lab, refused: Lab) -> bool:
    """Would it pass for a colour that is refused? A grey for one that is hardly lighter or darker; any other for what
    is akin to it in hue."""
    near = SAME
    grey = min(colour.chroma, refused.chroma) < GREY
    return difference(colour, refused) <= near or (not grey and akin(colour, refused))


def colour_akin(product: Product, wished: Lab) -> bool:
    """Does it go by that colour word?"""
    colour = colour_of(product)
    return colour is not None and akin(colour, wished)


def _light_enough(product: Product, wish: Wish, catalog: Catalog, stock: Shelf) -> bool:
    if wish.above is None and wish.below is None:
        return True
    colour = colour_of(product)
    if colour is None:
        return False
    return (wish.above is None or colour.lightness > wish.above + LIGHTER_BY) and (
        wish.below is None or colour.lightness < wish.below - LIGHTER_BY
    )


def _affordable(product: Product, wish: Wish, catalog: Catalog, stock: Shelf) -> bool:
    return wish.most is None or unit_price(Line("", product.sku), catalog).minor <= wish.most


def _has_options(product: Product, wish: Wish, catalog: Catalog, stock: Shelf) -> bool:
    """A wished size is to be had on it. One word may be a size of shoes and of trousers: the groups that a product has
    count, and one that has none of them comes in no size."""
    groups = [group for group in wish.options if group in product.options]
    return bool(groups or not wish.options) and all(_to_be_had(product, g, wish, catalog, stock) for g in groups)


def _to_be_had(product: Product, group: str, wish: Wish, catalog: Catalog, stock: Shelf) -> bool:
    value = wish.options[group]
    allowed = value in (each.id for each in catalog.allowed(product.sku, group))
    return allowed and (group != product.stock_by or value in values_left(product, stock.free))


def _of_category(product: Product, wish: Wish, catalog: Catalog, stock: Shelf) -> bool:
    return not wish.categories or product.category in wish.categories


def _is_another(product: Product, wish: Wish, catalog: Catalog, stock: Shelf) -> bool:
    return product.sku not in wish.but


def _has_colour(product: Product, wish: Wish, catalog: Catalog, stock: Shelf) -> bool:
    """Where a colour is wished, what has one that goes by the same word; `any_colour`: any one, the nearest."""
    return not wish.colours or (colour_of(product) is not None and (wish.any_colour or _akin(wish, product)))


TESTS: tuple[Test, ...] = (
    _of_category,
    _has_attributes,
    _has_nothing_refused,
    _affordable,
    _has_options,
    _is_another,
    _has_colour,
    _light_enough,
)


def _parts(wish: Wish, intent: IntentSpec) -> Iterator[str]:
    """What may be given up, the least important first: how light it is; attributes from the last declared slot on, the
    first kept as the kind of thing that is wanted; then the colour, the price, an option."""
    if wish.above is not None or wish.below is not None:
        yield "light"
    names = [name for name in reversed(list(intent.slots)) if name in wish.wanted and name != kind_of_thing(intent)]
    yield from (f"attribute:{name}" for name in names if name not in wish.latest)
    yield from (f"attribute:{name}" for name in names if name in wish.latest)
    if wish.colours:
        yield "colour"
    if wish.most is not None:
        yield "price"
    yield from (f"option:{group}" for group in wish.options)


def _without(wish: Wish, part: str) -> Wish:
    kind, _, name = part.partition(":")
    if kind in PLAIN:
        return replace(wish, **PLAIN[kind])
    if kind == "option":
        return replace(wish, options={group: v for group, v in wish.options.items() if group != name})
    return replace(wish, wanted={other: values for other, values in wish.wanted.items() if other != name})


PLAIN: Mapping[str, Mapping[str, Any]] = {
    "price": {"most": None},
    "colour": {"any_colour": True},
    "light": {"above": None, "below": None},
}
"""Parts without a name, and what a wish has instead once they are given up."""


def _with(wish: Wish, whole: Wish, part: str) -> Wish:
    kind, _, name = part.partition(":")
    if kind in PLAIN:
        return replace(wish, **{field: getattr(whole, field) for field in PLAIN[kind]})
    if kind == "option":
        return replace(wish, options={**wish.options, name: whole.options[name]})
    return replace(wish, wanted={**wish.wanted, name: whole.wanted[name]})


def _ranked(wish: Wish, products: Sequence[Product], worth: Mapping[str, float], catalog: Catalog) -> tuple[Match, ...]:
    """By price where it should be cheap, by colour where one is wished, else by free words; what is equal stands in the
    order of the catalog, spread over the colours that there are."""
    matches = [Match(p, worth[p.sku], _distance(wish, p), _akin(wish, p)) for p in products]
    matches = [match for match in matches if match.akin] or matches
    if (wish.free or wish.called) and (best := max((m.score for m in matches), default=0.0)) >= NAME:
        matches = [m for m in matches if m.score >= best / 2]
    if wish.cheap:
        return tuple(
            sorted(
                matches, key=lambda m: (unit_price(Line("", m.product.sku), catalog).minor, -m.score, m.distance or 0)
            )
        )
    if wish.colours:
        return tuple(sorted(matches, key=lambda m: (-m.score, m.distance or 0.0)))
    return tuple(_spread(sorted(matches, key=lambda m: -m.score)))


def _worth(wish: Wish, product: Product) -> float:
    """How much of the free words a product's own words have."""
    if not wish.free and not wish.called:
        return 0.0
    names = set(stems(tokens(" ".join(product.names.values()))))
    others = {s for words in product.synonyms.values() for word in words for s in stems(tokens(word))}
    others |= set(stems(product.tags))
    told = set(stems(tokens(" ".join(product.descriptions.values()))))
    worth = ((NAME, names), (OTHER, others), (TOLD, told))
    return sum(next((value for value, words in worth if word in words), 0.0) for word in wish.free) + (
        NAME * 2 * bool((names | others).intersection(wish.called))
    )


def _distance(wish: Wish, product: Product) -> float | None:
    colour = colour_of(product)
    if colour is None or not wish.colours:
        return None
    return min(difference(colour, wished) for wished in wish.colours)


def _akin(wish: Wish, product: Product) -> bool:
    colour = colour_of(product)
    return not wish.colours or (colour is not None and any(akin(colour, wished) for wished in wish.colours))


SPREAD_OVER = 40
"""How many equals are looked at to spread them."""


def _spread(matches: Sequence[Match]) -> Iterator[Match]:
    """Of equally good ones, each next one the farthest in colour from those before it."""
    left = list(matches)
    chosen: list[Lab] = []
    while left:
        equals = [m for m in left[:SPREAD_OVER] if m.score == left[0].score]
        pick = max(equals, key=lambda m: _apart(m, chosen)) if chosen else left[0]
        left.remove(pick)
        colour = colour_of(pick.product)
        chosen += [colour] if colour else []
        yield pick
        if len(chosen) >= 10:
            yield from left
            return


def _apart(match: Match, chosen: Sequence[Lab]) -> float:
    colour = colour_of(match.product)
    return min(difference(colour, other) for other in chosen) if colour else 0.0
