"""Who is short: stock that is counted, and what staff switched off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso.model.basket import Line
from sayso.model.catalog import Catalog


def wanted(lines: Sequence[Line], catalog: Catalog) -> dict[str, int]:
    """Units per sku whose stock is counted."""
    units: dict[str, int] = {}
    for line in lines:
        product = catalog.products.get(line.sku)
        if product is not None and product.stocked:
            units[line.sku] = units.get(line.sku, 0) + line.quantity
    return units


def short(lines: Sequence[Line], catalog: Catalog, free: Mapping[str, int]) -> dict[str, int]:
    """The counted skus of which there are too few, and how many are left of each."""
    return {sku: max(0, free.get(sku, 0)) for sku, n in wanted(lines, catalog).items() if free.get(sku, 0) < n}


def made_to_order(lines: Sequence[Line], catalog: Catalog) -> int:
    """Units that take a place in the queue: what is taken from counted stock only has to be handed over."""
    return sum(line.quantity for line in lines if not catalog.products[line.sku].stocked)


def product_off(sku: str, switches: frozenset[str]) -> bool:
    return f"sold_out/{sku}" in switches


def option_off(group: str, value: str, switches: frozenset[str]) -> bool:
    return f"sold_out/{group}/{value}" in switches


def paused(location: str, switches: frozenset[str]) -> bool:
    return f"paused/{location}" in switches
