"""What LINE allows: `limits.toml` as a frozen type, and the few words of `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds; `template_text` and `confirm_text` in UTF-16 code units, `alt_text` too."""

    max_bytes: int
    max_events: int
    signature: str
    url: str
    reply_s: float
    loading_s: int
    retry_s: float
    alt_text: int
    template_text: int
    confirm_text: int


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits, read once. Raises TypeError when the file and the type differ."""
    table = _table("limits.toml")
    return Limits(**table["request"], **table["api"], **table["shape"])


def words(language: str) -> Mapping[str, str]:
    """LINE's own words in the language, else in English."""
    known = _words()
    return known.get(language.partition("-")[0]) or known["en"]


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, str]]:
    return _table("words.toml")


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
