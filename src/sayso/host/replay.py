"""Replay: what a turn did, or would have done with other specs, from its trace alone. Pure."""

from __future__ import annotations

from collections import deque

from sayso.dialogue import Talked, inputs, talking
from sayso.manifest.specs import Artefact
from sayso.model.event import Due
from sayso.model.trace import Trace


class Diverged(Exception):
    """With these specs the turn asks for something that its trace did not record."""


def replay(trace: Trace, specs: Artefact) -> Talked:
    """The turn again. Raises Diverged when it needs a result that was never recorded."""
    recorded = deque(trace.exchanges)
    body = trace.event.body
    settle = not isinstance(body, Due)
    given = inputs(body, trace.commands, trace.before) if settle else (body,)
    turn = talking(trace.before, given, specs, trace.now, settle)
    try:
        asked, _ = next(turn)
        while True:
            if not recorded or type(recorded[0].action) is not type(asked):
                raise Diverged(f"{type(asked).__name__} was not asked for in turn {trace.turn}")
            asked, _ = turn.send(recorded.popleft().result)
    except StopIteration as ended:
        talked: Talked = ended.value
        return talked
