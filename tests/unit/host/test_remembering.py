"""What a host remembers of a customer who agreed to it, and what it forgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sayso.host import Assembled, assemble
from sayso.manifest.specs import Artefact
from sayso.model.basket import Chosen, Line
from sayso.model.command import Candidate, Evidence, Start, Understood
from sayso.model.event import Event, Proof, Utterance
from sayso.people.history import History, Past, preferences, text_of
from sayso.skill.kinds import fulfilments, kinds
from sayso.understanding.context import Context

ROOT = Path(__file__).parents[3]
ANNA = Proof("linked", "coffee_bar", "anna")


class Letters:
    """Embeds a text as how often each letter is in it."""

    name = "letters"

    def encode(self, texts: Sequence[str]) -> Any:
        rows = np.array([[text.casefold().count(chr(97 + n)) for n in range(26)] for text in texts], np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


@dataclass
class Preferring:
    """The folder's scripted understanding, with two preferences beside it."""

    scripted: Any

    async def understand(self, event: Event, context: Context, artefact: Artefact, deadline: float) -> Understood:
        body = event.body
        if isinstance(body, Utterance) and body.text in ("remember", "forget"):
            start = Start((Candidate(f"ask_us.{body.text}"),), Evidence(body.text, "given"))
            return Understood((start,), stages=("given",))
        understood: Understood = await self.scripted.understand(event, context, artefact, deadline)
        return understood


@dataclass
class Remembering:
    """A host that remembers, with one customer's side of a conversation."""

    house: Any
    host: Assembled
    history: History

    async def say(self, words: str, proof: Proof = ANNA) -> Any:
        return await self.host.handle(self.house.event(words, proof=proof))

    async def order(self) -> str:
        for words in ("latte dam", "yes"):
            answer = await self.say(words)
        return str(answer.state.done[-1].order)

    async def later(self) -> None:
        """An hour passes and what came due is done."""
        self.house.clock.advance(timedelta(hours=1))
        await self.host.worker.run_due()

    async def near(self, words: str = "latte") -> list[str]:
        customer = await self.house.store.people.identify(self.house.event("x", proof=ANNA))
        return [order.id for order in await Past(self.history, "coffee_bar", customer.id).like(words)]


@pytest.fixture
def anna(house: Any) -> Remembering:
    store = house.store
    history = History(store.history, store.ledger, Letters())
    host = assemble(
        inbox=store.inbox,
        turns=store.turns,
        ledger=store.ledger,
        people=store.people,
        links=store.links,
        jobs=store.jobs,
        artefacts=store.artefacts,
        understanding=Preferring(house.understanding),
        bind=partial(fulfilments, known=kinds(), folder=ROOT / "skills"),
        clock=house.clock,
        history=history,
    )
    return Remembering(house, host, history)


async def test_an_order_is_remembered_when_it_is_done(anna: Remembering) -> None:
    """Of a customer who agreed before; not yet while it is being made."""
    await anna.say("remember")
    order = await anna.order()
    assert await anna.near() == []
    await anna.later()
    assert await anna.near() == [order]


async def test_without_consent_nothing_is_remembered(anna: Remembering) -> None:
    """However known the customer is."""
    await anna.order()
    await anna.later()
    assert await anna.near() == []


async def test_agreeing_later_brings_back_what_was_before(anna: Remembering) -> None:
    """The rows were there; now they may be used."""
    order = await anna.order()
    await anna.say("remember")
    await anna.later()
    assert await anna.near() == [order]


async def test_a_consent_that_is_withdrawn_forgets(anna: Remembering) -> None:
    """And what is ordered afterwards is not remembered."""
    await anna.say("remember")
    await anna.order()
    await anna.later()
    await anna.say("forget")
    await anna.order()
    await anna.later()
    assert await anna.near() == []


async def test_an_order_that_was_taken_back_is_not_remembered(anna: Remembering) -> None:
    """The job looks at the row again."""
    await anna.say("remember")
    await anna.order()
    await anna.say("undo")
    await anna.later()
    assert await anna.near() == []


async def test_after_an_erase_neither_vectors_nor_jobs_bring_anything_back(anna: Remembering) -> None:
    """The customer who comes again is a new one."""
    await anna.say("remember")
    order = await anna.order()
    await anna.later()
    assert await anna.near() == [order]
    receipt = await anna.house.store.privacy.erase("coffee_bar", "anna")
    await anna.later()
    assert await anna.near() == [] and receipt.erased["pseudonyms"] == 1
    kept = await anna.house.store.ledger.order("coffee_bar", order)
    assert kept is not None and kept.customer == receipt.pseudonym and kept.proposal.slots == {}


async def test_an_unverified_speaker_has_no_past(anna: Remembering) -> None:
    """Even one who says that it may be remembered."""
    stranger = Proof()
    await anna.say("remember", stranger)
    for words in ("latte dam", "yes"):
        await anna.say(words, stranger)
    await anna.later()
    jobs = await anna.house.store.jobs.due(anna.house.clock.now())
    assert await anna.near() == [] and jobs == []


async def test_preferences_are_what_is_mostly_chosen(anna: Remembering) -> None:
    """Twice at least, and more often than not."""
    await anna.say("remember")
    order = await anna.house.store.ledger.order("coffee_bar", await anna.order())
    assert order is not None
    catalog = anna.house.artefact.catalog

    def with_milk(*milks: str) -> list[Any]:
        made = []
        for milk in milks:
            line = Line("l1", "latte", options=(Chosen("milk", milk), Chosen("size", "large")))
            lines = (replace(order.proposal.lines[0], line=line),)
            made.append(replace(order, proposal=replace(order.proposal, lines=lines)))
        return made

    assert preferences(with_milk("oat"), catalog) == {}
    assert preferences(with_milk("oat", "whole", "oat"), catalog) == {"milk": "oat", "size": "large"}
    assert "milk" not in preferences(with_milk("oat", "whole", "oat", "whole"), catalog)


async def test_the_words_of_an_order_are_its_articles(anna: Remembering) -> None:
    """In every language; nothing that the customer said is among them."""
    order = await anna.house.store.ledger.order("coffee_bar", await anna.order())
    assert order is not None
    noted = replace(order.proposal.lines[0], line=replace(order.proposal.lines[0].line, notes=("for Piet",)))
    text = text_of(replace(order, proposal=replace(order.proposal, lines=(noted,))), anna.house.artefact.catalog)
    assert "latte" in text and "Piet" not in text
