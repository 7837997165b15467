"""A trace records every input of its turn, so that `replay(trace, specs)` is pure.

Traces hold customers' words: they are personal data, kept and erased as such, visible to staff only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sayso.model.action import IO, Result, Speak
from sayso.model.command import Command, ModelUse, Unheard
from sayso.model.event import Event
from sayso.model.state import State


@dataclass(frozen=True, slots=True)
class Exchange:
    """One action that `step` asked for and the result that came back."""

    action: IO
    result: Result


@dataclass(frozen=True, slots=True)
class Trace:
    """`before` is the state that the turn began with; `seed` the source of its ids; `specs` the artefact's digest;
    `stages` and `took_ms` say where the time went."""

    turn: str
    event: Event
    before: State
    now: datetime
    seed: str
    specs: str
    catalog: str
    commands: tuple[Command, ...]
    stages: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    speaks: tuple[Speak, ...] = ()
    took_ms: float = 0.0
    understood_ms: float = 0.0
    model: ModelUse | None = None
    unheard: Unheard | None = None
