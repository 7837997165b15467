"""Commands to the next state: pure.

Theory. A conversation is a `State`; everything that can happen to it is an input: a command of understanding, an event
that needs no understanding (opened, closed, a place, a checked secret, a job that came due), or the result of an
action. `step(state, input, specs, now)` looks its input up in one table (`policy`) and returns the next state and
actions. `Speak` actions are things to say; all others are I/O that the host runs, handing each result back. When a
turn's inputs are used up, `TurnEnd` is the last one: one place (`settle`) decides what is asked next, so that any
mixture of wishes in one utterance ends in at most one question. Only the open question can be answered with yes, and a
yes to a proposal is bound to its digest.
"""

from sayso.dialogue.moments import Told, TurnBegin, excused
from sayso.dialogue.settle import TurnEnd
from sayso.dialogue.step import Input, considered, first_state, step
from sayso.dialogue.turn import Talked, inputs, of_itself, talking

__all__ = [
    "Input",
    "Talked",
    "Told",
    "TurnBegin",
    "TurnEnd",
    "considered",
    "excused",
    "first_state",
    "inputs",
    "of_itself",
    "step",
    "talking",
]
