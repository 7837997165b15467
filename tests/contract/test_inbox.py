"""The inbox: an event is stored once, whoever sends it how often."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sayso.errors import Theirs
from sayso.model.event import Opened, Pressed, Recognised, Secret
from sayso.model.message import Message
from sayso.store import Store


async def test_a_first_event_is_new_and_has_no_state(store: Store, make: Any) -> None:
    """A new conversation begins at version 0."""
    arrival = await store.inbox.accept(make.event())
    assert (arrival.new, arrival.state, arrival.version, arrival.messages) == (True, None, 0, None)


async def test_a_duplicate_of_a_running_event_is_not_new_and_has_no_answer(store: Store, make: Any) -> None:
    """It joins the turn that is still running."""
    event = make.event()
    await store.inbox.accept(event)
    again = await store.inbox.accept(event)
    assert (again.new, again.messages) == (False, None)


async def test_a_duplicate_of_an_answered_event_gets_the_stored_answer(store: Store, make: Any) -> None:
    """Only that turn's own messages, not those before or after."""
    for number in range(3):
        event = make.event(text=f"wish {number}")
        await store.inbox.accept(event)
        await store.turns.apply(make.turn(event, number, says=f"answer {number}"))
        if number == 1:
            asked, posted = event, (await store.turns.messages(event.key))[-1]
    again = await store.inbox.accept(asked)
    assert again.messages == (Message("answer 1"),) and again.posted == (posted,) and again.version == 3


async def test_a_turn_that_said_nothing_answers_a_duplicate_with_nothing(store: Store, make: Any) -> None:
    """An empty answer is an answer: the turn is not run again."""
    event = make.event()
    await store.inbox.accept(event)
    await store.turns.apply(make.turn(event, outgoing=()))
    assert (await store.inbox.accept(event)).messages == ()


async def test_of_many_concurrent_duplicates_one_is_new(store: Store, make: Any) -> None:
    """Twenty deliveries at once store one event."""
    event = make.event()
    arrivals = await asyncio.gather(*(store.inbox.accept(event) for _ in range(20)))
    assert sum(arrival.new for arrival in arrivals) == 1
    assert len(await store.turns.messages(event.key)) == 1


@pytest.mark.parametrize("other", [{"channel": "alexa"}, {"account": "b"}, {"merchant": "other"}])
async def test_the_same_id_on_another_channel_account_or_merchant_is_another_event(
    store: Store, make: Any, other: dict[str, str]
) -> None:
    """Ids are unique where they were given."""
    await store.inbox.accept(make.event(id="same"))
    assert (await store.inbox.accept(make.event(id="same", **other))).new


async def test_an_id_of_another_conversation_is_refused_and_tells_nothing(store: Store, make: Any) -> None:
    """Guessing an id does not read another customer's answer."""
    event = make.event("anna", id="same")
    await store.inbox.accept(event)
    await store.turns.apply(make.turn(event, says="secret"))
    with pytest.raises(Theirs, match="another conversation") as refused:
        await store.inbox.accept(make.event("bob", id="same"))
    assert refused.value.status == 409 and "secret" not in str(refused.value)


async def test_an_accepted_event_brings_the_conversation_as_it_is(store: Store, make: Any) -> None:
    """State and version are those of the last turn."""
    first = make.event()
    await store.inbox.accept(first)
    state = make.state(serial=7)
    await store.turns.apply(make.turn(first, state=state))
    arrival = await store.inbox.accept(make.event())
    assert (arrival.state, arrival.version) == (state, 1)


async def test_unanswered_events_come_back_oldest_first(store: Store, make: Any, clock: Any) -> None:
    """What was stored and never answered is run again at start."""
    from datetime import timedelta

    events = []
    for _ in range(3):
        clock.moment += timedelta(seconds=1)
        events.append(make.event())
        await store.inbox.accept(events[-1])
    await store.turns.apply(make.turn(events[1]))
    assert list(await store.inbox.unanswered()) == [events[0], events[2]]


@pytest.mark.parametrize(
    ("body", "said"),
    [(Pressed("tok", "Yes"), "Yes"), (Recognised("yes", {}, "sure"), "sure"), (Opened(), None), (Secret(True), None)],
    ids=["button", "nlu", "opened", "secret"],
)
async def test_the_transcript_holds_what_was_said_and_no_secret(store: Store, make: Any, body: Any, said: str) -> None:
    """Words and labels are kept; an opening or a PIN leaves no message."""
    event = make.event(body=body)
    await store.inbox.accept(event)
    posted = await store.turns.messages(event.key)
    assert [(message.author, message.message.text) for message in posted] == ([("customer", said)] if said else [])
