"""One turn of dialogue with a host that does what it asks for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from sayso.dialogue import Input, Talked, inputs, talking
from sayso.manifest.specs import Artefact
from sayso.model.action import IO, Result
from sayso.model.state import State

__all__ = ["Run", "Talked", "converse", "inputs"]

Run = Callable[[IO, State], Awaitable[Result]]


async def converse(
    state: State, given: Sequence[Input], specs: Artefact, now: datetime, run: Run, settle: bool = True
) -> Talked:
    """Run the inputs to the end of the turn; `run` does what is asked for. `settle` False: a job came due, so no
    question is asked anew."""
    turn = talking(state, given, specs, now, settle)
    try:
        asked = next(turn)
        while True:
            asked = turn.send(await run(*asked))
    except StopIteration as ended:
        talked: Talked = ended.value
        return talked
