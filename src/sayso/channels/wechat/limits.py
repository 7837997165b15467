"""What WeChat allows: `limits.toml` as a frozen type."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds."""

    max_bytes: int
    fresh_s: int
    max_fields: int
    url: str
    retry_s: float


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits, read once. Raises TypeError when the file and the type differ."""
    table = tomllib.loads(files(__package__).joinpath("limits.toml").read_text(encoding="utf-8"))
    return Limits(**table["request"], **table["api"])
