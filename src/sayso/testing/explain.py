"""A trace in words: what was said, what it was taken to mean, what was done about it, and where the time went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from sayso.model.command import Candidate, Evidence
from sayso.model.event import Event, Located, Pressed, Recognised, Utterance
from sayso.model.fact import Fact, Named, Said
from sayso.model.money import Money
from sayso.model.trace import Trace

WIDE = 220
"""A value longer than this is cut: a trace is read, not parsed."""


def explain(trace: Trace) -> str:
    """The trace of one turn, a line for each thing that happened, in its order."""
    return "\n".join(_lines(trace))


def _lines(trace: Trace) -> Iterator[str]:
    at = trace.now.isoformat(timespec="seconds")
    yield f"turn {trace.turn}  {at}  {trace.event.channel}  {trace.before.language}"
    yield f"  in       {_heard(trace.event)}"
    pending = trace.before.topic.pending
    yield f"  pending  {words(pending) if pending else 'nothing was asked'}"
    for command in trace.commands:
        yield f"  meant    {words(command)}"
        yield f"           because {_evidence(getattr(command, 'evidence', None))}"
    for exchange in trace.exchanges:
        yield f"  did      {words(exchange.action)}"
        yield f"           -> {words(exchange.result)}"
    for speak in trace.speaks:
        yield f"  said     {speak.key}  {words(speak.params)}"
    stages = " ".join(trace.stages) or "none"
    if trace.model:
        yield f"  model    {words(trace.model)}"
    yield f"  took     {trace.took_ms:.1f} ms, understanding {trace.understood_ms:.1f} ms, stages: {stages}"


def _heard(event: Event) -> str:
    match event.body:
        case Utterance(text):
            return repr(text)
        case Pressed(_, label):
            return f"[{label}] pressed"
        case Recognised(intent, slots, text):
            return f"recognised {intent or 'nothing'} {dict(slots)} {text!r}"
        case Located(latitude, longitude):
            return f"a position, {latitude:.4f} {longitude:.4f}"
        case other:
            return words(other)


def _evidence(evidence: Evidence | None) -> str:
    if evidence is None:
        return "it was given"
    where = f" at {evidence.start}-{evidence.end}" if evidence.start >= 0 else ""
    return f"{evidence.words!r}{where} ({evidence.stage}, {evidence.score:.2f})"


def words(value: object) -> str:
    """A noun of the model on one line, what is empty left out."""
    text = _short(value)
    return text if len(text) <= WIDE else text[: WIDE - 1] + "…"


def _short(value: object) -> str:
    match value:
        case Money(minor, currency):
            return f"{minor / 100:.2f} {currency}"
        case Fact(inner):
            return _short(inner)
        case Named(kind, id):
            return f"{kind}:{id}"
        case Said(said):
            return repr(said)
        case Candidate(id, score):
            return id if score >= 1 else f"{id}~{score:.2f}"
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case Mapping():
            return "{" + ", ".join(f"{key}={_short(inner)}" for key, inner in value.items()) + "}"
        case tuple() | list() | frozenset():
            return "[" + ", ".join(_short(inner) for inner in value) + "]"
        case _ if is_dataclass(value) and not isinstance(value, type):
            return f"{type(value).__name__}({', '.join(_filled(value))})"
        case _:
            return repr(value) if isinstance(value, str) else str(value)


def _filled(value: Any) -> Iterator[str]:
    for field in fields(value):
        inner = getattr(value, field.name)
        if field.name == "evidence" or inner is None or inner is False or inner in ("", ()) or inner == {}:
            continue
        yield f"{field.name}={_short(inner)}"
