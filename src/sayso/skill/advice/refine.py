"""What is looked for, told more closely: "in black?", "anything cheaper", "not leather", said of a list that was shown.

Theory. A search is the words that told it, in their order, and what was settled beside them. Each utterance is read by
itself, and a later one goes before an earlier one: another size takes the place of the size, what is refused is no
longer wished. What names a kind of thing of its own begins a search of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from sayso import Catalog, IntentSpec, Line, Sought, unit_price
from sayso.skill.advice.search import colour_of
from sayso.skill.advice.vocabulary import kind_of_thing, stems, tokens
from sayso.skill.advice.wish import BUT, DARKER, LIGHTER, MOST, Wish

VARIED = 25.0
"""How far shades lie apart in lightness (L*) that are neither all light nor all dark."""
KEPT = 5
"""How many utterances a search remembers."""


def closer(earlier: Sought, said: Sought, wish: Wish, intent: IntentSpec, catalog: Catalog) -> Sought | None:
    """What was looked for, as `wish` (what `said` comes to) tells it more closely; None when it says nothing about what
    was shown."""
    if not _of_listed(wish, intent, catalog, earlier):
        return None
    light = (LIGHTER, DARKER) if wish.lighter or wish.darker else ()
    price = (MOST,) if wish.most is not None else ()
    own = {*light, *price, *wish.superseded, *wish.wanted, *wish.refused, *((BUT,) if wish.colours else ())}
    kept = {name: value for name, value in earlier.slots.items() if name not in own}
    return Sought((*earlier.words, *said.words)[-KEPT:], {**kept, **said.slots, **_settled(earlier, wish, catalog)})


def _of_listed(wish: Wish, intent: IntentSpec, catalog: Catalog, earlier: Sought) -> bool:
    """Is nothing said but what the things that were shown should be like?"""
    kind = wish.wanted.get(kind_of_thing(intent)) or wish.categories
    if kind or not (wish.telling or wish.comparing or wish.unknown):
        return False
    shown = {catalog.products[sku].category for sku in earlier.listed if sku in catalog.products}
    elsewhere = (p for p in catalog.products.values() if p.category not in shown)
    names = {stem for product in elsewhere for stem in stems(tokens(" ".join(product.names.values())))}
    return not names.intersection(wish.free)


def _settled(earlier: Sought, wish: Wish, catalog: Catalog) -> Mapping[str, str]:
    """What only holds for what was shown: "cheaper" than that, "another" than those."""
    shown = [sku for sku in earlier.listed if sku in catalog.products]
    found = {}
    if wish.cheaper and shown:
        found[MOST] = str(min(unit_price(Line("", sku), catalog).minor for sku in shown) - 1)
    if wish.other and shown:
        found[BUT] = " ".join((*earlier.slots.get(BUT, "").split(), *shown))
    shades = [shade.lightness for sku in shown if (shade := colour_of(catalog.products[sku]))]
    if shades and (wish.lighter or wish.darker):
        found[LIGHTER if wish.lighter else DARKER] = f"{_bound(shades, up=wish.lighter):.1f}"
    return found


def _bound(shades: Sequence[float], up: bool) -> float:
    """What is lighter (`up`) or darker than what was shown: than all of it, or than its middle where it varies."""
    low, high = min(shades), max(shades)
    return (low + high) / 2 if high - low > VARIED else high if up else low


def met(sought: Sought, given_up: Collection[str]) -> Sought:
    """What goes on being looked for: a price that nothing is below holds no longer."""
    gone = {slot for part, slots in SETTLED.items() if part in given_up for slot in slots}
    return replace(sought, slots={name: value for name, value in sought.slots.items() if name not in gone})


SETTLED = {"price": (MOST,), "light": (LIGHTER, DARKER)}
"""Parts of a wish, and what was settled for them."""


def whole(sought: Sought, read: Callable[[str], Wish]) -> Wish:
    """All that is looked for, the slots left out."""
    return reduce(_with, map(read, sought.words), Wish())


def _with(earlier: Wish, said: Wish) -> Wish:
    """Both, what was said later first."""
    wanted = {**earlier.wanted, **said.wanted}
    kept = {name: tuple(v for v in values if v not in said.refused.get(name, ())) for name, values in wanted.items()}
    recoloured = bool(said.colours) or said.recolour
    return replace(
        said,
        wanted={name: values for name, values in kept.items() if values and name not in said.superseded},
        refused={**earlier.refused, **said.refused},
        options=said.options or earlier.options,
        colours=said.colours if recoloured else earlier.colours,
        colour_words=said.colour_words if recoloured else earlier.colour_words,
        not_colours=(*(() if said.colours else earlier.not_colours), *said.not_colours),
        not_words=(*(() if said.colours else earlier.not_words), *said.not_words),
        cheap=said.cheap or earlier.cheap,
        lighter=said.lighter or (earlier.lighter and not said.darker),
        darker=said.darker or (earlier.darker and not said.lighter),
        unknown=said.unknown,
        most=said.most if said.most is not None else earlier.most,
        free=(*earlier.free, *said.free),
        called=said.called or earlier.called,
        latest=frozenset(said.wanted),
        categories=said.categories or earlier.categories,
    )
