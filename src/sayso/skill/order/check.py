"""May these lines be sold as they are? Every trouble names its line, and what could be had instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from sayso import (
    Check,
    Checked,
    Chosen,
    Fact,
    Line,
    Location,
    Named,
    Product,
    Rows,
    Trouble,
    Turn,
    age_trouble,
    available,
    conflict,
    counted,
    effective,
    option_off,
    product_off,
    short,
    values_left,
    wanted,
)
from sayso.skill.order.slots import candidates, chosen_location, wishes
from sayso.skill.order.words import few, option, product

SUBSTITUTES = 3


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be sold now: staff's switches, and free units of counted stock at the chosen location (the most that
    any location has, while none is chosen)."""

    switches: frozenset[str]
    free: dict[str, int]


async def check(turn: Turn, basket: Check) -> Checked:
    """Complete the lines and name every trouble, line by line."""
    lines = tuple(replace(line, merchant=line.merchant or turn.merchant.id) for line in basket.lines)
    location = chosen_location(turn, wishes(turn, basket.intent, basket.slots))
    _, found = await examine(turn, turn.rows, location, lines, basket.allergies)
    return Checked(lines, found)


async def examine(
    turn: Turn, rows: Rows, location: Location | None, lines: Sequence[Line], allergies: Sequence[str] = ()
) -> tuple[Shelf, tuple[Trouble, ...]]:
    """The shelf and the troubles of these lines. All stock is read only when a substitute is looked for."""
    shelf = await _read(turn, rows, location, [line.sku for line in lines])
    found = troubles(turn, lines, shelf, allergies)
    if any(trouble.slot == "product" for trouble in found):
        shelf = await _read(turn, rows, location, list(turn.catalog.products))
        found = troubles(turn, lines, shelf, allergies)
    return shelf, found


async def _read(turn: Turn, rows: Rows, location: Location | None, skus: Sequence[str]) -> Shelf:
    products = [turn.catalog.products[sku] for sku in skus if sku in turn.catalog.products]
    counted = sorted({id for each in products for id in each.opening})
    free: dict[str, int] = {}
    places = [location.id] if location else list(turn.merchant.locations)
    for place in places if counted else ():
        for id, n in (await rows.stock(place, counted)).items():
            free[id] = max(free.get(id, 0), n)
    return Shelf(await rows.switches(), free)


def troubles(turn: Turn, lines: Sequence[Line], shelf: Shelf, allergies: Sequence[str]) -> tuple[Trouble, ...]:
    """At most one trouble a line: the first that its rules find."""
    found = (_trouble(turn, line, lines, shelf, allergies) for line in lines)
    return tuple(trouble for trouble in found if trouble is not None)


@dataclass(frozen=True, slots=True)
class Case:
    """A line under examination."""

    turn: Turn
    line: Line
    product: Product
    lines: Sequence[Line]
    shelf: Shelf
    allergies: Sequence[str]

    def trouble(self, key: str, **more: object) -> Trouble:
        return Trouble(key, {"product": product(self.line.sku)}, line=self.line.id, **more)  # type: ignore[arg-type]

    def instead(self, key: str) -> Trouble:
        """A trouble that another product mends."""
        found = substitutes(self)
        named = tuple(product(sku) for sku in found)
        told = self.trouble(key, slot="product", options=candidates(*found))
        return replace(told, params={**told.params, "options": named})

    def values(self, key: str, group: str, bad: Chosen | None = None) -> Trouble:
        """A trouble that another value of a group mends."""
        off = self.shelf.switches
        good = [v.id for v in self.turn.catalog.allowed(self.line.sku, group) if not option_off(group, v.id, off)]
        if group == self.product.stock_by:
            left = values_left(self.product, self.shelf.free)
            good = [value for value in good if value in left]
        names = tuple(Named("option", f"{group}/{value}") for value in good if not bad or value != bad.value)
        told = self.trouble(key, group=group, options=candidates(*(name.id for name in names)))
        params = {**told.params, **few(self.turn, names), "group": Named("group", group)}
        return replace(told, params=params | ({"option": option(bad)} if bad else {}))


def _trouble(turn: Turn, line: Line, lines: Sequence[Line], shelf: Shelf, allergies: Sequence[str]) -> Trouble | None:
    known = turn.catalog.products.get(line.sku)
    if known is None:
        return Trouble("order.gone", line=line.id, slot="product")
    case = Case(turn, line, known, lines, shelf, allergies)
    return next((trouble for rule in RULES for trouble in rule(case)), None)


def quantity(case: Case) -> Iterator[Trouble]:
    """Implausible amounts are asked about, never clamped."""
    line, most = case.line, case.turn.merchant.max_quantity
    if line.quantity > most:
        told = case.trouble("order.quantity_high", slot="quantity")
        figures = {"quantity": Fact(line.quantity, "line", line.id), "max": Fact(most, "merchant", "max_quantity")}
        yield replace(told, params={**told.params, **figures})
    elif line.quantity <= 0:
        yield case.trouble("order.quantity_low", slot="quantity")


def sold_out(case: Case) -> Iterator[Trouble]:
    """Switched off by staff, or nothing left of counted stock."""
    if product_off(case.line.sku, case.shelf.switches) or not available(case.product, case.shelf.free):
        yield case.instead("order.sold_out")
    elif _left(case) == 0:
        yield from _size_out(case)


def _size_out(case: Case) -> Iterator[Trouble]:
    """None left in this size, but in others: the nearest ones are offered."""
    group = case.product.stock_by
    chosen = next(c for c in effective(case.line, case.turn.catalog) if c.group == group)
    order = list(case.turn.catalog.options[group].values)
    told = case.values("order.size_sold_out", group, chosen)
    near = sorted(told.options, key=lambda c: abs(order.index(c.id.partition("/")[2]) - order.index(chosen.value)))
    kept = tuple(near[:SUBSTITUTES])
    names = tuple(Named("option", candidate.id) for candidate in kept)
    yield replace(told, params={**told.params, **few(case.turn, names)}, options=kept)


def few_left(case: Case) -> Iterator[Trouble]:
    """Less counted stock than all lines that take from it want together."""
    left = _left(case)
    if left is not None:
        told = case.trouble("order.few_left", slot="quantity")
        id = counted(case.line, case.turn.catalog)
        figures = {
            "left": Fact(left, "stock", id),
            "quantity": Fact(wanted(case.lines, case.turn.catalog)[id], "line", case.line.id),
        }
        yield replace(told, params={**told.params, **figures})


def _left(case: Case) -> int | None:
    """How many are left, where that is too few; None where there are enough, or where it is not made so at all."""
    group = case.product.stock_by
    made = {value.id for value in case.turn.catalog.allowed(case.line.sku, group)} if group else set()
    if any(c.group == group and c.value not in made for c in case.line.options if group):
        return None
    return short(case.lines, case.turn.catalog, case.shelf.free).get(counted(case.line, case.turn.catalog))


def options(case: Case) -> Iterator[Trouble]:
    """Only declared values, as often as declared, one where only one holds, and every required group."""
    catalog = case.turn.catalog
    for chosen in (chosen for chosen in case.line.options if chosen.count):
        group = catalog.options.get(chosen.group)
        if chosen.value not in {value.id for value in catalog.allowed(case.line.sku, chosen.group)} or group is None:
            yield case.values("order.option_not_offered", chosen.group, chosen)
        elif option_off(chosen.group, chosen.value, case.shelf.switches):
            yield case.values("order.option_sold_out", chosen.group, chosen)
        elif chosen.count > (group.max_count if group.kind == "many" else 1):
            told = case.values("order.option_count", chosen.group)
            most = Fact(group.max_count, "catalog", group.id)
            yield replace(told, params={**told.params, "option": option(chosen), "max": most})
    yield from _groups(case)


def _groups(case: Case) -> Iterator[Trouble]:
    catalog, held = case.turn.catalog, effective(case.line, case.turn.catalog)
    for name in case.product.options:
        group = catalog.options[name]
        count = sum(chosen.group == name for chosen in held)
        if count > 1 and group.kind == "one":
            yield case.values("order.option_one", name)
        if not count and name in case.product.required:
            yield case.values("order.choose", name)
    for chosen in held:
        if chosen not in case.line.options and option_off(chosen.group, chosen.value, case.shelf.switches):
            yield case.values("order.option_sold_out", chosen.group, chosen)


def allergy(case: Case) -> Iterator[Trouble]:
    """The customer's allergy is a constraint of every line; what is not declared is not assumed."""
    found = conflict(case.line, case.allergies, case.turn.catalog)
    if found is None:
        return
    told = case.instead(f"order.allergy_{found.why}")
    yield replace(told, params={**told.params, "allergens": tuple(Named("allergen", a) for a in found.allergens)})


def age(case: Case) -> Iterator[Trouble]:
    """A voice cannot show its age."""
    if age_trouble(case.product, voice=case.turn.voice, delivered=False):
        told = case.instead("order.age_voice")
        yield replace(told, params={**told.params, "age": Fact(case.product.age_min, "catalog", case.line.sku)})


Rule = Callable[[Case], Iterator[Trouble]]
RULES: tuple[Rule, ...] = (sold_out, age, allergy, quantity, few_left, options)
"""In the order in which a person would bring them up: first what cannot be had at all."""


def substitutes(case: Case) -> tuple[str, ...]:
    """Up to three products of the same category that can be had, nearest in price first."""
    turn, shelf = case.turn, case.shelf
    near = sorted(
        (
            p
            for p in turn.catalog.products.values()
            if p.category == case.product.category and p.sku != case.product.sku
        ),
        key=lambda p: (abs(p.price - case.product.price), p.sku),
    )
    return tuple(p.sku for p in near if _can_be_had(turn, p, shelf, case.allergies))[:SUBSTITUTES]


def _can_be_had(turn: Turn, other: Product, shelf: Shelf, allergies: Sequence[str]) -> bool:
    line = Line("", other.sku)
    sold = product_off(other.sku, shelf.switches) or not available(other, shelf.free)
    return not sold and conflict(line, allergies, turn.catalog) is None and not other.age_min
