"""What Dialogflow allows: `limits.toml` as a frozen type, read once by the composition root."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class RequestLimits:
    max_bytes: int
    max_identifier: int
    max_words: int
    max_slots: int


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """`seconds` from Dialogflow's request to the end of our answer, `most_seconds` when the agent says so;
    `margin_seconds` of them are not ours to use."""

    seconds: float
    most_seconds: float
    margin_seconds: float


@dataclass(frozen=True, slots=True)
class KeyLimits:
    url: str
    issuers: tuple[str, ...]
    max_bytes: int
    fetch_seconds: float
    fresh_seconds: int
    stale_seconds: int
    retry_seconds: int
    leeway_seconds: int
    min_key_bits: int
    min_secret: int


@dataclass(frozen=True, slots=True)
class ResponseLimits:
    max_bytes: int
    max_text: int
    max_speech: int
    max_label: int
    max_image_url: int


@dataclass(frozen=True, slots=True)
class Limits:
    request: RequestLimits
    answer: AnswerLimits
    keys: KeyLimits
    response: ResponseLimits


def read_limits() -> Limits:
    """The limits of `limits.toml`. Raises TypeError when the file and the types above differ."""
    table = tomllib.loads(files(__package__).joinpath("limits.toml").read_text(encoding="utf-8"))
    keys = {**table["keys"], "issuers": tuple(table["keys"]["issuers"])}
    return Limits(
        RequestLimits(**table["request"]),
        AnswerLimits(**table["answer"]),
        KeyLimits(**keys),
        ResponseLimits(**table["response"]),
    )
