"""What Lex and Connect allow, and what Amazon's own intents mean: `limits.toml` as a frozen type."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_line`: the title or subtitle of a card; `max_flat`: the text that a contact flow gets; `intents`: what
    Amazon's standard intents mean here."""

    max_bytes: int
    max_slots: int
    connect_deadline_s: float
    max_messages: int
    max_line: int
    max_url: int
    max_flat: int
    intents: Mapping[str, str]


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits, read once. Raises TypeError when the file and the type differ."""
    table = tomllib.loads(files(__package__).joinpath("limits.toml").read_text(encoding="utf-8"))
    return Limits(**table["request"], **table["response"], intents=table["intents"])
