"""What Telegram allows: `limits.toml` as a frozen type, and the few words of `words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """`row_label`: characters that the labels of one row have together. Times in seconds."""

    max_bytes: int
    secret: str
    url: str
    row_buttons: int
    row_label: int
    retry_s: float
    init_data_s: float
    anonymous: frozenset[str]
    said: tuple[str, ...]
    silent: tuple[str, ...]


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits, read once. Raises TypeError when the file and the type differ."""
    table = _table("limits.toml")
    message, people = table["message"], table["people"]
    return Limits(
        **table["request"],
        **table["api"],
        anonymous=frozenset(people["anonymous"]),
        said=tuple(message["said"]),
        silent=tuple(message["silent"]),
    )


def words(language: str) -> Mapping[str, str]:
    """Telegram's own words in the language, else in English."""
    known = _words()
    return known.get(language.partition("-")[0]) or known["en"]


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Mapping[str, str]]:
    return _table("words.toml")


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
