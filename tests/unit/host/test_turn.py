"""One event, one turn: once, in order, bounded in time, and never half written."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sayso.errors import NotFound
from sayso.host.replay import Diverged, replay
from sayso.model.event import UNNAMED, Closed, Edited, Opened, Pressed, Proof, Referred, Secret, Utterance
from sayso.people.pins import digest

LINKED = Proof("linked", "bar", "anna")


async def ordered(house: Any, **more: Any) -> Any:
    """A conversation that has just placed an order."""
    await house.say("latte dam", **more)
    return await house.say("yes", **more)


async def test_an_order_is_placed_and_undone(house: Any) -> None:
    """The order is in the ledger after yes, and out of it after undo."""
    answer = await ordered(house)
    order = (await house.store.ledger.orders("coffee_bar", answer.state.customer))[0]
    assert order.state == "placed"
    await house.say("undo")
    assert (await house.store.ledger.order("coffee_bar", order.id)).state == "cancelled"


async def test_the_same_event_again_gets_the_stored_answer(house: Any) -> None:
    """A repeated yes places no second order."""
    await house.say("latte dam")
    yes = house.event("yes")
    first, second = await house.host.handle(yes), await house.host.handle(yes)
    assert second.duplicate and not first.duplicate
    assert [p.message for p in second.messages] == [p.message for p in first.messages]
    assert len(await house.store.ledger.orders("coffee_bar", first.state.customer)) == 1


async def test_words_without_an_id_are_a_repetition_only_right_after(house: Any) -> None:
    """A platform without ids: the last request again gets its answer again; the same words later are a turn."""

    async def said(words: str) -> Any:
        event = house.event(words, id=f"made-of-{words.replace(' ', '-')}", via={UNNAMED: "yes"})
        return await house.host.handle(event)

    await said("latte dam")
    first, again = await said("yes"), await said("yes")
    assert again.duplicate and [p.message for p in again.messages] == [p.message for p in first.messages]
    house.clock.set(house.clock.now() + timedelta(minutes=1))
    await said("latte dam")
    assert not (await said("yes")).duplicate
    assert len(await house.store.ledger.orders("coffee_bar", first.state.customer)) == 2


async def test_a_duplicate_joins_the_turn_that_is_running(house: Any) -> None:
    """Twenty copies at once: one turn, twenty equal answers."""
    await house.say("latte dam")
    yes = house.event("yes")
    answers = await asyncio.gather(*(house.host.handle(yes) for _ in range(20)))
    assert sum(not a.duplicate for a in answers) == 1
    assert len({a.messages[0].message.text for a in answers}) == 1


async def test_a_burst_in_one_conversation_is_handled_in_order(house: Any) -> None:
    """Fifty conversations at once with bursts: every message is in its own transcript, in order, without gaps."""
    events = [house.event(f"latte {n}", conversation=f"c{c}") for n in range(4) for c in range(50)]
    await asyncio.gather(*(house.host.handle(e) for e in events))
    for c in range(50):
        messages = await house.store.turns.messages(f"coffee_bar/web/web/c{c}")
        assert [m.seq for m in messages] == list(range(1, len(messages) + 1))
        assert [m.author for m in messages].count("customer") == 4


async def test_a_turn_that_is_too_slow_apologises_inside_its_deadline(house: Any) -> None:
    """A model that hangs is cut off; nothing was ordered, and the customer hears so."""
    await house.say("latte dam")

    async def forever() -> None:
        await asyncio.Event().wait()

    house.understanding.before = forever
    answer = await house.say("yes", deadline_s=1.1)
    assert "longer than it should" in answer.messages[0].message.text
    assert not await house.store.ledger.orders("coffee_bar", answer.state.customer)


async def test_a_first_turn_that_fails_says_who_speaks_too(house: Any) -> None:
    """A bot's first words say that it is one, whatever comes of the turn; the next ones do not again."""

    async def broken() -> None:
        raise ZeroDivisionError

    house.understanding.before = broken
    first, second = await house.say("latte"), await house.say("latte")
    assert "automated assistant" in first.messages[0].message.text
    assert "went wrong" in first.messages[0].message.text
    assert "automated assistant" not in second.messages[0].message.text


async def test_a_turn_that_fails_says_so_and_keeps_the_state(house: Any) -> None:
    """A bug costs a sentence, not the basket; and the log has no words of the customer."""
    before = (await house.say("latte")).state

    async def broken() -> None:
        raise ZeroDivisionError

    house.understanding.before = broken
    answer = await house.say("yes")
    assert "went wrong" in answer.messages[0].message.text
    assert answer.state.lines == before.lines


async def test_an_unknown_merchant_is_refused_before_anything_is_stored(house: Any) -> None:
    with pytest.raises(NotFound):
        await house.host.handle(replace(house.event("latte"), merchant="nobody"))


async def test_a_card_number_never_reaches_understanding_or_the_store(house: Any) -> None:
    """Only the last four digits are left, everywhere."""
    await house.say("my card is 4242 4242 4242 4242 latte")
    assert "4242 4242" not in house.understanding.heard[0] and "•••• 4242" in house.understanding.heard[0]
    messages = await house.store.turns.messages("coffee_bar/web/web/c1")
    assert all("4242 4242" not in m.message.text for m in messages)


async def test_a_spoken_pin_is_checked_at_the_door_and_never_stored(house: Any) -> None:
    """A voice purchase of a customer with a PIN asks for it; the event keeps pass or fail only."""
    who = await house.store.people.identify(house.event("hello", proof=LINKED, voice=True))
    await house.store.people.set_pin("coffee_bar", who.id, digest("2580", b"salt"))
    asked = await ordered(house, proof=LINKED, voice=True)
    assert asked.state.topic.pending.kind == "pin"
    wrong = await house.say("1111", proof=LINKED, voice=True)
    assert wrong.state.topic.pending.kind == "pin"
    right = await house.say("2580", proof=LINKED, voice=True)
    assert right.state.done
    bodies = [t.event.body for t in await house.store.turns.traces("coffee_bar/web/web/c1")]
    assert [b.passed for b in bodies if isinstance(b, Secret)] in ([True, False], [False, True])
    assert not any(isinstance(b, Utterance) and b.text in ("1111", "2580") for b in bodies)


async def test_wrong_pins_are_counted_over_conversations(house: Any) -> None:
    """Three misses, wherever they were made, and for a quarter of an hour not even the right one is heard."""
    who = await house.store.people.identify(house.event("hello", proof=LINKED, voice=True))
    await house.store.people.set_pin("coffee_bar", who.id, digest("2580", b"salt"))
    spoken = {"proof": LINKED, "voice": True}
    for conversation in ("c1", "c2", "c3"):
        await ordered(house, conversation=conversation, **spoken)
        last = await house.say("1111", conversation=conversation, **spoken)
    assert last.state.topic.pending.kind == "what" and "quarter of an hour" in last.messages[-1].message.text
    await house.say("dam", conversation="c1", **spoken)
    refused = await house.say("2580", conversation="c1", **spoken)
    assert not refused.state.done
    house.clock.set(house.clock.now() + timedelta(minutes=16))
    await ordered(house, conversation="c4", **spoken)
    assert (await house.say("2580", conversation="c4", **spoken)).state.done


async def test_a_pin_in_words_is_no_word_of_the_transcript(house: Any) -> None:
    """Speech recognition that writes numbers out is heard as digits."""
    who = await house.store.people.identify(house.event("hello", proof=LINKED, voice=True))
    await house.store.people.set_pin("coffee_bar", who.id, digest("2580", b"salt"))
    await ordered(house, proof=LINKED, voice=True)
    right = await house.say("two five eight zero", proof=LINKED, voice=True)
    assert right.state.done
    messages = await house.store.turns.messages("coffee_bar/web/web/c1")
    assert not any("eight" in m.message.text for m in messages)


async def test_a_session_that_ends_in_silence_keeps_what_was_wanted(house: Any) -> None:
    """A platform that gave up asking ends its session; the next one finds the basket and the question."""
    await house.say("latte", voice=True)
    closed = await house.say(Closed("EXCEEDED_MAX_REPROMPTS"), voice=True)
    assert [line.sku for line in closed.state.lines] == ["latte"]
    again = await house.say(Opened(), voice=True)
    assert [line.sku for line in again.state.lines] == ["latte"] and again.state.topic.pending.kind == "slot"


async def test_a_button_works_once_it_was_shown_and_an_old_one_explains_itself(house: Any) -> None:
    shown = await house.say("latte dam")
    yes = next(a for a in shown.messages[0].message.actions if a.label == "Yes")
    placed = await house.say(Pressed(yes.value))
    assert placed.state.done
    again = await house.say(Pressed(yes.value))
    assert "no longer counts" in again.messages[0].message.text


async def test_an_offer_expires_by_its_job_and_frees_what_it_held(house: Any) -> None:
    """Ten minutes later the reservation is gone and a yes is answered with a new read-back."""
    offered = (await house.say("latte dam")).state.proposal
    house.clock.set(house.clock.now() + timedelta(minutes=11))
    await house.host.worker.run_due()
    state, _ = await house.store.turns.load("coffee_bar/web/web/c1")
    assert state.proposal is None
    later = await house.say("yes")
    assert later.state.proposal is not None and later.state.proposal.id != offered.id and not later.state.done


async def test_an_order_becomes_ready_and_the_customer_is_told(house: Any) -> None:
    """The jobs of an order make it, ready it and say so; from then on it cannot be undone."""
    answer = await ordered(house)
    house.clock.set(house.clock.now() + timedelta(hours=1))
    await house.host.worker.run_due()
    order = (await house.store.ledger.orders("coffee_bar", answer.state.customer))[0]
    assert order.state == "ready"
    told = (await house.store.turns.messages("coffee_bar/web/web/c1"))[-1]
    assert order.number in told.message.text
    late = await house.say("undo")
    assert "can't be undone" in late.messages[0].message.text


async def test_a_job_of_a_cancelled_order_does_nothing(house: Any) -> None:
    answer = await ordered(house)
    await house.say("undo")
    house.clock.set(house.clock.now() + timedelta(hours=1))
    await house.host.worker.run_due()
    assert not await house.store.ledger.orders("coffee_bar", answer.state.customer)


async def test_an_event_stored_but_never_answered_is_run_at_the_next_start(house: Any) -> None:
    """The host died between the inbox and the answer: nothing is lost."""
    event = house.event("latte")
    await house.store.inbox.accept(event)
    assert await house.host.recover() == 1
    state, _ = await house.store.turns.load(event.key)
    assert [line.sku for line in state.lines] == ["latte"]
    assert await house.host.recover() == 0


async def test_a_trace_replays_to_the_same_words(house: Any) -> None:
    """Replay is pure: the trace and the specs give the turn again, and it says so when they cannot."""
    await house.say(Opened())
    await ordered(house)
    await house.say("undo")
    traces = await house.store.turns.traces("coffee_bar/web/web/c1")
    assert len(traces) == 4
    for trace in traces:
        assert replay(trace, house.artefact).speaks == trace.speaks
    cut = next(t for t in traces if t.exchanges)
    with pytest.raises(Diverged):
        replay(replace(cut, exchanges=()), house.artefact)


async def test_two_customers_cannot_buy_the_last_ones(house: Any) -> None:
    """Stock is a precondition of the write: of five who want all of it at once, one at most gets it, never below 0."""
    sku = next(p.sku for p in house.artefact.catalog.products.values() if 0 < p.opening_stock <= 20)
    free = (await house.store.ledger.stock("coffee_bar", "dam", [sku]))[sku]
    names = [f"c{n}" for n in range(5)]
    await asyncio.gather(*(house.say(f"{sku}:{free} dam", conversation=c) for c in names))
    answers = await asyncio.gather(*(house.say("yes", conversation=c) for c in names))
    assert sum(bool(a.state.done) for a in answers) == 1
    assert (await house.store.ledger.stock("coffee_bar", "dam", [sku]))[sku] == 0
    winner = names[[bool(a.state.done) for a in answers].index(True)]
    await house.say("undo", conversation=winner)
    assert (await house.store.ledger.stock("coffee_bar", "dam", [sku]))[sku] == free


async def test_a_customer_who_holds_the_last_ones_may_still_change_the_order(house: Any) -> None:
    """What the withdrawn offer held is free again for the next offer of the same turn."""
    sku = next(p.sku for p in house.artefact.catalog.products.values() if 0 < p.opening_stock <= 20)
    free = (await house.store.ledger.stock("coffee_bar", "dam", [sku]))[sku]
    await house.say(f"{sku}:{free} dam")
    changed = await house.say("latte")
    assert changed.state.topic.pending.kind == "confirm" and len(changed.state.lines) == 2
    placed = await house.say("yes")
    assert placed.state.done


async def test_another_customer_in_the_same_conversation_finds_nothing_of_the_first(house: Any) -> None:
    """Anna orders; Bob, vouched for in the same conversation, cannot undo or see it; Anna's order stands."""
    anna, bob = LINKED, Proof("linked", "bar", "bob")
    placed = await ordered(house, proof=anna)
    answer = await house.say("undo", proof=bob)
    assert not answer.state.done and not answer.state.lines
    assert (await house.store.ledger.orders("coffee_bar", placed.state.customer))[0].state == "placed"


async def test_who_signs_in_keeps_the_basket(house: Any) -> None:
    """From nobody in particular to Anna: the same person goes on."""
    await house.say("latte")
    answer = await house.say("dam", proof=LINKED)
    assert [line.sku for line in answer.state.lines] == ["latte"]


async def test_a_stranger_holds_things_for_a_short_while_only(house: Any) -> None:
    """A basket that is never ordered does not sell the shop out; who comes back is offered it anew."""
    sku = next(p.sku for p in house.artefact.catalog.products.values() if 0 < p.opening_stock <= 20)
    free = (await house.store.ledger.stock("coffee_bar", "dam", [sku]))[sku]
    await house.say(f"{sku}:{free} dam")
    assert (await house.store.ledger.stock("coffee_bar", "dam", [sku]))[sku] == 0
    house.clock.set(house.clock.now() + timedelta(minutes=5))
    assert (await house.store.ledger.stock("coffee_bar", "dam", [sku]))[sku] == free
    assert not (await house.say("yes")).state.done
    assert (await house.say("yes")).state.done


async def test_goodbye_withdraws_the_offer(house: Any) -> None:
    await house.say("latte dam")
    await house.say("bye")
    assert not (await house.say("yes")).state.done


async def test_a_known_customer_undoes_an_order_of_another_conversation_after_a_yes(house: Any) -> None:
    """Ordered here, undone there: only for somebody vouched for, and only after the order was named."""
    placed = await ordered(house, proof=LINKED)
    stranger = await house.say("undo", conversation="c9")
    assert stranger.state.topic.pending is None
    asked = await house.say("undo", proof=LINKED, conversation="c2")
    order = (await house.store.ledger.orders("coffee_bar", placed.state.customer))[0]
    assert order.number in asked.messages[0].message.text and order.state == "placed"
    await house.say("yes", proof=LINKED, conversation="c2")
    assert (await house.store.ledger.order("coffee_bar", order.id)).state == "cancelled"


async def test_an_arrival_beside_words_is_not_answered(house: Any) -> None:
    """Who came by an advertisement and said something hears one answer, with the notice that it is a bot."""
    came = await house.host.handle(replace(house.event("x"), body=Referred("ad-7", silent=True)))
    said = await house.say("latte")
    assert came.messages == ()
    assert len(said.messages) == 1 and "assistant" in said.messages[0].message.text


async def test_a_pin_in_a_corrected_message_is_not_stored(house: Any) -> None:
    """A correction answers nothing, so what looks like a secret in it is hidden rather than checked."""
    who = await house.store.people.identify(house.event("hello", proof=LINKED, voice=True))
    await house.store.people.set_pin("coffee_bar", who.id, digest("2580", b"salt"))
    await ordered(house, proof=LINKED, voice=True)
    await house.say(Edited("e1", "two five eight zero"), proof=LINKED)
    await house.say(Edited("e1", "my code is 123456"), proof=LINKED)
    traces = await house.store.turns.traces("coffee_bar/web/web/c1")
    assert [t.event.body.text for t in traces if isinstance(t.event.body, Edited)] == ["••••", "••••"]
