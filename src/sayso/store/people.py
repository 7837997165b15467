"""Customers, identities and consents. Customers are merged by pointer, never by guess."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sayso.errors import NotFound
from sayso.host.ports import CustomerRow
from sayso.model.effect import PreferenceSet
from sayso.model.event import Event
from sayso.model.preference import Preference
from sayso.people.history import KNOWN, PERSONALISE
from sayso.people.likes import HEALTH, may_keep
from sayso.store.database import Database
from sayso.store.preferences import preference_set, preferences_script
from sayso.store.statements import Rows, Script, Statement, Value, micros, words

FIND = """SELECT c.id, c.pin, l.id, s.purpose, s.granted FROM identities AS i JOIN customers AS o ON o.id = i.customer
 JOIN customers AS c ON c.id = coalesce(o.merged_into, o.id)
 LEFT JOIN links AS l ON l.customer = o.id AND l.owner = c.id AND l.ended_at IS NULL
 LEFT JOIN consents AS s ON s.merchant = i.merchant AND s.customer = c.id
 WHERE i.merchant = ? AND i.issuer = ? AND i.subject = ? ORDER BY s.id"""
CONSENTS = "SELECT purpose, granted FROM consents WHERE merchant = ? AND customer = ? ORDER BY id"
CONSENTING = """SELECT c.customer FROM consents AS c WHERE c.merchant = ? AND c.purpose = ? AND c.granted = 1
 AND NOT EXISTS (SELECT 1 FROM consents AS d WHERE d.customer = c.customer AND d.purpose = c.purpose AND d.id > c.id)
 ORDER BY c.id"""
NEW_CUSTOMER = "INSERT INTO customers (id, merchant, at) VALUES (?, ?, ?)"
NEW_IDENTITY = "INSERT INTO identities (merchant, issuer, subject, customer, at) VALUES (?, ?, ?, ?, ?)"
SET_PIN = "UPDATE customers SET pin = ? WHERE merchant = ? AND id = ? RETURNING id"
PIN = "SELECT pin FROM customers WHERE merchant = ? AND id = ?"
MERGE = "UPDATE customers SET merged_into = ? WHERE merchant = ? AND (id = ? OR merged_into = ?) RETURNING id"

ANONYMOUS = "conversation"
"""The issuer of those who proved nothing: each conversation has a customer of its own."""


@dataclass(frozen=True, slots=True)
class People:
    """`host.ports.People` on any database. `new_id` makes the ids of new customers."""

    database: Database
    new_id: Callable[[], str]

    async def identify(self, event: Event) -> CustomerRow:
        """The customer behind an event's proof; made when new. Assurance comes from this event's proof, or from a link
        that was made with another proof and stands."""
        found = await self.database.read(_find(event))
        if found is not None:
            return await self._with_likes(found)
        return await self.database.write(_make(event, self.new_id()))

    async def _with_likes(self, row: CustomerRow) -> CustomerRow:
        """With what may be known of them in this turn; of somebody nobody vouches for it is not even read."""
        if row.assurance not in KNOWN or row.consents.isdisjoint((PERSONALISE, HEALTH)):
            return row
        likes = await self.preferences(row.merchant, row.id)
        return replace(row, likes=tuple(p for p in likes if may_keep(p.like, row.assurance, row.consents)))

    async def consents(self, merchant: str, customer: str) -> frozenset[str]:
        """What the customer consents to now; empty for nobody known."""
        return await self.database.read(_consents(merchant, customer))

    async def preferences(self, merchant: str, customer: str) -> Sequence[Preference]:
        """What the customer likes, the newest last."""
        return await self.database.read(preferences_script(merchant, customer))

    async def forget(self, gone: Preference) -> None:
        """Keep that it was forgotten, in the place of what was known."""
        await self.database.write(_all(preference_set(PreferenceSet(gone))))

    async def consenting(self, merchant: str, purpose: str) -> Sequence[str]:
        """The customers who consent to a purpose now."""
        rows = await self.database.read(_rows(Statement(CONSENTING, (merchant, purpose), alone=True)))
        return tuple(words(customer) for (customer,) in rows)

    async def set_pin(self, merchant: str, customer: str, digest: str) -> None:
        """Store a PIN's digest. Raises NotFound for an unknown customer."""
        rows = await self.database.write(_rows(Statement(SET_PIN, (digest, merchant, customer))))
        if not rows:
            raise NotFound(f"{merchant} has no customer {customer}", where="customer")

    async def pin(self, merchant: str, customer: str) -> str:
        """The stored digest of the PIN, "" when none is set."""
        rows = await self.database.read(_rows(Statement(PIN, (merchant, customer))))
        return words(rows[0][0]) if rows else ""

    async def merge(self, merchant: str, customer: str, into: str) -> None:
        """`customer` turned out to be `into`: both proofs were seen. Pointers always lead to the last of a chain."""
        await self.database.write(_merge(merchant, customer, into))


def identity_of(event: Event) -> tuple[str, str, str]:
    """Merchant, issuer and subject under which the event's customer is found."""
    proof = event.proof
    if proof.assurance == "anonymous" or not proof.subject:
        return event.merchant, ANONYMOUS, event.key
    return event.merchant, f"{proof.assurance}:{proof.issuer or event.channel}", proof.subject


def _find(event: Event, locks: tuple[str, ...] = ()) -> Script[CustomerRow | None]:
    rows = yield Statement(FIND, identity_of(event), locks=locks, alone=True)
    if not rows:
        return None
    customer, pin, link, *_ = rows[0]
    consents = _holding((purpose, granted) for *_, purpose, granted in rows if purpose is not None)
    proven = event.proof.assurance if event.proof.subject else "anonymous"
    assurance = "linked" if link is not None else proven
    return CustomerRow(words(customer), event.merchant, assurance, consents, bool(pin))


def _consents(merchant: str, customer: str) -> Script[frozenset[str]]:
    granted = yield Statement(CONSENTS, (merchant, customer), alone=True)
    return _holding(granted)


def _holding(granted: Iterable[tuple[Value, ...]]) -> frozenset[str]:
    """The newest row of each purpose holds."""
    now = {words(purpose): bool(yes) for purpose, yes in granted}
    return frozenset(purpose for purpose, yes in now.items() if yes)


def _make(event: Event, id: str) -> Script[CustomerRow]:
    """While the identity is locked nobody else makes one: look again, then make."""
    if found := (yield from _find(event, ("/".join(identity_of(event)),))):
        return found
    yield Statement(NEW_CUSTOMER, (id, event.merchant, micros(event.at)))
    yield Statement(NEW_IDENTITY, (*identity_of(event), id, micros(event.at)))
    made = yield from _find(event)
    if made is None:
        raise NotFound(f"customer {id} was not stored", where="customers")
    return made


def _all(statements: Iterable[Statement]) -> Script[None]:
    for statement in statements:  # noqa: UP028  plain iterators take no sent rows
        yield statement


def _rows(statement: Statement) -> Script[Rows]:
    rows = yield statement
    return rows


def _merge(merchant: str, customer: str, into: str) -> Script[None]:
    rows = yield Statement(
        "SELECT coalesce(merged_into, id) FROM customers WHERE merchant = ? AND id = ?", (merchant, into)
    )
    if not rows:
        raise NotFound(f"{merchant} has no customer {into}", where="customer")
    if rows[0][0] != customer:
        yield Statement(MERGE, (rows[0][0], merchant, customer, customer))
