"""What the doors of assistants allow: `limits.toml` as a frozen type."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from sayso.channels.contract import Capabilities, read_capabilities


@dataclass(frozen=True, slots=True)
class Limits:
    """`fresh_s`: seconds within which the same words without a history are the same turn; `name` of the model that is
    listed."""

    max_bytes: int
    max_messages: int
    fresh_s: int
    name: str


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits, read once. Raises TypeError when the file and the type differ."""
    table = tomllib.loads(files(__package__).joinpath("limits.toml").read_text(encoding="utf-8"))
    return Limits(**table["request"], **table["model"])


def capabilities(name: str) -> Capabilities:
    return replace(read_capabilities(__package__), channel=name)
