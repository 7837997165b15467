"""The small notations of a manifest: amounts, rates, days, opening hours. Each raises ValueError with what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from sayso.manifest.specs import Absence, Opening

DAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1)}
RANGE = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
AMOUNT = re.compile(r"-?\d{1,9}(\.\d+)?")


def minor_units(text: str, currency: str) -> int:
    """ "2.50" of EUR is 250."""
    if not AMOUNT.fullmatch(text):
        raise ValueError(f'"{text}" is not an amount')
    # Babel takes a while to import, and whoever only writes a skill does not need it.
    from babel.numbers import get_currency_precision

    decimals = get_currency_precision(currency)
    try:
        scaled = Decimal(text).scaleb(decimals)
    except InvalidOperation:
        raise ValueError(f'"{text}" is not an amount') from None
    if scaled != scaled.to_integral_value():
        raise ValueError(f'"{text}" has more than {decimals} decimals')
    return int(scaled)


def basis_points(text: str) -> int:
    """ "9 %" is 900."""
    return int(Decimal(text.rstrip(" %").replace(",", ".")) * 100)


def weekdays(text: str) -> tuple[int, ...]:
    """ "mon-fri" is (1, 2, 3, 4, 5); "sat, sun" is (6, 7); a range may run past Sunday."""
    found: list[int] = []
    for part in text.lower().split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(f'"{text}" is not a day or a range of days')
        start, span = DAYS[first], (DAYS[last or first] - DAYS[first]) % 7
        found += [(start - 1 + step) % 7 + 1 for step in range(span + 1)]
    return tuple(found)


def openings(value: object, last_orders: int = 0) -> tuple[Opening, ...]:
    """ "07:30-19:00", a list of such, "00:00-24:00" (the whole day), or "closed"."""
    texts = value if isinstance(value, list) else [value]
    if texts == ["closed"]:
        return ()
    found = sorted((_opening(text, last_orders) for text in texts), key=lambda opening: opening.opens)
    for before, after in pairwise(found):
        if after.opens < before.closes or before.closes <= before.opens:
            raise ValueError(f"{_said(before)} overlaps {_said(after)}")
    return tuple(found)


def absence(text: str) -> Absence:
    """ "2026-12-24", "2026-12-24/2027-01-02" (both included) or "2026-12-24 13:00-17:00"."""
    days, _, hours = text.strip().partition(" ")
    first, slash, last = days.partition("/")
    found = Absence(day(first), day(last if slash else first))
    if found.last < found.first:
        raise ValueError(f'"{text}" ends before it begins')
    if not hours:
        return found
    away = _opening(hours, 0)
    if slash or away.closes <= away.opens:
        raise ValueError(f'"{text}" has hours that are not within one day')
    return Absence(found.first, found.last, away.opens, away.closes)


def _opening(text: object, last_orders: int) -> Opening:
    match = RANGE.fullmatch(str(text).strip())
    if not match:
        raise ValueError(f'"{text}" is not a range of hours')
    first, second = _clock(match[1], match[2]), _clock(match[3], match[4])
    if first == second and match[3] != "24":
        raise ValueError(f'"{text}" opens and closes at the same time; write 00:00-24:00 for a whole day')
    return Opening(first, second, last_orders)


def _clock(hour: str, minute: str) -> time:
    try:
        return time(0 if (hour, minute) == ("24", "00") else int(hour), int(minute))
    except ValueError:
        raise ValueError(f'"{hour}:{minute}" is not a time of day') from None


def _said(opening: Opening) -> str:
    return f"{opening.opens:%H:%M}-{opening.closes:%H:%M}"


def day(text: object) -> date:
    """ "2026-12-25"."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise ValueError(f'"{text}" is not a day') from None


def repeated(items: Iterable[str]) -> Sequence[str]:
    """Those that are there more than once, in order."""
    seen: set[str] = set()
    return [item for item in items if item in seen or seen.add(item)]  # type: ignore[func-returns-value]
