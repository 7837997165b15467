"""Utterances of two intents, or of an intent and an answer, that are as good as the same to a classifier.

Each sample is held against those of everything else by its embedding. What is nearer to another meaning than to any
sample of its own, and very near, will be taken for the other one as often as not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sayso.manifest.check_collisions import Phrase, fold
from sayso.understanding.context import Embedder

ALIKE = 0.9
"""Cosine (of the shipped model) from which two sentences say the same."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Two phrases with different meanings, and their cosine."""

    one: Phrase
    other: Phrase
    score: float


def alike(phrases: Sequence[Phrase], embedder: Embedder) -> Iterator[Alike]:
    """For each two meanings of one language the pair of phrases that is most alike, where one of them is nearer to the
    other meaning than to its own. Blocks: embeds every phrase once."""
    import numpy

    told: dict[tuple[str, str, str], Alike] = {}
    for language in sorted({phrase.language for phrase in phrases}):
        said = [phrase for phrase in phrases if phrase.language == language and fold(phrase.text).strip("{} ")]
        if len(said) < 2:
            continue
        rows = embedder.encode([fold(phrase.text).replace("{}", "") for phrase in said])
        scores = numpy.einsum("ik,jk->ij", rows, rows)
        means = numpy.array([phrase.means for phrase in said])
        for n, phrase in enumerate(said):
            own = means == phrase.means
            others = numpy.where(own, -1.0, scores[n])
            at, own[n] = int(others.argmax()), False
            mine = float(scores[n][own].max()) if own.any() else -1.0
            score = float(others[at])
            if score < ALIKE or score <= mine or fold(phrase.text) == fold(said[at].text):
                continue
            first, second = sorted((phrase.means, said[at].means))
            key = (language, first, second)
            if key not in told or told[key].score < score:
                told[key] = Alike(phrase, said[at], score)
    yield from sorted(told.values(), key=lambda each: -each.score)
