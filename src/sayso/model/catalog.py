"""What a merchant sells. A catalog version is immutable; prices are integer minor units of `currency`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sayso.model.text import Translations

Synonyms = Mapping[str, tuple[str, ...]]
"""Other words for one thing, per language tag."""


@dataclass(frozen=True, slots=True)
class OptionValue:
    """One value of an option group ("oat milk" of "milk"); `price` is added per unit of the line."""

    id: str
    names: Translations
    synonyms: Synonyms = field(default_factory=dict)
    price: int = 0
    adds_allergens: tuple[str, ...] = ()
    removes_allergens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """A choice on a product. kind "one": at most one value; "many": several, each with a count up to `max_count`.
    `spoken`: how a value is said within a line: "before" the product's name, "after" it, or "with" it."""

    id: str
    names: Translations
    values: Mapping[str, OptionValue]
    kind: str = "one"
    max_count: int = 1
    spoken: str = "with"
    synonyms: Synonyms = field(default_factory=dict)
    remember: bool = False
    """What a customer likes of it may be remembered, for those who agree to that."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A further picture of a product, with what it shows; `source` is a path below the merchant's own folder."""

    source: str
    alt: Translations


@dataclass(frozen=True, slots=True)
class Product:
    """One article. `options`: the groups that apply, in order; `defaults`: the value that is meant when none is
    said (a default is never read back); `required`: groups that must be chosen; `only`: values allowed per group
    where not all are. `allergens` None means not declared. `stocked`: stock is counted."""

    sku: str
    names: Translations
    price: int
    category: str
    synonyms: Synonyms = field(default_factory=dict)
    descriptions: Translations = field(default_factory=dict)
    options: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allergens: tuple[str, ...] | None = None
    may_contain: tuple[str, ...] = ()
    vat: str = ""
    withdrawal: str = ""
    age_min: int = 0
    stocked: bool = False
    opening_stock: int = 0
    image: str = ""
    image_alt: Translations = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    """What a merchant declares of it (columns attr_<name>): several values of one are separated by spaces."""
    shots: tuple[Shot, ...] = ()
    """Pictures beyond `image`."""
    page: str = ""
    """Where more can be read: a path on the merchant's site."""
    stock_by: str = ""
    """The option group whose values are counted one by one; "" counts the product as such."""
    opening_stock_by: Mapping[str, int] = field(default_factory=dict)
    """Value of `stock_by` -> units that a place begins with; values without stock of their own are not sold."""

    def stock_id(self, value: str = "") -> str:
        """What is counted: the product, or one of its values ("trail_shoe/42")."""
        return f"{self.sku}/{value}" if self.stock_by and value else self.sku

    @property
    def opening(self) -> Mapping[str, int]:
        """Everything of it that is counted, with the units that a place begins with."""
        if not self.stocked:
            return {}
        by_value = {self.stock_id(value): units for value, units in self.opening_stock_by.items()}
        return by_value if self.stock_by else {self.sku: self.opening_stock}


@dataclass(frozen=True, slots=True)
class Catalog:
    """An immutable version of everything a merchant sells; `version` is the digest of its content."""

    merchant: str
    version: str
    currency: str
    products: Mapping[str, Product]
    options: Mapping[str, OptionGroup]
    categories: Mapping[str, Translations] = field(default_factory=dict)
    vat_rates: Mapping[str, int] = field(default_factory=dict)
    """VAT class -> rate in basis points (900 is 9 %); prices include VAT."""

    def allowed(self, sku: str, group: str) -> tuple[OptionValue, ...]:
        """The values of `group` that may be chosen on `sku`; empty when the group does not apply."""
        product = self.products[sku]
        if group not in product.options:
            return ()
        values = self.options[group].values
        return tuple(values[v] for v in product.only.get(group, tuple(values)))
