"""The words and letters of a sentence as a vector, beside its meaning: names, numbers and rare words that an embedding
of meanings blurs.

Theory. Every word, pair of words and run of two to five letters is hashed to one of `WIDTH` places with a sign (a count
sketch: inner products are those of the counts, in expectation). Nothing is learnt, so a sentence has the same vector
for every merchant. Counts grow with their logarithm; words and letters weigh the same; the vector has length 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

WIDTH = 512
"""Places: inner products of unrelated sentences are zero within a few hundredths."""
_LETTERS = (2, 3, 4, 5)
_MOST = 500
"""Characters of a sentence that are read."""
_WORD = re.compile(r"\w+")


def sketches(texts: Sequence[str]) -> NDArray[float32]:
    """One row of length 1 per text; a row of zeros for a text without words."""
    import numpy

    rows = numpy.zeros((len(texts), WIDTH), dtype=numpy.float32)
    for row, text in zip(rows, texts, strict=True):
        words = _WORD.findall(text[:_MOST].lower())
        for runs in (_words(words), _letters(words)):
            row += _placed(runs)
    rows /= numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows


def _placed(runs: Iterator[str]) -> NDArray[float32]:
    """The hashed runs, of length 1."""
    import numpy

    hashes = numpy.fromiter((crc32(run.encode()) for run in runs), dtype=numpy.int64)
    distinct, counts = numpy.unique(hashes, return_counts=True)
    signed = numpy.where(distinct & 1, 1.0, -1.0) * (1.0 + numpy.log(counts))
    row = numpy.bincount((distinct >> 8) % WIDTH, weights=signed, minlength=WIDTH).astype(numpy.float32)
    length = float(numpy.linalg.norm(row))
    return row / length if length else row


def _words(words: Sequence[str]) -> Iterator[str]:
    yield from words
    for n in range(len(words) - 1):
        yield f"{words[n]} {words[n + 1]}"


def _letters(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        edged = f" {word} "
        for size in _LETTERS:
            for start in range(len(edged) - size + 1):
                yield edged[start : start + size]
