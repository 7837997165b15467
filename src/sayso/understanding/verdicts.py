"""Which of two readings of an utterance is believed: what its words said by themselves, what its samples or the search
say of the whole.

Theory. A sentence that names a thing may be about something else ("is the tenth coffee free"). Two stages that know
nothing of each other, the classifier of samples and the search among answers, then have to come to the same answer; how
likely and how near it must be depends on how firm the words were. Nothing is bought or booked on a likeness.
"""

from __future__ import annotations

from collections.abc import Sequence

from sayso.model.command import (
    Add,
    Allergy,
    Candidate,
    Change,
    Command,
    Evidence,
    Fill,
    No,
    NotUnderstood,
    Question,
    Remove,
    Say,
    Start,
    Yes,
)
from sayso.understanding import talk
from sayso.understanding.asking import asks
from sayso.understanding.context import Context
from sayso.understanding.intents.claims import Claims
from sayso.understanding.intents.classify import BELIEVED, believed
from sayso.understanding.intents.samples import OUT_OF_SCOPE
from sayso.understanding.items.filters import FILTER
from sayso.understanding.knowledge import Known
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.local import Analysis, opened
from sayso.understanding.packs import Pack
from sayso.understanding.words import tokens

_ASKING = ("product", "menu", "open", "options")
"""Questions that may be about a thing that was described rather than named."""
_OF_THINGS = ("product", "menu", "options", "basket")
"""Questions that a word of a sentence about something else may be taken for."""
_BOTH, _FIRMLY = (0.6, 0.32, 0.08), (0.85, 0.48, 0.0)
"""How likely an answer's label must be, how near the search must find it, and how far behind its best at most, to go
before what the words said; and before things that they named."""
_NEAR_ENOUGH, _AHEAD, _RIVAL, _WORTH, _MOST, _LEAST = 0.32, 0.1, 0.4, 3.0, 0.3, 0.1
"""How near an answer must be and how far ahead of the next, and what share of the likeliest label's probability its
own must have, to go before that label in a question; what nearness beyond that is worth of that share, and at most; and
the share below which nothing is searched."""
_NAMED = 0.9
"""Score above which words are a thing's name."""
_TOLD, _APART = 0.28, 0.08
"""The score from which an answer is told, and how far the next one must stay behind."""


def best_of(ranked: Sequence[Candidate], text: str, known: Known) -> Candidate | None:
    """The label that is believed, if any."""
    first = known.own.first(ranked, lambda what: talk.told(what, text, known.lexicon))
    return believed(first, known.own.light)


def answering(best: Candidate | None, found: Sequence[Candidate], text: str) -> Question:
    """The answers that are near, the one that its samples say first."""
    first = best.id.partition(":")[2] if best else found[0].id
    ranked = sorted(found, key=lambda c: (c.id != first, -c.score))
    if ranked[0].id != first:
        ranked = [Candidate(first, found[0].score), *ranked[:2]]
    return Question("answer", tuple(ranked), Evidence(text, "local", ranked[0].score), text)


def vague(analysis: Analysis) -> bool:
    """Whether the words by themselves say nothing firm: no question with its subject, no value, no thing by name."""
    return all(
        isinstance(c, NotUnderstood)
        or (isinstance(c, Question) and c.about in _ASKING and not c.ids)
        or (isinstance(c, Add) and not any(item.products for item in c.items))
        for c in analysis.commands
    )


def undecided(commands: Sequence[Command]) -> bool:
    """Whether what is near is only what a search brought along, or no thing at all: a model may know better."""
    return all(isinstance(c, Question) and (c.about == "open" or not c.ids or to_ask(c)) for c in commands)


def idle(analysis: Analysis, context: Context) -> bool:
    """Whether a change is all that was heard and there is nothing to change: only a model could know better."""
    something = context.lines or context.pending is not None or context.done_lines or context.undoable
    return not something and all(isinstance(c, Change | Remove) for c in analysis.commands)


def to_ask(question: Question) -> bool:
    """Whether the host would only ask which of the merchant's answers is meant (`skill/answer/about.py`)."""
    if question.about != "answer":
        return False
    first, *others = question.ids
    return first.score < _TOLD or any(c.score > first.score - _APART for c in others)


def described(analysis: Analysis, context: Context) -> bool:
    """Whether what was said may describe a thing: nothing else is asked for, and nothing that is named was heard."""
    pending = context.pending
    open_to_it = pending is None or pending.kind in ("what", "product")
    return open_to_it and vague(analysis) and not any(isinstance(c, Add) for c in analysis.commands)


def labelled(best: Candidate, analysis: Analysis, context: Context, lexicon: Lexicon) -> tuple[Command, ...] | None:
    """The commands that a label stands for. A question keeps the subject that the local stage found for it."""
    kind, _, name = best.id.partition(":")
    evidence = Evidence(analysis.text, "local", best.score)
    asked = next((c for c in analysis.commands if isinstance(c, Question)), None)
    if kind == "intent":
        # Things that were named are ordered; nothing is ordered over a question, nor anything begun over one that
        # found its subject.
        buys = lexicon.intents.specs[name].effect in ("purchase", "booking")
        if (asked and ((asked.ids and not _filters(asked)) or buys)) or named_things(analysis.commands):
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
"""Words of a yes or a no that nobody asked for, up to which it is all that was said."""


def claimed(analysis: Analysis, context: Context, own: Claims) -> Start | None:
    """The intent of the merchant's own that has just this as a sample, where a phrase was heard and nothing asked."""
    if context.pending is not None or len(analysis.commands) != 1:
        return None
    return own.exactly(analysis.commands[0], analysis.text)


def rash(analysis: Analysis, context: Context, own: Claims) -> bool:
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
    if isinstance(command, Say) and command.what == "hesitation":
        return len(analysis.text.split()) > 1
    if isinstance(command, Yes | No):
        return len(analysis.text.split()) > _FEW
    return isinstance(command, Question) and (not command.ids or _sought(command, own))


def _sought(question: Question, own: Claims) -> bool:
    """A question for what is cheap or within a price, of nothing that is named: a flight, where the merchant has
    intents of its own for more than its catalog."""
    return bool(own.intents) and _filters(question)


def doubtful(analysis: Analysis, context: Context, known: Known) -> bool:
    """Whether what the local stage was sure of is held against what the whole sentence is near to."""
    return rash(analysis, context, known.own) or may_be_asked(analysis, context, known.lexicon)


def may_be_asked(analysis: Analysis, context: Context, lexicon: Lexicon) -> bool:
    """Whether a question was read by a thing that it names but may ask something else about it ("is the tenth coffee
    free"), or by nothing that could be named or changed."""
    commands = analysis.commands
    if context.pending is not None or not commands or not asks(analysis.text, lexicon):
        return False
    if any(_of_things(c) for c in commands) or all(isinstance(c, Add | Fill) for c in commands):
        return bool(unexplained(analysis.text, lexicon))
    begun = any(isinstance(c, Start) for c in commands)
    return begun or idle(analysis, context) or all(isinstance(c, Allergy) and not c.allergens for c in commands)


def _of_things(command: Command) -> bool:
    """A question that a thing's name may have been taken for; what there is of a kind is read from the rows."""
    return (
        isinstance(command, Question) and command.about in _OF_THINGS and not (command.about == "menu" and command.ids)
    )


def unexplained(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The words that neither name anything nor belong to a class or to the way that things are asked for."""
    strange = [t.key for t in tokens(text) if t.key and not lexicon.classed(t.key)]
    return tuple(word for word in strange if not any(_inquires(word, pack) for pack in lexicon.packs))


def _inquires(word: str, pack: Pack) -> bool:
    phrases = (*pack.finding.get("strong", ()), *(p for asking in pack.questions.values() for p in asking))
    return word in pack.nothing or any(f" {word} " in phrase for phrase in phrases)


def may_answer(best: Candidate | None, ranked: Sequence[Candidate]) -> bool:
    """Whether the samples leave room for an answer."""
    return best is not None and any(c.id.startswith("answer:") and c.score >= best.score * _LEAST for c in ranked[:4])


def agreed(
    best: Candidate | None,
    ranked: Sequence[Candidate],
    answers: Sequence[Candidate],
    analysis: Analysis,
    lexicon: Lexicon,
) -> Question | None:
    """The question for the answer that the samples and the search by themselves come to: both firmly where things are
    named, or where something else is likelier by its samples."""
    if best is None or not answers:
        return None
    kind, _, name = best.id.partition(":")
    if kind != "answer":
        begun = any(isinstance(c, Start) and c.intents[0].id == name for c in analysis.commands)
        asked = asks(analysis.text, lexicon) and not begun and not _named(analysis.commands)
        worth = 0.0 if analysis.sure else _MOST
        return answering(None, answers, analysis.text) if asked and _rival(best, ranked, answers, worth) else None
    near = next((c.score for c in answers if c.id == name), 0.0)
    likely, least, behind = _FIRMLY if _named(analysis.commands) else _BOTH
    found = best.score >= likely and near >= max(least, answers[0].score - behind)
    return answering(best, answers, analysis.text) if found else None


def _rival(best: Candidate, ranked: Sequence[Candidate], answers: Sequence[Candidate], worth: float) -> bool:
    """Whether a question is nearly as likely about an answer as it is something else, and the search is firm about
    which: the nearer the answer, the less likely its samples need be, by `worth` at most."""
    first, second = answers[0].score, answers[1].score if len(answers) > 1 else 0.0
    likely = next((c.score for c in ranked if c.id == f"answer:{answers[0].id}"), 0.0)
    apart = first >= _NEAR_ENOUGH and first >= second + _AHEAD
    return apart and likely / best.score + min(worth, _WORTH * (first - _NEAR_ENOUGH)) >= _RIVAL


def rather(best: Candidate, ranked: Sequence[Candidate], analysis: Analysis, known: Known) -> bool:
    """Whether an intent or an answer is believed rather than what the local stage heard. Nothing is bought or booked
    on it: that takes words of the customer's own."""
    kind, _, name = best.id.partition(":")
    if kind == "answer":
        return isinstance(analysis.commands[0], Question)
    if kind != "intent" or known.lexicon.intents.specs[name].effect in ("purchase", "booking"):
        return False
    if all((isinstance(c, Say) and c.what != "hesitation") or _filters(c) for c in analysis.commands):
        return best.id in known.own.intents and best.score >= (BELIEVED if _filters(analysis.commands[0]) else 0.0)
    start = next((c for c in analysis.commands if isinstance(c, Start)), None)
    begun = start.intents[0].id if start else ""
    heard = next((c.score for c in ranked if begun and c.id == f"intent:{begun}"), 0.0)
    # A sample that is only a stretch of the sentence ("how old are you[r pets]") goes by the whole of it.
    part = start is not None and start.evidence is not None and start.evidence.score < 1
    return begun != name and heard < (best.score if part else best.score / 2)


def _filters(command: Command) -> bool:
    """A question that names nothing but constraints."""
    return isinstance(command, Question) and bool(command.ids) and all(c.id.startswith(FILTER) for c in command.ids)


def named_things(commands: Sequence[Command]) -> bool:
    """Whether the local stage found things to order, by their names."""
    items = (item for c in commands if isinstance(c, Add) for item in c.items)
    return any(item.products and item.products[0].score > _NAMED for item in items)


def _named(commands: Sequence[Command]) -> bool:
    """The same, or things to book."""
    begun = any(isinstance(c, Start) for c in commands)
    booked = begun and any(isinstance(c, Fill) and c.values and c.values[0].score > _NAMED for c in commands)
    return booked or named_things(commands)


def settled(analysis: Analysis, ranked: Sequence[Candidate]) -> tuple[Command, ...]:
    """What stands when no stage is sure: the local reading, with the nearest intents for the next question."""
    nearest = tuple(Candidate(c.id.partition(":")[2], c.score) for c in ranked if c.id.startswith("intent:"))[:3]
    if all(isinstance(c, NotUnderstood) for c in analysis.commands):
        return (NotUnderstood(analysis.text, Evidence(analysis.text, "local", 0.0), nearest),)
    outside = bool(ranked) and ranked[0].id == OUT_OF_SCOPE
    if outside and all(isinstance(c, Add) and not any(i.products for i in c.items) for c in analysis.commands):
        return (NotUnderstood(analysis.text, Evidence(analysis.text, "local", 0.0), nearest),)
    return analysis.commands
