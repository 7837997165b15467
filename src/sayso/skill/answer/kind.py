"""The kind `answer`: which handler serves what. Operations: "hours", "places", "returns", "payment",
"about_me", and "forget": no more use of earlier orders."""

from __future__ import annotations

from sayso import Answered, Ask, Skill, Speak, Turn
from sayso.skill.answer import about, mine, tell

OPERATIONS = ("hours", "places", "returns", "payment", "about_me", "forget")


def answer_kind() -> Skill:
    """The handlers of the kind, as any skill has them. It only reads."""
    answers = Skill(local=True, kind="answer")
    answers.ask("hours")(tell.hours)
    answers.ask("places")(tell.places)
    answers.ask("answer")(about.answer)
    answers.ask("returns")(about.returns)
    answers.ask("payment")(about.payment)
    answers.ask("about_me")(mine.about_me)
    answers.ask("forget")(forgotten)
    return answers


async def forgotten(turn: Turn, asked: Ask) -> Answered | None:
    """The consent is withdrawn by the request itself; this says so."""
    return Answered((Speak("answer.forgotten"),))
