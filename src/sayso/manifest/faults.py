"""What is wrong in a manifest: where, what, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

Path_ = tuple[str | int, ...]
"""Where in a document: keys and positions from its root."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One problem. `line` counts from 1; `pointer` is an RFC 6901 JSON pointer ("" for a whole file or a CSV row);
    `mend` says what to write instead; `code` is a stable word for programs."""

    file: str
    line: int
    pointer: str
    what: str
    mend: str = ""
    code: str = "invalid"


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read: its data and the line of each key and item. `data` is None when nothing could be read, and
    then `faults` says why."""

    path: Path
    data: object = None
    lines: dict[Path_, int] | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def file(self) -> str:
        return str(self.path)

    def line(self, at: Path_) -> int:
        """The line of `at`, else of what holds it."""
        lines = self.lines or {}
        while at and at not in lines:
            at = at[:-1]
        return lines.get(at, 1)

    def fault(self, at: Path_, what: str, mend: str = "", code: str = "invalid") -> Fault:
        return Fault(self.file, self.line(at), pointer(at), what, mend, code)


def pointer(at: Path_) -> str:
    """RFC 6901."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in at)


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was probably meant to be, or ""."""
    found = process.extractOne(word, list(known), scorer=fuzz.WRatio, score_cutoff=66, processor=str.casefold)
    return found[0] if found else ""


def did_you_mean(word: str, known: Iterable[str], of: str = "") -> str:
    """A mend for a word that is not known: the nearest one, or all of them."""
    words = sorted(set(known))
    if near := closest(word, words):
        return f'did you mean "{near}"?'
    if not words:
        return f"none is declared{' in ' + of if of else ''}"
    more = "" if len(words) <= 12 else ", ..."
    return f"it can be {', '.join(words[:12])}{more}"
