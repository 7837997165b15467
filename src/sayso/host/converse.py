"""One turn of dialogue: inputs into `step`, actions out of it, results back in, until everything is said."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sayso.dialogue import Input, TurnBegin, TurnEnd, considered, step
from sayso.manifest.specs import Artefact
from sayso.model.action import IO, Result, Speak
from sayso.model.command import Command
from sayso.model.event import Body, Opened, Recognised, Utterance
from sayso.model.state import State
from sayso.model.trace import Exchange

MOST_EXCHANGES = 8
"""How often a turn may ask the host for something."""

Run = Callable[[IO, State], Awaitable[Result]]


@dataclass(frozen=True, slots=True)
class Talked:
    """What a turn came to."""

    state: State
    speaks: tuple[Speak, ...]
    exchanges: tuple[Exchange, ...]


def inputs(body: Body, commands: Sequence[Command], state: State) -> tuple[Input, ...]:
    """What the turn begins with: its commands, or the event itself where it needs no understanding."""
    first = TurnBegin(opened=isinstance(body, Opened))
    if commands:
        return (first, *considered(tuple(commands), state))
    return (first,) if isinstance(body, Utterance | Recognised) else (first, body)


async def converse(
    state: State, given: Sequence[Input], specs: Artefact, now: datetime, run: Run, settle: bool = True
) -> Talked:
    """Run the inputs to the end of the turn. Nothing is done here: `run` does what `step` asks for. `settle` False: a
    job came due, so no question is asked anew."""
    speaks: list[Speak] = []
    exchanges: list[Exchange] = []
    waiting: deque[Input] = deque(given)
    ending, notices = not settle, 0
    while waiting or not ending:
        if not waiting:
            ending = True
            waiting.append(TurnEnd(any(s.asks for s in speaks), len(speaks) > notices, any(s.ends for s in speaks)))
        taken = waiting.popleft()
        state, actions = step(state, taken, specs, now)
        results: list[Input] = []
        settling = isinstance(taken, TurnEnd)
        for action in actions:
            if isinstance(action, Speak):
                speaks.append(action)
            elif len(exchanges) < MOST_EXCHANGES:
                result = await run(action, state)
                exchanges.append(Exchange(action, result))
                results.append(result)
        notices = len(speaks) if isinstance(taken, TurnBegin) else notices
        waiting.extendleft(reversed(results))
        ending = ending and not (settling and results)
    return Talked(state, one_question(speaks), tuple(exchanges))


def one_question(speaks: Sequence[Speak]) -> tuple[Speak, ...]:
    """What was said, with the last question only: at most one is open."""
    asked = [s for s in speaks if s.asks]
    return tuple(s for s in speaks if not s.asks or s is asked[-1])
