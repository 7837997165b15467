"""Many at once: conversations side by side, bursts into one, something that happens in the middle of a turn.

Order is kept, nothing is interleaved, nothing is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sayso.host.ports import Posted
from sayso.manifest.specs import Artefact
from sayso.model.command import Understood
from sayso.model.event import Due, Event, Utterance
from sayso.testing.chat import Chat, Hosted
from sayso.testing.clock import SetClock
from sayso.testing.hosting import Published, host
from sayso.understanding.context import Context, Understanding

DRINKS = ("latte", "espresso", "cappuccino", "mocha")
PATIENT_S = 300.0


def talk(hosted: Hosted, name: str, language: str = "en") -> Chat:
    """A conversation that waits as long as it takes: what is tested is order, not speed."""
    return Chat(hosted, "coffee_bar", language=language, conversation=name, deadline_s=PATIENT_S)


def event(hosted: Hosted, conversation: str, number: int, words: str) -> Event:
    merchant = hosted.artefacts["coffee_bar"].merchant
    account = next((c.account for c in merchant.channels if c.name == "web"), merchant.id)
    return Event(
        f"{conversation}-{number}", merchant.id, "web", account, conversation, hosted.clock.now(), Utterance(words)
    )


async def transcript(hosted: Hosted, key: str) -> Sequence[Posted]:
    return await hosted.turns.messages(key, after=0)


async def ordered(hosted: Hosted, number: int) -> tuple[str, tuple[str, ...]]:
    """A whole order: its conversation, and what is in it."""
    drink = DRINKS[number % len(DRINKS)]
    dutch = number % 2
    chat = talk(hosted, f"c{number}", "nl" if dutch else "en")
    await chat.say(f"een {drink} op de Dam" if dutch else f"one {drink} at Dam Square")
    await chat.say("doe er maar twee" if dutch else "make that two")
    basket = chat.basket
    await chat.say("ja" if dutch else "yes")
    assert chat.order is not None, chat.reply
    assert [p.line.sku for p in chat.order.proposal.lines] == [drink]
    return chat.order.number, basket


async def test_fifty_conversations_at_once(published: Published, clock: SetClock, tmp_path: Path) -> None:
    """Each comes to its own order, of its own drink, with a number of its own."""
    async with host(published, tmp_path / "data", clock) as hosted:
        done = await asyncio.gather(*(ordered(hosted, n) for n in range(50)))
    assert [basket for _, basket in done] == [(f"2 {DRINKS[n % len(DRINKS)]}",) for n in range(50)]
    assert len({number for number, _ in done}) == 50


async def test_a_burst_into_one_conversation_is_handled_in_order(
    published: Published, clock: SetClock, tmp_path: Path
) -> None:
    """Twenty messages at the same moment: each is answered before the next is heard, and all count."""
    async with host(published, tmp_path / "data", clock) as hosted:
        names = DRINKS
        events = [event(hosted, "burst", n, f"one {names[n % len(names)]} please") for n in range(20)]
        answers = await asyncio.gather(*(hosted.handle(e) for e in events))
        said = await transcript(hosted, events[0].key)
        state, _ = await hosted.turns.load(events[0].key)
    assert [p.author for p in said] == ["customer", "bot"] * 20
    assert [p.message.text for p in said[::2]] == [e.body.text for e in events if isinstance(e.body, Utterance)]
    assert [p.seq for p in said] == list(range(1, 41))
    assert len({answer.turn for answer in answers}) == 20
    assert state is not None
    assert Counter({line.sku: line.quantity for line in state.lines}) == Counter(
        names[n % len(names)] for n in range(20)
    )


async def test_a_burst_sent_twice_counts_once(published: Published, clock: SetClock, tmp_path: Path) -> None:
    """The same messages again, at the same moment: the answers are the same, and nothing more is in the basket."""
    async with host(published, tmp_path / "data", clock) as hosted:
        events = [event(hosted, "again", n, "one latte please") for n in range(10)]
        answers = await asyncio.gather(*(hosted.handle(e) for e in (*events, *reversed(events))))
        state, _ = await hosted.turns.load(events[0].key)
    turns = {answer.turn for answer in answers}
    assert len(turns) == 10
    assert state is not None
    assert [line.quantity for line in state.lines] == [10]


@dataclass(frozen=True, slots=True)
class Slow:
    """Understands as another does, once it is let."""

    other: Understanding
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    let: asyncio.Event = field(default_factory=asyncio.Event)

    async def understand(self, event: Event, context: Context, artefact: Artefact, deadline: float) -> Understood:
        if isinstance(event.body, Utterance) and event.body.text.startswith("slowly"):
            self.begun.set()
            await self.let.wait()
            event = replace(event, body=Utterance(event.body.text.removeprefix("slowly ")))
        return await self.other.understand(event, context, artefact, deadline)


async def test_what_happens_in_the_middle_of_a_turn_is_told_after_it(
    published: Published, clock: SetClock, tmp_path: Path
) -> None:
    """An order is ready while its customer is being answered: the answer first, then the notice; the open question
    stays open and is not put twice."""
    slow = Slow(published.understanding)
    async with host(published, tmp_path / "data", clock, slow) as hosted:
        chat = talk(hosted, "middle")
        await chat.say("an espresso at Dam Square")
        await chat.say("yes")
        assert chat.order is not None
        first = event(hosted, "middle", 3, "slowly a latte please")
        answering = asyncio.create_task(hosted.handle(first))
        await slow.begun.wait()
        payload = {"order": chat.order.id, "number": chat.order.number, "location": "dam"}
        notice = replace(first, id="ready", body=Due("ready_order", payload))
        telling = asyncio.create_task(hosted.handle(notice))
        await asyncio.sleep(0)
        assert not telling.done()
        slow.let.set()
        answer, _ = await asyncio.gather(answering, telling)
        said = (await transcript(hosted, first.key))[4:]
        state, _ = await hosted.turns.load(first.key)
    assert [p.author for p in said] == ["customer", "bot", "bot"]
    assert chat.order.number not in said[1].message.text
    assert chat.order.number in said[2].message.text
    assert answer.state.topic.pending is not None
    assert state is not None
    assert state.topic.pending == answer.state.topic.pending
    assert state.shown == answer.state.shown


async def test_a_yes_in_the_middle_of_a_change_is_to_what_was_changed(
    published: Published, clock: SetClock, tmp_path: Path
) -> None:
    """A change that is still being understood and a yes right behind it: the yes is heard after the change, so it is a
    yes to the read-back that the customer had not seen when he said it; it orders what he asked for, once."""
    slow = Slow(published.understanding)
    async with host(published, tmp_path / "data", clock, slow) as hosted:
        chat = talk(hosted, "change")
        await chat.say("a latte at Dam Square")
        change = event(hosted, "change", 2, "slowly make it two")
        changing = asyncio.create_task(hosted.handle(change))
        await slow.begun.wait()
        agreeing = asyncio.create_task(hosted.handle(event(hosted, "change", 3, "yes")))
        slow.let.set()
        await asyncio.gather(changing, agreeing)
        state, _ = await hosted.turns.load(change.key)
        assert state is not None
        orders = [await hosted.ledger.order("coffee_bar", d.order) for d in state.done]
    assert [[p.line.quantity for p in o.proposal.lines] for o in orders if o] == [[2]]
