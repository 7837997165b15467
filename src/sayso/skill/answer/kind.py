"""The kind `answer`: which handler serves what. Operations: "hours", "places", "returns", "payment",
"about_me", "history"; "remember" and "forget": earlier orders may be used, or no more;
"erase": all that is known of the customer goes, which the host does after a yes."""

from __future__ import annotations

from sayso import Skill
from sayso.skill.answer import about, mine, tell

OPERATIONS = ("hours", "places", "returns", "payment", "about_me", "history", "remember", "forget", "erase")


def answer_kind() -> Skill:
    """The handlers of the kind, as any skill has them. It only reads."""
    answers = Skill(local=True, kind="answer")
    answers.ask("hours")(tell.hours)
    answers.ask("places")(tell.places)
    answers.ask("answer")(about.answer)
    answers.ask("returns")(about.returns)
    answers.ask("payment")(about.payment)
    answers.ask("about_me")(mine.about_me)
    answers.ask("history")(mine.history)
    answers.ask("remember")(mine.remembered)
    answers.ask("forget")(mine.forgotten)
    answers.ask("erase")(mine.erase)
    return answers
