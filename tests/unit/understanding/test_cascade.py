"""The whole cascade, with a small embedder, vectors and model in place of the real ones."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy
import pytest

from sayso.model.command import (
    Add,
    Candidate,
    Change,
    Evidence,
    ModelUse,
    NotUnderstood,
    Question,
    Say,
    Stale,
    Start,
    Yes,
)
from sayso.model.event import Event, Located, Opened, Pressed, Recognised, Utterance
from sayso.model.message import Shown
from sayso.model.state import Pending
from sayso.understanding import Opinion, create, train


class WordsEmbedder:
    """Texts are near when they share words: a hashed bag of words. Counts its calls."""

    name = "words"

    def __init__(self) -> None:
        self.calls = 0

    def encode(self, texts: Sequence[str]) -> Any:
        self.calls += 1
        rows = numpy.zeros((len(texts), 256), dtype=numpy.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().strip("?!.").split():
                row[hashlib.sha256(word.encode()).digest()[0]] += 1
            row /= numpy.linalg.norm(row) or 1
        return rows


class FixedVectors:
    """Always the same answers; `fails` raises instead."""

    def __init__(self, *found: Candidate, fails: bool = False) -> None:
        self.found, self.fails = found, fails

    async def search(self, collection: str, vector: Any, k: int, only: Any = None) -> Sequence[Candidate]:
        if self.fails:
            raise RuntimeError("the store is away")
        return self.found if collection == "answers" else ()


class CountingModel:
    """Gives a fixed opinion and counts how often it was asked."""

    def __init__(self, *commands: Any) -> None:
        self.commands, self.asked = commands, 0

    async def opinion(self, text: str, context: Any, lexicon: Any, near: Any, deadline: float) -> Opinion:
        self.asked += 1
        return Opinion(tuple(self.commands), ModelUse("answered", prompt=7))


@pytest.fixture
def embedder():
    return WordsEmbedder()


@pytest.fixture
def trained(lexicon, embedder):
    published = replace(lexicon.artefact, trained=train(lexicon.artefact, embedder))
    embedder.calls = 0
    return published


def event(body: Any) -> Event:
    return Event("1", "bar", "web", "bar", "someone", datetime(2026, 11, 23, 8, tzinfo=UTC), body)


async def understood(understanding: Any, body: Any, context: Any, artefact: Any) -> Any:
    return await understanding.understand(event(body), context, artefact, 60.0)


@pytest.mark.parametrize(
    "said", ["two oat lattes to go", "yes", "cancel", "what's in a latte?", "een latte met havermelk"]
)
async def test_what_is_sure_is_never_embedded(embedder, trained, context, said):
    """Orders, answers and phrases cost no embedding and no model (the cheap path stays cheap)."""
    model = CountingModel()
    understanding = create(embedder, model=model)
    await understanding.warm(trained)
    embedder.calls = 0
    await understood(understanding, Utterance(said), context, trained)
    assert (embedder.calls, model.asked) == (0, 0)


async def test_the_nearest_sample_decides_what_the_words_leave_open(embedder, trained, context):
    """A paraphrase of an answer's question finds the answer."""
    got = await understood(create(embedder), Utterance("what is your wifi password"), context, trained)
    assert isinstance(got.commands[0], Question)
    assert got.commands[0].about == "answer"
    assert [c.id for c in got.commands[0].ids] == ["wifi"]


async def test_stored_answers_are_found_through_the_vectors(embedder, trained, context):
    """The merchant's vectors give ids; one that the artefact does not know is left out."""
    vectors = FixedVectors(Candidate("gone", 0.99), Candidate("wifi", 0.9))
    understanding = create(embedder, lambda merchant: vectors)
    got = await understood(understanding, Utterance("could my laptop go online with you"), context, trained)
    assert [c.id for c in got.commands[0].ids] == ["wifi"]


async def test_a_store_that_fails_costs_only_its_stage(embedder, trained, context):
    """The turn goes on without it."""
    understanding = create(embedder, lambda merchant: FixedVectors(fails=True))
    got = await understood(understanding, Utterance("could my laptop go online with you"), context, trained)
    assert isinstance(got.commands[0], NotUnderstood)


async def test_gibberish_is_not_understood(embedder, trained, context):
    """Words of no language are near to nothing, and the model is not asked."""
    model = CountingModel(Say("goodbye", None))  # type: ignore[arg-type]
    got = await understood(create(embedder, model=model), Utterance("wug blicket"), context, trained)
    assert isinstance(got.commands[0], NotUnderstood)
    assert model.asked == 0


async def test_the_model_is_asked_when_nothing_is_sure(embedder, trained, context):
    """Its commands are taken, and what it cost is told."""
    model = CountingModel(Start((Candidate("order_coffee.order"),), Evidence("", "model")))
    got = await understood(create(embedder, model=model), Utterance("my brain needs fuel somehow"), context, trained)
    assert isinstance(got.commands[0], Start)
    assert got.stages[-1] == "model" and got.used is not None and got.used.tokens == 7


async def test_an_empty_opinion_leaves_the_local_reading(embedder, trained, context):
    """A model that failed is as good as none."""
    got = await understood(create(embedder, model=CountingModel()), Utterance("my brain needs fuel"), context, trained)
    assert isinstance(got.commands[0], NotUnderstood)
    assert got.commands[0].nearest


async def test_a_button_means_what_it_was_shown_for(embedder, trained, context):
    """A token of the last message gives its command, any other is stale."""
    yes = Yes(None)  # type: ignore[arg-type]
    within = replace(context, shown=(Shown("t1", "Yes", yes),))
    understanding = create(embedder)
    assert (await understood(understanding, Pressed("t1"), within, trained)).commands == (yes,)
    assert isinstance((await understood(understanding, Pressed("old"), within, trained)).commands[0], Stale)


@pytest.mark.parametrize("body", [Opened(), Located(52.0, 4.0)])
async def test_what_dialogue_handles_itself_gives_no_commands(embedder, trained, context, body):
    """Understanding has nothing to say about it."""
    assert (await understood(create(embedder), body, context, trained)).commands == ()


async def test_a_platforms_slots_are_read_as_words(embedder, trained, context):
    """The words of a recognised intent's slots go through the local stage."""
    body = Recognised("order_coffee.order", {"items": "two oat lattes"})
    (add,) = (await understood(create(embedder), body, context, trained)).commands
    assert isinstance(add, Add)
    assert add.items[0].quantity == 2


async def test_a_platforms_yes_is_judged_by_its_words(embedder, trained, context):
    """ "Yes but ..." that was recognised as yes is none."""
    within = replace(context, pending=Pending("confirm", subject="x"))
    understanding = create(embedder)
    plain = await understood(understanding, Recognised("yes"), within, trained)
    doubtful = await understood(understanding, Recognised("yes", text="yes but not now"), within, trained)
    assert isinstance(plain.commands[0], Yes)
    assert not any(isinstance(c, Yes) for c in doubtful.commands)


async def test_turns_at_once_share_what_is_compiled(embedder, trained, context):
    """Many conversations of one merchant are read at the same time."""
    understanding = create(embedder)
    said = [understood(understanding, Utterance("two lattes"), context, trained) for _ in range(20)]
    assert all(isinstance(got.commands[0], Add) for got in await asyncio.gather(*said))


async def test_a_change_of_nothing_is_worth_a_question(embedder, trained, context):
    """What sounds like a change of an empty basket was meant otherwise: a model is asked, where there is one."""
    model = CountingModel(Say("greeting", None))  # type: ignore[arg-type]
    alone = await understood(create(embedder), Utterance("make it a large one"), context, trained)
    asked = await understood(create(embedder, model=model), Utterance("make it a large one"), context, trained)
    assert isinstance(alone.commands[0], Change) and model.asked == 1
    assert isinstance(asked.commands[0], Say)
    silent = await understood(
        create(embedder, model=CountingModel()), Utterance("make it a large one"), context, trained
    )
    assert silent.commands == alone.commands
