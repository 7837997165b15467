"""Who is short: stock that is counted, and what staff switched off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso.commerce.lines import effective
from sayso.model.basket import Line
from sayso.model.catalog import Catalog, Product


def counted(line: Line, catalog: Catalog) -> str:
    """What a line takes from: its product's stock, or that of the size that was chosen; "" when nothing is counted or
    the size is still to be chosen."""
    product = catalog.products.get(line.sku)
    if product is None or not product.stocked:
        return ""
    if not product.stock_by:
        return product.sku
    chosen = next((c.value for c in effective(line, catalog) if c.group == product.stock_by), "")
    return product.stock_id(chosen) if chosen else ""


def wanted(lines: Sequence[Line], catalog: Catalog) -> dict[str, int]:
    """Units of everything that is counted, by what it is counted under."""
    units: dict[str, int] = {}
    for line in lines:
        if id := counted(line, catalog):
            units[id] = units.get(id, 0) + line.quantity
    return units


def short(lines: Sequence[Line], catalog: Catalog, free: Mapping[str, int]) -> dict[str, int]:
    """What there is too little of, and how many are left of each."""
    return {id: max(0, free.get(id, 0)) for id, n in wanted(lines, catalog).items() if free.get(id, 0) < n}


def available(product: Product, free: Mapping[str, int]) -> bool:
    """Is there any left of it, in whatever size?"""
    return not product.stocked or any(free.get(id, 0) > 0 for id in product.opening)


def values_left(product: Product, free: Mapping[str, int]) -> tuple[str, ...]:
    """The sizes that are left of a product that is counted by size, in the order of its declaration."""
    return tuple(value for value in product.opening_stock_by if free.get(product.stock_id(value), 0) > 0)


def made_to_order(lines: Sequence[Line], catalog: Catalog) -> int:
    """Units that take a place in the queue: what is taken from counted stock only has to be handed over."""
    return sum(line.quantity for line in lines if not catalog.products[line.sku].stocked)


def product_off(sku: str, switches: frozenset[str]) -> bool:
    return f"sold_out/{sku}" in switches


def option_off(group: str, value: str, switches: frozenset[str]) -> bool:
    return f"sold_out/{group}/{value}" in switches


def paused(location: str, switches: frozenset[str]) -> bool:
    return f"paused/{location}" in switches
