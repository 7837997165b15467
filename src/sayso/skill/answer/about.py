"""The merchant's own answers and its terms: returns and ways to pay."""

from __future__ import annotations

from collections.abc import Sequence

from sayso import Answered, Ask, Candidate, Evidence, Fact, Option, Question, Row, Speak, Turn, pick
from sayso.skill.answer.words import word

GIVEN = Evidence("", "given")
SURE, APART = 0.28, 0.08
"""The score from which an answer is told, and how far the next one must stay behind; else it is asked which is meant.
Scores as understanding gives them (`understanding.searching`)."""
MOST, SPOKEN = 3, 2


async def answer(turn: Turn, asked: Ask) -> Answered | None:
    """One of the merchant's own answers, published as the reply "answer:<id>"; where several are near, which one?"""
    found = [c for c in asked.question.ids if c.id in turn.artefact.answers]
    if not found:
        return None
    first = found[0]
    near = [c for c in found if c.score > first.score - APART]
    if len(near) == 1 and first.score >= SURE:
        return Answered((Speak(f"answer:{first.id}"),))
    return Answered((_which(turn, near),))


def _which(turn: Turn, near: Sequence[Candidate]) -> Speak:
    """The questions that may be meant, each to be picked."""
    ids = [c.id for c in near][: SPOKEN if turn.voice else MOST]
    options = (Option("", Question("answer", (Candidate(id),), GIVEN), {"label": _question(turn, id)}) for id in ids)
    rows = tuple(Row({"question": _question(turn, id)}) for id in ids)
    return Speak("answer.which", {"questions": rows}, tuple(options), asks=True, once=True)


def _question(turn: Turn, id: str) -> Fact:
    """How the merchant puts the question, in the conversation's language where it can."""
    put = turn.artefact.answers[id].questions
    said = put.get(turn.language) or next(iter(put.values()), ()) or (id,)
    return Fact(said[0], "answer", id)


async def returns(turn: Turn, asked: Ask) -> Answered | None:
    """What can be sent or brought back, in the words of the merchant's terms."""
    terms = turn.merchant.withdrawal
    if not terms:
        return Answered((Speak("answer.returns_none"),))
    rows = tuple(Row({"terms": Fact(pick(texts, turn.language), "merchant", id)}) for id, texts in terms.items())
    return Answered((Speak("answer.returns", {"terms": rows}),))


async def payment(turn: Turn, asked: Ask) -> Answered | None:
    """How one pays here."""
    rows = tuple(Row({"way": word(way)}) for way in turn.merchant.payments)
    return Answered((Speak("answer.payment", {"ways": rows}),))
