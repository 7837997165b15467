"""The cascade: given, pending, local, nearest by embedding, model; a later stage only when the ones before are unsure.

Understanding writes no reply and causes no effect, so whatever a stage gets wrong, the worst it can do is propose.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from sayso.manifest.specs import Artefact
from sayso.model.command import (
    Add,
    Candidate,
    Command,
    Evidence,
    NotUnderstood,
    Question,
    Say,
    Start,
    Understood,
)
from sayso.model.event import Event, Pressed, Recognised, Utterance
from sayso.understanding import given
from sayso.understanding.classify import OUT_OF_SCOPE, Classifier, believed
from sayso.understanding.context import Context, Embedder, Vectors
from sayso.understanding.knowledge import Knowledge, Known
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.local import Analysis, analyse, opened

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

_NEAR = 0.62
"""Cosine from which a stored answer or product is what was meant."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model stage concluded, and what it cost."""

    commands: tuple[Command, ...]
    tokens: int = 0


class Model(Protocol):
    """The model stage. Never raises; an empty opinion means that the local one stands."""

    async def opinion(
        self, text: str, context: Context, lexicon: Lexicon, near: Sequence[Candidate], deadline: float
    ) -> Opinion:
        """What `text` means. `near`: the nearest labels; `deadline`: seconds that are left."""
        ...


def create(
    embedder: Embedder, vectors_for: Callable[[str], Vectors | None] = lambda merchant: None, model: Model | None = None
) -> Cascade:
    """Understanding for any merchant. `vectors_for` gives a merchant's scoped vectors; `model` None: stage off."""
    return Cascade(embedder, vectors_for, model)


class Cascade:
    """Understanding by stages. `warm` compiles a merchant ahead of its first turn."""

    def __init__(self, embedder: Embedder, vectors_for: Callable[[str], Vectors | None], model: Model | None) -> None:
        self._embedder, self._vectors_for, self._model = embedder, vectors_for, model
        self._knowledge = Knowledge(embedder)

    async def warm(self, artefact: Artefact) -> None:
        """Compile `artefact` before its first turn."""
        await self._knowledge.of(artefact)

    async def understand(self, event: Event, context: Context, artefact: Artefact, deadline: float) -> Understood:
        ends = monotonic() + deadline
        body = event.body
        if isinstance(body, Pressed):
            return Understood((given.pressed(body, context),), stages=("given",))
        if not isinstance(body, Utterance | Recognised):
            return Understood(())
        known = await self._knowledge.of(artefact)
        analysis = _first(body, context, known.lexicon)
        if analysis.sure:
            return Understood(analysis.commands, analysis.language, (analysis.stage,))
        return await self._later(analysis, context, known, ends)

    async def _later(self, analysis: Analysis, context: Context, known: Known, ends: float) -> Understood:
        """The stages that cost: the nearest samples by embedding, then the model."""
        stages = ("local", "nearest")
        if not analysis.known:
            return Understood(_settled(analysis, ()), analysis.language, ("local",))
        vector, ranked = await self._embedded(analysis.text, known, ends)
        near = (
            await self._nearest(analysis, context, known.lexicon, vector, ranked, ends) if vector is not None else None
        )
        if near is not None:
            return Understood(near, analysis.language, stages)
        if self._model is not None and (left := ends - monotonic()) > 0.3:
            said = await self._model.opinion(analysis.text, context, known.lexicon, ranked[:6], left)
            if said.commands:
                return Understood(said.commands, analysis.language, (*stages, "model"), said.tokens)
            return Understood(_settled(analysis, ranked), analysis.language, (*stages, "model"), said.tokens)
        return Understood(_settled(analysis, ranked), analysis.language, stages)

    async def _embedded(
        self, text: str, known: Known, ends: float
    ) -> tuple[NDArray[float32] | None, tuple[Candidate, ...]]:
        if known.classifier is None:
            return None, ()
        try:
            async with asyncio.timeout(max(0.0, ends - monotonic())):
                return await asyncio.to_thread(_ranked, self._embedder, known.classifier, text)
        except TimeoutError:
            return None, ()

    async def _nearest(
        self,
        analysis: Analysis,
        context: Context,
        lexicon: Lexicon,
        vector: NDArray[float32],
        ranked: tuple[Candidate, ...],
        ends: float,
    ) -> tuple[Command, ...] | None:
        """What the nearest samples say, if they are near enough to be believed over the local stage."""
        best = believed(ranked)
        if best is None or best.id.startswith("question:"):
            answers = await self._stored("answers", lexicon, vector, ends)
            if answers and answers[0].score >= _NEAR and (best is None or answers[0].score > best.score):
                evidence = Evidence(analysis.text, "local", answers[0].score)
                return (Question("answer", tuple(answers[:3]), evidence, analysis.text),)
        return _labelled(best, analysis, context, lexicon) if best else None

    async def _stored(
        self, collection: str, lexicon: Lexicon, vector: NDArray[float32], ends: float
    ) -> tuple[Candidate, ...]:
        """The merchant's nearest rows; ids that the artefact does not know are left out. A store that fails or is slow
        costs the turn nothing but this stage."""
        vectors = self._vectors_for(lexicon.artefact.merchant.id)
        if vectors is None:
            return ()
        known = lexicon.artefact.answers if collection == "answers" else lexicon.catalog.products
        try:
            async with asyncio.timeout(min(1.0, max(0.0, ends - monotonic()))):
                found = await vectors.search(collection, vector, 5)
        except Exception:  # the border to another part's I/O: understanding never fails a turn
            return ()
        return tuple(c for c in found if c.id in known)


def _ranked(embedder: Embedder, classifier: Classifier, text: str) -> tuple[NDArray[float32], tuple[Candidate, ...]]:
    """The embedding of `text` and all labels, nearest first. Blocking."""
    vector = embedder.encode([text])[0]
    return vector, classifier.rank(vector)


def _first(body: Utterance | Recognised, context: Context, lexicon: Lexicon) -> Analysis:
    """The stages that cost next to nothing."""
    if isinstance(body, Utterance):
        return analyse(body.text, context, lexicon)
    simple = given.recognised(body, context, lexicon)
    if simple:
        return Analysis(simple, True, body.text, stage="given")
    words = given.utterance(body, context, lexicon)
    analysis = analyse(words, context, lexicon)
    if body.text or _telling(analysis.commands):
        return analysis if _telling(analysis.commands) else _from_slots(body, context, lexicon, analysis)
    return _from_slots(body, context, lexicon, analysis)


def _from_slots(body: Recognised, context: Context, lexicon: Lexicon, otherwise: Analysis) -> Analysis:
    commands = given.filled(body, context, lexicon) or given.begun(body, lexicon)
    return Analysis(commands, True, body.text, stage="given") if commands else otherwise


def _telling(commands: Sequence[Command]) -> bool:
    return not all(isinstance(c, NotUnderstood) for c in commands)


def _labelled(best: Candidate, analysis: Analysis, context: Context, lexicon: Lexicon) -> tuple[Command, ...] | None:
    """The commands that a label stands for. A question keeps the subject that the local stage found for it."""
    kind, _, name = best.id.partition(":")
    evidence = Evidence(analysis.text, "local", best.score)
    asked = next((c for c in analysis.commands if isinstance(c, Question)), None)
    if kind == "intent":
        # An order without a thing in it is not begun over a question that the local stage heard.
        if asked:
            return None
        return (Start((Candidate(name, best.score),), evidence), *opened(analysis.text, context, lexicon, name))
    if kind == "answer":
        return (Question("answer", (Candidate(name, best.score),), evidence, analysis.text),)
    if kind == "say":
        return (Say(name, evidence),)
    if kind == "question":
        return (asked,) if asked else (Question(name, (), evidence, analysis.text),)
    return None


def _settled(analysis: Analysis, ranked: Sequence[Candidate]) -> tuple[Command, ...]:
    """What stands when no stage is sure: the local reading, with the nearest intents for the next question."""
    nearest = tuple(Candidate(c.id.partition(":")[2], c.score) for c in ranked if c.id.startswith("intent:"))[:3]
    if all(isinstance(c, NotUnderstood) for c in analysis.commands):
        return (NotUnderstood(analysis.text, Evidence(analysis.text, "local", 0.0), nearest),)
    outside = bool(ranked) and ranked[0].id == OUT_OF_SCOPE
    if outside and all(isinstance(c, Add) and not any(i.products for i in c.items) for c in analysis.commands):
        return (NotUnderstood(analysis.text, Evidence(analysis.text, "local", 0.0), nearest),)
    return analysis.commands
