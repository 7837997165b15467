"""What every move of the dialogue is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sayso.manifest.specs import Artefact, IntentSpec
from sayso.model.action import Action, Release, Speak
from sayso.model.basket import Line
from sayso.model.fact import Params
from sayso.model.state import Earlier, Frame, Pending, State

Moved = tuple[State, tuple[Action, ...]]

SEARCHES = frozenset({"find", "advise"})
"""Operations that look among what is sold."""

OWN = frozenset({"python", "webhook", "mcp"})
"""Fulfilments that are an author's own."""

EARLIER_KEPT = 5
"""How many baskets "undo" can go back through before an order is placed."""


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


def with_frame(state: State, frame: Frame | None) -> State:
    frames = state.topic.frames[:-1] + ((frame,) if frame else ())
    return replace(state, topic=replace(state.topic, frames=frames))


def open_frame(state: State, intent: str, specs: Artefact) -> State:
    """The intent in progress is now `intent`: the same one goes on with its slots, another is put on top of it and
    comes back when this one is done."""
    current = frame_of(state)
    if current and current.intent == intent:
        return state
    frame = Frame(intent, specs.digest)
    return replace(state, topic=replace(state.topic, frames=(*state.topic.frames, frame)))


def with_words(state: State, intent: IntentSpec, words: str) -> State:
    """The slot of the intent in progress that takes the whole utterance, if there is one, has it."""
    slot, frame = next((s.name for s in intent.slots.values() if s.whole), ""), frame_of(state)
    if not slot or not words or frame is None:
        return state
    return with_frame(state, replace(frame, slots={**frame.slots, slot: words}))


def close_frame(state: State) -> State:
    """The intent in progress is done with; the one below it, if any, is in progress again."""
    return replace(state, topic=replace(state.topic, frames=state.topic.frames[:-1]))


def purchase_frame(state: State, scene: Scene) -> State:
    """The purchase is in progress, on top of whatever else is."""
    purchase, current = scene.purchase(), frame_of(state)
    if purchase is None or (current and current.intent == purchase.name):
        return state
    if current and scene.specs.intent(current.intent).effect == "purchase":
        return with_frame(state, Frame(purchase.name, scene.specs.digest, current.slots))
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
    return replace(state, topic=topic, question=question), (question,)


def settled(state: State) -> State:
    """No question is open."""
    return replace(state, topic=replace(state.topic, pending=None), question=None)


def keep_earlier(state: State) -> State:
    """Remember basket and slots before they change."""
    frame = frame_of(state)
    kept = Earlier(state.lines, frame.slots if frame else {})
    return replace(state, earlier=(kept, *state.earlier)[:EARLIER_KEPT])


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
    """New slot values of the intent in progress: whatever was proposed no longer holds."""
    frame = frame_of(state)
    if frame is None or dict(slots) == dict(frame.slots):
        return state, ()
    state, released = withdrawn(state)
    return replace(with_frame(state, replace(frame, slots=slots)), checked=False), released


def withdrawn(state: State) -> Moved:
    """The proposal, if any, is dropped and its reservations freed; a question about it is closed."""
    pending = pending_of(state)
    if pending and pending.kind == "confirm":
        state = settled(state)
    if state.proposal is None:
        return state, ()
    return replace(state, proposal=None), (Release(state.proposal.id),)
