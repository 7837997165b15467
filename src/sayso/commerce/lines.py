"""What a line really is: the options that hold once defaults and left-out values are counted in."""

from __future__ import annotations

from collections.abc import Mapping

from sayso.model.basket import Chosen, Line
from sayso.model.catalog import Catalog, OptionValue


def effective(line: Line, catalog: Catalog) -> tuple[Chosen, ...]:
    """The options that hold on a line: what was chosen, and a group's default where nothing of it was chosen.

    A count of 0 leaves a value out ("no foam"); it also silences the group's default when it is that value.
    """
    product = catalog.products[line.sku]
    spoken_for = {chosen.group for chosen in line.options if chosen.count or _is_default(chosen, product.defaults)}
    defaults = tuple(Chosen(group, value) for group, value in product.defaults.items() if group not in spoken_for)
    return tuple(chosen for chosen in line.options if chosen.count) + defaults


def _is_default(chosen: Chosen, defaults: Mapping[str, str]) -> bool:
    return defaults.get(chosen.group) == chosen.value


def value_of(chosen: Chosen, catalog: Catalog) -> OptionValue | None:
    """The declared value that was chosen; None when the catalog has no such value."""
    group = catalog.options.get(chosen.group)
    return group.values.get(chosen.value) if group else None


def same_thing(line: Line, catalog: Catalog) -> tuple[str, frozenset[Chosen], tuple[str, ...]]:
    """What makes two lines the same article, whatever their quantity and however their defaults were said."""
    if line.sku not in catalog.products:
        return line.sku, frozenset(line.options), line.notes
    return line.sku, frozenset(effective(line, catalog)), line.notes
