"""The outcomes of a skill that does one thing after one yes, with nothing in a basket: offered, done, undone.

@gift.propose("leave")
async def propose(turn: Turn, asked: Propose, message: str) -> Outcome:
    return offer(turn, asked, message=Said(message))

@gift.commit("leave")
async def commit(turn: Turn, proposal: Proposal, key: Key, message: str) -> Outcome:
    return done(turn, proposal, key, TaskMade(...))

@gift.undo("leave")
async def undo(turn: Turn, effect: Effect, changes: Changes) -> Outcome:
    return undone(turn, effect, changes)
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sayso.commerce.digest import digest, new_id
from sayso.errors import SaysoError
from sayso.model.action import Committed, Propose, Proposed, Reverted
from sayso.model.basket import Proposal
from sayso.model.effect import Change, Effect, inverse
from sayso.model.fact import Param
from sayso.model.money import Money
from sayso.skill.api import Outcome, Turn
from sayso.skill.effects import effect_of, taken_back

VALID = timedelta(minutes=10)
"""How long an offer may be said yes to."""
DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


def offer(
    turn: Turn, asked: Propose, *, total: Money | None = None, valid: timedelta = VALID, **told: Param
) -> Outcome:
    """What is read back and asked. `told` are the parameters of the reply "<skill>.read_back"; `total` is what it
    costs, nothing by default. A yes counts for exactly these slots and this total."""
    cost = total or Money(0, turn.merchant.currency)
    skill = turn.skill.id
    bound = digest(
        merchant=turn.merchant.id,
        intent=asked.intent,
        lines=(),
        slots=asked.slots,
        fees=(),
        total=cost,
        location="",
        ready_at=None,
    )
    made = Proposal(
        id=new_id(turn.seed, "proposal"),
        digest=bound,
        skill=skill,
        intent=asked.intent,
        lines=(),
        slots=asked.slots,
        total=cost,
        expires=turn.now + valid,
        catalog_version=turn.catalog.version,
    )
    return Outcome(Proposed(made, told))


def done(turn: Turn, proposal: Proposal, key: str, *changes: Change, **told: Param) -> Outcome:
    """The yes was given: `changes` are made. `told` are the parameters of the reply "<skill>.placed". It can be undone
    for as long as the intent's `undo` says."""
    until = _until(turn, proposal)
    effect = effect_of(turn, proposal, key, until)
    said = Committed(effect.id, effect.intent, "done", "", until.isoformat(), told)
    return Outcome(said, changes, effect=effect)


def undone(turn: Turn, effect: Effect, changes: tuple[Change, ...], **told: Param) -> Outcome:
    """All `changes` are taken back. `told` are the parameters of the reply "<skill>.undone"."""
    back = inverse(changes, effect.id)
    return Outcome(Reverted(effect.id, told), back, effect=taken_back(turn, effect))


def _until(turn: Turn, proposal: Proposal) -> datetime:
    undo = turn.artefact.intent(proposal.intent).undo
    found = DURATION.fullmatch(undo)
    if not undo:
        return turn.now
    if found is None:
        mend = "write a duration such as PT15M, or make the effect in the skill itself"
        raise SaysoError(f"{proposal.intent}: undo {undo!r} is no duration", where=proposal.intent, mend=mend)
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return turn.now + timedelta(days=days, hours=hours, minutes=minutes)
