"""The desk: tasks that wait for a person, what was said about them, and the end of their conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from sayso.host.ports import Note, Posted, Task
from sayso.store.codec import Codec
from sayso.store.database import Database
from sayso.store.inbox import posted_of
from sayso.store.statements import Rows, Script, Statement, Value, moment, words

TASKS = """SELECT id, conversation, reason, summary, promised, at FROM tasks
 WHERE merchant = ? AND state = 'open' ORDER BY coalesce(promised, at), at, id LIMIT ?"""
TASK = """SELECT id, conversation, reason, summary, promised, at FROM tasks
 WHERE merchant = ? AND id = ? AND state = 'open'"""
NOTES = "SELECT task, author, name, words, at FROM task_notes WHERE merchant = ? AND task IN ({marks}) ORDER BY id"
LAST = """SELECT seq, id, body, turn, at, author FROM messages
 WHERE merchant = ? AND conversation = ? ORDER BY seq DESC LIMIT ?"""


@dataclass(frozen=True, slots=True)
class Desk:
    """`host.ports.Desk` on any database."""

    database: Database
    codec: Codec

    async def waiting(self, merchant: str, limit: int = 100) -> Sequence[Task]:
        """Open tasks, the one that was promised first first."""
        return await self.database.read(_tasks(merchant, Statement(TASKS, (merchant, limit))))

    async def task(self, merchant: str, id: str) -> Task | None:
        """An open task; None for any other."""
        found = await self.database.read(_tasks(merchant, Statement(TASK, (merchant, id))))
        return found[0] if found else None

    async def transcript(self, merchant: str, conversation: str, limit: int = 30) -> Sequence[Posted]:
        """The last messages of a conversation of the merchant's, oldest first."""
        rows = await self.database.read(_rows(Statement(LAST, (merchant, conversation, limit), alone=True)))
        return tuple(posted_of(row, self.codec) for row in reversed(rows))


def _rows(statement: Statement) -> Script[Rows]:
    rows = yield statement
    return rows


def _tasks(merchant: str, statement: Statement) -> Script[tuple[Task, ...]]:
    rows = yield statement
    ids = tuple(words(row[0]) for row in rows)
    if not ids:
        return ()
    notes: dict[str, list[Note]] = {id: [] for id in ids}
    said = yield Statement(NOTES.format(marks=", ".join("?" * len(ids))), (merchant, *ids))
    for task, author, name, text, at in said:
        notes[words(task)].append(Note(words(author), words(name), words(text), moment(at)))
    return tuple(_task(merchant, row, tuple(notes[words(row[0])])) for row in rows)


def _task(merchant: str, row: tuple[Value, ...], notes: tuple[Note, ...]) -> Task:
    id, conversation, reason, summary, promised, at = row
    due = None if promised is None else moment(promised)
    about = orjson.loads(words(summary))
    return Task(words(id), merchant, words(conversation), words(reason), about, due, moment(at), notes)
