"""A list that goes on: an ear keeps three, and gets the next three when it asks for more."""

from __future__ import annotations

from sayso.dialogue.moves import Moved, Scene, asking, pending_of, say
from sayso.dialogue.phrases import question
from sayso.manifest.messages import SPOKEN
from sayso.model.action import Speak
from sayso.model.command import Question, Say
from sayso.model.state import State


def more(state: State, given: Say, scene: Scene) -> Moved:
    """Further on in what is shown, or in what was asked; where nothing follows, that is said."""
    onward = next((s.command for s in state.shown if isinstance(s.command, Question)), None)
    if onward is not None:
        return question(state, onward, scene)
    pending, asked = pending_of(state), state.question
    if pending is None or asked is None or not state.voice:
        return state, (say("choose.no_more"),)
    labelled = [option for option in asked.options if "label" in option.params]
    left = labelled[_told(asked, state, scene) :]
    if not left:
        return state, (say("choose.no_more"),)
    names = tuple(option.params["label"] for option in left)
    return asking(state, pending, Speak("ask.more", {"options": names}, tuple(left)))


def _told(asked: Speak, state: State, scene: Scene) -> int:
    """How many of a question's options were said aloud: none where its words for a voice leave them out."""
    told = scene.specs.replies.get(asked.key, {})
    found = told.get(state.language) or told.get(state.language.partition("-")[0]) or next(iter(told.values()), None)
    words = (found.speech or found.text) if found else ""
    return SPOKEN if "{options" in words or not asked.key.startswith(("prompt:", "reprompt:")) else 0
