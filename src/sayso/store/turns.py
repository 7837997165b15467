"""Turns: what they write, in one transaction, and what can be read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.host.ports import Posted
from sayso.model.state import State
from sayso.model.trace import Trace
from sayso.model.writes import WriteSet
from sayso.store.apply import apply_script, checked
from sayso.store.codec import Codec
from sayso.store.database import Database
from sayso.store.hiding import hide
from sayso.store.inbox import Kept, States, posted_of, state_script
from sayso.store.statements import Rows, Script, Statement, whole, words

MESSAGES = """SELECT seq, id, body, turn, at, author FROM messages
 WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?"""
ELSEWHERE = """SELECT id, state, schema, version FROM conversations
 WHERE merchant = ? AND customer = ? AND id <> ? AND state IS NOT NULL ORDER BY at DESC, id LIMIT ?"""
TRACE = "SELECT body, before, schema FROM traces WHERE turn = ?"
TRACES = "SELECT body, before, schema FROM traces WHERE conversation = ? ORDER BY at DESC, turn DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class Turns:
    """`host.ports.Turns` on any database."""

    database: Database
    codec: Codec
    states: States

    async def apply(self, writes: WriteSet) -> tuple[Posted, ...]:
        """Apply in one transaction. Raises errors.Conflict and writes nothing when a precondition fails."""
        checked(writes)
        before = self.states.text(writes.conversation, writes.trace.before) if writes.trace else ""
        text = self.codec.dump(State, writes.state)
        posted = await self.database.write(apply_script(writes, self.codec, text, before))
        self.states.keep(writes.conversation, Kept(writes.version + 1, writes.state, text))
        return posted

    async def load(self, conversation: str) -> tuple[State | None, int]:
        """The conversation's state and fencing version; None and 0 when it is new."""
        row = await self.database.read(state_script(conversation))
        return self.states.of(conversation, *row), row[2]

    async def elsewhere(self, merchant: str, customer: str, but: str, limit: int = 5) -> Sequence[State]:
        """How this customer's other conversations with the merchant stand, the newest first; `but` is left out."""
        rows = await self.database.read(_elsewhere((merchant, customer, but, limit)))
        found = (
            self.states.of(words(id), words(text), whole(schema), whole(version)) for id, text, schema, version in rows
        )
        return tuple(state for state in found if state is not None)

    async def messages(self, conversation: str, after: int = 0, limit: int = 200) -> Sequence[Posted]:
        """The conversation's messages with a higher seq, oldest first."""
        return await self.database.read(_messages(conversation, after, limit, self.codec))

    async def hide(self, merchant: str, conversation: str) -> None:
        """Take one-time codes out of what was said."""
        await self.database.write(hide(merchant, conversation, self.codec))

    async def trace(self, turn: str) -> Trace | None:
        """The turn's trace."""
        traces = await self.database.read(_traces(Statement(TRACE, (turn,), alone=True), self.codec))
        return traces[0] if traces else None

    async def traces(self, conversation: str, limit: int = 50) -> Sequence[Trace]:
        """The conversation's traces, newest first."""
        return await self.database.read(_traces(Statement(TRACES, (conversation, limit), alone=True), self.codec))


def _elsewhere(values: tuple[str, str, str, int]) -> Script[Rows]:
    rows: Rows = yield Statement(ELSEWHERE, values, alone=True)
    return rows


def _messages(conversation: str, after: int, limit: int, codec: Codec) -> Script[tuple[Posted, ...]]:
    rows = yield Statement(MESSAGES, (conversation, after, limit), alone=True)
    return tuple(posted_of(row, codec) for row in rows)


def _traces(statement: Statement, codec: Codec) -> Script[tuple[Trace, ...]]:
    rows: Rows = yield statement
    return tuple(codec.load_trace(words(body), words(before), whole(schema)) for body, before, schema in rows)
