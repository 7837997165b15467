"""Which lines of the basket are meant: by name, by place, by what was touched last."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.model.basket import Line
from sayso.model.command import Candidate, Item, Target
from sayso.understanding.context import Context

MOST = 50
"""Things of one line that are counted through."""


def by_item(item: Item, context: Context, count: int | None = None, all_of: bool = False) -> Target:
    """The lines that hold the item's product; those that also have its options come alone, if there are any."""
    skus = {c.id for c in item.products}
    found = [line for line in context.lines if line.sku in skus]
    told = [line for line in found if _has(line, item)]
    return _target(item.words, told or found, context, count, all_of)


def by_place(words: str, number: int, context: Context) -> Target:
    """The thing at that place, counted from 1; -1 is the last. Of a line that holds several it is one. Where counting
    things and counting lines lead to different lines, both are candidates, to be asked about."""
    place = number - 1 if number > 0 else number
    units = [line for line in context.lines for _ in range(min(line.quantity, MOST))]
    meant = [*units[place:][:1], *context.lines[place:][:1]] if number > 0 else context.lines[place:][:1]
    lines = {line.id: line for line in meant}
    several = any(line.quantity > 1 for line in lines.values())
    return Target(words, tuple(Candidate(line_id) for line_id in lines), 1 if several else None)


def by_focus(words: str, context: Context, count: int | None = None) -> Target:
    """The line that was touched last; with no focus, the only line, or else all of them, to be asked about."""
    by_id = {line.id: line for line in context.lines}
    subject = context.pending.subject if context.pending else ""
    for line_id in (subject, *context.focus):
        if line_id in by_id:
            return _target(words, [by_id[line_id]], context, count, False)
    return _target(words, list(context.lines), context, count, False)


def everything(words: str, context: Context) -> Target:
    """All lines ("make both iced")."""
    return _target(words, list(context.lines), context, None, True)


def _target(words: str, lines: Sequence[Line], context: Context, count: int | None, all_of: bool) -> Target:
    order = {line_id: n for n, line_id in enumerate(context.focus)}
    if count is not None and len(lines) > 1:
        # "one of the two": a line that holds several is meant before one that holds one.
        plural = [line for line in lines if line.quantity > count]
        lines = plural or lines
    ranked = sorted(lines, key=lambda line: order.get(line.id, len(order)))
    if count is not None and len(ranked) == 1 and count >= ranked[0].quantity:
        count = None
    return Target(words, tuple(Candidate(line.id) for line in ranked), count, all_of)


def _has(line: Line, item: Item) -> bool:
    chosen = {(c.group, c.value) for c in line.options}
    return bool(item.options) and all((c.group, c.value) in chosen for c in item.options)
