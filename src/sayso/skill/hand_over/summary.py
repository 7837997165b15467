"""What a person needs to know at a glance, so that the customer need not say it again: ids and the customer's own
words. The transcript has the rest."""

from __future__ import annotations

from collections.abc import Mapping

from sayso import HandOver, Line, Turn

MOST = 200
"""Characters of one field."""


def summary(turn: Turn, asked: HandOver) -> Mapping[str, str]:
    """Fields of the task; empty ones are left out."""
    fields = {
        "language": turn.language,
        "intent": asked.intent,
        "basket": "; ".join(_told(line) for line in asked.lines),
        **{f"slot.{name}": value for name, value in asked.slots.items()},
        "verified": "yes" if turn.assurance in ("linked", "pin") else "",
    }
    return {name: value[:MOST] for name, value in fields.items() if value}


def _told(line: Line) -> str:
    options = (f"{c.group}={c.value}" + (f"*{c.count}" if c.count != 1 else "") for c in line.options)
    return " ".join((str(line.quantity), line.sku, *options))
