"""A basket line in the words of a reply: the parameters of the sub-template `order.line`."""

from __future__ import annotations

from sayso.model.basket import Line
from sayso.model.catalog import Catalog
from sayso.model.fact import Fact, Named, Param, Row, Said


def line_row(line: Line, catalog: Catalog, **more: Param) -> Row:
    """The line's quantity, product, options by where they are spoken ("before", "with", "after") and notes.

    An option chosen several times is named "group/value*count"; one that is left out (a count of 0) stands in
    "without". `more` adds parameters such as a price Fact.
    """
    said: dict[str, list[Param]] = {"before": [], "with": [], "after": [], "without": []}
    for chosen in line.options:
        group = catalog.options.get(chosen.group)
        count = f"*{chosen.count}" if chosen.count > 1 else ""
        place = "without" if not chosen.count else group.spoken if group else "with"
        said[place].append(Named("option", f"{chosen.group}/{chosen.value}{count}"))
    return Row(
        {
            "quantity": Fact(line.quantity, "line", line.id),
            "product": Named("product", line.sku),
            "notes": tuple(Said(note) for note in line.notes),
            **{place: tuple(names) for place, names in said.items()},
            **more,
        }
    )
