"""Customers: found by proof, merged by pointer, never by guess."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sayso.errors import NotFound
from sayso.model.effect import ConsentSet, OrderPlaced
from sayso.model.event import Proof
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
