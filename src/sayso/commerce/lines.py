"""What a line really is: the options that hold once defaults and left-out values are counted in."""

from __future__ import annotations

from sayso.model.basket import Chosen, Line
from sayso.model.catalog import Catalog, OptionValue


def effective(line: Line, catalog: Catalog) -> tuple[Chosen, ...]:
    """The options that hold on a line: what was chosen, and the defaults that nothing said replaces.

    In a group of which one holds, any choice replaces the default; in a group of many, only leaving the default out or
    counting it anew does. A count of 0 leaves a value out ("no foam").
    """
    product = catalog.products[line.sku]
    defaults = tuple(
        Chosen(group, value)
        for group, value in product.defaults.items()
        if not any(_replaces(chosen, group, value, catalog) for chosen in line.options)
    )
    return tuple(chosen for chosen in line.options if chosen.count) + defaults


def _replaces(chosen: Chosen, group: str, value: str, catalog: Catalog) -> bool:
    if chosen.group != group:
        return False
    declared = catalog.options.get(group)
    many = declared is not None and declared.kind == "many"
    return chosen.value == value or (chosen.count > 0 and not many)


def value_of(chosen: Chosen, catalog: Catalog) -> OptionValue | None:
    """The declared value that was chosen; None when the catalog has no such value."""
    group = catalog.options.get(chosen.group)
    return group.values.get(chosen.value) if group else None


def same_thing(line: Line, catalog: Catalog) -> tuple[str, frozenset[Chosen], tuple[str, ...]]:
    """What makes two lines the same article, whatever their quantity and however their defaults were said."""
    if line.sku not in catalog.products:
        return line.sku, frozenset(line.options), line.notes
    return line.sku, frozenset(effective(line, catalog)), line.notes
