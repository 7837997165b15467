"""What holds whatever is said, in any order, through the whole host: real understanding, every skill, both languages.

The twin of the state machine in tests/unit/dialogue/test_stateful.py, which says anything to the dialogue alone. Here
customers' words go in, buttons of the last message and of older ones are pressed, time passes, a merchant's customer
or a stranger at a loudspeaker speaks; what is bought, booked and held is looked up in the rows."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from sayso.model.event import Pressed
from sayso.model.state import State
from sayso.testing.chat import Chat, Hosted
from sayso.testing.clock import SetClock
from sayso.testing.hosting import Published, host
from sayso.testing.plugin import MORNING

SAID: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_name("anything_said.yaml"))
CASES = [(merchant, language) for merchant in SAID["merchants"] for language in ("en", "nl")]
PATIENT_S = 300.0
MOST_ANSWERS = 16
"""Turns in which a customer who answers what is asked comes to the end."""


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that a customer does. `kind`: a list of words of the file, or "press", "old", "wait"."""

    kind: str
    words: str = ""
    number: int = 0


def moves(merchant: str, language: str) -> st.SearchStrategy[list[Move]]:
    own = SAID["merchants"][merchant]
    lists = {k: own[k][language] for k in ("wishes", "values", "changes")}
    lists |= {k: SAID[k][language] for k in ("agreed", "asides", "doubts", "turns")}
    said = [st.sampled_from(words).map(lambda w, k=kind: Move(k, w)) for kind, words in lists.items()]
    pressed = st.builds(Move, st.sampled_from(["press", "old"]), st.just(""), st.integers(0, 3))
    waited = st.just(Move("wait", "", 4))
    # A wish comes first, and answers come more often than the rest, so that conversations get somewhere.
    step = st.one_of(*said, said[1], said[1], said[3], said[3], pressed, pressed, waited)
    return st.tuples(said[0], st.lists(step, min_size=2, max_size=8)).map(lambda m: [m[0], *m[1]])


@dataclass
class Walk:
    """A conversation, and what it was before the last turn."""

    hosted: Hosted
    chat: Chat
    tokens: list[tuple[str, str]] = field(default_factory=list)

    async def take(self, move: Move) -> None:
        before = self.chat.state if self.chat.answer else None
        if move.kind == "wait":
            await self.chat.wait(move.number)
            return
        pressed = await self._pressed(move) if move.kind in ("press", "old") else None
        if move.kind not in ("press", "old"):
            await self.chat.say(move.words)
        elif pressed is None:
            return
        self._holds(move, before, pressed)
        self.tokens += [(a.value, a.label) for a in self.chat.actions if a.kind == "reply"]

    async def _pressed(self, move: Move) -> str | None:
        """A button of the last message, or one that is no longer shown; its label, None where there is none."""
        shown = [(a.value, a.label) for a in self.chat.actions if a.kind == "reply"] if self.chat.answer else []
        of = shown if move.kind == "press" else [t for t in self.tokens if t not in shown]
        if not of:
            return None
        token, label = of[move.number % len(of)]
        await self.chat._send(Pressed(token, label))
        return label if move.kind == "press" else ""

    def _holds(self, move: Move, before: State | None, pressed: str | None) -> None:
        after = self.chat.state
        assert self.chat.reply.strip(), move
        assert (after.topic.pending is None) == (after.question is None)
        labels = [a.label for a in self.chat.actions if a.kind == "reply" and a.label in ("Yes", "Ja")]
        assert len(labels) <= 1, f"more than one question: {self.chat.reply}"
        if after.topic.pending is not None and after.topic.pending.kind == "confirm":
            assert after.proposal is not None and after.proposal.digest == after.topic.pending.subject
        grown = len(after.done) > (len(before.done) if before else 0)
        if grown:
            assert before is not None and before.topic.pending is not None and before.proposal is not None
            assert before.topic.pending.kind == "confirm", move
            assert before.topic.pending.subject == before.proposal.digest
            assert move.kind == "agreed" or pressed in ("Yes", "Ja"), f"{move} is no yes: {self.chat.reply}"
        if move.kind == "asides" and before is not None:
            assert after.lines == before.lines, move
            assert self._slots(after) == self._slots(before), move

    def _slots(self, state: State) -> list[tuple[str, dict[str, str]]]:
        """What is filled of what is wanted; a question that was answered is gone."""
        lasting = (f for f in state.topic.frames if self._effect(f.intent) not in ("none", "read"))
        return [(f.intent, dict(f.slots)) for f in lasting if f.slots]

    def _effect(self, intent: str) -> str:
        skill, _, name = intent.partition(".")
        return self.chat.artefact.skills[skill].intents[name].effect

    async def a_way_out(self, language: str) -> None:
        """From here one turn reaches a person, help and a repeat; what is wanted stays."""
        wanted = self.chat.state
        for words, told in (SAID["help"][language], SAID["person"][language]):
            reply = await self.chat.say(words)
            assert told in reply.lower(), (words, reply)
        pending = self.chat.pending
        assert (await self.chat.say(SAID["repeat"][language])).strip() and self.chat.pending == pending
        assert (self.chat.state.lines, self._slots(self.chat.state)) == (wanted.lines, self._slots(wanted))

    async def to_the_end(self, language: str) -> None:
        """Who answers what is asked is not asked for ever: it is bought, booked or dropped."""
        for _ in range(MOST_ANSWERS):
            pending = self.chat.state.topic.pending
            if pending is None or pending.kind == "what":
                return
            shown = [a for a in self.chat.actions if a.kind == "reply"]
            if pending.kind == "slot" and pending.slot in SAID["texts"]:
                await self.chat.say(SAID["texts"][pending.slot])
            elif pending.kind == "quantity":
                await self.chat.say("two" if language == "en" else "twee")
            elif shown and pending.kind != "offer":
                await self.chat.press(shown[0].label)
            else:
                await self.chat.say(SAID["turns"][language][0])
        raise AssertionError(f"still asked: {self.chat.reply}")

    async def the_emergency(self, language: str) -> None:
        reply = await self.chat.say(SAID["emergencies"][language])
        assert "112" in reply and "?" not in reply
        done, orders = len(self.chat.state.done), self.chat.order
        assert (self.chat.pending, self.chat.state.proposal) == ("none", None)
        await self.chat.say(SAID["agreed"][language][0])
        assert len(self.chat.state.done) == done and self.chat.order == orders


async def held(hosted: Hosted, chat: Chat) -> object:
    """Free stock and what is used of queues, people and benches, place by place."""
    ledger, spec = hosted.ledger, chat.artefact.merchant
    stock = [dict(await ledger.stock(spec.id, p, list(chat.artefact.catalog.products))) for p in spec.locations]
    kinds = [f"queue/{place}" for place in spec.locations] + [f"staff/{each}" for each in spec.staff]
    days = ("2026-11-22T00:00:00+00:00", "2026-12-06T00:00:00+00:00")
    used = {kind: await ledger.used(spec.id, kind, *days) for kind in kinds}
    return stock, {kind: {slot: n for slot, n in slots.items() if n} for kind, slots in used.items()}


async def walked(published: Published, merchant: str, language: str, customer: str, steps: Sequence[Move]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with host(published, Path(folder) / "data", SetClock(MORNING)) as hosted:
            voice = not customer
            chat = Chat(hosted, merchant, language=language, customer=customer, voice=voice, deadline_s=PATIENT_S)
            await chat.open()
            walk, empty = Walk(hosted, chat), await held(hosted, chat)
            for step in steps:
                await walk.take(step)
            spoken = "nl" if chat.state.language.startswith("nl") else "en"
            await walk.a_way_out(spoken)
            if len(steps) % 2:
                await walk.to_the_end(spoken)
            await walk.the_emergency(spoken)
            await undone(walk, spoken)
            if all([await cancelled(hosted, merchant, d.order) for d in chat.state.done if d.order]):
                assert await held(hosted, chat) == empty


async def undone(walk: Walk, language: str) -> None:
    """All that may be undone is undone, one after the other."""
    words = next(w for w in SAID["turns"][language] if w in ("undo", "maak ongedaan"))
    for _ in range(len(walk.chat.state.done) + len(walk.chat.state.earlier) + 1):
        await walk.chat.say(words)
    await walk.chat.say("cancel" if language == "en" else "annuleer")
    if walk.chat.pending == "offer":
        await walk.chat.say("no" if language == "en" else "nee")


async def cancelled(hosted: Hosted, merchant: str, order: str) -> bool:
    found = await hosted.ledger.order(merchant, order)
    return found is not None and found.state == "cancelled"


@pytest.mark.parametrize(("merchant", "language"), CASES)
def test_anything_may_be_said_in_any_order(published: Published, merchant: str, language: str) -> None:
    """Nothing is done without a plain yes to what was read back, no aside loses anything, a person, help, a repeat and
    the fixed answer to an emergency are one turn away, and what is undone was never there."""

    @given(st.data())
    @settings(
        max_examples=9,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def walk(data: st.DataObject) -> None:
        customer = data.draw(st.sampled_from(["anna", ""]), label="customer")
        steps = data.draw(moves(merchant, language), label="steps")
        asyncio.run(walked(published, merchant, language, customer, steps))

    walk()
