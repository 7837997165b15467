"""The digest that binds a yes to exactly what was read back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sayso.model.basket import Fee, Priced
from sayso.model.money import Money


def digest(
    *,
    merchant: str,
    intent: str,
    lines: Sequence[Priced],
    slots: Mapping[str, str],
    fees: Sequence[Fee],
    total: Money,
    location: str,
    ready_at: datetime | None,
    kind: str = "exact",
) -> str:
    """SHA-256 (hex) over everything that the customer agrees to; any difference in it is another digest."""
    content = [
        [merchant, intent, kind, location, ready_at.astimezone(UTC).isoformat() if ready_at else ""],
        [_line(priced) for priced in lines],
        sorted(slots.items()),
        [[fee.id, *_money(fee.amount)] for fee in fees],
        _money(total),
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def _line(priced: Priced) -> list[object]:
    line = priced.line
    options = sorted([chosen.group, chosen.value, chosen.count] for chosen in line.options)
    article = [line.merchant, line.sku, line.quantity, options, list(line.notes)]
    return [*article, _money(priced.unit), _money(priced.total)]


def _money(amount: Money) -> list[object]:
    return [amount.minor, amount.currency]


def new_id(seed: str, *parts: object) -> str:
    """An id that follows from a turn's seed and what it is for, so that a replayed turn makes the same ids."""
    return hashlib.sha256("\x1f".join([seed, *map(str, parts)]).encode()).hexdigest()[:24]
