"""What text messages allow: `limits.toml` as a frozen type."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sayso.channels.contract import Capabilities, read_capabilities


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds. `stop` and `start` are words that Twilio acts on by itself."""

    max_bytes: int
    text: int
    url: str
    retry_s: float
    validity_s: int
    stop: frozenset[str]
    start: frozenset[str]


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits, read once. Raises TypeError when the file and the type differ."""
    table = _table()
    stop, start = (frozenset(table["keywords"][name]) for name in ("stop", "start"))
    return Limits(text=table["capabilities"]["text"], **table["request"], **table["api"], stop=stop, start=start)


def capabilities(name: str) -> Capabilities:
    """Of "sms" or "mms"."""
    made = read_capabilities(__package__)
    more: dict[str, Any] = {
        key: tuple(each) if isinstance(each, list) else each for key, each in _table()["mms"].items()
    }
    return replace(made, channel=name, **more) if name == "mms" else made


def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("limits.toml").read_text(encoding="utf-8"))
