"""The effect of a yes, and the same taken back: what every skill that commits something leaves behind alike."""

from __future__ import annotations

from datetime import datetime

from sayso.commerce.digest import new_id
from sayso.model.basket import Proposal
from sayso.model.effect import Effect, advance
from sayso.skill.api import Turn


def effect_of(turn: Turn, proposal: Proposal, key: str, undo_until: datetime | None, order: str = "") -> Effect:
    """What the yes to `proposal` did, done now. `key` tells it from every other; `order` is the row it placed."""
    effect = Effect(
        id=new_id(proposal.id, "effect"),
        merchant=turn.merchant.id,
        conversation=turn.conversation,
        customer=turn.customer,
        skill=proposal.skill,
        intent=proposal.intent,
        state="proposed",
        key=key,
        proposal=proposal.id,
        at=turn.now,
        order=order,
        undo_until=undo_until,
    )
    return _through(turn, effect, "confirmed", "executing", "done")


def taken_back(turn: Turn, effect: Effect) -> Effect:
    """The same effect, undone now."""
    return _through(turn, effect, "undoing", "undone")


def _through(turn: Turn, effect: Effect, *states: str) -> Effect:
    for state in states:
        effect = advance(effect, state, turn.now)
    return effect
