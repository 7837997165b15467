"""A receipt: what was agreed, with VAT per rate. Read from the order alone, never from today's catalog prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sayso.commerce.pricing import VatRow, vat_rows
from sayso.model.basket import Fee, Order, Priced
from sayso.model.catalog import Catalog
from sayso.model.money import Money


@dataclass(frozen=True, slots=True)
class Receipt:
    """`lines` and `fees` add up to `total`; so do the gross amounts of `vat`."""

    number: str
    at: datetime
    lines: tuple[Priced, ...]
    fees: tuple[Fee, ...]
    vat: tuple[VatRow, ...]
    total: Money


def receipt(order: Order, catalog: Catalog) -> Receipt:
    """The receipt of an order. `catalog` is the version that the order was priced at (VAT classes and rates)."""
    agreed = order.proposal
    rows = vat_rows(agreed.lines, agreed.fees, catalog)
    return Receipt(order.number, order.placed_at, agreed.lines, agreed.fees, rows, agreed.total)
