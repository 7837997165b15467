"""Everything of one customer: found, given out as one file, erased with a receipt.

Theory. A customer is one row that others may have been merged into, with identities by which events find it. A
conversation belongs to whoever spoke in it: where every proof in it is this customer's, the whole conversation goes;
where another verified customer spoke too (a shared device), only the turns of this one go, and its state when it was
left by this one. All rows change in one transaction. Vectors follow: they carry ids and a pseudonym whose key the
transaction has destroyed, so that from that moment on nothing leads from the customer to them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson

from sayso.errors import NotFound
from sayso.host.attachments import Files
from sayso.host.ports import Clock
from sayso.model.basket import Order
from sayso.model.event import Event
from sayso.model.message import Message
from sayso.people.erase import KEPT_LEDGER, KEPT_ORDERS, KEPT_RECEIPT, Receipt, invoice, pseudonym, refuse, running
from sayso.store.codec import Codec
from sayso.store.database import Database
from sayso.store.history import AUDIT, PURPOSE, key_script
from sayso.store.inbox import States
from sayso.store.people import identity_of
from sayso.store.preferences import plain, preferences_script
from sayso.store.statements import Rows, Script, Statement, Value, micros, words
from sayso.store.vectors import VectorIndex

BY_SUBJECT = """SELECT DISTINCT coalesce(c.merged_into, c.id)
 FROM identities AS i JOIN customers AS c ON c.id = i.customer
 WHERE i.merchant = ? AND i.subject = ? AND i.issuer <> 'conversation'"""
BY_ID = "SELECT coalesce(merged_into, id) FROM customers WHERE merchant = ? AND id = ?"
MEMBERS = "SELECT id FROM customers WHERE merchant = ? AND (id = ? OR merged_into = ?)"
IDENTITIES = "SELECT issuer, subject FROM identities WHERE merchant = ? AND customer IN ({marks})"
CONSENTS = "SELECT purpose, granted, source, at FROM consents WHERE merchant = ? AND customer IN ({marks}) ORDER BY id"
LINKS = "SELECT channel, at, ended_at FROM links WHERE merchant = ? AND owner IN ({marks}) ORDER BY id"
ORDERS = "SELECT id, state, body FROM orders WHERE merchant = ? AND customer IN ({marks}) ORDER BY at, id"
STRANGER = "SELECT customer FROM identities WHERE merchant = ? AND issuer = 'conversation' AND subject = ?"
"""Whoever spoke in a conversation without a proof: the same person before signing in, or the host's own jobs."""
SPOKE = """SELECT id FROM conversations WHERE merchant = ? AND customer IN ({marks})
 UNION SELECT conversation FROM orders WHERE merchant = ? AND customer IN ({marks})
 UNION SELECT conversation FROM effects WHERE merchant = ? AND customer IN ({marks})"""
MENTIONED = "SELECT DISTINCT conversation FROM inbox WHERE merchant = ? AND body LIKE ? ESCAPE '!'"
EVENTS = "SELECT channel, account, native, turn, body FROM inbox WHERE merchant = ? AND conversation = ? ORDER BY at"
TRANSCRIPT = "SELECT seq, author, at, body FROM messages WHERE merchant = ? AND conversation = ? ORDER BY seq"

FILES = "SELECT file FROM attachments WHERE merchant = ? AND conversation = ? AND file <> ''"
FILES_OF = "SELECT file FROM attachments WHERE merchant = ? AND turn = ? AND file <> ''"
WHOLE = (
    "inbox",
    "attachments",
    "deliveries",
    "messages",
    "traces",
    "unheard",
    "proposals",
    "tasks",
    "task_notes",
    "link_offers",
    "jobs",
)
"""Tables of which a conversation's rows go with it."""
RESET = """UPDATE conversations SET state = NULL, customer = '', language = '', version = version + 1
 WHERE merchant = ? AND id = ? AND customer IN ({marks})"""
KEEP_ORDER = "UPDATE orders SET customer = ?, conversation = '', body = ? WHERE merchant = ? AND id = ?"
KEEP_EFFECT = """UPDATE effects SET customer = ?, conversation = '', body = '{{}}', changes = '[]'
 WHERE merchant = ? AND customer IN ({marks}) RETURNING id"""
RECEIPT = "INSERT INTO erasures (id, merchant, at, body) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A conversation of the customer, as far as it is theirs: all of it, or these turns."""

    id: str
    whole: bool
    turns: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Who:
    """A customer with those merged into it, and the conversations they spoke in."""

    merchant: str
    id: str
    members: tuple[str, ...]
    identities: tuple[tuple[str, str], ...]
    spoken: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Privacy:
    """What a customer may ask of what is kept about them. `customer` is the id that the merchant vouches with, or the
    host's own."""

    database: Database
    codec: Codec
    states: States
    vectors: VectorIndex
    clock: Clock
    new_id: Callable[[], str]
    files: Files

    async def export(self, merchant: str, customer: str) -> Mapping[str, Any]:
        """All of it as plain data for one JSON file. Raises NotFound for nobody known."""
        return await self.database.read(_export(merchant, customer, self.codec))

    async def erase(self, merchant: str, customer: str) -> Receipt:
        """Delete it all but what the law keeps. Raises NotFound for nobody known, Theirs (409) while an order runs."""
        now = self.clock.now()
        script = _erase(merchant, customer, self.codec, now, f"erase:{self.new_id()}")
        receipt, owner, spoken, files = await self.database.write(script)
        for name in files:
            await self.files.drop(merchant, name)
        self.states.forget(spoken)
        if owner:
            await asyncio.to_thread(self.vectors.forget, merchant, owner)
        return receipt


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _who(merchant: str, customer: str, codec: Codec) -> Script[Who]:
    found = (yield Statement(BY_SUBJECT, (merchant, customer))) or (yield Statement(BY_ID, (merchant, customer)))
    if not found:
        raise NotFound(
            f"{merchant} has no customer {customer!r}", where="customer", mend="give the id that you vouch with"
        )
    id = words(found[0][0])
    rows = yield Statement(MEMBERS, (merchant, id, id))
    members = tuple(words(row[0]) for row in rows)
    rows = yield Statement(IDENTITIES.format(marks=_marks(members)), (merchant, *members))
    identities = tuple((words(issuer), words(subject)) for issuer, subject in rows)
    keys: dict[str, None] = {}
    rows = yield Statement(SPOKE.format(marks=_marks(members)), (merchant, *members) * 3)
    keys.update((words(row[0]), None) for row in rows)
    for issuer, subject in identities:
        if issuer == "conversation":
            keys[subject] = None
            continue
        rows = yield Statement(MENTIONED, (merchant, f"%{_escaped(orjson.dumps(subject).decode())}%"))
        keys.update((words(row[0]), None) for row in rows)
    spoken = []
    for key in keys:
        rows = yield Statement(EVENTS, (merchant, key))
        if one := _spoken(key, rows, frozenset(identities), codec):
            spoken.append(one)
    for each in spoken:
        rows = (yield Statement(STRANGER, (merchant, each.id))) if each.whole else ()
        members += tuple(words(row[0]) for row in rows if row[0] not in members)
    return Who(merchant, id, members, identities, tuple(spoken))


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _spoken(key: str, rows: Rows, own: frozenset[tuple[str, str]], codec: Codec) -> Spoken | None:
    """What of a conversation is this customer's; None for a conversation that only mentions them."""
    said = [(tuple(row[:4]), codec.load(Event, words(row[4]))) for row in rows]
    identities = [identity_of(event)[1:] for _, event in said]
    others = any(each not in own and each[0] != "conversation" for each in identities)
    mine = tuple(row for (row, _), each in zip(said, identities, strict=True) if each in own)
    if not mine and said:
        return None
    return Spoken(key, not others, mine)


def _orders(who: Who, codec: Codec) -> Script[tuple[Order, ...]]:
    rows = yield Statement(ORDERS.format(marks=_marks(who.members)), (who.merchant, *who.members))
    return tuple(codec.build(Order, {**orjson.loads(words(body)), "state": words(state)}) for _, state, body in rows)


def _erase(
    merchant: str, customer: str, codec: Codec, now: datetime, id: str
) -> Script[tuple[Receipt, str, tuple[str, ...], tuple[str, ...]]]:
    """Receipt, the pseudonym of the vectors to drop, the conversations to forget, and the files to delete."""
    who = yield from _who(merchant, customer, codec)
    orders = yield from _orders(who, codec)
    if late := next((order for order in orders if running(order, now)), None):
        raise refuse(late)
    key = yield from key_script(merchant, who.id, "")
    owner = pseudonym(key, merchant, who.id, PURPOSE) if key else ""
    name = pseudonym(key, merchant, who.id, AUDIT) if key else f"erased-{id.rpartition(':')[2]}"
    erased: dict[str, int] = {}
    files: list[str] = []
    for each in who.spoken:
        files += yield from _files(who, each)
        yield from _forget(who, each, erased)
    for order in orders:
        body = codec.dump(Order, invoice(order, name))
        yield Statement(KEEP_ORDER, (name, body, merchant, order.id))
    effects = yield Statement(KEEP_EFFECT.format(marks=_marks(who.members)), (name, merchant, *who.members))
    yield from _delete("consents", "customer", who, erased)
    yield from _delete("preferences", "customer", who, erased)
    yield from _delete("identities", "customer", who, erased)
    yield from _delete("tasks", "customer", who, erased)
    yield from _delete("link_offers", "customer", who, erased)
    yield from _delete("links", "customer", who, erased)
    yield from _delete("links", "owner", who, erased)
    yield from _delete("tries", "who", who, erased)
    yield from _delete("pseudonyms", "customer", who, erased)
    yield from _delete("customers", "id", who, erased)
    kept = {"receipt": KEPT_RECEIPT}
    if orders:
        kept |= {"orders": f"{len(orders)} {KEPT_ORDERS}", "ledger": KEPT_LEDGER}
    if effects:
        kept["effects"] = f"{len(effects)} effects, bare: what was done to stock and money, for the books"
    receipt = Receipt(id, merchant, name, now, {what: n for what, n in erased.items() if n}, kept)
    yield Statement(RECEIPT, (id, merchant, micros(now), orjson.dumps(asdict(receipt)).decode()))
    return receipt, owner, tuple(each.id for each in who.spoken), tuple(files)


def _files(who: Who, spoken: Spoken) -> Script[tuple[str, ...]]:
    """What was sent in a conversation, or in the customer's turns of it."""
    if spoken.whole:
        rows = yield Statement(FILES, (who.merchant, spoken.id))
        return tuple(words(file) for (file,) in rows)
    found: list[str] = []
    for _, _, _, turn in spoken.turns:
        rows = yield Statement(FILES_OF, (who.merchant, turn))
        found += (words(file) for (file,) in rows)
    return tuple(found)


def _forget(who: Who, spoken: Spoken, erased: dict[str, int]) -> Script[None]:
    """One conversation, or the customer's turns in it."""
    if spoken.whole:
        for table in WHOLE:
            rows = yield Statement(
                f"DELETE FROM {table} WHERE merchant = ? AND conversation = ? RETURNING 1", (who.merchant, spoken.id)
            )
            _count(erased, table, rows)
        rows = yield Statement(
            "DELETE FROM conversations WHERE merchant = ? AND id = ? RETURNING 1", (who.merchant, spoken.id)
        )
        _count(erased, "conversations", rows)
        yield Statement("DELETE FROM leases WHERE merchant = ? AND conversation = ?", (who.merchant, spoken.id))
        return
    for channel, account, native, turn in spoken.turns:
        key = (who.merchant, channel, account, native)
        rows = yield Statement(
            "DELETE FROM inbox WHERE merchant = ? AND channel = ? AND account = ? AND native = ? RETURNING 1", key
        )
        _count(erased, "inbox", rows)
        rows = yield Statement(
            "DELETE FROM messages WHERE merchant = ? AND conversation = ? AND turn IN (?, ?) RETURNING 1",
            (who.merchant, spoken.id, turn, native),
        )
        _count(erased, "messages", rows)
        for table in ("traces", "unheard", "deliveries", "attachments", "task_notes"):
            rows = yield Statement(
                f"DELETE FROM {table} WHERE merchant = ? AND turn = ? RETURNING 1", (who.merchant, turn)
            )
            _count(erased, table, rows)
    yield Statement(RESET.format(marks=_marks(who.members)), (who.merchant, spoken.id, *who.members))


def _delete(table: str, column: str, who: Who, erased: dict[str, int]) -> Script[None]:
    sql = f"DELETE FROM {table} WHERE merchant = ? AND {column} IN ({_marks(who.members)}) RETURNING 1"
    rows = yield Statement(sql, (who.merchant, *who.members))
    _count(erased, table, rows)


def _count(erased: dict[str, int], table: str, rows: Iterable[object]) -> None:
    erased[table] = erased.get(table, 0) + len(tuple(rows))


def _export(merchant: str, customer: str, codec: Codec) -> Script[Mapping[str, Any]]:
    who = yield from _who(merchant, customer, codec)
    orders = yield from _orders(who, codec)
    granted = yield Statement(CONSENTS.format(marks=_marks(who.members)), (merchant, *who.members))
    links = yield Statement(LINKS.format(marks=_marks(who.members)), (merchant, *who.members))
    liked = yield from preferences_script(merchant, who.id)
    conversations = []
    for each in who.spoken:
        rows = yield Statement(TRANSCRIPT, (merchant, each.id))
        if each.whole:
            conversations.append({"conversation": each.id, "messages": [_message(row, codec) for row in rows]})
    return {
        "merchant": merchant,
        "customer": who.id,
        "identities": [{"issuer": issuer, "subject": subject} for issuer, subject in who.identities],
        "consents": [
            {"purpose": p, "granted": bool(yes), "source": source, "at": at} for p, yes, source, at in granted
        ],
        "links": [{"channel": channel, "at": at, "ended_at": ended} for channel, at, ended in links],
        "preferences": [plain(each) for each in liked],
        "orders": [orjson.loads(codec.dump(Order, order)) for order in orders],
        "conversations": conversations,
    }


def _message(row: tuple[Value, ...], codec: Codec) -> Mapping[str, Any]:
    seq, author, at, body = row
    message = codec.load(Message, words(body))
    return {"seq": seq, "author": author, "at": at, "text": message.text, "language": message.language}
