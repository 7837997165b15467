"""A collection in memory: what a small merchant has fits in one matrix, whose exact product with a query takes
microseconds where a vector database takes milliseconds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sayso.model.command import Candidate

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Entry:
    """A text that stands for `id`: several may, a product has names and synonyms in each language."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Owned:
    """A row that belongs to somebody: no text, an id to look up and the owner's pseudonym."""

    id: str
    owner: str
    vector: NDArray[float32]


@dataclass(frozen=True, slots=True)
class Filled:
    """Entries with a row of numbers each. `kept`: small enough to be searched in memory."""

    entries: Sequence[Entry]
    rows: NDArray[float32]
    kept: bool = True

    def matrix(self) -> Matrix:
        return Matrix(tuple(entry.id for entry in self.entries), self.rows)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A collection in memory: one row per entry."""

    ids: tuple[str, ...]
    rows: NDArray[float32]

    @staticmethod
    def empty() -> Matrix:
        return Matrix((), np.zeros((0, 0), np.float32))

    @staticmethod
    def load(path: Path) -> Matrix:
        """The matrix that `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile for anything else."""
        with np.load(path, allow_pickle=False) as held:
            return Matrix(tuple(held["ids"].tolist()), held["rows"])

    def save(self, path: Path) -> None:
        """Write a copy of it."""
        np.savez(path, ids=np.array(self.ids, np.str_), rows=self.rows)

    def nearest(self, vector: NDArray[float32], k: int, only: Collection[str] | None = None) -> tuple[Candidate, ...]:
        """The `k` best ids by cosine, of `only` these where they are given, each with its best entry's score."""
        if not self.ids:
            return ()
        # Not `@`: the threads of a BLAS spin for milliseconds after a product this small.
        scores = np.einsum("ij,j->i", self.rows, vector)
        order = np.argsort(-scores, kind="stable")
        ranked = ((self.ids[at], float(scores[at])) for at in order)
        return best(((id, score) for id, score in ranked if only is None or id in only), k)


def best(scored: Iterable[tuple[str, float]], k: int) -> tuple[Candidate, ...]:
    """The first `k` different ids of a list that is sorted, best first."""
    found: dict[str, float] = {}
    for id, score in scored:
        if len(found) == k:
            break
        found.setdefault(id, score)
    return tuple(Candidate(id, score) for id, score in found.items())
