"""What the host does when `step` asks for it: one executor per action.

A skill returns data; its changes gather in the turn's `Deeds` and are written with everything else in one WriteSet.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sayso.commerce.hours import next_opening, open_at
from sayso.dialogue.topics import persons
from sayso.host import liking
from sayso.host.library import Loaded
from sayso.host.linking import VOUCHED, Linking
from sayso.host.linking import link as linked
from sayso.host.ports import CustomerRow, Ledger, Turns
from sayso.host.scoped import MerchantRows
from sayso.model import action
from sayso.model.action import IO, Answered, Carried, Found, HandedOver, Noted, Refused, Result, Trouble
from sayso.model.basket import Proposal, Reserved
from sayso.model.effect import Change, ConsentSet, Effect, Freed, TaskMade, TaskNoted
from sayso.model.event import Event, words_of
from sayso.model.fact import Fact
from sayso.model.state import State
from sayso.model.writes import Job
from sayso.people.history import History, Past, may_remember
from sayso.skill.api import Fulfilment, Near, Outcome, Turn
from sayso.skill.overlay import Freeing

ANSWER_WITHIN = timedelta(minutes=15)
"""What is promised when a person is asked for while the merchant is open."""


ASKED = frozenset({"asked", "person"})
"""Reasons for a person that say no more than that one is wanted: one task is enough."""

FIRST = MappingProxyType({"product": "advice", "menu": "advice", "options": "advice", "open": "advice"})
"""Questions that a kind answers before the skill in progress does: what is sought by what it is like is looked for."""


@dataclass(slots=True)
class Deeds:
    """What a turn has done so far; becomes part of its WriteSet."""

    changes: list[Change] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    effect_changes: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    proposal: Proposal | None = None
    freed: tuple[Reserved, ...] = ()
    """What offers of earlier turns held and this turn released: free again for what comes next in it."""
    exchanges: int = 0


@dataclass(slots=True)
class Stage:
    """Where a turn's actions are run."""

    loaded: Loaded
    ledger: Ledger
    event: Event
    customer: CustomerRow
    now: datetime
    seed: str
    offered: Proposal | None = None
    """The offer that was open when the turn began."""
    deeds: Deeds = field(default_factory=Deeds)
    history: History | None = None
    turns: Turns | None = None
    linking: Linking | None = None
    near: Near | None = None

    async def run(self, asked: IO, state: State) -> Result:
        """Run one action; each has ids of its own."""
        self.deeds.exchanges += 1
        return await EXECUTORS[type(asked)](self, asked, state)

    def turn(self, skill: str, state: State) -> Turn:
        artefact = self.loaded.artefact
        return Turn(
            now=self.now,
            seed=f"{self.seed}.{self.deeds.exchanges}",
            artefact=artefact,
            skill=artefact.skills[skill],
            rows=Freeing(MerchantRows(self.ledger, artefact.merchant.id), self.deeds.freed),
            language=state.language,
            conversation=self.event.key,
            customer=self.customer.id,
            assurance=self.customer.assurance,
            consents=self.customer.consents,
            voice=self.event.voice,
            latitude=state.latitude,
            longitude=state.longitude,
            past=self.past(),
            likes=tuple(p for p in self.customer.likes if p.holds),
            near=self.near,
        )

    def past(self) -> Past | None:
        """What this customer had before, for one who is verified and agreed to it; None for anybody else."""
        if self.history is None or not may_remember(self.customer.assurance, self.customer.consents):
            return None
        return Past(self.history, self.event.merchant, self.customer.id)

    def bound(self, intent: str, state: State) -> tuple[Fulfilment, Turn]:
        skill = intent.partition(".")[0] or next(iter(self.loaded.fulfilments))
        return self.loaded.fulfilments[skill], self.turn(skill, state)

    def take(self, outcome: Outcome) -> Result:
        """Gather what a skill did."""
        self.deeds.changes += outcome.changes
        self.deeds.jobs += outcome.jobs
        self.deeds.dropped += outcome.dropped
        if outcome.effect is not None:
            self.deeds.effects.append(outcome.effect)
            self.deeds.effect_changes[outcome.effect.id] = outcome.changes
        return outcome.result


async def check(stage: Stage, asked: action.Check, state: State) -> Result:
    fulfilment, turn = stage.bound(asked.intent, state)
    return await fulfilment.check(turn, asked)


async def propose(stage: Stage, asked: action.Propose, state: State) -> Result:
    fulfilment, turn = stage.bound(asked.intent, state)
    result = stage.take(await fulfilment.propose(turn, asked))
    if isinstance(result, action.Proposed):
        stage.deeds.proposal = result.proposal
    return result


async def commit(stage: Stage, asked: action.Commit, state: State) -> Result:
    """The say-so was given to this digest: a voice may need a PIN, and an offer that has expired is made again."""
    if asked.proposal.expires <= stage.now:
        return Refused((Trouble("order.changed_meanwhile"),))
    if stage.event.voice and stage.customer.has_pin and not asked.verified:
        return Refused((Trouble("pin.ask", slot="pin"),))
    fulfilment, turn = stage.bound(asked.proposal.intent, state)
    return stage.take(await fulfilment.commit(turn, asked, asked.proposal.id))


async def release(stage: Stage, asked: action.Release, state: State) -> Result:
    offered = stage.offered
    if offered is not None and offered.id == asked.proposal:
        stage.deeds.freed += offered.kept(stage.now)
    stage.deeds.changes.append(Freed(stage.event.merchant, asked.proposal))
    stage.deeds.dropped.append(f"expire:{asked.proposal}")
    return Noted()


async def revert(stage: Stage, asked: action.Revert, state: State) -> Result:
    """Undo an effect that this conversation or this customer caused."""
    found = await stage.ledger.effect(stage.event.merchant, asked.effect)
    if found is None or (stage.event.key != found[0].conversation and stage.customer.id != found[0].customer):
        return Refused((Trouble("undo.nothing"),))
    effect, changes = found
    fulfilment, turn = stage.bound(effect.intent, state)
    return stage.take(await fulfilment.undo(turn, effect, changes))


async def undoable(stage: Stage, asked: action.Undoable, state: State) -> Result:
    """The newest thing done for a customer somebody vouches for, wherever it was ordered; a stranger has none."""
    none = Refused((Trouble("undo.too_late" if state.done else "undo.nothing"),))
    if stage.customer.assurance not in VOUCHED:
        return none
    for effect in await stage.ledger.effects(stage.event.merchant, stage.customer.id):
        order = await stage.ledger.order(stage.event.merchant, effect.order)
        if order is not None and effect.undo_until is not None and effect.undo_until > stage.now:
            number = Fact(order.number, "order", order.id)
            return Found(effect.id, {"number": number, "total": Fact(order.proposal.total, "order", order.id)})
    return none


async def recall(stage: Stage, asked: action.Recall, state: State) -> Result:
    fulfilment, turn = stage.bound(asked.intent, state)
    return await fulfilment.recall(turn, asked)


async def ask(stage: Stage, asked: action.Ask, state: State) -> Result:
    """A kind that is made for the question answers first, then the skill in progress, then any other that can."""
    first, kind = asked.intent.partition(".")[0], FIRST.get(asked.question.about, "")
    specs = stage.loaded.artefact.skills
    skills = sorted(stage.loaded.fulfilments, key=lambda skill: (specs[skill].fulfilment != kind, skill != first))
    for skill in skills:
        found = await stage.loaded.fulfilments[skill].ask(stage.turn(skill, state), asked)
        if found is not None:
            return found
    return Answered(())


async def hand_over(stage: Stage, asked: action.HandOver, state: State) -> Result:
    """A person is asked for: the merchant's skill that hands over makes the task; without one the host does."""
    if asked.reason in ASKED and (topic := persons(state)):
        await pass_on(stage, action.Pass(topic.id), state)
        return HandedOver({}, "person.already", topic.id)
    frame = state.topic.frames[-1] if state.topic.frames else None
    about = replace(asked, lines=state.lines, intent=frame.intent if frame else "", slots=frame.slots if frame else {})
    for skill, fulfilment in stage.loaded.fulfilments.items():
        outcome = await fulfilment.hand_over(stage.turn(skill, state), about)
        if outcome is not None:
            return stage.take(outcome)
    return _task(stage, asked)


def _task(stage: Stage, asked: action.HandOver) -> Result:
    """A task for the desk, with a promise that holds: soon while open, else after the next opening."""
    places = stage.loaded.artefact.merchant.locations.values()
    is_open = any(open_at(place, stage.now) for place in places)
    openings = [w.opens for w in (next_opening(place, stage.now) for place in places) if w is not None]
    promised = stage.now + ANSWER_WITHIN if is_open or not openings else min(openings)
    task = f"task:{stage.seed}"
    stage.deeds.changes.append(TaskMade(stage.event.merchant, task, stage.event.key, asked.reason, promised))
    when = Fact(promised, "task", task)
    said = {"when": when, "open": Fact("yes" if is_open else "no", "hours", stage.event.merchant)}
    return HandedOver(said, task=task)


async def consent(stage: Stage, asked: action.Consent, state: State) -> Result:
    customer = stage.customer
    change = ConsentSet(customer.merchant, customer.id, asked.purpose, asked.granted, stage.event.channel)
    stage.deeds.changes.append(change)
    purposes = customer.consents | {asked.purpose} if asked.granted else customer.consents - {asked.purpose}
    stage.customer = replace(customer, consents=purposes)
    if asked.purpose in liking.PURPOSES and not asked.granted:
        liking.withdrawn(stage, asked.purpose)
    return Noted()


async def carry(stage: Stage, asked: action.Carry, state: State) -> Result:
    """What the customer left in another conversation; whoever nobody vouches for learns nothing, not even that there
    is something."""
    customer = stage.customer
    if customer.assurance not in VOUCHED or stage.turns is None:
        return Refused((Trouble("carry_on.verify", slot="verify"),))
    for left in await stage.turns.elsewhere(stage.event.merchant, customer.id, stage.event.key):
        intents = tuple(
            (f.intent, f.slots) for f in left.topic.frames if f.intent.partition(".")[0] in stage.loaded.fulfilments
        )
        if left.vouched and (left.lines or left.parked or any(slots for _, slots in intents)):
            return Carried(intents, left.lines, left.parked, left.allergies, left.serial)
    return Refused((Trouble("carry_on.nothing"),))


async def link(stage: Stage, asked: action.Link, state: State) -> Result:
    if stage.linking is None:
        return action.Linked("link.none_here")
    return await linked(stage, asked, stage.linking)


async def pass_on(stage: Stage, asked: action.Pass, state: State) -> Result:
    """The customer's words, for the person who has the task."""
    event = stage.event
    noted = TaskNoted(event.merchant, asked.task, event.key, "customer", words_of(event.body))
    stage.deeds.changes.append(noted)
    return Noted()


EXECUTORS: dict[type[Any], Callable[[Stage, Any, State], Awaitable[Result]]] = {
    action.Check: check,
    action.Propose: propose,
    action.Commit: commit,
    action.Release: release,
    action.Revert: revert,
    action.Undoable: undoable,
    action.Recall: recall,
    action.Ask: ask,
    action.HandOver: hand_over,
    action.Consent: consent,
    action.Carry: carry,
    action.Link: link,
    action.Pass: pass_on,
    action.Remember: liking.remember,
    action.Learn: liking.learn,
    action.Erase: liking.erase,
}
