"""A turn's WriteSet as one script. Pure.

Its moment is the trace's `now`, else the event's `at`: no clock is read here, so that a replayed turn writes the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sayso.errors import SaysoError
from sayso.host.ports import Posted
from sayso.model.effect import TRANSITIONS, Change, Effect, OrderPlaced
from sayso.model.event import Closed, Controlled, Due, Event, Opted, Proven, Renumbered, Written
from sayso.model.message import Message
from sayso.model.state import SCHEMA_VERSION
from sayso.model.trace import Trace
from sayso.model.writes import Job, Outgoing, WriteSet
from sayso.store.changes import change_locks, change_statements
from sayso.store.codec import Codec
from sayso.store.hiding import hidden_text
from sayso.store.renumbering import renumbered, renumbering_locks
from sayso.store.revising import revised
from sayso.store.statements import Script, Statement, micros, whole
from sayso.store.unheard import unheard_statements
from sayso.store.usage import used

NEW_STATE = """INSERT INTO conversations
 (id, merchant, channel, account, native, language, customer, state, schema, version, at, heard_at, muted)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, coalesce(?, ''))
 ON CONFLICT (id) DO UPDATE SET language = excluded.language, customer = excluded.customer, state = excluded.state,
 schema = excluded.schema, version = 1, at = excluded.at, heard_at = excluded.heard_at, muted = excluded.muted
 WHERE conversations.version = 0"""
NEXT_STATE = """UPDATE conversations SET language = ?, customer = ?, state = ?, schema = ?, at = ?,
 heard_at = coalesce(?, heard_at), muted = coalesce(?, muted), version = version + 1
 WHERE id = ? AND merchant = ? AND version = ?"""
TRACE = """INSERT INTO traces (turn, merchant, conversation, at, schema, before, body) VALUES (?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (turn) DO NOTHING"""
PROPOSAL = """INSERT INTO proposals (id, merchant, conversation, digest, expires, at, body) VALUES (?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, expires = excluded.expires, body = excluded.body"""
EFFECT = """INSERT INTO effects (id, merchant, conversation, customer, key, state, at, body, changes)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
EFFECT_LOG = "INSERT INTO effect_log (merchant, effect, state, at) VALUES (?, ?, ?, ?)"
POST = """INSERT INTO messages (conversation, seq, merchant, id, author, turn, at, push, lane, body)
 SELECT ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ? FROM messages WHERE conversation = ? RETURNING seq"""
PLAN = """INSERT INTO jobs (id, merchant, kind, due, conversation, payload) VALUES (?, ?, ?, ?, ?, ?)
 ON CONFLICT (id) DO NOTHING"""
DROP = "DELETE FROM jobs WHERE id = ? AND merchant = ?"
ANSWERED = """UPDATE inbox SET turn = ?, answered_at = ?
 WHERE merchant = ? AND channel = ? AND account = ? AND native = ? AND (answered_at IS NULL OR turn = ?)"""


def apply_script(writes: WriteSet, codec: Codec, state: str, before: str) -> Script[tuple[Posted, ...]]:
    """Everything that a turn writes; returns its messages as posted. `state` and `before` are the texts of
    `writes.state` and of the trace's `before`. Conflicts: "version", "stock", "capacity", "number" (another order
    has it), "order", "effect" (its key is another effect's, or its state cannot follow), "event" (it is not in the
    inbox or another turn answered it)."""
    now = writes.trace.now if writes.trace else writes.event.at
    turn = writes.trace.turn if writes.trace else writes.event.id
    locks = (writes.conversation, *change_locks(writes.changes), *renumbering_locks(writes.event))
    yield replace(_state(writes, state, now), locks=locks)
    for statement in _rows(writes, codec, now, turn, before):  # noqa: UP028  plain iterators take no sent rows
        yield statement
    for job in (yield from revised(writes.event, now, codec)):
        yield _plan(job, codec)
    posted = []
    for outgoing in writes.outgoing:
        rows = yield post(writes.event, outgoing, turn, now, codec, writes.conversation)
        seq = whole(rows[0][0])
        posted.append(Posted(seq, outgoing.id, outgoing.message, turn, now, outgoing.message.author))
    if writes.trace:
        yield _answered(writes.event, turn, now)
    if isinstance(writes.event.body, Renumbered):
        yield from renumbered(writes.event, writes.event.body.to, now, codec)
    return tuple(posted)


def _state(writes: WriteSet, text: str, now: datetime) -> Statement:
    event, state, at = writes.event, writes.state, micros(now)
    heard = _heard(event, writes.trace.turn if writes.trace else event.id)
    if writes.version:
        key = (writes.conversation, event.merchant, writes.version)
        values = (state.language, state.customer, text, SCHEMA_VERSION, at, *heard, *key)
        return Statement(NEXT_STATE, values, "version", writes.conversation)
    home = (writes.conversation, event.merchant, event.channel, event.account, event.conversation)
    row = (*home, state.language, state.customer, text, SCHEMA_VERSION, at, *heard)
    return Statement(NEW_STATE, row, "version", writes.conversation)


def _rows(writes: WriteSet, codec: Codec, now: datetime, turn: str, before: str) -> Iterator[Statement]:
    merchant, at = writes.event.merchant, micros(now)
    if writes.trace:
        yield _trace(writes.trace, writes.conversation, codec, before)
        yield from unheard_statements(writes.trace, writes.conversation)
    if offer := writes.proposal:
        row = (offer.id, merchant, writes.conversation, offer.digest, micros(offer.expires), at)
        yield Statement(PROPOSAL, (*row, codec.dump(type(offer), offer)))
    made = writes.effect_changes or {}
    for effect in writes.effects:
        yield from effect_statements(effect, made.get(effect.id), codec)
    yield from change_statements(writes.changes, now, turn, codec)
    for job in writes.dropped:
        yield Statement(DROP, (job, merchant))
    for planned in writes.jobs:
        yield _plan(planned, codec)
    if writes.trace and writes.trace.model:
        # Last: every turn of a merchant on this day changes this row.
        yield used(merchant, writes.trace.model)


def _trace(trace: Trace, conversation: str, codec: Codec, before: str) -> Statement:
    home = (trace.turn, trace.event.merchant, conversation, micros(trace.now), SCHEMA_VERSION)
    return Statement(TRACE, (*home, hidden_text(before), hidden_text(codec.dump_trace(trace))))


def effect_statements(effect: Effect, changes: tuple[Change, ...] | None, codec: Codec) -> Iterator[Statement]:
    """The effect's row in its newest state, and one more row of its log. `changes`: stored when given."""
    at = micros(effect.at)
    row = (effect.id, effect.merchant, effect.conversation, effect.customer, effect.key, effect.state, at)
    texts = (codec.dump(Effect, effect), codec.dump(tuple[Change, ...], changes or ()))
    follows = sorted(FOLLOWS[effect.state])
    sql = _upsert_effect(len(follows), changes is not None)
    yield Statement(sql, (*row, *texts, *follows), "effect", effect.id)
    yield Statement(EFFECT_LOG, (effect.merchant, effect.id, effect.state, at))


def _upsert_effect(follows: int, with_changes: bool) -> str:
    changes = ", changes = excluded.changes" if with_changes else ""
    marks = ", ".join("?" * follows)
    return f"""{EFFECT} ON CONFLICT (id) DO UPDATE SET state = excluded.state, at = excluded.at,
 body = excluded.body{changes} WHERE effects.merchant = excluded.merchant AND effects.state IN ({marks})"""


def _reaching(table: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """state -> the states from which it can be reached in any number of steps."""

    def reach(state: str, seen: frozenset[str] = frozenset()) -> frozenset[str]:
        for after in table[state] - seen:
            seen |= {after} | reach(after, seen | {after})
        return seen

    return {state: frozenset(before for before in table if state in reach(before)) for state in table}


FOLLOWS = _reaching(TRANSITIONS)
"""state -> the states of the row that it may follow: a turn writes only the last of several steps."""


def post(
    event: Event, outgoing: Outgoing, turn: str, now: datetime, codec: Codec, conversation: str, author: str = ""
) -> Statement:
    """The next message of a conversation; returns its seq."""
    message = outgoing.message
    home = (event.merchant, outgoing.id, author or message.author, turn, micros(now))
    push = ("queued", lane(event)) if outgoing.push else ("", "")
    return Statement(POST, (conversation, *home, *push, codec.dump(Message, message), conversation))


def lane(event: Event) -> str:
    """The account over which the conversation's messages are sent; neither a merchant nor a channel has a slash."""
    return f"{event.merchant}/{event.channel}/{event.account}"


UNHEARD = (Due, Opted, Controlled, Closed, Proven, Renumbered, Written)
"""Bodies that are no words of the customer: they open no window for free words."""


def _heard(event: Event, turn: str) -> tuple[int | None, str | None]:
    """When the customer spoke, and the mute that a switch sets: the turn whose answer may still go out, or "-" for
    none. None where the row keeps what it has."""
    body = event.body
    heard = None if isinstance(body, UNHEARD) else micros(event.at)
    if not isinstance(body, Opted) or body.marketing:
        return heard, None
    return heard, "" if body.on else "-" if body.silent else turn


def _plan(job: Job, codec: Codec) -> Statement:
    payload = None if job.payload is None else codec.dump(Mapping[str, str], job.payload)
    return Statement(PLAN, (job.id, job.merchant, job.kind, micros(job.due), job.conversation, payload))


def _answered(event: Event, turn: str, now: datetime) -> Statement:
    key = (event.merchant, event.channel, event.account, event.id)
    return Statement(ANSWERED, (turn, micros(now), *key, turn), "event", event.id)


def checked(writes: WriteSet) -> WriteSet:
    """The set, when all its rows are of the event's merchant. Raises SaysoError otherwise: a bug, never data."""
    owner = writes.event.merchant
    placed = (change.order for change in writes.changes if isinstance(change, OrderPlaced))
    named = (*writes.effects, *writes.jobs, *writes.changes, *placed)
    strangers = {merchant for row in named if (merchant := getattr(row, "merchant", owner)) != owner}
    if strangers:
        raise SaysoError(f"a turn of {owner} writes rows of {', '.join(sorted(strangers))}", code="foreign_rows")
    return writes
