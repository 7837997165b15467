"""What every move of the dialogue is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sayso.manifest.specs import Artefact, IntentSpec
from sayso.model.action import Action, Release, Sought, Speak
from sayso.model.basket import Line
from sayso.model.fact import Named, Params
from sayso.model.state import Earlier, Frame, Pending, State

Moved = tuple[State, tuple[Action, ...]]

SEARCHES = frozenset({"find", "advise"})
"""Operations that look among what is sold."""

OWN = frozenset({"python", "webhook", "mcp"})
"""Fulfilments that are an author's own."""

RESHAPES = frozenset({"move", "cancel"})
"""Operations on something that was done before: while it is only being made, they are corrections of it."""

EARLIER_KEPT = 5
"""How many changes "undo" can take back, one after another, before an order is placed."""

THINGS = frozenset({"product", "option", "line", "quantity"})
"""Questions about one thing of the basket."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a move happens: the published specs and the time."""

    specs: Artefact
    now: datetime

    def purchase(self) -> IntentSpec | None:
        """The intent that adds lines to the basket, None where the merchant sells nothing."""
        for skill in self.specs.skills.values():
            for intent in skill.intents.values():
                if intent.operation == "add":
                    return intent
        return None

    def search(self) -> IntentSpec | None:
        """The intent that looks for what a customer describes among what is sold, and takes all the words."""
        for skill in self.specs.skills.values():
            for intent in skill.intents.values():
                if intent.operation in SEARCHES and any(slot.whole for slot in intent.slots.values()):
                    return intent
        return None

    def knows(self, intent: str) -> bool:
        """Is this an intent of the merchant's?"""
        skill, _, name = intent.partition(".")
        return skill in self.specs.skills and name in self.specs.skills[skill].intents

    def kind(self, intent: str) -> str:
        """The prefix of an intent's reply keys: the built-in kind behind it, or a skill of an author's own by its id.
        One that only makes lines of the basket speaks as the kind `order` does."""
        skill = self.specs.skills.get(intent.partition(".")[0])
        if skill is None:
            return "order"
        if skill.fulfilment not in OWN:
            return skill.fulfilment
        return skill.id if f"{skill.id}.read_back" in self.specs.replies else "order"


def say(key: str, params: Params | None = None) -> Speak:
    return Speak(key, params or {})


def frame_of(state: State) -> Frame | None:
    """The intent in progress."""
    return state.topic.frames[-1] if state.topic.frames else None


def pending_of(state: State) -> Pending | None:
    return state.topic.pending


def place(state: State) -> str:
    """Where a conversation stands: at rest, or at its open question; the policy has a column for each."""
    pending = pending_of(state)
    if pending is None:
        return "rest"
    if pending.kind == "product" and not pending.subject:
        return "list"
    return "thing" if pending.kind in THINGS else pending.kind


def seeking(state: State) -> Sought | None:
    """What is looked for: a list of it is open, or nothing was begun since it was shown."""
    pending = pending_of(state)
    listed = place(state) == "list" or (not state.lines and (pending is None or pending.kind == "what"))
    return state.sought if listed else None


def with_frame(state: State, frame: Frame | None) -> State:
    frames = state.topic.frames[:-1] + ((frame,) if frame else ())
    return replace(state, topic=replace(state.topic, frames=frames))


def open_frame(state: State, intent: str, specs: Artefact) -> State:
    """The intent in progress is now `intent`. One that was begun goes on with its slots; what it is put on top of comes
    back when it is done."""
    if _explained(specs, intent):
        return _brought_up(state, intent, specs)
    frames = state.topic.frames
    begun = next((f for f in frames if f.intent == intent), None) or Frame(intent, specs.digest)
    below = tuple(f for f in frames if f.intent != intent)
    return replace(state, topic=replace(state.topic, frames=(*below, begun)))


def known_slots(specs: Artefact, intent: str) -> frozenset[str]:
    """The slots that may be filled while an intent is in progress: its own; where slots are explained in words, those
    of all intents of its skill."""
    if not _explained(specs, intent):
        return frozenset(specs.intent(intent).slots)
    intents = specs.skills[intent.partition(".")[0]].intents.values()
    return frozenset(slot.name for each in intents for slot in each.slots.values() if not slot.told)


def _explained(specs: Artefact, intent: str) -> bool:
    """Is it an intent whose slots are explained in words, so that a conversation goes to and fro between its likes?"""
    return any(slot.about for slot in specs.intent(intent).slots.values())


def _brought_up(state: State, intent: str, specs: Artefact) -> State:
    """The frame of the intent's skill comes on top with all that is known for that skill: what was said for finding
    a room holds for booking it."""
    skill = intent.partition(".")[0]
    own = [f for f in state.topic.frames if f.intent.partition(".")[0] == skill]
    rest = tuple(f for f in state.topic.frames if f not in own)
    slots = {name: value for f in own for name, value in f.slots.items()}
    frame = Frame(intent, specs.digest, slots)
    return replace(state, topic=replace(state.topic, frames=(*rest, frame)))


def with_words(state: State, intent: IntentSpec, words: str) -> State:
    """The slot of the intent in progress that takes the whole utterance, if there is one, has it."""
    slot, frame = next((s.name for s in intent.slots.values() if s.whole), ""), frame_of(state)
    if not slot or not words or frame is None:
        return state
    return with_frame(state, replace(frame, slots={**frame.slots, slot: words}))


def close_frame(state: State, intent: str = "") -> State:
    """`intent` is done with, or else what is in progress; the one below it, if any, is in progress again."""
    frames = state.topic.frames
    left = tuple(f for f in frames if f.intent != intent) if intent else frames[:-1]
    return replace(state, topic=replace(state.topic, frames=left))


def purchase_frame(state: State, scene: Scene) -> State:
    """The purchase is in progress, on top of whatever else is; what another way of buying has filled is kept."""
    purchase, current = scene.purchase(), frame_of(state)
    if purchase is None or (current and current.intent == purchase.name):
        return state
    if current and scene.specs.intent(current.intent).effect == "purchase":
        state = open_frame(close_frame(state), purchase.name, scene.specs)
        frame = frame_of(state)
        return with_frame(state, replace(frame, slots={**frame.slots, **current.slots})) if frame else state
    return open_frame(state, purchase.name, scene.specs)


def buys(state: State, scene: Scene) -> bool:
    """Is nothing but a purchase in progress?"""
    current = frame_of(state)
    return current is None or scene.specs.intent(current.intent).effect == "purchase"


def asking(state: State, pending: Pending, question: Speak) -> Moved:
    """Put the one open question."""
    before = pending_of(state)
    again = before is not None and replace(before, asked=1) == replace(pending, asked=1)
    asked = before.asked + 1 if before and again else 1
    question = replace(question, asks=True)
    topic = replace(state.topic, pending=replace(pending, asked=asked))
    held = state.held if pending.kind == "offer" else None
    return replace(state, topic=topic, question=question, held=held), (question,)


def settled(state: State) -> State:
    """No question is open."""
    return replace(state, topic=replace(state.topic, pending=None), question=None)


def keep_earlier(state: State) -> State:
    """Remember what is wanted, once a turn, before the turn changes it."""
    if state.earlier and state.earlier[0].turn == state.turn:
        return state
    kept = Earlier(state.lines, state.topic.frames, state.parked, state.unsure, state.turn)
    return replace(state, earlier=(kept, *state.earlier)[:EARLIER_KEPT])


def back(state: State, scene: Scene) -> tuple[Speak, ...]:
    """What was interrupted is in progress again: it is named before its question is put."""
    frame, purchase = frame_of(state), scene.purchase()
    if state.lines and purchase is not None and buys(state, scene):
        return (say("frame.back", {"intent": Named("intent", purchase.name)}),)
    if frame is None or buys(state, scene):
        return ()
    return (say("frame.back", {"intent": Named("intent", frame.intent)}),)


def basket_changed(state: State, lines: tuple[Line, ...], touched: tuple[str, ...]) -> Moved:
    """New lines: whatever was proposed no longer holds."""
    order = touched + tuple(i for i in state.focus if i not in touched)
    alive = {line.id for line in lines}
    state, released = withdrawn(state)
    return replace(
        state,
        lines=lines,
        focus=tuple(i for i in order if i in alive),
        touched=state.touched + tuple(i for i in touched if i not in state.touched),
        unsure=tuple(u for u in state.unsure if u.line in alive),
        checked=False,
        mentioned=(),
    ), released


def with_slots(state: State, slots: Mapping[str, str]) -> Moved:
    """New slot values of the intent in progress: whatever was proposed for it no longer holds."""
    frame = frame_of(state)
    if frame is None or dict(slots) == dict(frame.slots):
        return state, ()
    changed = with_frame(state, replace(frame, slots=slots))
    if state.proposal is not None and state.proposal.intent != frame.intent:
        return changed, ()
    state, released = withdrawn(changed)
    return replace(state, checked=False), released


def withdrawn(state: State) -> Moved:
    """The proposal, if any, is dropped and its reservations freed; a question about it is closed."""
    pending = pending_of(state)
    if pending and pending.kind == "confirm":
        state = settled(state)
    if state.held and state.held.pending.kind == "confirm":
        state = replace(state, held=None)
    if state.proposal is None:
        return state, ()
    return replace(state, proposal=None), (Release(state.proposal.id),)
