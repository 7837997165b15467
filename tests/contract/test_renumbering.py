"""A customer with a new number on a platform: what is theirs follows, and the old number knows nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sayso.model.effect import OrderPlaced, TaskMade
from sayso.model.event import Event, Opted, Proof, Renumbered, Utterance
from sayso.model.writes import Job
from sayso.store import Store
from sayso.store.statements import Statement

OLD, NEW = "31611111111", "31622222222"


class Phone:
    """A customer of the bar on a platform."""

    def __init__(self, store: Store, make: Any) -> None:
        self.store, self.make = store, make

    def event(self, number: str, body: Any, **more: Any) -> Event:
        proof = Proof("channel", "pigeon:loft", number)
        made: Event = self.make.event(number, channel="pigeon", account="loft", body=body, proof=proof, **more)
        return made

    async def turn(self, number: str, body: Any, **more: Any) -> Event:
        event = self.event(number, body)
        customer = await self.store.people.identify(event)
        await self.store.inbox.accept(event)
        _, version = await self.store.turns.load(event.key)
        state = self.make.state(customer=customer.id, serial=version + 1, allergies=more.pop("allergies", ()))
        await self.store.turns.apply(self.make.turn(event, version, state=state, **more))
        return event

    async def customer(self, number: str) -> str:
        return (await self.store.people.identify(self.event(number, Utterance("hi")))).id


@pytest.fixture
def phone(store: Store, make: Any) -> Phone:
    return Phone(store, make)


async def test_the_customer_is_the_same_under_the_new_number(store: Store, phone: Phone) -> None:
    """Identity and state are there; whoever gets the old number is a stranger without a conversation."""
    await phone.turn(OLD, Utterance("a latte"), allergies=("nuts",))
    anna = await phone.customer(OLD)
    await phone.turn(OLD, Renumbered(NEW), allergies=("nuts",))
    state, version = await store.turns.load(f"bar/pigeon/loft/{NEW}")
    assert state is not None and (state.allergies, state.customer, version) == (("nuts",), anna, 1)
    assert await phone.customer(NEW) == anna
    assert await phone.customer(OLD) != anna
    assert (await store.turns.load(f"bar/pigeon/loft/{OLD}"))[0] is None
    await phone.turn(NEW, Utterance("and a mocha"))
    assert (await store.turns.load(f"bar/pigeon/loft/{NEW}"))[1] == 2


async def test_what_is_open_follows(store: Store, phone: Phone, make: Any) -> None:
    """Jobs that come due, a task at the desk, orders."""
    key, new = f"bar/pigeon/loft/{OLD}", f"bar/pigeon/loft/{NEW}"
    await phone.turn(OLD, Utterance("hi"))
    anna = await phone.customer(OLD)
    order = replace(make.order(customer=anna), conversation=key)
    job = Job("ready", "bar", "ready_order", make.clock.now() + timedelta(hours=1), key)
    task = TaskMade("bar", "t1", key, "asked", {})
    await phone.turn(OLD, Utterance("yes"), changes=(OrderPlaced(order), task), jobs=(job,))
    await phone.turn(OLD, Renumbered(NEW))
    make.clock.moment += timedelta(hours=2)
    assert [each.conversation for each in await store.jobs.due(make.clock.now())] == [new]
    found = await store.ledger.order("bar", order.id)
    assert found is not None and found.conversation == new
    waiting = await store.desk.task("bar", "t1")
    assert waiting is not None and waiting.conversation == new


async def test_a_conversation_that_was_begun_there_goes_on(store: Store, phone: Phone) -> None:
    """Words from the new number came before the notice: their state is newer, and the customer is the known one."""
    await phone.turn(OLD, Utterance("a latte"), allergies=("nuts",))
    anna = await phone.customer(OLD)
    await phone.turn(NEW, Utterance("a mocha"), allergies=("milk",))
    await phone.turn(OLD, Renumbered(NEW))
    state, _ = await store.turns.load(f"bar/pigeon/loft/{NEW}")
    assert state is not None and state.allergies == ("milk",)
    assert await phone.customer(NEW) == anna


async def test_who_wanted_no_messages_still_wants_none(store: Store, phone: Phone) -> None:
    """The switch moves with the customer."""
    await phone.turn(OLD, Opted(False, silent=True))
    await phone.turn(OLD, Renumbered(NEW))

    def script() -> Any:
        rows = yield Statement("SELECT muted FROM conversations WHERE native = ?", (NEW,))
        return rows

    assert [tuple(row) for row in await store.database.read(script())] == [("-",)]


async def test_an_erase_finds_what_was_said_under_the_old_number(store: Store, phone: Phone) -> None:
    """Both conversations are the customer's; what a stranger says under the old number later is not."""
    await phone.turn(OLD, Utterance("my aunt's anaconda"))
    await phone.turn(OLD, Renumbered(NEW))
    await phone.turn(NEW, Utterance("the anaconda again"))
    await phone.turn(OLD, Utterance("a stranger's words"))
    anna = await phone.customer(NEW)
    await store.privacy.erase("bar", anna)
    left = await store.turns.messages(f"bar/pigeon/loft/{OLD}")
    assert [each.message.text for each in left if each.author == "customer"] == ["a stranger's words"]
    assert await store.turns.messages(f"bar/pigeon/loft/{NEW}") == ()


@pytest.mark.parametrize("to", ["", OLD])
async def test_no_new_number_changes_nothing(store: Store, phone: Phone, to: str) -> None:
    """The same one, or none."""
    await phone.turn(OLD, Utterance("hi"))
    anna = await phone.customer(OLD)
    await phone.turn(OLD, Renumbered(to))
    assert await phone.customer(OLD) == anna
    assert (await store.turns.load(f"bar/pigeon/loft/{OLD}"))[0] is not None
