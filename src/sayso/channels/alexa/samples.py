"""Texts in the alphabet of Alexa's samples. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from num2words import num2words

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_SAMPLE = re.compile(r"(?:[^\W\d_]|[ .'\-]|\{[A-Za-z_]+\})+")


class Samples:
    """Samples that were given out: Alexa refuses one that occurs twice, whatever its slots are called."""

    def __init__(self, most: int) -> None:
        self._most, self._seen = most, set[str]()

    def fresh(self, samples: Iterable[str]) -> list[str]:
        kept = [s for s in samples if _SAMPLE.fullmatch(s) and self._first(SLOT.sub("{}", s))]
        return kept[: self._most]

    def _first(self, shape: str) -> bool:
        new = shape not in self._seen
        self._seen.add(shape)
        return new


def normal(sample: str, language: str) -> str:
    """`sample` in the alphabet of Alexa's samples: lower case, digits as words, no punctuation but that of words."""
    text = sample.lower().replace("’", "'").replace("&", " and ")
    slots = SLOT.findall(text)
    text = re.sub(r"\d+", lambda m: f" {num2words(int(m[0]), lang=language)} ", SLOT.sub("{}", text))
    text = " ".join(re.sub(r"[^\w{}.'\- ]|(?<!\w)[.'\-]|(?<!\b\w)\.(?!\w)", " ", text).split())
    for name in slots:
        text = text.replace("{}", f"{{{name}}}", 1)
    return text
