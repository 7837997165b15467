"""Links of customers over channels, the offers that lead to them, and the guesses that are counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sayso.model.effect import LinkEnded, LinkMade, LinkOffered
from sayso.model.event import Event
from sayso.people.links import Guess, LinkRow, Offered
from sayso.people.pins import LockOut, Tries, after, locked
from sayso.store.database import Database
from sayso.store.statements import Rows, Script, Statement, micros, moment, whole, words

KEPT = timedelta(days=1)
"""How long an offer that is over, and guesses, are kept: longer than anything is counted."""

OFFER = """INSERT INTO link_offers (id, merchant, kind, customer, conversation, digest, at, until)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"""
REPLACE = """UPDATE link_offers SET until = ? WHERE merchant = ? AND kind = ? AND customer = ?
 AND (customer <> '' OR conversation = ?) AND used_at IS NULL AND until > ?"""
FORGET = "DELETE FROM link_offers WHERE merchant = ? AND until < ?"
USE = "UPDATE link_offers SET used_at = ? WHERE merchant = ? AND id = ? AND used_at IS NULL AND until > ?"
MERGE = "UPDATE customers SET merged_into = ? WHERE merchant = ? AND id = ? AND merged_into IS NULL"
LINK = "INSERT INTO links (merchant, customer, owner, channel, at) VALUES (?, ?, ?, ?, ?)"
END = "UPDATE links SET ended_at = ? WHERE merchant = ? AND customer = ? AND ended_at IS NULL"
PART = "UPDATE customers SET merged_into = NULL WHERE merchant = ? AND id = ?"

STANDS = """SELECT id, kind, customer, conversation FROM link_offers
 WHERE merchant = ? AND {what} = ? AND used_at IS NULL AND until > ? ORDER BY at DESC LIMIT 1"""
MADE = "SELECT count(*) FROM link_offers WHERE merchant = ? AND {whose} = ? AND at > ?"
LINKS = """SELECT customer, channel, at FROM links WHERE merchant = ? AND owner = ? AND ended_at IS NULL
 ORDER BY at, id"""
OWN = """SELECT customer FROM identities WHERE merchant = ? AND issuer = ? AND subject = ?"""

TRIES = "SELECT misses, last, event FROM tries WHERE merchant = ? AND what = ? AND who = ?"
TRIED = """INSERT INTO tries (merchant, what, who, misses, last, event) VALUES (?, ?, ?, ?, ?, ?)
 ON CONFLICT (merchant, what, who) DO UPDATE SET misses = excluded.misses, last = excluded.last,
 event = excluded.event"""
PASSED = "DELETE FROM tries WHERE merchant = ? AND what = ? AND who = ?"
FADED = "DELETE FROM tries WHERE merchant = ? AND what = ? AND last < ?"


def offered(change: LinkOffered, now: int) -> Iterator[Statement]:
    """A new offer takes the place of one to the same customer."""
    home = (change.merchant, change.kind, change.customer, change.conversation)
    yield Statement(REPLACE, (now, *home, now))
    yield Statement(FORGET, (change.merchant, now - _span(KEPT)))
    row = (change.id, *home, change.digest, now, micros(change.until))
    yield Statement(OFFER, row)


def made(change: LinkMade, now: int) -> Iterator[Statement]:
    """Once for an offer, and for nobody who is somebody else's already."""
    yield Statement(USE, (now, change.merchant, change.offer, now), "link", change.offer)
    yield Statement(MERGE, (change.into, change.merchant, change.customer), "link", change.offer)
    yield Statement(LINK, (change.merchant, change.customer, change.into, change.channel, now))


def ended(change: LinkEnded, now: int) -> Iterator[Statement]:
    yield Statement(END, (now, change.merchant, change.customer), "link", change.customer)
    yield Statement(PART, (change.merchant, change.customer))


def _span(time: timedelta) -> int:
    return time // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class LinkRows:
    """`host.ports.Links` on any database."""

    database: Database

    async def stands(self, merchant: str, now: datetime, *, id: str = "", digest: str = "") -> Offered | None:
        """The offer of that id, or of the code with that digest, if it can still be taken."""
        sql = STANDS.format(what="id" if id else "digest")
        statement = Statement(sql, (merchant, id or digest, micros(now)), alone=True)
        rows = await self.database.read(_rows(statement))
        return Offered(*(words(each) for each in rows[0])) if rows else None

    async def offers(self, merchant: str, since: datetime, *, customer: str = "", conversation: str = "") -> int:
        """How many offers a customer, or a conversation, got since then."""
        sql = MADE.format(whose="customer" if customer else "conversation")
        statement = Statement(sql, (merchant, customer or conversation, micros(since)), alone=True)
        return whole((await self.database.read(_rows(statement)))[0][0])

    async def offer(self, made: LinkOffered, now: datetime) -> None:
        """Store an offer that no turn makes."""
        await self.database.write(_all(offered(made, micros(now))))

    async def of(self, merchant: str, customer: str) -> Sequence[LinkRow]:
        """What is linked to the customer, the first first."""
        rows = await self.database.read(_rows(Statement(LINKS, (merchant, customer), alone=True)))
        return tuple(LinkRow(words(one), words(channel), moment(at)) for one, channel, at in rows)

    async def own(self, event: Event) -> str:
        """Who the event's proof alone says it is, whatever that is linked to."""
        from sayso.store.people import identity_of

        rows = await self.database.read(_rows(Statement(OWN, identity_of(event), alone=True)))
        return words(rows[0][0]) if rows else ""

    async def tried(self, guess: Guess, rule: LockOut, now: datetime) -> bool:
        """May it be tried? Counted as a miss before anybody knows, so that guesses at once are counted, too."""
        return await self.database.write(_tried(guess, rule, now))

    async def locked(self, guess: Guess, rule: LockOut, now: datetime) -> bool:
        """Would nothing be tried now?"""
        rows = await self.database.read(_rows(Statement(TRIES, _key(guess), alone=True)))
        return locked(_tries(rows), rule, now)

    async def passed(self, guess: Guess) -> None:
        """It was right: the count begins anew."""
        await self.database.write(_rows(Statement(PASSED, _key(guess))))


def _key(guess: Guess) -> tuple[str, str, str]:
    return guess.merchant, guess.what, guess.who


def _all(statements: Iterator[Statement]) -> Script[None]:
    for statement in statements:  # noqa: UP028  plain iterators take no sent rows
        yield statement


def _rows(statement: Statement) -> Script[Rows]:
    rows = yield statement
    return rows


def _tries(rows: Rows) -> Tries:
    return Tries(whole(rows[0][0]), moment(rows[0][1])) if rows else Tries()


def _tried(guess: Guess, rule: LockOut, now: datetime) -> Script[bool]:
    key = _key(guess)
    rows = yield Statement(TRIES, key, locks=("/".join(("tries", *key)),))
    tries = _tries(rows)
    if rows and rows[0][2] == guess.event:
        return tries.misses < rule.misses
    if locked(tries, rule, now):
        return False
    tries = after(tries, False, rule, now)
    yield Statement(TRIED, (*key, tries.misses, micros(now), guess.event))
    if guess.what == "code":
        yield Statement(FADED, (guess.merchant, guess.what, micros(now) - _span(KEPT)))
    return True
