"""What a reply may contain: Facts, names of declared things, and what the customer said.

Every figure that leaves the host (price, stock, time, quantity, duration) is a `Fact` that names the row it was
read from; `Named` is a reference to a declared thing whose name is looked up when the reply is composed in the
conversation's language; `Said` repeats the customer's own words and is never a source of anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sayso.model.money import Money

FactValue = Money | int | datetime | date | timedelta | str


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with its provenance: `source` is a kind of row ("catalog", "ledger", "proposal", "order", "merchant",
    "queue", "clock", "derived"), `id` the row, `version` its version."""

    value: FactValue
    source: str
    id: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a declared thing. `kind`: "product", "option" (id is "group/value"), "group", "location",
    "merchant", "choice" (id is "skill/intent/slot/value"), "language", "category", "allergen"."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Said:
    """The customer's own words, quoted back."""

    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list in a reply, rendered by the sub-template that the placeholder names."""

    params: Mapping[str, Param]


Param = Fact | Named | Said | Row | tuple["Param", ...]
Params = Mapping[str, Param]
