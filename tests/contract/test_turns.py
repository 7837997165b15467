"""Turns: all of a WriteSet or none of it, in the conversation's order."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from sayso.errors import Conflict, SaysoError
from sayso.model.effect import Booked, OrderPlaced, TaskMade
from sayso.model.message import Message
from sayso.model.money import Money
from sayso.model.writes import Job, Outgoing
from sayso.store import Store


async def accepted(store: Store, make: Any, conversation: str = "anna", **more: Any) -> Any:
    event = make.event(conversation, **more)
    await store.inbox.accept(event)
    return event


async def test_what_a_turn_wrote_can_be_loaded(store: Store, make: Any) -> None:
    """State and version come back."""
    event = await accepted(store, make)
    await store.turns.apply(make.turn(event, state=make.state(serial=3, allergies=("nuts",))))
    assert await store.turns.load(event.key) == (make.state(serial=3, allergies=("nuts",)), 1)


async def test_an_unknown_conversation_has_no_state(store: Store) -> None:
    """Loading what never was gives version 0."""
    assert await store.turns.load("bar/web//nobody") == (None, 0)


async def test_messages_are_numbered_without_gaps_customer_and_bot_alike(store: Store, make: Any) -> None:
    """Seq counts from 1 through both sides of the conversation."""
    for version in range(3):
        event = await accepted(store, make, text=f"wish {version}")
        outgoing = tuple(Outgoing(f"m{version}{n}", Message(f"{version}.{n}")) for n in range(2))
        posted = await store.turns.apply(make.turn(event, version, outgoing=outgoing))
        assert [message.seq for message in posted] == [version * 3 + 2, version * 3 + 3]
    messages = await store.turns.messages(event.key)
    assert [message.seq for message in messages] == list(range(1, 10))
    assert [message.author for message in messages] == ["customer", "bot", "bot"] * 3
    assert [message.seq for message in await store.turns.messages(event.key, after=4, limit=2)] == [5, 6]


async def test_what_apply_returns_is_what_messages_returns(store: Store, make: Any) -> None:
    """Nobody needs to read back what he wrote."""
    event = await accepted(store, make)
    posted = await store.turns.apply(make.turn(event))
    assert tuple(await store.turns.messages(event.key, after=1)) == tuple(posted)


async def test_a_turn_that_began_with_an_old_version_writes_nothing(store: Store, make: Any) -> None:
    """The fencing version of the row decides."""
    event = await accepted(store, make)
    await store.turns.apply(make.turn(event))
    late = await accepted(store, make)
    with pytest.raises(Conflict) as conflict:
        await store.turns.apply(make.turn(late, 0, says="never", jobs=(Job("j", "bar", "k", make.clock.now()),)))
    assert conflict.value.what == "version"
    assert [message.message.text for message in await store.turns.messages(event.key)] == [
        "a latte",
        "Sure.",
        "a latte",
    ]
    assert await store.turns.trace(f"turn-{late.id}") is None and await store.jobs.next_due() is None


async def test_a_version_of_a_conversation_that_is_not_there_is_refused(store: Store, make: Any) -> None:
    """Version 3 of nothing is a conflict, not a beginning."""
    with pytest.raises(Conflict, match="version"):
        await store.turns.apply(make.turn(await accepted(store, make), 3))


async def test_of_two_first_turns_one_wins(store: Store, make: Any) -> None:
    """Two hosts that both saw an empty conversation cannot both begin it."""
    events = [await accepted(store, make), await accepted(store, make)]
    done = await asyncio.gather(*(store.turns.apply(make.turn(e)) for e in events), return_exceptions=True)
    assert sorted(isinstance(result, Conflict) for result in done) == [False, True]


async def test_a_conflict_in_a_group_hurts_no_other_turn(store: Store, make: Any) -> None:
    """Of many conversations written together only the stale ones fail."""
    events = [await accepted(store, make, f"guest{n}") for n in range(20)]
    turns = [make.turn(event, version=n % 2) for n, event in enumerate(events)]
    done = await asyncio.gather(*(store.turns.apply(turn) for turn in turns), return_exceptions=True)
    assert [isinstance(result, Conflict) for result in done] == [n % 2 == 1 for n in range(20)]
    assert [(await store.turns.load(event.key))[1] for event in events] == [1, 0] * 10


async def test_two_hundred_concurrent_turns_all_arrive(store: Store, make: Any) -> None:
    """Each conversation keeps its own order and numbers under load."""
    events = await asyncio.gather(*(accepted(store, make, f"guest{n}") for n in range(200)))
    await asyncio.gather(*(store.turns.apply(make.turn(event)) for event in events))
    for event in events:
        assert [message.seq for message in await store.turns.messages(event.key)] == [1, 2]


async def test_an_event_is_answered_by_one_turn(store: Store, make: Any) -> None:
    """A second turn for the same event is refused, even at the right version."""
    event = await accepted(store, make)
    await store.turns.apply(make.turn(event))
    from dataclasses import replace

    second = make.turn(event, 1)
    assert second.trace is not None
    with pytest.raises(Conflict, match="event"):
        await store.turns.apply(replace(second, trace=replace(second.trace, turn="another")))


async def test_an_intermediate_set_without_a_trace_leaves_the_event_open(store: Store, make: Any) -> None:
    """A confirmed effect is stored before an outside call; the answer comes with the turn's end."""
    from dataclasses import replace

    event = await accepted(store, make)
    await store.turns.apply(
        replace(make.turn(event, outgoing=()), trace=None, effects=(make.effect(state="confirmed"),))
    )
    assert list(await store.inbox.unanswered()) == [event]
    await store.turns.apply(make.turn(event, 1, effects=(make.effect(state="done"),)))
    assert list(await store.inbox.unanswered()) == []


async def test_traces_come_back_whole_and_newest_first(store: Store, make: Any, clock: Any) -> None:
    """A trace is the input of a replay: nothing of it is lost."""
    turns = []
    for version in range(3):
        clock.moment += timedelta(seconds=1)
        event = await accepted(store, make)
        before = (await store.turns.load(event.key))[0] or make.state(serial=99)
        turns.append(make.turn(event, version, before=before))
        await store.turns.apply(turns[-1])
    assert await store.turns.trace(turns[1].trace.turn) == turns[1].trace
    assert list(await store.turns.traces(event.key, limit=2)) == [turns[2].trace, turns[1].trace]


async def test_ledger_entries_that_do_not_balance_are_refused(store: Store, make: Any) -> None:
    """Money cannot appear: the whole turn is refused."""
    event = await accepted(store, make)
    with pytest.raises(SaysoError, match="sum to 350"):
        await store.turns.apply(make.turn(event, changes=(Booked("bar", "f1", "sales", Money(350, "EUR")),)))
    assert (await store.turns.load(event.key))[1] == 0


@pytest.mark.parametrize("kind", ["job", "task", "order", "effect"])
async def test_a_turn_cannot_write_rows_of_another_merchant(store: Store, make: Any, kind: str) -> None:
    """Every row of a turn is of the merchant it belongs to."""
    from dataclasses import replace

    event = await accepted(store, make)
    rows = {
        "job": {"jobs": (Job("j", "rival", "k", make.clock.now()),)},
        "task": {"changes": (TaskMade("rival", "t", "", "why", None),)},
        "order": {"changes": (OrderPlaced(replace(make.order(), merchant="rival")),)},
        "effect": {"effects": (replace(make.effect(), merchant="rival"),)},
    }[kind]
    with pytest.raises(SaysoError, match="rows of rival"):
        await store.turns.apply(make.turn(event, **rows))


async def test_a_customers_other_conversations_are_found(store: Store, make: Any) -> None:
    """The newest first, without the one that asks, and nobody else's."""
    for place, customer in (("page", "anna"), ("phone", "anna"), ("shop", "ben"), ("here", "anna")):
        event = await accepted(store, make, place)
        await store.turns.apply(make.turn(event, state=make.state(customer=customer, serial=len(place))))
    here = make.event("here")
    found = await store.turns.elsewhere(here.merchant, "anna", here.key)
    assert sorted(state.serial for state in found) == [4, 5]
    assert {state.customer for state in found} == {"anna"}
