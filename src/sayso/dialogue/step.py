"""One step: an input, looked up in the policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from sayso.dialogue import answers
from sayso.dialogue.moments import Told, TurnBegin
from sayso.dialogue.moves import Moved, Scene, pending_of, place, settled
from sayso.dialogue.phrases import PERSON
from sayso.dialogue.policy import Rule, rule_for
from sayso.dialogue.settle import TurnEnd
from sayso.dialogue.topics import routed
from sayso.manifest.specs import Artefact
from sayso.model import action, command, event
from sayso.model.moment import SOONEST
from sayso.model.state import State, Topic

Input = command.Command | action.Result | event.Body | TurnBegin | Told | TurnEnd

UNDERSTOOD = tuple(t for t in get_args(command.Command) if t is not command.NotUnderstood)

PICKED = frozenset({"slot", "thing", "list"})
"""Places where yes to the only option, or "any of them", is a choice."""

UNHEARD = frozenset({"confirm", "offer"})
"""Places where yes agrees to what was told: nothing of it counts that was not heard."""


def step(state: State, given: Input, specs: Artefact, now: datetime) -> Moved:
    """The next state and what to do; pure. Inputs that have no rule (an utterance: it must be understood first) raise
    KeyError."""
    scene = Scene(specs, now)
    state, given, rule = ruled(state, given, scene)
    return rule.move(state, given, scene)


def ruled(state: State, given: Input, scene: Scene) -> tuple[State, Any, Rule]:
    """The rule that an input comes under, with the input and state that its move gets."""
    if isinstance(given, UNDERSTOOD):
        state = _understood(state, given)
    meant = chosen(state, given, scene)
    return state, meant, rule_for(meant, place(state))


def _understood(state: State, given: command.Command) -> State:
    """A person that was offered because nothing was understood is no longer in the way."""
    pending = pending_of(state)
    offered = pending is not None and pending.kind == "offer" and pending.subject == PERSON
    if offered and (isinstance(given, command.Yes | command.No | command.Choose) or _idle(given)):
        return state
    state = settled(state) if offered else state
    if isinstance(given, command.Yes) and place(state) in PICKED and len(state.shown) != 1:
        return state  # It may say not which.
    return replace(state, misses=0) if state.misses else state


def _idle(given: command.Command) -> bool:
    return isinstance(given, command.Say) and given.what in ("repeat", "help", "wait", "hesitation", "person", "cancel")


def chosen(state: State, given: Any, scene: Scene) -> Any:
    """One of the options that were shown is the command that it stands for; so is a yes to the only one."""
    match given:
        case command.Yes() if state.cut and place(state) in UNHEARD:
            return command.Say("unheard", given.evidence)
        case command.Choose(position, _, by):
            return _meant(replace(given, position=_by(state, by, scene) if by else position), state)
        case command.Yes() if len(state.shown) == 1 and place(state) in PICKED:
            return state.shown[0].command
        case command.Say("any") if state.shown and place(state) in PICKED and answers.needed(state, scene):
            return state.shown[0].command
        case command.Say("any") if not state.shown and (slot := _moment(state, scene)):
            return command.Fill(slot, (command.Candidate(SOONEST),), given.evidence)
    return given


def _moment(state: State, scene: Scene) -> str:
    """The slot whose time is asked for and cannot be left open, "" where none is."""
    pending = pending_of(state)
    if pending is None or pending.kind != "slot" or not answers.needed(state, scene):
        return ""
    slot = scene.specs.intent(pending.intent).slots.get(pending.slot)
    return slot.name if slot is not None and slot.type == "time" else ""


NO_ONE = 10**6
"""A position that no option has."""


def _by(state: State, by: str, scene: Scene) -> int:
    """The position of the cheapest, or dearest, of the products that are shown."""
    prices = {n: price for n, each in enumerate(state.shown) if (price := _price(each.command, scene)) is not None}
    if not prices:
        return NO_ONE
    return (min if by == "cheapest" else max)(prices, key=lambda n: prices[n])


def _price(shown: command.Command, scene: Scene) -> int | None:
    """What a product that is offered begins at, in minor units."""
    items = shown.items if isinstance(shown, command.Add) else (shown.to,) if isinstance(shown, command.Change) else ()
    sku = items[0].products[0].id if items and items[0].products else ""
    product = scene.specs.catalog.products.get(sku)
    return product.price if product else None


def considered(commands: tuple[command.Command, ...], state: State) -> tuple[command.Command, ...]:
    """A turn's commands as they may be run: a yes beside anything that edits or doubts is no yes ("yes, but ..."), be
    it said or chosen."""
    commands = routed(commands, state)
    edits = (command.Add, command.Change, command.Remove, command.Fill, command.Keep)
    edits_or_doubts = (*edits, command.No, command.Allergy)
    doubted = any(isinstance(c, edits_or_doubts) for c in commands)
    hesitant = any(isinstance(c, command.Say) and c.what in DOUBTS for c in commands)
    if doubted or hesitant:
        return tuple(c for c in commands if not isinstance(_meant(c, state), command.Yes))
    return commands


def _meant(given: command.Command, state: State) -> command.Command:
    """The command that a choice by position stands for."""
    if isinstance(given, command.Choose) and -len(state.shown) <= given.position < len(state.shown):
        return state.shown[given.position].command
    return given


DOUBTS = frozenset({"hesitation", "wait", "cancel", "stop", "start_over", "undo", "change", "emergency", "any"})
"""Phrases beside which a yes is none."""


def first_state(specs: Artefact, language: str = "") -> State:
    """A conversation that has not begun, in `language` where the merchant speaks it."""
    known = specs.merchant.languages
    base = language.partition("-")[0]
    chosen = language if language in known else base if base in known else known[0]
    return State(language=chosen, topic=Topic("main", specs.merchant.id))
