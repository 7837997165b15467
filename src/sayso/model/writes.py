"""What a turn leaves behind: one WriteSet, applied in one transaction with its preconditions, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sayso.model.basket import Proposal
from sayso.model.effect import Change, Effect
from sayso.model.event import Event
from sayso.model.message import Message
from sayso.model.state import State
from sayso.model.trace import Trace


@dataclass(frozen=True, slots=True)
class Job:
    """Something that comes due. `id` is unique: planning it again does nothing. kind: "expire_proposal",
    "make_order", "ready_order", ... `conversation` is the key of the conversation it concerns, "" for none."""

    id: str
    merchant: str
    kind: str
    due: datetime
    conversation: str = ""
    payload: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message of the conversation, in its order. `push`: it must be sent by the outbox (the channel does not carry
    it in its response)."""

    id: str
    message: Message
    push: bool = False


@dataclass(frozen=True, slots=True)
class WriteSet:
    """Everything that one turn writes. `version` is the conversation's fencing version that the turn began with: a
    different one in the row fails the whole set. `dropped` are ids of jobs that are no longer needed."""

    event: Event
    conversation: str
    version: int
    state: State
    trace: Trace | None = None
    proposal: Proposal | None = None
    effects: tuple[Effect, ...] = ()
    changes: tuple[Change, ...] = ()
    effect_changes: Mapping[str, tuple[Change, ...]] | None = None
    """The changes that each new effect made, stored with it so that undo can invert them."""
    outgoing: tuple[Outgoing, ...] = ()
    jobs: tuple[Job, ...] = ()
    dropped: tuple[str, ...] = ()
