"""A customer who has another id on a platform from now on: their conversation goes on under it.

Theory. The platform is the issuer of both ids, so its word is proof that they are one person's; the old one may be
given to somebody else, who must find nothing. So the identity moves, it is not copied; what is open (state, jobs,
tasks, orders) goes to the new conversation, and the old one keeps what was said, which belongs to the customer as
before. A conversation that was begun under the new id stays as it is: its state is newer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sayso.model.basket import Order
from sayso.model.effect import Effect
from sayso.model.event import Event, Renumbered
from sayso.store.codec import Codec
from sayso.store.people import identity_of
from sayso.store.statements import Script, Statement, Value, micros, words

WHO = "SELECT customer FROM identities WHERE merchant = ? AND issuer = ? AND subject = ?"
NOW = """INSERT INTO identities (merchant, issuer, subject, customer, at) VALUES (?, ?, ?, ?, ?)
 ON CONFLICT (merchant, issuer, subject) DO UPDATE SET customer = excluded.customer"""
NO_MORE = "DELETE FROM identities WHERE merchant = ? AND issuer = ? AND subject = ?"
GOES_ON = """INSERT INTO conversations
 (id, merchant, channel, account, native, language, customer, state, schema, version, at, heard_at, muted)
 SELECT ?, merchant, channel, account, ?, language, customer, state, schema, 1, at, NULL, muted
 FROM conversations WHERE id = ? AND merchant = ?
 ON CONFLICT (id) DO NOTHING"""
BEGINS_ANEW = "UPDATE conversations SET state = NULL, customer = '' WHERE id = ? AND merchant = ?"
HEARD = "SELECT channel, account, native, body FROM inbox WHERE merchant = ? AND conversation = ?"
PROVEN = "UPDATE inbox SET body = ? WHERE merchant = ? AND channel = ? AND account = ? AND native = ?"
FOLLOW = (
    "UPDATE jobs SET conversation = ? WHERE merchant = ? AND conversation = ? AND done_at IS NULL",
    "UPDATE tasks SET conversation = ? WHERE merchant = ? AND conversation = ?",
    "UPDATE task_notes SET conversation = ? WHERE merchant = ? AND conversation = ?",
    "UPDATE proposals SET conversation = ? WHERE merchant = ? AND conversation = ?",
    "UPDATE link_offers SET conversation = ? WHERE merchant = ? AND conversation = ?",
)
OWNED: tuple[tuple[str, type[Order] | type[Effect]], ...] = (("orders", Order), ("effects", Effect))
"""Tables whose bodies name their conversation, too."""


def renumbering_locks(event: Event) -> tuple[str, ...]:
    """Nobody makes the new identity, or begins the new conversation, meanwhile."""
    if not isinstance(event.body, Renumbered):
        return ()
    merchant, issuer, _ = identity_of(event)
    return "/".join((merchant, issuer, event.body.to)), key_of(event, event.body.to)


def key_of(event: Event, native: str) -> str:
    """The key of the customer's conversation under another id."""
    return replace(event, conversation=native).key


def renumbered(event: Event, to: str, now: datetime, codec: Codec) -> Script[None]:
    """Everything that follows the customer."""
    old, new = event.key, key_of(event, to)
    if not to or old == new:
        return
    identity, moved = identity_of(event), (*identity_of(event)[:2], to)
    rows = yield Statement(WHO, identity)
    if not event.proof.subject or not rows:
        return
    yield Statement(NOW, (*moved, rows[0][0], micros(now)))
    yield Statement(NO_MORE, identity)
    yield Statement(GOES_ON, (new, to, old, event.merchant))
    yield Statement(BEGINS_ANEW, (old, event.merchant))
    for sql in FOLLOW:
        yield Statement(sql, (new, event.merchant, old))
    for table, shape in OWNED:
        found = yield Statement(
            f"SELECT id, body FROM {table} WHERE merchant = ? AND conversation = ?", (event.merchant, old)
        )
        for id, body in found:
            text = codec.dump(shape, replace(codec.load(shape, words(body)), conversation=new))
            sql = f"UPDATE {table} SET conversation = ?, body = ? WHERE merchant = ? AND id = ?"
            yield Statement(sql, (new, text, event.merchant, id))
    heard = yield Statement(HEARD, (event.merchant, old))
    for row in heard:
        yield from _proven(row, event, to, codec)


def _proven(row: tuple[Value, ...], event: Event, to: str, codec: Codec) -> Iterator[Statement]:
    """What the customer said under the old id stays theirs: an erase finds it by the new one."""
    *key, body = row
    said = codec.load(Event, words(body))
    if identity_of(said) == identity_of(event):
        text = codec.dump(Event, replace(said, proof=replace(said.proof, subject=to)))
        yield Statement(PROVEN, (text, event.merchant, *key))
