"""Edits of basket lines: pure, and each a failed change away from the old value."""

from __future__ import annotations

from dataclasses import replace

from sayso.model.basket import Chosen, Line
from sayso.model.catalog import Catalog
from sayso.model.command import Item


def new_line(item: Item, sku: str, line_id: str, catalog: Catalog, merchant: str) -> Line:
    """A line for an item whose product is settled. What the customer wants left out is kept as a count of 0."""
    out = tuple(replace(chosen, count=0) for chosen in item.removed)
    doubtful = tuple(d.words for d in item.doubts if not d.candidates)
    notes = item.notes + doubtful
    return Line(line_id, sku, item.quantity or 1, options_set((), item.options + out, catalog), notes, merchant)


def options_set(old: tuple[Chosen, ...], new: tuple[Chosen, ...], catalog: Catalog) -> tuple[Chosen, ...]:
    """`old` with `new` set: a group of kind "one" is replaced, of kind "many" joined value by value."""
    result = list(old)
    for chosen in new:
        group = catalog.options.get(chosen.group)
        many = group is not None and group.kind == "many"
        result = [c for c in result if c.group != chosen.group or (many and c.value != chosen.value)]
        result.append(chosen)
    return tuple(result)


def options_removed(line: Line, out: tuple[Chosen, ...], catalog: Catalog) -> tuple[Chosen, ...]:
    """The line's options without `out`; what was not chosen but comes by default is left out explicitly."""
    options = line.options
    for chosen in out:
        had = any(c.group == chosen.group and c.value == chosen.value and c.count for c in options)
        options = tuple(c for c in options if (c.group, c.value) != (chosen.group, chosen.value))
        default = catalog.products[line.sku].defaults.get(chosen.group) == chosen.value
        if default or not had:
            options += (replace(chosen, count=0),)
    return options


def changed(line: Line, to: Item, relative: bool, catalog: Catalog) -> Line:
    """The line after a change; only what was said changes."""
    if to.products and to.products[0].id != line.sku:
        line = _other_product(line, to.products[0].id, catalog)
    quantity = line.quantity
    if to.quantity is not None:
        quantity = line.quantity + to.quantity if relative else to.quantity
    options = options_set(line.options, to.options, catalog)
    options = options_removed(replace(line, options=options), to.removed, catalog)
    notes = line.notes + tuple(n for n in to.notes if n not in line.notes)
    return replace(line, quantity=quantity, options=options, notes=notes)


def _other_product(line: Line, sku: str, catalog: Catalog) -> Line:
    product = catalog.products[sku]
    kept = tuple(
        c for c in line.options if c.group in product.options and c.value in product.only.get(c.group, (c.value,))
    )
    return replace(line, sku=sku, options=kept)


def added(lines: tuple[Line, ...], line: Line) -> tuple[tuple[Line, ...], str]:
    """The basket with the line, joined with an equal one; and the id of the line it became."""
    for place, old in enumerate(lines):
        if (old.sku, set(old.options), old.notes) == (line.sku, set(line.options), line.notes):
            more = replace(old, quantity=old.quantity + line.quantity)
            return (*lines[:place], more, *lines[place + 1 :]), old.id
    return (*lines, line), line.id


def split(lines: tuple[Line, ...], line_id: str, count: int, new_id: str) -> tuple[tuple[Line, ...], str]:
    """`count` units of the line become a line of their own, right behind it; all of it stays as it is."""
    result: list[Line] = []
    part = line_id
    for line in lines:
        if line.id == line_id and count < line.quantity:
            part = new_id
            result += [replace(line, quantity=line.quantity - count), replace(line, id=new_id, quantity=count)]
        else:
            result.append(line)
    return tuple(result), part


def removed(lines: tuple[Line, ...], line_id: str, count: int | None) -> tuple[Line, ...]:
    """The basket without the line, or with `count` units less of it."""
    result: list[Line] = []
    for line in lines:
        if line.id != line_id:
            result.append(line)
        elif count is not None and count < line.quantity:
            result.append(replace(line, quantity=line.quantity - count))
    return tuple(result)


def replaced(lines: tuple[Line, ...], line: Line) -> tuple[Line, ...]:
    """The basket with the line of the same id replaced; a quantity below 1 takes it out."""
    return tuple(line if old.id == line.id else old for old in lines if old.id != line.id or line.quantity > 0)
