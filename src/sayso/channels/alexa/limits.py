"""What Alexa allows: `limits.toml` as a frozen type, read once by the composition root."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class RequestLimits:
    max_bytes: int
    tolerance_seconds: int
    event_tolerance_seconds: int
    max_identifier: int
    max_words: int


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """`seconds` from Alexa's request to the end of our answer; `margin_seconds` of them are not ours to use."""

    seconds: float
    margin_seconds: float


@dataclass(frozen=True, slots=True)
class CertificateLimits:
    san: str
    max_bytes: int
    fetch_seconds: float
    max_chain: int
    min_key_bits: int
    cached: int
    refused_seconds: int
    retry_seconds: int


@dataclass(frozen=True, slots=True)
class ResponseLimits:
    max_speech: int
    max_card: int
    max_image_url: int
    max_bytes: int
    max_entities: int
    max_rows: int
    max_title: int
    max_screen: int


@dataclass(frozen=True, slots=True)
class ProgressiveLimits:
    """Words for who waits: after how long, how long they may take, and to which addresses of Amazon's they go."""

    after_seconds: float
    within_seconds: float
    endpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExportLimits:
    max_samples_per_intent: int
    max_slot_value: int
    max_slot_values: int


@dataclass(frozen=True, slots=True)
class Limits:
    request: RequestLimits
    answer: AnswerLimits
    certificate: CertificateLimits
    response: ResponseLimits
    progressive: ProgressiveLimits
    export: ExportLimits


def read_limits() -> Limits:
    """The limits of `limits.toml`. Raises TypeError when the file and the types above differ."""
    table = tomllib.loads(files(__package__).joinpath("limits.toml").read_text(encoding="utf-8"))
    return Limits(
        RequestLimits(**table["request"]),
        AnswerLimits(**table["answer"]),
        CertificateLimits(**table["certificate"]),
        ResponseLimits(**table["response"]),
        ProgressiveLimits(**table["progressive"] | {"endpoints": tuple(table["progressive"]["endpoints"])}),
        ExportLimits(**table["export"]),
    )
