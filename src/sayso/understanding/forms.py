"""Patterns of phrases: "(drop|cancel) (it|that|)" stands for six ways to say the same.

Some thousand of them can be written out ("expanded"); where they would be hundreds of thousands they are matched as one
regular expression without repetition, whose cost is bounded by the length of a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from sayso.understanding.words import keys

_EITHER = re.compile(r"\(([^)]*)\)")


def joined(phrase: str) -> str:
    """The key of a phrase: its folded words without spaces."""
    return "".join(keys(phrase))


def _choices(pattern: str) -> list[list[str]]:
    """The keys of a pattern's parts: "(drop|cancel) it" is [["drop", "cancel"], ["it"]]."""
    parts = (part.split("|") if at % 2 else [part] for at, part in enumerate(_EITHER.split(pattern)))
    return [[joined(phrase) for phrase in part] for part in parts]


def expanded(patterns: Iterable[str]) -> Iterator[str]:
    """The keys that patterns stand for."""
    for pattern in patterns:
        yield from filter(None, ("".join(chosen) for chosen in product(*_choices(pattern))))


def compiled(patterns: Mapping[str, Iterable[str]]) -> re.Pattern[str] | None:
    """The patterns of all phrases as one, a group for each of them."""
    groups = (f"(?P<{what}>{'|'.join(map(_form, every))})" for what, every in patterns.items())
    whole = "|".join(groups)
    return re.compile(whole) if whole else None


def _form(pattern: str) -> str:
    """A pattern as one that keys are matched against."""
    return "".join(f"(?:{'|'.join(map(re.escape, part))})" for part in _choices(pattern))
