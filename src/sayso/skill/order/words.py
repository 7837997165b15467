"""Facts and names for the replies of an order: every figure with the row it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sayso import (
    Catalog,
    Chosen,
    Evidence,
    Fact,
    Fee,
    Location,
    Money,
    Named,
    Option,
    Param,
    Params,
    Priced,
    Row,
    Say,
    Turn,
    holiday_at,
    line_row,
    local,
    pick,
)

SPOKEN_AT_MOST = 3
SHOWN_AT_MOST = 10
GIVEN = Evidence("", "given")
PERSON = Option("order.option_person", Say("person", GIVEN))
AFTER = "@after:"
"""A page of the menu: the candidate after what it shows, with how many products were told before."""


def is_page(id: str) -> bool:
    return id.startswith(AFTER) and id[len(AFTER) :].isdigit()


def product(sku: str) -> Named:
    return Named("product", sku)


def option(chosen: Chosen) -> Named:
    return Named("option", f"{chosen.group}/{chosen.value}")


def place(location: Location) -> Named:
    return Named("location", location.id)


def moment(at: datetime, location: Location, source: str = "queue") -> Fact:
    """A time on the clock of the place."""
    return Fact(local(at, location.zone), source, location.id)


def amount(money: Money, source: str, id: str, version: str = "") -> Fact:
    return Fact(money, source, id, version)


def word(value: str) -> Fact:
    """A word that a reply chooses by."""
    return Fact(value, "derived", value)


def flag(value: bool) -> Fact:
    return word("yes" if value else "no")


def rows(priced: Sequence[Priced], catalog: Catalog) -> tuple[Row, ...]:
    """The lines with their prices."""
    return tuple(
        line_row(p.line, catalog, price=amount(p.total, "catalog", p.line.sku, catalog.version)) for p in priced
    )


def fee_rows(fees: Sequence[Fee]) -> tuple[Row, ...]:
    return tuple(Row({"fee": word(fee.id), "amount": amount(fee.amount, "merchant", fee.id)}) for fee in fees)


def few(turn: Turn, things: Sequence[Param], name: str = "options") -> Params:
    """As many of these as can be told at once, and how many more there are."""
    most = SPOKEN_AT_MOST if turn.voice else SHOWN_AT_MOST
    more = max(0, len(things) - most)
    return {name: tuple(things[:most]), "more": Fact(more, "catalog", name)}


def holiday(turn: Turn, location: Location, at: datetime) -> Params:
    """The holiday of that day as `holiday`, where there is one."""
    found = holiday_at(location, at)
    if found is None:
        return {}
    return {"holiday": Fact(pick(found.names, turn.language), "merchant", f"{location.id}/{found.on.isoformat()}")}
