"""What stands between a product and a customer: declared allergens and age.

Only declared rows speak. A product whose allergens are not declared is unknown, never free of anything.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sayso.commerce.lines import effective, value_of
from sayso.model.basket import Line
from sayso.model.catalog import Catalog, Product


@dataclass(frozen=True, slots=True)
class Contents:
    """`contains` and `may_contain` are declared allergen ids in catalog order; `declared` False: nothing is known,
    and both hold only what the options add."""

    contains: tuple[str, ...]
    may_contain: tuple[str, ...]
    declared: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a line does not go with an allergy, worst first: "contains", "unknown", "may_contain"."""

    why: str
    allergens: tuple[str, ...]


def contents(line: Line, catalog: Catalog) -> Contents:
    """The allergens of a line: its product's, less what its options replace, and what they add."""
    product = catalog.products[line.sku]
    values = [value for chosen in effective(line, catalog) if (value := value_of(chosen, catalog))]
    removed = {allergen for value in values for allergen in value.removes_allergens}
    added = [allergen for value in values for allergen in value.adds_allergens]
    kept = [allergen for allergen in product.allergens or () if allergen not in removed]
    contains = tuple(dict.fromkeys([*kept, *added]))
    may = tuple(allergen for allergen in product.may_contain if allergen not in contains)
    return Contents(contains, may, product.allergens is not None)


def conflict(line: Line, allergies: Collection[str], catalog: Catalog) -> Conflict | None:
    """What speaks against a line for someone with these allergies; None when nothing declared does."""
    if not allergies:
        return None
    found = contents(line, catalog)
    if hit := tuple(allergen for allergen in found.contains if allergen in allergies):
        return Conflict("contains", hit)
    if not found.declared:
        return Conflict("unknown", tuple(allergies))
    if hit := tuple(allergen for allergen in found.may_contain if allergen in allergies):
        return Conflict("may_contain", hit)
    return None


def age_trouble(product: Product, *, voice: bool, delivered: bool) -> str:
    """Why a product with an age limit cannot be ordered here; "" when it can, its age checked when handed over.

    A voice shows no document, and a courier is not the merchant's counter.
    """
    if not product.age_min:
        return ""
    if voice:
        return "voice"
    return "delivery" if delivered else ""
