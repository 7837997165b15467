"""One turn of dialogue, pure: inputs into `step`, what it asks for out of it, results back in, until all is said.

`talking` is a generator: it yields what is asked of the host with the state that it is asked in, is sent the result,
and returns what the turn came to. A host drives it with real results, a replay with recorded ones, the checker with
every result that there may be.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sayso.dialogue.moments import TurnBegin
from sayso.dialogue.settle import TurnEnd
from sayso.dialogue.step import Input, considered, step
from sayso.dialogue.topics import heard, quiet
from sayso.manifest.specs import Artefact
from sayso.model.action import IO, Pass, Result, Speak
from sayso.model.command import Command
from sayso.model.event import (
    Attached,
    Body,
    CartSent,
    Controlled,
    Due,
    Edited,
    Opened,
    Opted,
    Proven,
    Reacted,
    Recognised,
    Referred,
    Renumbered,
    Silent,
    Unsent,
    Utterance,
    Written,
)
from sayso.model.state import State
from sayso.model.trace import Exchange

MOST_EXCHANGES = 8
"""How often a turn may ask the host for something."""


@dataclass(frozen=True, slots=True)
class Talked:
    """What a turn came to."""

    state: State
    speaks: tuple[Speak, ...]
    exchanges: tuple[Exchange, ...]


QUIET = (Due, Written, Opted, Edited, Unsent, Reacted, Controlled, Proven, Renumbered)


def of_itself(body: Body) -> bool:
    """Whether it comes of itself: no turn of talk begins with it, and no question is asked anew."""
    return isinstance(body, QUIET) or (isinstance(body, Referred) and body.silent)


Talking = Generator[tuple[IO, State], Result, Talked]


def inputs(
    body: Body, commands: Sequence[Command], state: State, *, cut: bool = False, voice: bool = False
) -> tuple[Input, ...]:
    """What the turn begins with: its commands, or the event itself where it needs no understanding. `cut`: our last
    words were interrupted before their question; `voice`: they are heard rather than read."""
    if of_itself(body):
        return (body,)
    first = TurnBegin(isinstance(body, Opened | Referred), isinstance(body, Silent), cut, voice)
    if commands:
        beside = (body,) if isinstance(body, Attached) else ()
        return (first, *beside, *considered(tuple(commands), state))
    return (first,) if isinstance(body, Utterance | Recognised | CartSent) else (first, body)


def talking(state: State, given: Sequence[Input], specs: Artefact, now: datetime, settle: bool = True) -> Talking:
    """The turn. Nothing is done here. `settle` False: a job came due, so no question is asked anew."""
    speaks: list[Speak] = []
    exchanges: list[Exchange] = []
    waiting: deque[Input] = deque(given)
    ending, notices = not settle, 0
    while waiting or not ending:
        if not waiting:
            ending = True
            asked = (_passed(exchanges) and quiet(state)) or any(s is state.question for s in speaks)
            waiting.append(TurnEnd(asked, len(one_question(speaks, state)) > notices, any(s.ends for s in speaks)))
        taken = waiting.popleft()
        state, actions = step(state, taken, specs, now)
        results: list[Input] = []
        for action in actions:
            if isinstance(action, Speak):
                speaks.append(action)
            elif len(exchanges) < MOST_EXCHANGES:
                result = yield action, state
                exchanges.append(Exchange(action, result))
                results.append(result)
        notices = len(speaks) if isinstance(taken, TurnBegin) else notices
        waiting.extendleft(reversed(results))
        # What the end of the turn asked for has been answered: it ends once more, with that.
        ending = ending and not (isinstance(taken, TurnEnd) and results)
    said = one_question(speaks, state)
    state = heard(state) if settle and said and not _passed(exchanges) else state
    return Talked(state, said, tuple(exchanges))


def _passed(exchanges: Sequence[Exchange]) -> bool:
    """Was something of this turn for a person?"""
    return any(isinstance(exchange.action, Pass) for exchange in exchanges)


def one_question(speaks: Sequence[Speak], state: State) -> tuple[Speak, ...]:
    """What was said, of the questions the open one alone: one that the same turn answered is not put."""
    return tuple(s for s in speaks if not s.asks or s is state.question)
