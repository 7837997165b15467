"""What a call over Twilio allows: `limits.toml` as a frozen type."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds; `hints`, how many and how many characters; `voices`: language -> (its tag at Twilio, voice)."""

    max_bytes: int
    max_frame: int
    text: int
    deadline_s: float
    timeout_s: int
    speech_timeout: str
    hints: int
    hints_chars: int
    silences: int
    voices: Mapping[str, tuple[str, str]]

    def voice(self, language: str) -> tuple[str, str]:
        """The tag and voice of a language, of its base language, else of English."""
        return self.voices.get(language) or self.voices.get(language.partition("-")[0]) or self.voices["en"]


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits, read once. Raises TypeError when the file and the type differ."""
    table = tomllib.loads(files(__package__).joinpath("limits.toml").read_text(encoding="utf-8"))
    voices = {language: (tag, voice) for language, (tag, voice) in table["voices"].items()}
    shown = {name: table["capabilities"][name] for name in ("text", "deadline_s")}
    return Limits(**table["request"], **shown, **table["gather"], voices=voices)
