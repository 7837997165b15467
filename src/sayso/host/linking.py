"""Linking a customer over channels: what is checked at the door, and what a turn then does.

A code and a PIN are heard before anything is stored, and what is stored is who was meant, never the digits.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from sayso.errors import Theirs
from sayso.host.ports import Clock, Links, People
from sayso.model.action import Link, Linked, Result
from sayso.model.effect import LinkEnded, LinkMade, LinkOffered
from sayso.model.event import Body, Claimed, Event, Secret
from sayso.model.fact import Fact, Row
from sayso.model.writes import Job
from sayso.people.links import (
    CODE_LIFE,
    MERCHANT_RULE,
    OFFERS_AN_HOUR,
    PAGE_LIFE,
    PIN_RULE,
    SPEAKER_RULE,
    Guess,
    Offered,
    code_digest,
    code_of,
    speaker,
)
from sayso.people.pins import matches

if TYPE_CHECKING:
    from sayso.host.executors import Stage

VOUCHED = frozenset({"linked", "pin"})
"""Assurances with which what was said and done belongs to one person."""

SAID = frozenset({"code", "nonce"})
"""Kinds of offers that were made to who is known, and are brought elsewhere."""

BROUGHT = frozenset({"account_linking", "account_link"})
"""Sources of a reference that is a nonce of a platform's account linking."""

NONCE_BYTES = 24

HIDE = "hide_code"
"""The job that hides a code which is of no use any more."""

Page = Callable[[Event, str], str]
"""Where the customer of an event can be linked by the offer of that id; "" where the host has no page."""


def no_page(event: Event, offer: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Linking:
    """What linking needs of the host. `key`: under which codes are digested."""

    links: Links
    people: People
    clock: Clock
    key: bytes
    page: Page = no_page

    async def offer(self, merchant: str, customer: str, conversation: str) -> str:
        """A nonce for a platform's own account linking: whoever brings it back on the platform, once and soon, is the
        customer. Raises Theirs (429) after some in an hour."""
        now = self.clock.now()
        if await self.links.offers(merchant, now - timedelta(hours=1), customer=customer) >= OFFERS_AN_HOUR:
            raise Theirs(
                "this customer got enough of them for an hour",
                mend="Use the one that was given last.",
                code="too_many",
                status=429,
            )
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        digest = code_digest(nonce, merchant, self.key)
        until, id = now + PAGE_LIFE, f"link:{secrets.token_hex(8)}"
        await self.links.offer(LinkOffered(merchant, id, "nonce", conversation, until, customer, digest), now)
        return nonce

    async def nonce(self, event: Event, said: str) -> Body | None:
        """Whose nonce a platform brings back with the customer's id; None for one that is none of ours. It cannot be
        guessed, so nothing is counted."""
        if not event.proof.subject:
            return None
        digest = code_digest(said, event.merchant, self.key)
        offered = await self.links.stands(event.merchant, self.clock.now(), digest=digest)
        return Claimed(offered.id, offered.customer) if offered and offered.kind == "nonce" else None

    async def pin(self, event: Event, digits: str) -> Body | None:
        """Whether this is the customer's PIN; None where nobody vouches for who speaks."""
        customer = await self.people.identify(event)
        if customer.assurance not in VOUCHED:
            return None
        guess = Guess(event.merchant, "pin", customer.id, event.id)
        if not await self.links.tried(guess, PIN_RULE, self.clock.now()):
            return Secret(passed=False, locked=True)
        digest = await self.people.pin(event.merchant, customer.id)
        if await asyncio.to_thread(matches, digits, digest):
            await self.links.passed(guess)
            return Secret(passed=True)
        return Secret(passed=False, locked=await self.links.locked(guess, PIN_RULE, self.clock.now()))

    async def code(self, event: Event, digits: str) -> Body:
        """Whose code this is, if anybody's."""
        now, merchant = self.clock.now(), event.merchant
        proof = event.proof
        who = speaker(proof.issuer or event.channel, proof.subject) if proof.subject else speaker("", event.key)
        own = Guess(merchant, "code", who, event.id)
        all_of = Guess(merchant, "codes", "", event.id)
        if await self.links.locked(all_of, MERCHANT_RULE, now) or not await self.links.tried(own, SPEAKER_RULE, now):
            return Claimed(locked=True)
        offered = await self.links.stands(merchant, now, digest=code_digest(digits, merchant, self.key))
        if offered is not None:
            await self.links.passed(own)
            return Claimed(offered.id, offered.customer)
        await self.links.tried(all_of, MERCHANT_RULE, now)
        return Claimed(locked=await self.links.locked(own, SPEAKER_RULE, now))


async def link(stage: Stage, asked: Link, linking: Linking) -> Result:
    """Offer, take, end or tell what is linked."""
    return await WAYS[asked.what](stage, asked, linking)


async def offer(stage: Stage, asked: Link, linking: Linking) -> Linked:
    """A code for who is known here; for who is not, how to become known."""
    known = stage.customer.assurance in VOUCHED
    since, merchant = stage.now - timedelta(hours=1), stage.event.merchant
    whose = {"customer": stage.customer.id} if known else {"conversation": stage.event.key}
    if await linking.links.offers(merchant, since, **whose) >= OFFERS_AN_HOUR:
        return Linked("link.too_many" if known else "link.how")
    return await _code(stage, linking) if known else _page(stage, linking)


async def _code(stage: Stage, linking: Linking) -> Linked:
    """Six digits that are nobody else's now."""
    merchant, id = stage.event.merchant, f"link:{stage.seed}"
    for _ in range(20):
        code = code_of(secrets.randbelow(10**6))
        digest = code_digest(code, merchant, linking.key)
        if await linking.links.stands(merchant, stage.now, digest=digest) is None:
            break
    until = stage.now + CODE_LIFE
    made = LinkOffered(merchant, id, "code", stage.event.key, until, stage.customer.id, digest)
    stage.deeds.changes.append(made)
    stage.deeds.jobs.append(hiding(made.id, merchant, stage.event.key, until))
    minutes = Fact(CODE_LIFE // timedelta(minutes=1), "link", id)
    spoken = Fact(f"{', '.join(code[:3])}. {', '.join(code[3:])}", "link", id)
    return Linked(
        "link.code", {"code": Fact(f"{code[:3]} {code[3:]}", "link", id), "digits": spoken, "minutes": minutes}
    )


def hiding(offer: str, merchant: str, conversation: str, due: datetime, why: str = "over") -> Job:
    """The job that takes a code out of what was said."""
    return Job(f"{HIDE}:{offer}:{why}", merchant, HIDE, due, conversation)


def _page(stage: Stage, linking: Linking) -> Linked:
    id = f"link:{stage.seed}"
    page = linking.page(stage.event, id)
    if page:
        until = stage.now + PAGE_LIFE
        stage.deeds.changes.append(LinkOffered(stage.event.merchant, id, "page", stage.event.key, until))
    return Linked("link.how", page=page)


async def claim(stage: Stage, asked: Link, linking: Linking) -> Linked:
    """Who speaks here is who the offer was made to, from now on."""
    merchant, stranger = stage.event.merchant, stage.customer
    if stranger.assurance in VOUCHED:
        return Linked("link.already")
    offered = await linking.links.stands(merchant, stage.now, id=asked.offer)
    who = (offered.customer if offered.kind in SAID else asked.customer) if offered else ""
    if offered is None or not who or who == stranger.id or not _here(offered, stage.event):
        return Linked("link.gone")
    stage.deeds.changes.append(LinkMade(merchant, offered.id, stranger.id, who, stage.event.channel))
    consents = await linking.people.consents(merchant, who)
    stage.customer = replace(stranger, id=who, assurance="linked", consents=consents)
    if offered.kind == "code":
        stage.deeds.jobs.append(hiding(offered.id, merchant, offered.conversation, stage.now, "used"))
    if offered.kind in SAID:
        told = {"channel": stage.event.channel}
        stage.deeds.jobs.append(Job(f"linked:{offered.id}", merchant, "linked", stage.now, offered.conversation, told))
    return Linked("link.done")


def _here(offered: Offered, event: Event) -> bool:
    """A page is for the conversation that gave it; a code is for any other than its own."""
    return (offered.conversation == event.key) != (offered.kind in SAID)


async def end(stage: Stage, asked: Link, linking: Linking) -> Linked:
    """Where a link made the customer known, that one ends; where they are known anyway, all of them do."""
    merchant, customer = stage.event.merchant, stage.customer
    if customer.assurance not in VOUCHED:
        return Linked("link.none_here")
    linked = await linking.links.of(merchant, customer.id)
    own = await linking.links.own(stage.event)
    here = tuple(row for row in linked if row.customer == own)
    for row in here or linked:
        stage.deeds.changes.append(LinkEnded(merchant, row.customer))
    if here:
        stage.customer = replace(customer, id=own, assurance="channel", consents=frozenset(), has_pin=False)
        return Linked("link.ended_here", ended=True)
    rows = tuple(Row({"channel": Fact(row.channel, "link", row.customer)}) for row in linked)
    return Linked("link.ended", {"links": rows}) if rows else Linked("link.none")


async def tell(stage: Stage, asked: Link, linking: Linking) -> Linked:
    """What is linked, for nobody but the customer."""
    if stage.customer.assurance not in VOUCHED:
        return Linked("link.none_here")
    linked = await linking.links.of(stage.event.merchant, stage.customer.id)
    rows = tuple(
        Row({"channel": Fact(r.channel, "link", r.customer), "since": Fact(r.at, "link", r.customer)}) for r in linked
    )
    return Linked("link.list", {"links": rows}) if rows else Linked("link.none")


WAYS: Mapping[str, Callable[[Stage, Link, Linking], Awaitable[Linked]]] = MappingProxyType(
    {"offer": offer, "claim": claim, "end": end, "list": tell}
)
