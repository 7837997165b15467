"""Customers: found by proof, merged by pointer, never by guess."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from sayso.errors import Conflict, NotFound
from sayso.model.effect import ConsentSet, LinkEnded, LinkMade, LinkOffered, OrderPlaced
from sayso.model.event import Proof
from sayso.people.links import Guess
from sayso.people.pins import LockOut
from sayso.store import Store

LINKED = Proof("linked", "bar", "anna@example.org")


async def test_an_unproven_speaker_is_one_customer_per_conversation(store: Store, make: Any) -> None:
    """The same conversation is the same stranger; another is another."""
    one, two = await store.people.identify(make.event("a")), await store.people.identify(make.event("a"))
    other = await store.people.identify(make.event("b"))
    assert one == two and one.id != other.id and one.assurance == "anonymous"


async def test_a_linked_customer_is_the_same_on_every_channel(store: Store, make: Any) -> None:
    """What the merchant vouches for does not depend on the channel."""
    web = await store.people.identify(make.event("a", proof=LINKED))
    alexa = await store.people.identify(make.event("b", channel="alexa", proof=LINKED))
    assert web.id == alexa.id and web.assurance == "linked"


async def test_assurance_comes_from_this_event_alone(store: Store, make: Any) -> None:
    """A conversation that was linked before is a stranger's without its proof."""
    linked = await store.people.identify(make.event("a", proof=LINKED))
    bare = await store.people.identify(make.event("a"))
    channel = await store.people.identify(make.event("a", proof=Proof("channel", "alexa", "anna@example.org")))
    assert len({linked.id, bare.id, channel.id}) == 3
    assert [row.assurance for row in (linked, bare, channel)] == ["linked", "anonymous", "channel"]


async def test_two_merchants_have_two_customers(store: Store, make: Any) -> None:
    """Nothing joins one merchant's customer to another's."""
    here = await store.people.identify(make.event(proof=LINKED))
    there = await store.people.identify(make.event(merchant="rival", proof=LINKED))
    assert here.id != there.id and (here.merchant, there.merchant) == ("bar", "rival")


async def test_first_events_at_once_make_one_customer(store: Store, make: Any) -> None:
    """Concurrency makes no second customer."""
    rows = await asyncio.gather(*(store.people.identify(make.event(proof=LINKED)) for _ in range(20)))
    assert len({row.id for row in rows}) == 1


async def test_the_newest_consent_of_a_purpose_holds(store: Store, make: Any) -> None:
    """Granted, withdrawn and granted again are three rows and one answer."""
    event = make.event(proof=LINKED)
    customer = (await store.people.identify(event)).id
    for version, (purpose, granted) in enumerate((("messages", True), ("personalise", True), ("messages", False))):
        turn = make.event()
        await store.inbox.accept(turn)
        change = ConsentSet("bar", customer, purpose, granted, "web")
        await store.turns.apply(make.turn(turn, version, changes=(change,)))
    assert (await store.people.identify(event)).consents == {"personalise"}


async def test_a_pin_is_kept_as_the_digest_it_came_as(store: Store, make: Any) -> None:
    """Only its own customer has it."""
    customer = (await store.people.identify(make.event())).id
    assert await store.people.pin("bar", customer) == ""
    await store.people.set_pin("bar", customer, "scrypt$x")
    assert await store.people.pin("bar", customer) == "scrypt$x"
    assert await store.people.pin("rival", customer) == ""
    assert (await store.people.identify(make.event())).has_pin


async def test_a_pin_for_nobody_is_refused(store: Store, make: Any) -> None:
    """Another merchant cannot set it, nor can it be set for an unknown customer."""
    customer = (await store.people.identify(make.event())).id
    for merchant, who in (("rival", customer), ("bar", "nobody")):
        with pytest.raises(NotFound, match="no customer"):
            await store.people.set_pin(merchant, who, "x")


async def test_a_merged_customer_is_found_as_the_one_it_was_merged_into(store: Store, make: Any) -> None:
    """Identities and orders of both lead to one; chains of merges too."""
    ids = [(await store.people.identify(make.event(name))).id for name in ("a", "b", "c")]
    event = make.event()
    await store.inbox.accept(event)
    await store.turns.apply(make.turn(event, changes=(OrderPlaced(make.order(customer=ids[0])),)))
    await store.people.merge("bar", ids[0], ids[1])
    await store.people.merge("bar", ids[1], ids[2])
    assert {(await store.people.identify(make.event(name))).id for name in ("a", "b", "c")} == {ids[2]}
    assert [order.id for order in await store.ledger.orders("bar", ids[2])] == ["o1"]


async def test_merging_in_a_circle_changes_nothing(store: Store, make: Any) -> None:
    """A customer cannot become part of itself."""
    ids = [(await store.people.identify(make.event(name))).id for name in ("a", "b")]
    await store.people.merge("bar", ids[0], ids[1])
    await store.people.merge("bar", ids[1], ids[0])
    assert {(await store.people.identify(make.event(name))).id for name in ("a", "b")} == {ids[1]}


async def _linked(store: Store, make: Any, stranger: Any, into: str) -> None:
    """What a turn writes that links whoever speaks to a customer."""
    until = make.clock.now() + timedelta(minutes=10)
    offered = LinkOffered("bar", "o1", "code", "bar/web//a", until, into, "digest")
    event = make.event("b")
    await store.inbox.accept(event)
    made = LinkMade("bar", "o1", stranger, into, "web")
    await store.turns.apply(make.turn(event, changes=(offered, made)))


async def test_a_link_makes_a_stranger_the_customer_until_it_ends(store: Store, make: Any) -> None:
    """Found by a stranger's proof and vouched for; ended, a stranger again, with the row of what was kept."""
    anna = await store.people.identify(make.event("a", proof=LINKED))
    stranger = await store.people.identify(make.event("b"))
    await _linked(store, make, stranger.id, anna.id)
    assert await store.people.identify(make.event("b")) == anna
    assert [row.customer for row in await store.links.of("bar", anna.id)] == [stranger.id]
    assert await store.links.own(make.event("b")) == stranger.id
    event = make.event("b")
    await store.inbox.accept(event)
    await store.turns.apply(make.turn(event, version=1, changes=(LinkEnded("bar", stranger.id),)))
    assert await store.people.identify(make.event("b")) == stranger
    assert not await store.links.of("bar", anna.id)


async def test_an_offer_is_taken_once(store: Store, make: Any) -> None:
    """The second who takes it writes nothing."""
    anna = await store.people.identify(make.event("a", proof=LINKED))
    stranger, other = [await store.people.identify(make.event(name)) for name in ("b", "c")]
    await _linked(store, make, stranger.id, anna.id)
    event = make.event("c")
    await store.inbox.accept(event)
    with pytest.raises(Conflict):
        await store.turns.apply(make.turn(event, changes=(LinkMade("bar", "o1", other.id, anna.id, "web"),)))
    assert await store.people.identify(make.event("c")) == other


async def test_an_offer_stands_until_its_end(store: Store, make: Any) -> None:
    """It is found by its digest, by nobody of another merchant, and not after its time."""
    now, event = make.clock.now(), make.event("a")
    await store.inbox.accept(event)
    offered = LinkOffered("bar", "o1", "code", event.key, now + timedelta(minutes=10), "anna", "digest")
    await store.turns.apply(make.turn(event, changes=(offered,)))
    found = await store.links.stands("bar", now, digest="digest")
    assert found is not None and (found.id, found.customer) == ("o1", "anna")
    assert await store.links.stands("rival", now, digest="digest") is None
    assert await store.links.stands("bar", now + timedelta(minutes=11), digest="digest") is None


async def test_guesses_at_once_are_all_counted(store: Store, make: Any) -> None:
    """Of ten speakers at once three may try; the same event is counted once."""
    now, rule = make.clock.now(), LockOut(3, timedelta(minutes=15))
    tries = (store.links.tried(Guess("bar", "pin", "anna", f"e{n}"), rule, now) for n in range(10))
    assert sum(await asyncio.gather(*tries)) == 3
    again = Guess("bar", "pin", "ben", "e1")
    assert all([await store.links.tried(again, rule, now) for _ in range(5)])
    await store.links.passed(Guess("bar", "pin", "anna", ""))
    assert not await store.links.locked(Guess("bar", "pin", "anna", ""), rule, now)
