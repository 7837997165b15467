"""The cascade: given, pending, local, nearest by embedding, model; a later stage only when the ones before are unsure.

Understanding writes no reply and causes no effect, so whatever a stage gets wrong, the worst it can do is propose.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from sayso.manifest.specs import Artefact
from sayso.model.command import (
    Add,
    Candidate,
    Change,
    Command,
    Evidence,
    Fill,
    ModelUse,
    No,
    NotUnderstood,
    Question,
    Remove,
    Say,
    Start,
    Understood,
    Yes,
)
from sayso.model.event import Event, Pressed, Recognised, Utterance
from sayso.understanding import given, talk
from sayso.understanding.context import Context, Embedder, Vectors
from sayso.understanding.evidence import located
from sayso.understanding.intents.claims import Claims
from sayso.understanding.intents.classify import Classifier, believed
from sayso.understanding.intents.samples import OUT_OF_SCOPE
from sayso.understanding.intents.views import Commons
from sayso.understanding.knowledge import Knowledge, Known
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.local import Analysis, analyse, opened
from sayso.understanding.questions import asks
from sayso.understanding.schemas import Forms, Proposed, gist, hear, read_turn
from sayso.understanding.search.searching import Heard, Searching
from sayso.understanding.unheard import unheard
from sayso.understanding.words import clean, tokens

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

_ASKING = ("product", "menu", "open", "options")
"""Questions that may be about a thing that was described rather than named."""
_UNASKED = 0.75
"""Score from which an answer is near to words that are no question in form."""
_FIRM = 0.6
"""How near a stored answer must be to what was said, to go before what the words said by themselves."""


_TOLD, _APART = 0.28, 0.08
"""The score from which an answer is told, and how far the next one must stay behind."""
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
        idle = self._model is not None and _idle(analysis, context)
        if own := _claimed(analysis, context, known.own):
            opening = opened(analysis.text, context, known.lexicon, own.intents[0].id)
            return located(Understood((own, *opening), analysis.language, ("local",)), body.text)
        if analysis.sure and not idle and _rash(analysis, context, known.own):
            return located(await self._reconsidered(analysis, context, known, ends), body.text)
        if analysis.sure and not idle:
            return located(Understood(analysis.commands, analysis.language, (analysis.stage,)), body.text)
        later = await self._later(analysis, context, known, ends)
        missed = unheard(later, analysis.text, context, known.lexicon)
        return located(replace(later, unheard=missed), body.text)

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
        _, ranked = await self._embedded(analysis.text, analysis.language or context.language, known, ends)
        best = believed(known.own.first(ranked), known.own.light)
        if best is not None and _rather(best, ranked, analysis, known):
            commands = _labelled(best, analysis, context, known.lexicon)
            if commands is not None:
                return Understood(commands, analysis.language, ("local", "nearest"))
        return Understood(analysis.commands, analysis.language, (analysis.stage, "nearest"))

    async def _later(self, analysis: Analysis, context: Context, known: Known, ends: float) -> Understood:
        """The stages that cost: the nearest samples by embedding, then the model."""
        stages = ("local", "nearest")
        if not analysis.known and not known.sampled(analysis.text):
            return Understood(_settled(analysis, ()), analysis.language, ("local",))
        vector, ranked = await self._embedded(analysis.text, analysis.language or context.language, known, ends)
        heard = Heard(analysis.text, vector, known.lexicon, ends) if vector is not None else None
        best = believed(known.own.first(ranked), known.own.light)
        near = await self._nearest(analysis, context, heard, best) if heard and not analysis.sure else None
        stands = near if near is not None else analysis.commands if analysis.sure else _settled(analysis, ranked)
        left = ends - monotonic()
        if self._model is None or left <= LEAST_S or (near is not None and not _open(near)):
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
        self, analysis: Analysis, context: Context, heard: Heard, best: Candidate | None
    ) -> tuple[Command, ...] | None:
        """What the nearest samples and rows say, if they are near enough to be believed over the local stage."""
        kind = best.id.partition(":")[0] if best else ""
        asked = asks(heard.text, heard.lexicon)
        if kind == "answer" and not asked and any(isinstance(c, Fill) for c in analysis.commands):
            return None  # what tells a value and asks nothing is answered nothing
        if kind in ("", "question", "answer"):
            answers = await self._searching.near("answers", heard)
            firm = bool(answers) and (answers[0].score >= _UNASKED or asked)
            if firm and (_vague(analysis) or answers[0].score >= _FIRM):
                return (_answering(best if kind == "answer" else None, answers, heard.text),)
        told = _labelled(best, analysis, context, heard.lexicon) if best else None
        if kind not in ("", "question") or not _described(analysis, context):
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


def _answering(best: Candidate | None, found: Sequence[Candidate], text: str) -> Question:
    """The answers that are near, the one that its samples say first."""
    first = best.id.partition(":")[2] if best else found[0].id
    ranked = sorted(found, key=lambda c: (c.id != first, -c.score))
    if ranked[0].id != first:
        ranked = [Candidate(first, found[0].score), *ranked[:2]]
    return Question("answer", tuple(ranked), Evidence(text, "local", ranked[0].score), text)


def _vague(analysis: Analysis) -> bool:
    """Whether the words by themselves say nothing firm: no question with its subject, no value, no thing by name."""
    return all(
        isinstance(c, NotUnderstood)
        or (isinstance(c, Question) and c.about in _ASKING and not c.ids)
        or (isinstance(c, Add) and not any(item.products for item in c.items))
        for c in analysis.commands
    )


def _open(commands: Sequence[Command]) -> bool:
    """Whether what is near is only what a search brought along, or no thing at all: a model may know better."""
    return all(isinstance(c, Question) and (c.about == "open" or not c.ids or _to_ask(c)) for c in commands)


def _idle(analysis: Analysis, context: Context) -> bool:
    """Whether a change is all that was heard and there is nothing to change: only a model could know better."""
    something = context.lines or context.pending is not None or context.done_lines or context.undoable
    return not something and all(isinstance(c, Change | Remove) for c in analysis.commands)


def _to_ask(question: Question) -> bool:
    """Whether the host would only ask which of the merchant's answers is meant (`skill/answer/about.py`)."""
    if question.about != "answer":
        return False
    first, *others = question.ids
    return first.score < _TOLD or any(c.score > first.score - _APART for c in others)


def _described(analysis: Analysis, context: Context) -> bool:
    """Whether what was said may describe a thing: nothing else is asked for, and nothing that is named was heard."""
    pending = context.pending
    open_to_it = pending is None or pending.kind in ("what", "product")
    return open_to_it and _vague(analysis) and not any(isinstance(c, Add) for c in analysis.commands)


def _labelled(best: Candidate, analysis: Analysis, context: Context, lexicon: Lexicon) -> tuple[Command, ...] | None:
    """The commands that a label stands for. A question keeps the subject that the local stage found for it."""
    kind, _, name = best.id.partition(":")
    evidence = Evidence(analysis.text, "local", best.score)
    asked = next((c for c in analysis.commands if isinstance(c, Question)), None)
    if kind == "intent":
        # Things that were named are ordered; nothing is ordered over a question, nor anything begun over one that
        # found its subject.
        buys = lexicon.intents.specs[name].effect in ("purchase", "booking")
        if (asked and (asked.ids or buys)) or _things(analysis.commands):
            return None
        return (Start((Candidate(name, best.score),), evidence), *opened(analysis.text, context, lexicon, name))
    if kind == "answer":
        return (Question("answer", (Candidate(name, best.score),), evidence, analysis.text),)
    if kind == "say":
        return (Say(name, evidence),) if talk.told(name, analysis.text, lexicon) else None
    if kind == "question":
        if any(isinstance(c, Fill) for c in analysis.commands):
            return None
        return (asked,) if asked else (Question(name, (), evidence, analysis.text),)
    return None


_FEW = 4
"""Words of a yes, a no or a hesitation that nobody asked for, up to which it is all that was said."""


def _claimed(analysis: Analysis, context: Context, own: Claims) -> Start | None:
    """The intent of the merchant's own that has just this as a sample, where a phrase was heard and nothing asked."""
    if context.pending is not None or len(analysis.commands) != 1:
        return None
    return own.exactly(analysis.commands[0], analysis.text)


def _rash(analysis: Analysis, context: Context, own: Claims) -> bool:
    """Whether the local stage went by a phrase inside a sentence that may be about something else: a question without a
    subject ("how much do I have in my account"), a stretch of a sample, a yes at the head of a long sentence."""
    if context.pending is not None or not analysis.commands:
        return False
    if all(isinstance(c, Start | Fill) for c in analysis.commands):
        return any(isinstance(c, Start) for c in analysis.commands)
    if len(analysis.commands) > 1:
        return False
    (command,) = analysis.commands
    if own.doubt(command, analysis.text):
        return True
    if isinstance(command, Yes | No) or (isinstance(command, Say) and command.what == "hesitation"):
        return len(analysis.text.split()) > _FEW
    return isinstance(command, Question) and not command.ids


def _rather(best: Candidate, ranked: Sequence[Candidate], analysis: Analysis, known: Known) -> bool:
    """Whether an intent or an answer is believed rather than what the local stage heard. Nothing is bought or booked
    on it: that takes words of the customer's own."""
    kind, _, name = best.id.partition(":")
    if kind == "answer":
        return isinstance(analysis.commands[0], Question)
    if kind != "intent" or known.lexicon.intents.specs[name].effect in ("purchase", "booking"):
        return False
    if all(isinstance(c, Say) and c.what != "hesitation" for c in analysis.commands):
        return best.id in known.own.intents
    begun = next((c.intents[0].id for c in analysis.commands if isinstance(c, Start)), "")
    heard = next((c.score for c in ranked if begun and c.id == f"intent:{begun}"), 0.0)
    return begun != name and heard < best.score / 2


def _things(commands: Sequence[Command]) -> bool:
    """Whether the local stage found things to order, by their names."""
    items = (item for c in commands if isinstance(c, Add) for item in c.items)
    return any(item.products and item.products[0].score > 0.9 for item in items)


def _settled(analysis: Analysis, ranked: Sequence[Candidate]) -> tuple[Command, ...]:
    """What stands when no stage is sure: the local reading, with the nearest intents for the next question."""
    nearest = tuple(Candidate(c.id.partition(":")[2], c.score) for c in ranked if c.id.startswith("intent:"))[:3]
    if all(isinstance(c, NotUnderstood) for c in analysis.commands):
        return (NotUnderstood(analysis.text, Evidence(analysis.text, "local", 0.0), nearest),)
    outside = bool(ranked) and ranked[0].id == OUT_OF_SCOPE
    if outside and all(isinstance(c, Add) and not any(i.products for i in c.items) for c in analysis.commands):
        return (NotUnderstood(analysis.text, Evidence(analysis.text, "local", 0.0), nearest),)
    return analysis.commands
