"""Prices, totals and VAT. Prices include VAT and are integer minor units; nothing here rounds but VAT.

A line's unit price is its product's price and the price of every option that holds on it, defaults included, so that
saying a default changes nothing. The VAT that a gross amount g holds at a rate of r basis points is g*r/(10000+r),
rounded half up once per VAT class (Wet op de omzetbelasting 1968 leaves the unit of rounding free; per class is what
a receipt shows). A fee is an ancillary supply: it follows the classes of what is delivered, in proportion.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sayso.commerce.lines import effective, value_of
from sayso.model.basket import Fee, Line, Priced
from sayso.model.catalog import Catalog
from sayso.model.money import Money


@dataclass(frozen=True, slots=True)
class VatRow:
    """One rate of a receipt: `gross` = `net` + `vat`; `rate` in basis points."""

    vat_class: str
    rate: int
    gross: Money
    net: Money
    vat: Money


def unit_price(line: Line, catalog: Catalog) -> Money:
    """The price of one unit. Raises KeyError for a product that the catalog does not have."""
    extras = ((value_of(chosen, catalog), chosen.count) for chosen in effective(line, catalog))
    minor = catalog.products[line.sku].price + sum(value.price * count for value, count in extras if value)
    return Money(minor, catalog.currency)


def price(lines: Sequence[Line], catalog: Catalog) -> tuple[Priced, ...]:
    """Every line with its price at this catalog version."""
    units = [unit_price(line, catalog) for line in lines]
    return tuple(Priced(line, unit, unit * line.quantity) for line, unit in zip(lines, units, strict=True))


def total(priced: Iterable[Priced], fees: Iterable[Fee], currency: str) -> Money:
    """What is to be paid: the lines and the fees."""
    return sum_of([*(p.total for p in priced), *(fee.amount for fee in fees)], currency)


def sum_of(amounts: Iterable[Money], currency: str) -> Money:
    """The sum; zero of `currency` for none. Raises ValueError for mixed currencies."""
    result = Money(0, currency)
    for amount in amounts:
        result += amount
    return result


def vat_rows(priced: Sequence[Priced], fees: Sequence[Fee], catalog: Catalog) -> tuple[VatRow, ...]:
    """The amounts per VAT class, largest rate last; they add up to the total exactly."""
    gross: dict[str, int] = {}
    for p in priced:
        vat_class = catalog.products[p.line.sku].vat
        gross[vat_class] = gross.get(vat_class, 0) + p.total.minor
    shared = apportion(sum(fee.amount.minor for fee in fees), gross)
    both = {vat_class: gross.get(vat_class, 0) + shared.get(vat_class, 0) for vat_class in {**gross, **shared}}
    rows = [_row(vat_class, minor, catalog) for vat_class, minor in both.items()]
    return tuple(sorted(rows, key=lambda row: (row.rate, row.vat_class)))


def _row(vat_class: str, minor: int, catalog: Catalog) -> VatRow:
    rate = catalog.vat_rates.get(vat_class, 0)
    vat = (2 * minor * rate + 10_000 + rate) // (2 * (10_000 + rate))
    currency = catalog.currency
    return VatRow(vat_class, rate, Money(minor, currency), Money(minor - vat, currency), Money(vat, currency))


def apportion(amount: int, weights: Mapping[str, int]) -> dict[str, int]:
    """`amount` split in proportion to `weights`, by largest remainder, so that the parts sum to it exactly.

    Equal weights are used when all are zero; no weights at all put everything under "".
    """
    if not weights:
        return {"": amount} if amount else {}
    if not any(weights.values()):
        weights = dict.fromkeys(weights, 1)
    whole = sum(weights.values())
    parts = {key: amount * weight // whole for key, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda key: (-(amount * weights[key] % whole), key))
    for key in by_remainder[: amount - sum(parts.values())]:
        parts[key] += 1
    return parts
