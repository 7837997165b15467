"""What comes due: claimed by one worker at a time, done once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sayso.host.ports import Clock
from sayso.model.writes import Job
from sayso.store.codec import Codec
from sayso.store.database import Database
from sayso.store.statements import Rows, Script, Statement, Value, micros, moment, words

LEASE = timedelta(minutes=1)
CLAIM = """UPDATE jobs SET claimed_until = ?, attempts = attempts + 1 WHERE id IN (
 SELECT id FROM jobs WHERE done_at IS NULL AND due <= ? AND (claimed_until IS NULL OR claimed_until <= ?)
 ORDER BY due, id LIMIT ? /*pg FOR UPDATE SKIP LOCKED */)
 RETURNING id, merchant, kind, due, conversation, payload"""
DONE = "UPDATE jobs SET done_at = ? WHERE id = ? AND done_at IS NULL"
NEXT = """SELECT min(CASE WHEN claimed_until > due THEN claimed_until ELSE due END) FROM jobs WHERE done_at IS NULL"""


@dataclass(frozen=True, slots=True)
class Jobs:
    """`host.ports.Jobs` on any database. A job that is done keeps its row, so that planning it again does nothing."""

    database: Database
    codec: Codec
    clock: Clock

    async def due(self, now: datetime, limit: int = 100) -> Sequence[Job]:
        """Claim jobs that are due, the longest due first; a claim lapses after a minute."""
        until, at = micros(now + LEASE), micros(now)
        rows = await self.database.write(_rows(Statement(CLAIM, (until, at, at, limit))))
        return sorted((self._job(row) for row in rows), key=lambda job: (job.due, job.id))

    async def done(self, job: str) -> None:
        """It was handled; it never comes due again."""
        await self.database.write(_rows(Statement(DONE, (micros(self.clock.now()), job))))

    async def next_due(self) -> datetime | None:
        """When the next job is due or a claim on one lapses; None when nothing is planned."""
        rows = await self.database.read(_rows(Statement(NEXT, alone=True)))
        return None if rows[0][0] is None else moment(rows[0][0])

    def _job(self, row: tuple[Value, ...]) -> Job:
        id, merchant, kind, due, conversation, payload = row
        held = None if payload is None else self.codec.load(Mapping[str, str], words(payload))  # type: ignore[type-abstract]
        return Job(words(id), words(merchant), words(kind), moment(due), words(conversation), held)


def _rows(statement: Statement) -> Script[Rows]:
    rows = yield statement
    return rows
