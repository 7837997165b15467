"""What may be spent on the model: per merchant and day, per merchant at once, and not at all while it is down.

Theory. A turn *takes* from its merchant's day what it will cost at most before it asks, and *settles* for what it did
cost: turns at the same moment cannot overdraw together. What other hosts spent is read from the rows now and then. The
breaker is the usual one: closed; open after so many failures in a row, when nobody waits for what is down; and after a
rest one turn tries again for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from sayso.manifest.specs import ModelTerms

FAILURES = 5
"""Failures in a row that open the breaker."""
RESTS_S = 30.0
"""How long it stays open."""
AT_ONCE = 8
"""Turns of one merchant that wait for a model at the same time; the others go on without."""
READ_AGAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens, and millionths of the unit that prices are in."""

    tokens: int = 0
    cost: int = 0


class Spending(Protocol):
    """What the rows say was spent."""

    async def spent(self, merchant: str, day: str) -> Spent:
        """By all hosts on that day (ISO 8601)."""
        ...


class Nothing:
    """No rows: only what this process spends is known."""

    async def spent(self, merchant: str, day: str) -> Spent:
        return Spent()


@dataclass(slots=True)
class _Day:
    """A merchant's day as this process knows it; `taken` is what turns that run may still cost."""

    day: str
    tokens: int = 0
    cost: int = 0
    taken: Spent = Spent()
    read_at: float | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a turn holds of its merchant's day until it settles."""

    merchant: str
    day: str
    spent: Spent


@dataclass(slots=True)
class Purse:
    """What merchants may spend. `default`: tokens a day where a manifest says nothing; 0 for no limit."""

    spending: Spending = field(default_factory=Nothing)
    default: int = 0
    clock: Callable[[], float] = monotonic
    _days: dict[str, _Day] = field(default_factory=dict)

    async def take(self, merchant: str, day: str, terms: ModelTerms, most: Spent) -> Taken | None:
        """Hold `most` for a turn; None when it would be more than the day has left."""
        today = await self._today(merchant, day)
        tokens, cost = today.tokens + today.taken.tokens + most.tokens, today.cost + today.taken.cost + most.cost
        allowed = terms.daily_tokens or self.default
        if (allowed and tokens > allowed) or (terms.daily_cost and cost > terms.daily_cost):
            return None
        today.taken = Spent(today.taken.tokens + most.tokens, today.taken.cost + most.cost)
        return Taken(merchant, day, most)

    def settle(self, taken: Taken, real: Spent) -> None:
        """The turn has ended and took `real`."""
        today = self._days.get(taken.merchant)
        if today is None or today.day != taken.day:
            return
        today.taken = Spent(today.taken.tokens - taken.spent.tokens, today.taken.cost - taken.spent.cost)
        today.tokens, today.cost = today.tokens + real.tokens, today.cost + real.cost

    async def _today(self, merchant: str, day: str) -> _Day:
        today = self._days.get(merchant)
        if today is None or today.day != day:
            today = self._days[merchant] = _Day(day)
        if today.read_at is None or self.clock() - today.read_at > READ_AGAIN_S:
            rows = await self.spending.spent(merchant, day)
            # What this process settled may not be in the rows yet, and other hosts' is not in this process.
            today.tokens, today.cost = max(today.tokens, rows.tokens), max(today.cost, rows.cost)
            today.read_at = self.clock()
        return today


@dataclass(slots=True)
class Breaker:
    """Whether an endpoint is worth asking."""

    clock: Callable[[], float] = monotonic
    failures: int = 0
    shut_until: float = 0.0
    probing: bool = False

    def ready(self) -> bool:
        """May this turn ask? After a rest the first one may, alone, until it has told how it went."""
        if self.clock() < self.shut_until or self.probing:
            return False
        self.probing = self.failures >= FAILURES
        return True

    def answered(self) -> None:
        """It works."""
        self.failures, self.probing = 0, False

    def failed(self, later: float = 0.0) -> None:
        """It does not; `later`: seconds that it asked to be left alone."""
        self.failures, self.probing = self.failures + 1, False
        rest = RESTS_S if self.failures >= FAILURES else 0.0
        self.shut_until = max(self.shut_until, self.clock() + max(rest, later))

    def left(self) -> None:
        """The turn ended for a reason of its own: nothing is known of the endpoint."""
        self.probing = False


@dataclass(slots=True)
class Door:
    """How many turns of a merchant wait for a model now."""

    most: int = AT_ONCE
    _inside: dict[str, int] = field(default_factory=dict)

    def enter(self, merchant: str) -> bool:
        """False when enough are inside."""
        inside = self._inside.get(merchant, 0)
        if inside >= self.most:
            return False
        self._inside[merchant] = inside + 1
        return True

    def leave(self, merchant: str) -> None:
        """One turn less; a merchant without any takes no room."""
        inside = self._inside.get(merchant, 0) - 1
        if inside > 0:
            self._inside[merchant] = inside
        else:
            self._inside.pop(merchant, None)
