"""What is kept of a customer: given out, erased, and what stays because it must."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from sayso.errors import NotFound, Theirs
from sayso.model.basket import Order
from sayso.model.command import Unheard
from sayso.model.effect import ConsentSet, LinkMade, LinkOffered, OrderPlaced, TaskMade
from sayso.model.event import Event, Proof, Utterance
from sayso.model.message import Message
from sayso.model.writes import Job, Outgoing
from sayso.people.erase import Receipt
from sayso.people.links import Guess
from sayso.people.pins import LockOut
from sayso.store import Store
from sayso.store.schema import build
from sayso.store.statements import Rows, Script, Statement

ANNA, BEN = Proof("linked", "bar", "anna-4711"), Proof("linked", "bar", "ben-0815")
SECRET = "Keizersgracht 99, mind the anaconda"
"""Words that must be found nowhere afterwards."""


def everything() -> Iterator[str]:
    yield from (table.name for table in build().sorted_tables)


def _rows(table: str) -> Script[Rows]:
    rows = yield Statement(f"SELECT * FROM {table}")
    return rows


async def dump(store: Store) -> dict[str, list[str]]:
    """Every row of every table as text."""
    return {table: [repr(row) for row in await store.database.read(_rows(table))] for table in everything()}


async def probe(store: Store, *words: str) -> list[str]:
    """Tables in which one of these words is found."""
    found = await dump(store)
    return [table for table, rows in found.items() if any(word in row for row in rows for word in words)]


class Life:
    """What customers do with a store: speak, order, consent, ask for a person."""

    def __init__(self, store: Store, make: Any) -> None:
        self.store, self.make, self.versions = store, make, dict[str, int]()

    async def speak(self, conversation: str, proof: Proof, text: str, merchant: str = "bar", **more: Any) -> Event:
        event: Event = self.make.event(conversation, merchant=merchant, proof=proof, body=Utterance(text))
        customer = (await self.store.people.identify(event)).id
        await self.store.inbox.accept(event)
        version = self.versions.get(event.key, 0)
        state = self.make.state(customer=customer, serial=version)
        await self.store.turns.apply(self.make.turn(event, version, state=state, says=f"You said: {text}", **more))
        self.versions[event.key] = version + 1
        return event

    async def id(self, proof: Proof, merchant: str = "bar") -> str:
        return (await self.store.people.identify(self.make.event("id", merchant=merchant, proof=proof))).id

    async def order(self, conversation: str, proof: Proof, number: str, **more: Any) -> Order:
        customer = await self.id(proof)
        proposal = replace(self.make.proposal(f"p-{number}"), slots={"address": SECRET})
        order = Order(
            f"o-{number}", number, "bar", f"bar/web//{conversation}", customer, proposal, self.make.clock.now(), **more
        )
        effect = replace(
            self.make.effect(f"f-{number}"), customer=customer, conversation=f"bar/web//{conversation}", order=order.id
        )
        changes = (
            OrderPlaced(order),
            TaskMade("bar", f"t-{number}", order.conversation, "asked", None, customer, {"x": SECRET}),
        )
        await self.speak(
            conversation,
            proof,
            SECRET,
            changes=changes,
            effects=(effect,),
            effect_changes={effect.id: changes[:1]},
            proposal=proposal,
            jobs=(Job(f"j-{number}", "bar", "ready_order", self.make.clock.now(), order.conversation, {"a": SECRET}),),
            outgoing=(Outgoing(f"push-{number}", Message(SECRET), push=True),),
        )
        return order


@pytest.fixture
def life(store: Store, make: Any) -> Life:
    return Life(store, make)


async def erase(store: Store, who: str = ANNA.subject) -> Receipt:
    return await store.privacy.erase("bar", who)


async def test_nothing_of_the_customer_is_found_afterwards(store: Store, life: Life) -> None:
    """Not the words, not the identity, not the ids, in no table."""
    await life.speak("c1", ANNA, "hello")
    order = await life.order("c1", ANNA, "A1", state="ready")
    granted = ConsentSet("bar", order.customer, "personalise", True, "web")
    await life.speak("c1", ANNA, "yes, remember me", changes=(granted,))
    assert await probe(store, "anaconda") and await probe(store, order.customer)
    receipt = await erase(store)
    assert await probe(store, "anaconda", ANNA.subject, order.customer, "c1", "remember me") == []
    assert receipt.erased["conversations"] == 1 and receipt.erased["consents"] == 1


async def test_what_was_not_understood_goes_too(store: Store, life: Life, make: Any) -> None:
    """The list that the merchant learns from keeps nothing of them, on a shared device neither."""
    for conversation, proof in (("c1", ANNA), ("shared", BEN), ("shared", ANNA)):
        event = make.event(conversation, proof=proof, body=Utterance("wug"))
        await store.people.identify(event)
        await store.inbox.accept(event)
        version = life.versions.get(event.key, 0)
        turn = make.turn(event, version)
        missed = replace(turn.trace, unheard=Unheard(f"wug of {proof.subject}", "en"))
        await store.turns.apply(replace(turn, trace=missed))
        life.versions[event.key] = version + 1
    await erase(store)
    assert await probe(store, f"wug of {ANNA.subject}") == []
    assert "unheard" in await probe(store, f"wug of {BEN.subject}")


async def test_the_invoice_stays_with_its_figures(store: Store, life: Life) -> None:
    """Under a pseudonym that nobody can compute again; the receipt says why."""
    order = await life.order("c1", ANNA, "A1", state="ready")
    receipt = await erase(store)
    kept = await store.ledger.order("bar", order.id)
    assert kept is not None and kept.customer == receipt.pseudonym and kept.state == "ready"
    assert (kept.number, kept.proposal.total) == (order.number, order.proposal.total)
    assert "tax law" in receipt.kept["orders"] and await probe(store, receipt.pseudonym) == [
        "effects",
        "erasures",
        "orders",
    ]


async def test_another_customer_and_another_merchant_are_untouched(store: Store, life: Life) -> None:
    """Row for row."""
    await life.order("c2", BEN, "B1", state="ready")
    there = replace(ANNA, issuer="rival")
    await life.speak("c9", there, "hello", merchant="rival")
    before = await dump(store)
    await life.order("c1", ANNA, "A1", state="ready")
    await erase(store)
    after = await dump(store)
    kept = {"orders", "effects", "effect_log", "erasures"}
    assert {t: sorted(rows) for t, rows in after.items() if t not in kept} == {
        t: sorted(rows) for t, rows in before.items() if t not in kept
    }
    assert all(row in after[table] for table in kept for row in before[table])


async def test_of_a_shared_conversation_only_their_turns_go(store: Store, life: Life) -> None:
    """On a shared device the other's words stay."""
    await life.speak("shared", BEN, "ben was here")
    await life.speak("shared", ANNA, "anna was here")
    await erase(store)
    assert await probe(store, "anna was here", ANNA.subject) == []
    assert await probe(store, "ben was here") == ["inbox", "messages", "traces"]
    state, version = await store.turns.load("bar/web//shared")
    assert state is None and version == 3


async def test_what_was_said_before_signing_in_goes_too(store: Store, life: Life) -> None:
    """The same conversation, without a proof at first."""
    await life.speak("c1", Proof(), "a stranger's words")
    await life.speak("c1", ANNA, "it's me")
    await erase(store)
    assert await probe(store, "stranger", "c1") == []


async def test_a_state_that_was_decoded_is_not_handed_out_again(store: Store, life: Life, make: Any) -> None:
    """A conversation that begins anew begins empty, at whatever version."""
    await life.speak("c1", ANNA, "one")
    assert (await store.turns.load("bar/web//c1"))[0] is not None
    await erase(store)
    assert await store.turns.load("bar/web//c1") == (None, 0)
    fresh = make.event("c1", proof=Proof())
    assert (await store.inbox.accept(fresh)).state is None


async def test_an_order_that_is_running_needs_its_customer(store: Store, life: Life) -> None:
    """Nothing is erased then, and the refusal says what to do."""
    await life.order("c1", ANNA, "A1")
    before = await dump(store)
    with pytest.raises(Theirs, match="still running") as refused:
        await erase(store)
    assert (refused.value.status, await dump(store)) == (409, before)


async def test_nobody_known_is_told_so(store: Store, life: Life) -> None:
    """Another merchant's customer included."""
    await life.speak("c1", ANNA, "hello")
    for merchant, who in (("bar", "nobody"), ("rival", ANNA.subject)):
        with pytest.raises(NotFound, match="no customer"):
            await store.privacy.erase(merchant, who)


async def test_a_customer_who_was_merged_goes_whole(store: Store, life: Life) -> None:
    """With every identity that led to them."""
    other = Proof("linked", "alexa", "amzn-77")
    await life.speak("c1", ANNA, "first")
    await life.speak("c2", other, "second")
    await store.people.merge("bar", await life.id(other), await life.id(ANNA))
    await erase(store, other.subject)
    assert await probe(store, ANNA.subject, other.subject, "first", "second") == []


async def test_what_was_linked_goes_too(store: Store, life: Life, make: Any) -> None:
    """The conversation that became theirs by a code, the link, the offer and the count of guesses."""
    await life.speak("c1", ANNA, "first")
    event = await life.speak("c2", Proof(), "second")
    anna, stranger = await life.id(ANNA), (await store.people.identify(event)).id
    until = make.clock.now() + timedelta(minutes=10)
    offered = LinkOffered("bar", "o1", "code", "bar/web//c1", until, anna, "digest")
    await life.speak("c2", Proof(), "third", changes=(offered, LinkMade("bar", "o1", stranger, anna, "web")))
    await store.links.tried(Guess("bar", "pin", anna, "e1"), LockOut(), make.clock.now())
    assert len((await store.privacy.export("bar", ANNA.subject))["links"]) == 1
    await erase(store)
    assert await probe(store, ANNA.subject, anna, stranger, "first", "second", "third", "digest") == []


async def test_an_export_has_it_all(store: Store, life: Life) -> None:
    """Words, orders, consents and identities of this customer, and of nobody else."""
    await life.order("c1", ANNA, "A1", state="ready")
    await life.order("c2", BEN, "B1", state="ready")
    found = await store.privacy.export("bar", ANNA.subject)
    assert found["identities"] == [{"issuer": "linked:bar", "subject": ANNA.subject}]
    assert [order["number"] for order in found["orders"]] == ["A1"]
    (conversation,) = found["conversations"]
    assert [m["text"] for m in conversation["messages"]] == [SECRET, SECRET]
    assert BEN.subject not in repr(found)


def unit(*values: float) -> Any:
    row = np.zeros(8, np.float32)
    row[: len(values)] = values
    return row / np.linalg.norm(row)


async def test_neighbours_are_gone_exactly_and_after_a_re_insert(store: Store, life: Life) -> None:
    """The nearest vectors are other people's or none, and what is inserted again has nothing to join."""
    await life.speak("c1", ANNA, "hello")
    await life.speak("c2", BEN, "hello")
    anna, ben = await life.id(ANNA), await life.id(BEN)
    await store.history.keep("bar", anna, "o-A1", unit(1, 0.1))
    await store.history.keep("bar", ben, "o-B1", unit(1, 0.1))
    assert [c.id for c in await store.history.near("bar", anna, unit(1), 5)] == ["o-A1"]
    await erase(store)
    assert await store.history.near("bar", anna, unit(1), 5) == ()
    await store.history.keep("bar", anna, "o-A1", unit(1, 0.1))
    assert await store.history.near("bar", anna, unit(1), 5) == (), "nothing is kept of a customer who is not there"
    assert [c.id for c in await store.history.near("bar", ben, unit(1, 0.1), 5)] == ["o-B1"]
    again = await life.id(ANNA)
    assert again != anna and await store.history.near("bar", again, unit(1, 0.1), 5) == ()


async def test_vectors_of_one_merchant_are_not_anothers(store: Store, life: Life) -> None:
    """The same person at two merchants is two customers."""
    await life.speak("c1", ANNA, "hello")
    anna = await life.id(ANNA)
    await store.history.keep("bar", anna, "o-A1", unit(1))
    assert await store.history.near("rival", anna, unit(1), 5) == ()
