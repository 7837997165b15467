"""The kind `hand_over`. Operations name the reason: "person", "complaint", "call_back", "my_data".

Asking for a person is its own say-so: nothing is read back, and every state leads here in one turn.
"""

from __future__ import annotations

from sayso import HandedOver, HandOver, Outcome, Skill, TaskMade, Turn, new_id
from sayso.skill.hand_over.promise import answer_by, within
from sayso.skill.hand_over.summary import summary

OPERATIONS = ("person", "complaint", "call_back", "my_data")


def hand_over_kind() -> Skill:
    """The handlers of the kind, as any skill has them."""
    desk = Skill(local=True, kind="hand_over")
    desk.hand_over()(hand_over)
    return desk


async def hand_over(turn: Turn, asked: HandOver) -> Outcome:
    """A task for the desk, with a promise that holds."""
    promise = answer_by(turn, asked, within(turn.skill))
    task = TaskMade(
        merchant=turn.merchant.id,
        id=new_id(turn.seed, "task"),
        conversation=turn.conversation,
        reason=asked.reason,
        promised=promise.when,
        customer=turn.customer,
        summary=summary(turn, asked),
    )
    return Outcome(HandedOver(promise.params(turn, task.id, asked.reason), "hand_over.promised", task.id), (task,))
