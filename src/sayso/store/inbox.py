"""The inbox: every event once, with the state of its conversation, in one transaction."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sayso.errors import Theirs
from sayso.host.ports import Arrival, Posted
from sayso.model.event import Event, words_of
from sayso.model.message import Message
from sayso.model.state import State
from sayso.model.writes import Outgoing
from sayso.store.apply import post
from sayso.store.codec import Codec, mend
from sayso.store.database import Database
from sayso.store.statements import Rows, Script, Statement, Value, micros, moment, whole, words

STORE = """INSERT INTO inbox (merchant, channel, account, native, conversation, seq, at, body)
 SELECT ?, ?, ?, ?, ?, coalesce(max(seq), 0), ?, ? FROM messages WHERE conversation = ?
 ON CONFLICT (merchant, channel, account, native) DO NOTHING RETURNING seq"""
STORED = """SELECT conversation, turn, seq FROM inbox
 WHERE merchant = ? AND channel = ? AND account = ? AND native = ?"""
ANSWER = """SELECT seq, id, body, turn, at, author FROM messages
 WHERE conversation = ? AND seq > ? AND turn = ? AND author <> 'customer' ORDER BY seq"""
STATE = "SELECT state, schema, version FROM conversations WHERE id = ?"
UNANSWERED = "SELECT body FROM inbox WHERE answered_at IS NULL ORDER BY at LIMIT ?"

REMEMBERED = 512
"""Conversations whose newest state is kept decoded."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation's state at a version, with its text."""

    version: int
    state: State
    text: str


@dataclass(frozen=True, slots=True)
class States:
    """The newest states, decoded: a row of the same version need not be decoded again. The row decides: a version that
    differs is read from it, and a conversation that was erased and began anew has another text."""

    codec: Codec
    _kept: OrderedDict[str, Kept] = field(default_factory=OrderedDict)

    def of(self, conversation: str, text: str | None, schema: int, version: int) -> State | None:
        """The state of a row."""
        if text is None:
            return None
        kept = self._kept.get(conversation)
        if kept is not None and kept.version == version and kept.text == text:
            self._kept.move_to_end(conversation)
            return kept.state
        state = self.codec.load_versioned(State, text, schema)
        self.keep(conversation, Kept(version, state, text))
        return state

    def text(self, conversation: str, state: State) -> str:
        """The text of a state, without encoding it when it is the one that was handed out."""
        kept = self._kept.get(conversation)
        return kept.text if kept is not None and kept.state is state else self.codec.dump(State, state)

    def forget(self, conversations: Iterable[str]) -> None:
        """Nothing of these conversations stays in memory."""
        for conversation in conversations:
            self._kept.pop(conversation, None)

    def keep(self, conversation: str, kept: Kept) -> None:
        """Remember a state that is in the store."""
        self._kept[conversation] = kept
        self._kept.move_to_end(conversation)
        if len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)


Row = tuple[str | None, int, int]
"""State text, its schema version, the conversation's version."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """`host.ports.Inbox` on any database."""

    database: Database
    codec: Codec
    states: States

    async def accept(self, event: Event) -> Arrival:
        """Store the event and load its conversation. Raises Theirs (409) for an id that another conversation used."""
        new, row, answer = await self.database.write(accept_script(event, self.codec))
        state = self.states.of(event.key, *row)
        if answer is None:
            return Arrival(new, state, row[2])
        posted = tuple(posted_of(row, self.codec) for row in answer)
        return Arrival(new, state, row[2], tuple(one.message for one in posted), posted)

    async def unanswered(self, limit: int = 100) -> Sequence[Event]:
        """Events without an answer, oldest first."""
        return await self.database.read(unanswered_script(limit, self.codec))


def accept_script(event: Event, codec: Codec) -> Script[tuple[bool, Row, Rows | None]]:
    """Stores the event, and the customer's words in the transcript. Returns whether it is new, the conversation's row
    and the rows of the stored answer (None: not answered)."""
    key = (event.merchant, event.channel, event.account, event.id)
    body = codec.dump(Event, event)
    row = (*key, event.key, micros(event.at), body, event.key)
    stored = yield Statement(STORE, row, locks=(event.key,))
    answer = None
    if stored and (said := words_of(event.body)):
        message = Message(mend(said), language=event.language)
        yield post(event, Outgoing(event.id, message), event.id, event.at, codec, event.key, author="customer")
    elif not stored:
        answer = yield from _answer_script(event, key)
    return bool(stored), (yield from state_script(event.key)), answer


def _answer_script(event: Event, key: tuple[str, ...]) -> Script[Rows | None]:
    ((conversation, turn, seq),) = yield Statement(STORED, key)
    if conversation != event.key:
        raise Theirs(
            f"the event id {event.id!r} was used in another conversation",
            where="event.id",
            mend="give every event an id of its own, a UUID for example",
            code="event_id_reused",
            status=409,
        )
    if not turn:
        return None
    rows = yield Statement(ANSWER, (event.key, seq, turn))
    return rows


def posted_of(row: tuple[Value, ...], codec: Codec) -> Posted:
    """A message of the transcript from its row: seq, id, body, turn, at, author."""
    seq, id, body, turn, at, author = row
    message = codec.load(Message, words(body))
    return Posted(whole(seq), words(id), message, words(turn), moment(at), words(author))


def state_script(conversation: str) -> Script[Row]:
    """The conversation's state and version; version 0 when it is new."""
    rows = yield Statement(STATE, (conversation,), alone=True)
    if not rows:
        return None, 0, 0
    text, schema, version = rows[0]
    return (None if text is None else words(text)), whole(schema), whole(version)


def unanswered_script(limit: int, codec: Codec) -> Script[tuple[Event, ...]]:
    rows = yield Statement(UNANSWERED, (limit,), alone=True)
    return tuple(codec.load(Event, words(body)) for (body,) in rows)
