"""What customers said that was not understood: written with the turn, read by the merchant, gone with the customer.

A row goes with its conversation, and with its turn where a device is shared. None is kept longer than KEPT: with each
new one the merchant's oldest are deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from sayso.model.command import Candidate
from sayso.model.trace import Trace
from sayso.store.database import Database
from sayso.store.statements import Script, Statement, micros, moment, words

KEPT = timedelta(days=90)
ADD = """INSERT INTO unheard (turn, merchant, conversation, language, words, nearest, at) VALUES (?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (turn) DO NOTHING"""
PRUNE = "DELETE FROM unheard WHERE merchant = ? AND at < ?"
NEWEST = """SELECT language, words, nearest, at FROM unheard
 WHERE merchant = ? AND at >= ? ORDER BY at DESC, turn LIMIT ?"""
MOST = 2_000
"""Rows that are read to be counted."""


@dataclass(frozen=True, slots=True)
class Missed:
    """The same words, said `times` times, `last` at; `nearest` as of the last time."""

    words: str
    language: str
    times: int
    last: datetime
    nearest: tuple[Candidate, ...]

    @property
    def line(self) -> str:
        """What to copy among the utterances of the intent that was meant, or the questions of an answer."""
        return f"- {orjson.dumps(self.words).decode()}"

    def plain(self) -> dict[str, Any]:
        """As it is given out."""
        return {
            "words": self.words,
            "language": self.language,
            "times": self.times,
            "last": self.last.isoformat(),
            "nearest": [c.id for c in self.nearest],
            "line": self.line,
        }


@dataclass(frozen=True, slots=True)
class UnheardRows:
    """What was not understood, on any database."""

    database: Database

    async def found(self, merchant: str, since: datetime, limit: int = 100) -> Sequence[Missed]:
        """What was said most first, what is new before what is old."""
        return await self.database.read(_found(merchant, since, limit))


def unheard_statements(trace: Trace, conversation: str) -> Iterator[Statement]:
    """What a turn leaves of it."""
    if (said := trace.unheard) is None:
        return
    merchant, nearest = trace.event.merchant, orjson.dumps([[c.id, round(c.score, 3)] for c in said.nearest]).decode()
    yield Statement(ADD, (trace.turn, merchant, conversation, said.language, said.words, nearest, micros(trace.now)))
    yield Statement(PRUNE, (merchant, micros(trace.now - KEPT)))


def _found(merchant: str, since: datetime, limit: int) -> Script[tuple[Missed, ...]]:
    rows = yield Statement(NEWEST, (merchant, micros(since), MOST), alone=True)
    found: dict[tuple[str, str], Missed] = {}
    for language, said, nearest, at in rows:
        key = (words(language), " ".join(words(said).casefold().split()).strip(" .?!"))
        known = found.get(key)
        if known is not None:
            found[key] = Missed(known.words, known.language, known.times + 1, known.last, known.nearest)
            continue
        near = tuple(Candidate(str(id), float(score)) for id, score in orjson.loads(words(nearest)))
        found[key] = Missed(words(said), words(language), 1, moment(at), near)
    return tuple(sorted(found.values(), key=lambda each: -each.times)[:limit])
