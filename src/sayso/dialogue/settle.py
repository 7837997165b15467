"""What is asked next, once everything in an utterance has been taken in: at most one question.

The order is fixed: things not known, words in doubt, what the skill's check finds, missing slots, then the read-back of
the priced proposal. Nothing open and nothing said: what would you like?
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sayso.dialogue import memory, questions
from sayso.dialogue.moves import (
    Moved,
    Scene,
    asking,
    buys,
    close_frame,
    frame_of,
    pending_of,
    place,
    purchase_frame,
    seeking,
    settled,
    withdrawn,
)
from sayso.manifest.specs import IntentSpec
from sayso.model.action import Action, Ask, Check, Propose, Speak
from sayso.model.command import Question
from sayso.model.describe import line_row
from sayso.model.moment import REFUSED
from sayso.model.state import Frame, Pending, State

HOLDING = frozenset({"offer", "pin", "what", "line"})
"""Questions that stay open until they are answered, whatever else could be asked."""


@dataclass(frozen=True, slots=True)
class TurnEnd:
    """The turn's inputs are used up. `asked`: a question was put already; `spoke`: something was said; `ended`: the
    session closes."""

    asked: bool = False
    spoke: bool = False
    ended: bool = False


def settle(state: State, given: TurnEnd, scene: Scene) -> Moved:
    """The turn's last move; where it asks for something, it is made again with what came of it."""
    if given.asked or given.ended:
        return state, ()
    state = unheld(state)
    if _reads(state, scene) and place(state) not in ("offer", "pin"):
        return errand(state, scene)
    if state.parked:
        return questions.product(state, scene)
    if state.unsure:
        return questions.doubt(state, scene, state.unsure[0])
    released: tuple[Action, ...] = ()
    if state.proposal is not None and place(state) == "rest":
        state, released = withdrawn(state)
    state, moved = _onward(state, given, scene)
    return state, (*released, *moved)


def unheld(state: State) -> State:
    """An offer was answered: the question that it stood before is open again, if it still can be answered."""
    held = state.held
    if held is None or pending_of(state) is not None:
        return state
    state = replace(state, held=None)
    lost = held.pending.kind == "confirm" and (state.proposal is None or state.proposal.digest != held.pending.subject)
    if lost:
        return state
    return replace(state, topic=replace(state.topic, pending=held.pending), question=held.question)


def _reads(state: State, scene: Scene) -> bool:
    """Is what is in progress only a question?"""
    frame = frame_of(state)
    return frame is not None and scene.specs.intent(frame.intent).effect in ("none", "read")


def _onward(state: State, given: TurnEnd, scene: Scene) -> Moved:
    pending = pending_of(state)
    if state.proposal is None and (pending is None or not (pending.kind in HOLDING or place(state) == "list")):
        if not buys(state, scene):
            return errand(state, scene)
        if state.lines:
            return basket(state, scene)
    if state.question is not None and state.question.once and given.spoke:
        return settled(state), ()
    if state.question is not None and pending is not None:
        return asking(state, pending, replace(state.question, short=True))
    if not given.spoke:
        return questions.what(state, scene)
    return state, ()


def basket(state: State, scene: Scene) -> Moved:
    """Take the basket one step towards its proposal."""
    purchase = scene.purchase()
    if purchase is None:
        return questions.what(state, scene)
    state = purchase_frame(state, scene)
    frame = frame_of(state)
    assert frame is not None
    slots = effective(state, scene, frame.intent)
    if not state.checked:
        return state, (Check(frame.intent, state.lines, slots, state.allergies),)
    missing = missing_slot(scene.specs.intent(frame.intent), slots)
    if missing:
        noted = _noted(state, scene)
        state, question = questions.slot(state, scene, missing)
        return state, noted + question
    return state, (Propose(frame.intent, state.lines, slots, state.allergies),)


def errand(state: State, scene: Scene) -> Moved:
    """Take an intent without a basket one step on: ask what is missing, then propose it or, where it only reads,
    answer it."""
    frame = frame_of(state)
    assert frame is not None
    intent = scene.specs.intent(frame.intent)
    slots = effective(state, scene, frame.intent)
    missing = missing_slot(intent, slots)
    if missing:
        state, released = withdrawn(state)
        state, question = questions.slot(state, scene, missing)
        return state, (*released, *question)
    if intent.effect in ("none", "read"):
        return _answer(state, scene, intent, slots)
    return state, (Propose(frame.intent, (), slots, state.allergies, _refused(frame)),)


def _refused(frame: Frame) -> dict[str, str]:
    """What was wished for and could not be had, by slot: a digression does not lose it."""
    return {name.removeprefix(REFUSED): value for name, value in frame.slots.items() if name.startswith(REFUSED)}


def _answer(state: State, scene: Scene, intent: IntentSpec, slots: Mapping[str, str]) -> Moved:
    """Answer a question; what it interrupted stays asked."""
    pending, sought = pending_of(state), seeking(state)
    if pending and state.question and _open(pending, intent.name, slots):
        return asking(state, pending, replace(state.question, short=True))
    if pending and (pending.kind == "what" or pending.intent == intent.name):
        state = settled(state)
    asked = Question(intent.operation, (), questions.GIVEN)
    return close_frame(state), (Ask(asked, intent.name, state.lines, slots, state.allergies, sought),)


def _open(pending: Pending, intent: str, slots: Mapping[str, str]) -> bool:
    """Is it a question of this intent that has no answer yet?"""
    return pending.kind == "slot" and pending.intent == intent and pending.slot not in slots


def _noted(state: State, scene: Scene) -> tuple[Speak, ...]:
    rows = tuple(line_row(line, scene.specs.catalog) for line in state.lines if line.id in state.touched)
    frame = frame_of(state)
    if not rows or frame is None:
        return ()
    return (Speak(f"{scene.kind(frame.intent)}.noted", {"lines": rows}),)


def effective(state: State, scene: Scene, intent: str) -> dict[str, str]:
    """The slots of the intent in progress; where nothing was said, what the customer likes, else the defaults."""
    frame = frame_of(state)
    slots = {name: value for name, value in frame.slots.items() if not name.startswith(REFUSED)} if frame else {}
    wanted = scene.specs.intent(intent)
    slots |= memory.liked_slots(state, scene, wanted, slots)
    for name, spec in wanted.slots.items():
        if name in slots or not spec.default:
            continue
        value = _default(spec.default, slots, state, scene)
        if value:
            slots[name] = value
    return slots


def _default(default: str, slots: Mapping[str, str], state: State, scene: Scene) -> str:
    """What a slot's default comes to: "@only" is the one place there is, or the one that offers the service that was
    chosen."""
    if default == "@only":
        service = slots.get("service", "")
        places = [p.id for p in scene.specs.merchant.locations.values() if not service or service in p.services]
        return places[0] if len(places) == 1 else ""
    if default == "@nearest":
        return "@nearest" if state.latitude is not None else ""
    return default


def missing_slot(intent: IntentSpec, slots: Mapping[str, str]) -> str:
    """The first required slot that has no value and whose condition holds; "" when there is none."""
    for name, spec in intent.slots.items():
        wanted = all(slots.get(other) in values for other, values in spec.when.items())
        if spec.required and wanted and name not in slots and spec.type != "lines":
            return name
    return ""
