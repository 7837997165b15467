"""The cascade: given, pending, local, nearest by embedding, model; a later stage only when the ones before are unsure.

Understanding writes no reply and causes no effect, so whatever a stage gets wrong, the worst it can do is propose.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from sayso.manifest.specs import Artefact
from sayso.model.command import (
    Candidate,
    Command,
    Evidence,
    Fill,
    ModelUse,
    NotUnderstood,
    Question,
    Understood,
)
from sayso.model.event import Event, Pressed, Recognised, Utterance
from sayso.understanding import given, talk, verdicts
from sayso.understanding.asking import asks
from sayso.understanding.context import Context, Embedder, Vectors
from sayso.understanding.evidence import located
from sayso.understanding.intents.classify import Classifier
from sayso.understanding.intents.views import Commons
from sayso.understanding.knowledge import Knowledge, Known
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.local import Analysis, analyse, opened
from sayso.understanding.schemas import Forms, Proposed, gist, hear, read_turn
from sayso.understanding.search.retrieve import NEAREST, Filters
from sayso.understanding.search.searching import Heard, Searching
from sayso.understanding.unheard import unheard
from sayso.understanding.words import clean, tokens

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

_UNASKED = 0.75
"""Score from which an answer is near to words that are no question in form."""
_FIRM = 0.6
"""How near a stored answer must be to what was said, to go before what the words said by themselves."""


LEAST_S = 0.3
"""With less time than this no model is asked."""
LABELS, ANSWERS, THINGS = 8, 5, 40
"""How much of what is near a model is shown."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model stage concluded, and what it cost."""

    commands: tuple[Command, ...]
    used: ModelUse | None = None


class Model(Protocol):
    """The model stage. Never raises; an empty opinion means that the local one stands."""

    async def opinion(
        self, text: str, context: Context, lexicon: Lexicon, near: Sequence[Candidate], deadline: float
    ) -> Opinion:
        """What `text` means. `near`: the nearest labels; `deadline`: seconds that are left."""
        ...


def create(
    embedder: Embedder,
    vectors_for: Callable[[str], Vectors | None] = lambda merchant: None,
    model: Model | None = None,
    commons: Commons | None = None,
) -> Cascade:
    """Understanding for any merchant. `vectors_for` gives a merchant's scoped vectors; `model` None: stage off;
    `commons`: what training has embedded already, the same for every merchant."""
    return Cascade(embedder, vectors_for, model, commons or Commons(embedder))


class Cascade:
    """Understanding by stages. `warm` compiles a merchant ahead of its first turn."""

    def __init__(
        self,
        embedder: Embedder,
        vectors_for: Callable[[str], Vectors | None],
        model: Model | None,
        commons: Commons,
    ) -> None:
        self._embedder, self._vectors_for, self._model, self.commons = embedder, vectors_for, model, commons
        self._knowledge = Knowledge(embedder, commons)
        self._searching = Searching(embedder, vectors_for)

    async def warm(self, artefact: Artefact) -> None:
        """Compile `artefact` before its first turn."""
        known = await self._knowledge.of(artefact)
        if known.classifier is not None:
            await self._searching.warm(known.lexicon)

    async def understand(self, event: Event, context: Context, artefact: Artefact, deadline: float) -> Understood:
        ends = monotonic() + deadline
        body = event.body
        if isinstance(body, Pressed):
            return Understood((given.pressed(body, context),), stages=("given",))
        if not isinstance(body, Utterance | Recognised):
            return Understood(())
        known = await self._knowledge.of(artefact)
        if known.forms is not None and (explained := await self._explained(body, context, known, known.forms, ends)):
            return Understood(explained, stages=("local", "forms"))
        analysis = _first(body, context, known.lexicon)
        idle = self._model is not None and verdicts.idle(analysis, context)
        if own := verdicts.claimed(analysis, context, known.own):
            opening = opened(analysis.text, context, known.lexicon, own.intents[0].id)
            return located(Understood((own, *opening), analysis.language, ("local",)), body.text)
        if analysis.sure and not idle and verdicts.doubtful(analysis, context, known):
            return located(await self._reconsidered(analysis, context, known, ends), body.text)
        if analysis.sure and not idle:
            return located(Understood(analysis.commands, analysis.language, (analysis.stage,)), body.text)
        later = await self._later(analysis, context, known, ends)
        missed = unheard(later, analysis.text, context, known.lexicon)
        return located(replace(later, unheard=missed), body.text)

    async def near(self, words: str, artefact: Artefact, among: Collection[str], within: float) -> Mapping[str, float]:
        """Implements `context.Finding`."""
        ends, known = monotonic() + within, await self._knowledge.of(artefact)
        try:
            async with asyncio.timeout(max(0.0, within)):
                vector = (await asyncio.to_thread(self._embedder.encode, [words]))[0]
        except TimeoutError:
            return {}
        heard, only = Heard(words, vector, known.lexicon, ends), Filters(available=frozenset(among))
        return {c.id: c.score for c in await self._searching.ranked("catalog", heard, only, NEAREST)}

    async def hear(self, text: str, context: Context, artefact: Artefact) -> Proposed:
        """What `text`, said to the customer by a tool or a person, asks and offers: read as a customer is."""
        known = await self._knowledge.of(artefact)
        return hear(text, context, known.forms, known.lexicon.terms) if known.forms else Proposed((), ())

    async def _explained(
        self, body: Utterance | Recognised, context: Context, known: Known, forms: Forms, ends: float
    ) -> tuple[Command, ...]:
        """What is said about an intent whose slots are explained in words; nothing for what means the same
        everywhere ("help", an emergency)."""
        cleaned = clean(body.text)
        said = talk.emergency(cleaned, tokens(cleaned), known.lexicon)
        if said is not None or not cleaned:
            return ()
        wish = gist(cleaned, forms, known.lexicon.terms, context.language)
        _, ranked = await self._embedded(wish, context.language, known, ends)
        near = tuple(Candidate(c.id.partition(":")[2], c.score) for c in ranked if c.id.startswith("intent:"))
        return read_turn(cleaned, context, forms, known.lexicon.terms, near)

    async def _reconsidered(self, analysis: Analysis, context: Context, known: Known, ends: float) -> Understood:
        """What a few words of a sentence meant, unless the whole of it is believed to mean something else."""
        vector, ranked = await self._embedded(analysis.text, analysis.language or context.language, known, ends)
        best = verdicts.best_of(ranked, analysis.text, known)
        asking = verdicts.may_be_asked(analysis, context, known.lexicon)
        if asking and vector is not None and verdicts.may_answer(best, ranked):
            answers = await self._searching.near("answers", Heard(analysis.text, vector, known.lexicon, ends))
            if told := verdicts.agreed(best, ranked, answers, analysis, known.lexicon):
                return Understood((told,), analysis.language, ("local", "nearest"))
        if not verdicts.rash(analysis, context, known.own):
            return Understood(analysis.commands, analysis.language, (analysis.stage,))
        if best is not None and verdicts.rather(best, ranked, analysis, known):
            commands = verdicts.labelled(best, analysis, context, known.lexicon)
            if commands is not None:
                return Understood(commands, analysis.language, ("local", "nearest"))
        return Understood(analysis.commands, analysis.language, (analysis.stage, "nearest"))

    async def _later(self, analysis: Analysis, context: Context, known: Known, ends: float) -> Understood:
        """The stages that cost: the nearest samples by embedding, then the model."""
        stages = ("local", "nearest")
        if not analysis.known and not known.sampled(analysis.text):
            return Understood(verdicts.settled(analysis, ()), analysis.language, ("local",))
        vector, ranked = await self._embedded(analysis.text, analysis.language or context.language, known, ends)
        heard = Heard(analysis.text, vector, known.lexicon, ends) if vector is not None else None
        best = verdicts.best_of(ranked, analysis.text, known)
        near = await self._nearest(analysis, context, heard, best, ranked) if heard and not analysis.sure else None
        stands = (
            near if near is not None else analysis.commands if analysis.sure else verdicts.settled(analysis, ranked)
        )
        left = ends - monotonic()
        if self._model is None or left <= LEAST_S or (near is not None and not verdicts.undecided(near)):
            return Understood(stands, analysis.language, stages)
        said = await self._model.opinion(analysis.text, context, known.lexicon, await self._rows(heard, ranked), left)
        return Understood(said.commands or stands, analysis.language, (*stages, "model"), said.used)

    async def _rows(self, heard: Heard | None, ranked: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """What a model is shown, best first: the nearest labels, answers and products."""
        if heard is None:
            return tuple(ranked[:LABELS])
        answers = await self._searching.ranked("answers", heard, k=ANSWERS)
        things = await self._searching.ranked("catalog", heard, k=THINGS)
        found = [*(Candidate(f"answer:{c.id}", c.score) for c in answers)]
        found += (Candidate(f"product:{c.id}", c.score) for c in things)
        return (*ranked[:LABELS], *found)

    async def _embedded(
        self, text: str, language: str, known: Known, ends: float
    ) -> tuple[NDArray[float32] | None, tuple[Candidate, ...]]:
        if known.classifier is None:
            return None, ()
        try:
            async with asyncio.timeout(max(0.0, ends - monotonic())):
                return await asyncio.to_thread(_ranked, self._embedder, known.classifier, text, language)
        except TimeoutError:
            return None, ()

    async def _nearest(
        self, analysis: Analysis, context: Context, heard: Heard, best: Candidate | None, ranked: Sequence[Candidate]
    ) -> tuple[Command, ...] | None:
        """What the nearest samples and rows say, if they are near enough to be believed over the local stage."""
        kind, _, name = best.id.partition(":") if best else ("", "", "")
        if kind == "say" and not talk.told(name, heard.text, heard.lexicon):
            best, kind = None, ""  # it only sounds like that phrase
        asked = asks(heard.text, heard.lexicon)
        if kind == "answer" and not asked and any(isinstance(c, Fill) for c in analysis.commands):
            return None  # what tells a value and asks nothing is answered nothing
        if kind in ("", "question", "answer"):
            answers = await self._searching.near("answers", heard)
            firm = bool(answers) and (answers[0].score >= _UNASKED or asked)
            if firm and (verdicts.vague(analysis) or answers[0].score >= _FIRM):
                return (verdicts.answering(best if kind == "answer" else None, answers, heard.text),)
        if kind in ("intent", "say") and asked:
            answers = await self._searching.near("answers", heard)
            if answer := verdicts.agreed(best, ranked, answers, analysis, heard.lexicon):
                return (answer,)
        told = verdicts.labelled(best, analysis, context, heard.lexicon) if best else None
        if kind not in ("", "question") or not verdicts.described(analysis, context):
            return told
        things = await self._searching.near("catalog", heard)
        if not things:
            return told
        return (Question("open", things, Evidence(heard.text, "local", things[0].score), heard.text),)


def _ranked(
    embedder: Embedder, classifier: Classifier, text: str, language: str
) -> tuple[NDArray[float32], tuple[Candidate, ...]]:
    """The embedding of `text` and all labels, the likeliest first. Blocking."""
    vector = embedder.encode([text])[0]
    return vector, classifier.rank(text, vector, language)


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
