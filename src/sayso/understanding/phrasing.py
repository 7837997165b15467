"""Tokens as the phrases of a small vocabulary, the longest first: what the readers of names and parties go by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sayso.understanding.words import Token

LONGEST = 5
"""The longest phrase of such a vocabulary in words."""

Vocabulary = Mapping[str, frozenset[str]]
"""A phrase, its words with single spaces -> its classes."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Tokens `start` to `end` (not included), a phrase of those `classes`; an unknown word or a mark has none."""

    start: int
    end: int
    classes: frozenset[str] = frozenset()

    def of(self, *classes: str) -> bool:
        return bool(self.classes.intersection(classes))


def units(toks: Sequence[Token], vocabulary: Vocabulary) -> tuple[Unit, ...]:
    """The tokens as phrases of `vocabulary`; what is none of them stays by itself."""
    found: list[Unit] = []
    i = 0
    while i < len(toks):
        found.append(_longest(toks, i, vocabulary))
        i = found[-1].end
    return tuple(found)


def _longest(toks: Sequence[Token], i: int, vocabulary: Vocabulary) -> Unit:
    for size in range(min(LONGEST, len(toks) - i), 0, -1):
        words = [t.key or t.text for t in toks[i : i + size]]
        if classes := vocabulary.get(" ".join(words)):
            return Unit(i, i + size, classes)
    return Unit(i, i + 1)


Cues = Mapping[str, tuple[str, ...]]
"""First word -> phrases with a space at either end and single ones between."""


def cues(phrases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Spaced phrases by their first words."""
    found: dict[str, tuple[str, ...]] = {}
    for phrase in dict.fromkeys(phrases):
        first = phrase.split()[0]
        found[first] = (*found.get(first, ()), phrase)
    return found


def heard(said: str, known: Cues) -> Iterator[str]:
    """The phrases that are in `said`, which is spaced likewise: a look at each word instead of at each phrase."""
    for word in dict.fromkeys(said.split()):
        yield from (phrase for phrase in known.get(word, ()) if phrase in said)


def joined(vocabularies: Sequence[Vocabulary]) -> dict[str, frozenset[str]]:
    """Several vocabularies as one."""
    found: dict[str, frozenset[str]] = {}
    for phrase, classes in (item for each in vocabularies for item in each.items()):
        found[phrase] = found.get(phrase, frozenset()) | classes
    return found
