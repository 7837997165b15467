"""One step: the table from inputs to moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from sayso.dialogue import edits, moments, phrases, results
from sayso.dialogue.moments import TurnBegin
from sayso.dialogue.moves import Moved, Scene
from sayso.dialogue.settle import TurnEnd, settle
from sayso.manifest.specs import Artefact
from sayso.model import action, command, event
from sayso.model.state import State, Topic

Input = command.Command | action.Result | event.Body | TurnBegin | TurnEnd

TABLE: dict[type[Any], Callable[[State, Any, Scene], Moved]] = {
    # the turn itself
    TurnBegin: moments.begin,
    TurnEnd: settle,
    # events that need no understanding
    event.Opened: moments.opened,
    event.Closed: moments.closed,
    event.Located: moments.located,
    event.Secret: moments.secret,
    event.Due: moments.due,
    event.Unsupported: moments.unsupported,
    # commands
    command.Start: phrases.start,
    command.Add: edits.add,
    command.Change: edits.change,
    command.Remove: edits.remove,
    command.Fill: edits.fill,
    command.No: phrases.no,
    command.Say: phrases.said,
    command.Question: phrases.question,
    command.Allergy: phrases.allergy,
    command.Language: phrases.language,
    command.Stale: phrases.stale,
    command.NotUnderstood: phrases.not_understood,
    # results
    action.Checked: results.checked,
    action.Proposed: results.proposed,
    action.Committed: results.committed,
    action.Reverted: results.reverted,
    action.Found: results.found,
    action.Refused: results.refused,
    action.Recalled: results.recalled,
    action.Answered: results.answered,
    action.Wanting: results.wanting,
    action.HandedOver: results.handed_over,
    action.Noted: results.noted,
}

UNDERSTOOD = tuple(t for t in get_args(command.Command) if t is not command.NotUnderstood)


def step(state: State, given: Input, specs: Artefact, now: datetime) -> Moved:
    """The next state and what to do; pure. Inputs that have no row (an utterance: it must be understood first) raise
    KeyError."""
    move = TABLE[type(given)]
    if state.misses and isinstance(given, UNDERSTOOD):
        state = replace(state, misses=0)
    return move(state, given, Scene(specs, now))


def choose(state: State, given: command.Choose, scene: Scene) -> Moved:
    """One of the options that were shown: runs the command it stands for."""
    if not -len(state.shown) <= given.position < len(state.shown):
        return state, (action.Speak("choose.out_of_range"),)
    return step(state, state.shown[given.position].command, scene.specs, scene.now)


def agree(state: State, given: command.Yes, scene: Scene) -> Moved:
    """A yes; to "do you mean this one?" it is a choice of the only option."""
    pending = state.topic.pending
    if pending and pending.kind in ("product", "option", "line", "slot") and len(state.shown) == 1:
        return choose(state, command.Choose(0, given.evidence), scene)
    return phrases.yes(state, given, scene)


TABLE[command.Choose] = choose
TABLE[command.Yes] = agree


def considered(commands: tuple[command.Command, ...]) -> tuple[command.Command, ...]:
    """A turn's commands as they may be run: a yes beside anything that edits or doubts is no yes ("yes, but ...")."""
    edits_or_doubts = (command.Add, command.Change, command.Remove, command.Fill, command.No, command.Allergy)
    doubted = any(isinstance(c, edits_or_doubts) for c in commands)
    hesitant = any(isinstance(c, command.Say) and c.what in ("hesitation", "wait", "cancel", "stop") for c in commands)
    if doubted or hesitant:
        return tuple(c for c in commands if not isinstance(c, command.Yes))
    return commands


def first_state(specs: Artefact, language: str = "") -> State:
    """A conversation that has not begun, in `language` where the merchant speaks it."""
    known = specs.merchant.languages
    base = language.partition("-")[0]
    chosen = language if language in known else base if base in known else known[0]
    return State(language=chosen, topic=Topic("main", specs.merchant.id))
