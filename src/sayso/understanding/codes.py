"""Digits that are said: a PIN, a one-time code. Read before anything is stored or understood, by rules alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from sayso.manifest.spoken import in_words
from sayso.understanding.words import Token, clean, keys, tokens

DIGITS = 6
"""Of a one-time code."""

SLIPS = 2
"""Digits that may be missing or too many in what is called a code."""

SPOKEN = 100
"""Numbers below it are said as one within a code: "twelve thirty-four fifty-six"."""


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers one after another: their digits, and the words that they were."""

    digits: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Codes:
    """How digits are said in the languages that are spoken here. `names` are what a code is called, `around` words that
    may stand beside one."""

    numbers: Mapping[str, str]
    names: frozenset[str]
    around: frozenset[str]

    def digits(self, words: str) -> str:
        """All digits of an answer to "what's your PIN?"; as they are written, else as they are said."""
        written = "".join(each for each in words if each.isascii() and each.isdigit())
        return written or "".join(run.digits for run in self._runs(tokens(clean(words))))

    def code(self, words: str, expected: bool) -> str:
        """The digits of a one-time code, where that is all that was said; "" for anything else. `expected`: it was
        spoken of, so that it need not be called a code. What is called one is, with a digit too few or too many: it is
        a wrong code, and as little to be stored."""
        toks = tokens(clean(words))
        runs = [run for run in self._runs(toks) if not self.around.issuperset(run.words)]
        rest = {t.key for t in toks if t.key} - {word for run in runs for word in run.words}
        if len(runs) != 1 or not rest <= self.names | self.around:
            return ""
        digits = runs[0].digits
        called = bool(rest & self.names) and abs(len(digits) - DIGITS) <= SLIPS
        return digits if called or (expected and len(digits) == DIGITS) else ""

    def _runs(self, toks: Sequence[Token]) -> Iterator[Run]:
        said = [token.key for token in toks if token.key]
        digits, at = "", 0
        words: list[str] = []
        while at <= len(said):
            size, found = self._number(said, at) if at < len(said) else (1, "")
            if found:
                digits, words = digits + found, [*words, *said[at : at + size]]
            elif digits:
                yield Run(digits, tuple(words))
                digits, words = "", []
            at += size

    def _number(self, said: Sequence[str], at: int) -> tuple[int, str]:
        """How many words the number at a place is, and its digits; "" for none."""
        written = "".join(each for each in said[at] if each.isascii() and each.isdigit())
        if written:
            return 1, written
        for size in (2, 1) if at + 1 < len(said) else (1,):
            if found := self.numbers.get("".join(said[at : at + size]), ""):
                return size, found
        return 1, ""


@lru_cache(maxsize=1)
def read_codes() -> Codes:
    """Reads package data."""
    from ruamel.yaml import YAML

    text = (files("sayso.understanding") / "phrases" / "codes.yaml").read_text("utf-8")
    raw = YAML(typ="safe", pure=False).load(text)
    numbers: dict[str, str] = {}
    for language, said in raw.items():
        numbers |= {"".join(keys(in_words(n, language))): str(n) for n in range(SPOKEN)}
        numbers |= {"".join(keys(word)): str(n) for word, n in said["numbers"].items()}
    return Codes(numbers, _words(raw, "names"), _words(raw, "around"))


def _words(raw: Mapping[str, Mapping[str, Sequence[str]]], what: str) -> frozenset[str]:
    return frozenset(key for said in raw.values() for phrase in said[what] for key in keys(str(phrase)))
