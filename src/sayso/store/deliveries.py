"""Messages on their way: who waits for which account, what became of each part.

Theory. A message is claimed by moving its `push_due` into the future: that moment is the claim's name, so that a claim
which lapsed and was taken by another host is told from one that still holds. Only the first waiting message of a
conversation can be claimed. Parts are moved by the table `STEPS` whatever the order in which outcomes and statuses
arrive. Parts are locked before their message, everywhere, so that no two scripts wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson

from sayso.channels.compiler.plan import Part
from sayso.channels.contract import Report
from sayso.host.delivery import part_id
from sayso.host.parcels import ATTENTION, Delivery, Lane, Move, Parcel, Undelivered, Waiting, follows
from sayso.host.ports import Clock
from sayso.model.event import Event
from sayso.model.message import Message, hidden
from sayso.store.codec import Codec
from sayso.store.database import Database
from sayso.store.statements import Rows, Script, Statement, Value, micros, moment, whole, words

FIRST = """NOT EXISTS (SELECT 1 FROM messages AS e
 WHERE e.conversation = m.conversation AND e.seq < m.seq AND e.push = 'queued')"""
LANES = f"SELECT m.lane, min(m.push_due) FROM messages AS m WHERE m.push = 'queued' AND {FIRST} GROUP BY m.lane"
CLAIM = f"""UPDATE messages SET push_due = ? WHERE (conversation, seq) IN (
 SELECT m.conversation, m.seq FROM messages AS m WHERE m.lane = ? AND m.push = 'queued' AND m.push_due <= ? AND {FIRST}
 ORDER BY m.at, m.conversation, m.seq LIMIT ? /*pg FOR UPDATE OF m SKIP LOCKED */)
 RETURNING conversation, seq, merchant, id, turn, at, body"""
HOME = "SELECT channel, account, native, heard_at, muted FROM conversations WHERE id = ?"
ANSWERED = "SELECT body FROM traces WHERE turn = ?"
LAST = "SELECT max(sent_at) FROM deliveries WHERE conversation = ?"
SPENT = "SELECT id FROM deliveries WHERE conversation = ? AND turn = ? AND attempts > 0"
PARTS = """SELECT id, part, state, body, native, attempts, due, reason, code, template FROM deliveries
 WHERE conversation = ? AND seq = ? ORDER BY part"""
HOLD = """UPDATE messages SET push = ?, push_due = ?
 WHERE conversation = ? AND seq = ? AND push = 'queued' AND push_due = ? RETURNING seq"""
CLEAR = "DELETE FROM deliveries WHERE conversation = ? AND seq = ? AND state = 'queued'"
LAY = """INSERT INTO deliveries
 (id, merchant, channel, account, conversation, seq, part, turn, state, template, at, body)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)"""
STATE = "SELECT state, native FROM deliveries WHERE id = ? /*pg FOR UPDATE */"
MOVE = """UPDATE deliveries SET state = ?, due = ?, reason = ?, code = ?, at = ?, attempts = attempts + ?,
 sent_at = coalesce(?, sent_at), native = CASE WHEN ? <> '' THEN ? ELSE native END WHERE id = ?"""
NAME = "UPDATE deliveries SET native = ? WHERE id = ? AND native = ''"
_WHOSE = "merchant = ? AND channel = ? AND account = ?"
_ROWS = "SELECT id, state, conversation, seq, due FROM deliveries"
TOLD = f"{_ROWS} WHERE id = ? AND {_WHOSE} /*pg FOR UPDATE */"
NAMED = f"{_ROWS} WHERE native = ? AND native <> '' AND {_WHOSE} ORDER BY id /*pg FOR UPDATE */"
UNTIL = f"""{_ROWS} WHERE conversation = ? AND sent_at <= ? AND state IN ('sent', 'delivered') AND {_WHOSE}
 ORDER BY id /*pg FOR UPDATE */"""
WAKE = "UPDATE messages SET push_due = ? WHERE conversation = ? AND seq = ? AND push = 'queued' AND push_due = ?"
KEEP = """INSERT INTO receipts (merchant, channel, account, native, state, reason, code, at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (merchant, channel, account, native) DO UPDATE SET state = excluded.state, reason = excluded.reason,
 code = excluded.code, at = excluded.at WHERE receipts.state = 'sent' OR excluded.state = 'read'"""
DROP_OLD = "DELETE FROM receipts WHERE at < ?"
KEPT = f"DELETE FROM receipts WHERE native = ? AND {_WHOSE} RETURNING state, reason, code"
RESUME = """UPDATE messages SET push_due = coalesce((SELECT max(d.due) FROM deliveries AS d
 WHERE d.conversation = messages.conversation AND d.seq = messages.seq AND d.state IN ('queued', 'unknown')), 0)
 WHERE push = 'queued'"""
WAITING = "SELECT lane, count(*), min(at) FROM messages WHERE push = 'queued' GROUP BY lane"
SEEN = f"state IN ({', '.join(repr(state) for state in ATTENTION)})"
ATTENTIVE = f"SELECT channel, count(*) FROM deliveries WHERE {SEEN} GROUP BY channel"
UNDELIVERED = f"""SELECT d.id, d.channel, d.conversation, d.state, d.reason, d.code, d.attempts, d.at, m.body
 FROM deliveries AS d JOIN messages AS m ON m.conversation = d.conversation AND m.seq = d.seq
 WHERE d.merchant = ? AND d.{SEEN} AND d.code <> 'skipped' ORDER BY d.at DESC, d.id LIMIT ?"""
FIND = f"SELECT conversation, seq, part, code FROM deliveries WHERE id = ? AND merchant = ? AND {SEEN}"
AGAIN = f"""UPDATE deliveries SET state = 'queued', attempts = 0, due = 0, native = '', reason = '', code = '', at = ?,
 id = CASE WHEN state = 'failed' THEN id || '-2' ELSE id END
 WHERE conversation = ? AND seq = ? AND (part = ? OR (part > ? AND code = 'skipped')) AND {SEEN}"""
REACHED = """SELECT 1 FROM deliveries
 WHERE conversation = ? AND seq = ? AND state IN ('sent', 'delivered', 'read', 'failed') LIMIT 1"""
NEVER_LAID = frozenset({"no_channel", "unsendable", "restored", "no_template"})
"""Codes of parts that may be a mere note of their message's words: it is laid out anew."""
REQUEUE = "UPDATE messages SET push = 'queued', push_due = 0 WHERE conversation = ? AND seq = ?"

WHOLE = """SELECT d.id, d.state, d.template, d.turn, m.body FROM deliveries AS d
 JOIN messages AS m ON m.conversation = d.conversation AND m.seq = d.seq
 WHERE d.conversation = ? AND d.seq = ? ORDER BY d.part /*pg FOR UPDATE OF d */"""
CLEAR_ALL = "DELETE FROM deliveries WHERE conversation = ? AND seq = ?"
REQUEUE_NOW = "UPDATE messages SET push = 'queued', push_due = ? WHERE conversation = ? AND seq = ?"

KEPT_FOR = timedelta(hours=1)
"""How long a status of nothing that we know is kept."""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """`host.parcels.Deliveries` on any database."""

    database: Database
    codec: Codec
    clock: Clock

    async def lanes(self) -> Sequence[Lane]:
        """The accounts with messages that wait."""
        rows = await self.database.read(_rows(Statement(LANES, alone=True)))
        return tuple(_lane(words(key), moment(due)) for key, due in rows)

    async def claim(self, lane: str, now: datetime, until: datetime, limit: int) -> Sequence[Parcel]:
        """Messages whose turn it is, the oldest first, one of each conversation."""
        return await self.database.write(_claim(lane, now, until, limit, self.codec))

    async def lay(self, parcel: Parcel, parts: Sequence[Part], template: bool = False) -> Parcel:
        """Write the message's parts, in place of those that wait. Raises Conflict when the claim is lost."""
        return await self.database.write(_lay(parcel, parts, template, self.clock.now(), self.codec))

    async def write(
        self, parcel: Parcel, moves: Sequence[Move], until: datetime, *, push: str = "queued", must: bool = False
    ) -> Parcel:
        """Move parts, and the message. Raises Conflict where the claim `must` hold and is lost."""
        return await self.database.write(_write(parcel, moves, (push, until), must, self.clock.now(), self.codec))

    async def report(self, merchant: str, channel: str, account: str, report: Report) -> Sequence[str]:
        """Move what a platform told of."""
        return await self.database.write(_report((merchant, channel, account), report, self.clock.now(), self.codec))

    async def resume(self) -> None:
        """What a dead host had claimed may be claimed now."""
        await self.database.write(_rows(Statement(RESUME)))

    async def waiting(self) -> Sequence[Waiting]:
        """What waits, and what staff should see, by channel."""
        return await self.database.read(_waiting())

    async def undelivered(self, merchant: str, limit: int = 100) -> Sequence[Undelivered]:
        """Parts that staff should see, the newest first."""
        rows = await self.database.read(_rows(Statement(UNDELIVERED, (merchant, limit), alone=True)))
        return tuple(_undelivered(row, self.codec) for row in rows)

    async def resend(self, merchant: str, part: str) -> bool:
        """Queue the part anew, with those that were not sent because of it."""
        return await self.database.write(_resend(merchant, part, self.clock.now()))


def _rows(statement: Statement) -> Script[Rows]:
    rows = yield statement
    return rows


def _lane(key: str, due: datetime) -> Lane:
    merchant, channel, account = key.split("/", 2)
    return Lane(key, merchant, channel, account, due)


def _claim(lane: str, now: datetime, until: datetime, limit: int, codec: Codec) -> Script[tuple[Parcel, ...]]:
    claimed = yield Statement(CLAIM, (micros(until), lane, micros(now), limit))
    parcels = []
    for row in sorted(claimed, key=lambda row: (row[5], row[0], row[1])):
        parcel = yield from _parcel(row, until, codec)
        if parcel is not None:
            parcels.append(parcel)
    return tuple(parcels)


def _parcel(row: tuple[Value, ...], until: datetime, codec: Codec) -> Script[Parcel | None]:
    conversation, seq, merchant, id, turn, _, body = row
    home = yield Statement(HOME, (conversation,))
    if not home:
        return None
    channel, account, native, heard, muted = home[0]
    answered = yield Statement(ANSWERED, (turn,))
    event = codec.build(Event, orjson.loads(words(answered[0][0]))["event"]) if answered else None
    ((last,),) = yield Statement(LAST, (conversation,))
    spent = yield Statement(SPENT, (conversation, turn))
    parts = yield from _parts(words(conversation), whole(seq), codec)
    return Parcel(
        merchant=words(merchant),
        channel=words(channel),
        account=words(account),
        native=words(native),
        conversation=words(conversation),
        seq=whole(seq),
        id=words(id),
        turn=words(turn),
        message=codec.load(Message, words(body)),
        until=until,
        via=event.via if event else {},
        at=event.at if event else None,
        heard_at=None if heard is None else moment(heard),
        muted=words(muted),
        sent_at=None if last is None else moment(last),
        spent=frozenset(words(id) for (id,) in spent),
        parts=parts,
    )


def _parts(conversation: str, seq: int, codec: Codec) -> Script[tuple[Delivery, ...]]:
    rows = yield Statement(PARTS, (conversation, seq))
    return tuple(_delivery(row, codec) for row in rows)


def _delivery(row: tuple[Value, ...], codec: Codec) -> Delivery:
    id, part, state, body, native, attempts, due, reason, code, template = row
    return Delivery(
        words(id),
        whole(part),
        words(state),
        codec.load(Part, words(body)),
        words(native),
        whole(attempts),
        moment(due) if due else None,
        words(reason),
        words(code),
        bool(template),
    )


def _lay(parcel: Parcel, parts: Sequence[Part], template: bool, now: datetime, codec: Codec) -> Script[Parcel]:
    key = (parcel.conversation, parcel.seq)
    yield _hold(parcel, "queued", parcel.until, must=True)
    yield Statement(CLEAR, key)
    for number, part in enumerate(parts):
        home = (parcel.merchant, parcel.channel, parcel.account, *key, number, parcel.turn)
        row = (part_id(parcel, number), *home, int(template), micros(now), codec.dump(Part, part))
        yield Statement(LAY, row)
    return replace(parcel, parts=(yield from _parts(*key, codec)))


def _hold(parcel: Parcel, push: str, until: datetime, must: bool) -> Statement:
    row = (push, micros(until), parcel.conversation, parcel.seq, micros(parcel.until))
    return Statement(HOLD, row, "claim" if must else "", parcel.conversation)


def _write(
    parcel: Parcel, moves: Iterable[Move], then: tuple[str, datetime], must: bool, now: datetime, codec: Codec
) -> Script[Parcel]:
    home = (parcel.merchant, parcel.channel, parcel.account)
    for move in moves:
        yield from _move(move, home, now)
    yield _hold(parcel, *then, must=must)
    parts = yield from _parts(parcel.conversation, parcel.seq, codec)
    sent = any(move.tried for move in moves)
    return replace(
        parcel,
        parts=parts,
        until=then[1],
        sent_at=now if sent else parcel.sent_at,
        spent=parcel.spent | {move.id for move in moves if move.tried},
    )


def _move(move: Move, home: tuple[str, str, str], now: datetime) -> Script[None]:
    """The step, if the part may still make it; then what its platform had told already."""
    rows = yield Statement(STATE, (move.id,))
    if not rows:
        return
    before = words(rows[0][0])
    if follows(before, move.state):
        yield _moved(move, now)
        before = move.state
    elif move.native:
        yield Statement(NAME, (move.native, move.id))
    if not move.native:
        return
    for state, reason, code in (yield Statement(KEPT, (move.native, *home))):
        if follows(before, words(state)):
            yield _moved(Move(move.id, words(state), reason=words(reason), code=words(code)), now)


def _moved(move: Move, now: datetime) -> Statement:
    due = micros(move.due) if move.due else 0
    sent = micros(now) if move.tried else None
    told = (move.state, due, move.reason, move.code, micros(now), int(move.tried), sent)
    return Statement(MOVE, (*told, move.native, move.native, move.id))


def _report(home: tuple[str, str, str], report: Report, now: datetime, codec: Codec) -> Script[tuple[str, ...]]:
    rows = yield from _told(home, report)
    reason, code = report.reason[:500], report.code[:100]
    if not rows and report.native:
        yield Statement(DROP_OLD, (micros(now - KEPT_FOR),))
        yield Statement(KEEP, (*home, report.native, report.state, reason, code, micros(now)))
    states = []
    for id, before, conversation, seq, due in rows:
        if not follows(words(before), report.state):
            continue
        if report.window and (yield from _templated(home, (words(conversation), whole(seq)), words(id), now, codec)):
            states.append("queued")
            continue
        yield _moved(Move(words(id), report.state, report.native, reason=reason, code=code), now)
        states.append(report.state)
        if before == "unknown":
            yield Statement(WAKE, (micros(now), conversation, seq, due))
    return tuple(states)


def _templated(
    home: tuple[str, str, str], key: tuple[str, int], failed: str, now: datetime, codec: Codec
) -> Script[bool]:
    """Lay the whole message anew, as one template, when the platform told too late that the window was closed: once,
    and not when a part of it has arrived. Whoever is sending it loses the claim."""
    rows = yield Statement(WHOLE, key)
    if not rows or any(state in ("delivered", "read") or template for _, state, template, _, _ in rows):
        return False
    _, _, _, turn, body = rows[0]
    message = codec.load(Message, words(body))
    yield Statement(CLEAR_ALL, key)
    part = codec.dump(Part, Part(message.text, language=message.language))
    yield Statement(LAY, (f"{failed}-t", *home, *key, 0, turn, 1, micros(now), part))
    yield Statement(REQUEUE_NOW, (micros(now), *key))
    return True


def _told(home: tuple[str, str, str], report: Report) -> Script[Rows]:
    """The parts that a report is about: by our id, by the platform's, or all up to a moment."""
    if report.part:
        found = yield Statement(TOLD, (report.part, *home))
        if found:
            return found
    if report.native:
        rows = yield Statement(NAMED, (report.native, *home))
        return rows
    if report.until is None or not report.conversation:
        return ()
    key = "/".join((*home, report.conversation))
    rows = yield Statement(UNTIL, (key, micros(report.until), *home))
    return rows


def _waiting() -> Script[tuple[Waiting, ...]]:
    found: dict[str, Waiting] = {}
    for lane, count, oldest in (yield Statement(WAITING)):
        channel = words(lane).split("/", 2)[1]
        known = found.get(channel, Waiting(channel, 0, moment(oldest)))
        since = min(moment(oldest), known.oldest or moment(oldest))
        found[channel] = replace(known, messages=known.messages + whole(count), oldest=since)
    for name, count in (yield Statement(ATTENTIVE)):
        known = found.get(words(name), Waiting(words(name), 0, None))
        found[words(name)] = replace(known, attention=whole(count))
    return tuple(found.values())


def _undelivered(row: tuple[Value, ...], codec: Codec) -> Undelivered:
    id, channel, conversation, state, reason, code, attempts, at, body = row
    return Undelivered(
        id=words(id),
        channel=words(channel),
        conversation=words(conversation),
        state=words(state),
        reason=words(reason),
        code=words(code),
        attempts=whole(attempts),
        at=moment(at),
        text=hidden(codec.load(Message, words(body))).text,
    )


def _resend(merchant: str, part: str, now: datetime) -> Script[bool]:
    found = yield Statement(FIND, (part, merchant))
    if not found:
        return False
    conversation, seq, number, code = found[0]
    reached = yield Statement(REACHED, (conversation, seq))
    if code in NEVER_LAID and not reached:
        yield Statement("DELETE FROM deliveries WHERE conversation = ? AND seq = ?", (conversation, seq))
    yield Statement(AGAIN, (micros(now), conversation, seq, number, number))
    yield Statement(REQUEUE, (conversation, seq))
    return True
