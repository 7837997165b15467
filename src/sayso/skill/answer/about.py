"""The merchant's own answers and its terms: returns and ways to pay."""

from __future__ import annotations

from sayso import Answered, Ask, Fact, Row, Speak, Turn, pick
from sayso.skill.answer.words import word


async def answer(turn: Turn, asked: Ask) -> Answered | None:
    """One of the merchant's own answers, published as the reply "answer:<id>"."""
    found = next((c.id for c in asked.question.ids if c.id in turn.artefact.answers), None)
    return Answered((Speak(f"answer:{found}"),)) if found else None


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
