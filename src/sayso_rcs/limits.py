"""What RCS for Business allows: `limits.toml` as a frozen type."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds."""

    max_bytes: int
    signature: str
    url: str
    token_url: str
    scope: str
    token_s: int
    retry_s: float
    ttl_s: int
    share: Mapping[str, str]


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits, read once. Raises TypeError when the file and the type differ."""
    table = tomllib.loads(files("sayso_rcs").joinpath("limits.toml").read_text(encoding="utf-8"))
    return Limits(**table["request"], **table["api"], share=table["share"])
