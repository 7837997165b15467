"""A trace as plain data: what was said, how it was understood, what was done, what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sayso.model.trace import Trace


def plain(trace: Trace) -> dict[str, Any]:
    """The trace for reading; the states are left out, they are for replay."""
    return {
        "turn": trace.turn,
        "at": trace.now.isoformat(),
        "event": data(trace.event.body),
        "stages": list(trace.stages),
        "commands": [data(command) for command in trace.commands],
        "exchanges": [{"action": data(one.action), "result": data(one.result)} for one in trace.exchanges],
        "speaks": [data(speak) for speak in trace.speaks],
        "took_ms": round(trace.took_ms, 2),
        "understood_ms": round(trace.understood_ms, 2),
        "model": data(trace.model) if trace.model else None,
        "specs": trace.specs,
    }


def data(value: object) -> Any:
    """Any value of the model as JSON: a dataclass becomes its fields that say something, with its name as `is`."""
    if is_dataclass(value) and not isinstance(value, type):
        found = {field.name: data(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__} | {name: one for name, one in found.items() if not _empty(one)}
    if isinstance(value, Mapping):
        return {str(key): data(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [data(one) for one in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


def _empty(value: object) -> bool:
    return value is None or value == "" or value == [] or value == {}
