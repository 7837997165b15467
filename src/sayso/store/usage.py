"""What merchants' days took of the language model: written with each turn, read for budgets and for `sayso usage`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.model.command import ModelUse
from sayso.store.database import Database
from sayso.store.statements import Script, Statement, whole, words
from sayso.understanding.language_model.budget import Spent

ADD = """INSERT INTO model_usage (merchant, day, turns, calls, failed, prompt, completion, cost)
 VALUES (?, ?, 1, ?, ?, ?, ?, ?)
 ON CONFLICT (merchant, day) DO UPDATE SET turns = model_usage.turns + 1, calls = model_usage.calls + excluded.calls,
 failed = model_usage.failed + excluded.failed, prompt = model_usage.prompt + excluded.prompt,
 completion = model_usage.completion + excluded.completion, cost = model_usage.cost + excluded.cost"""
SPENT = "SELECT prompt + completion, cost FROM model_usage WHERE merchant = ? AND day = ?"
DAYS = """SELECT merchant, day, turns, calls, failed, prompt, completion, cost FROM model_usage
 WHERE (? = '' OR merchant = ?) AND day >= ? ORDER BY day DESC, merchant LIMIT ?"""
WORKED = frozenset({"answered", "nothing", "ungrounded"})
"""Outcomes of a call that came back."""


@dataclass(frozen=True, slots=True)
class UsedDay:
    """A merchant's day. `turns` wanted the model, `calls` were sent, `failed` came to nothing; `cost` is in millionths
    of the unit of the host's prices."""

    merchant: str
    day: str
    turns: int
    calls: int
    failed: int
    prompt: int
    completion: int
    cost: int


@dataclass(frozen=True, slots=True)
class Usage:
    """`understanding.budget.Spending` on any database."""

    database: Database

    async def spent(self, merchant: str, day: str) -> Spent:
        """What all hosts have written down for that day."""
        return await self.database.read(_spent(merchant, day))

    async def days(self, merchant: str = "", since: str = "", limit: int = 100) -> Sequence[UsedDay]:
        """The newest days first, of one merchant or ("") of all, from the day `since` on."""
        return await self.database.read(_days(merchant, since, limit))


def used(merchant: str, use: ModelUse) -> Statement:
    """Adds a turn's use to its merchant's day."""
    failed = int(use.calls > 0 and use.outcome not in WORKED)
    return Statement(ADD, (merchant, use.day, use.calls, failed, use.prompt, use.completion, use.cost))


def _spent(merchant: str, day: str) -> Script[Spent]:
    rows = yield Statement(SPENT, (merchant, day), alone=True)
    return Spent(*map(whole, rows[0])) if rows else Spent()


def _days(merchant: str, since: str, limit: int) -> Script[tuple[UsedDay, ...]]:
    rows = yield Statement(DAYS, (merchant, merchant, since, limit), alone=True)
    return tuple(UsedDay(words(owner), words(day), *map(whole, counts)) for owner, day, *counts in rows)
