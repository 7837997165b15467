"""Nearest neighbours: collections of a merchant's catalog and answers, small ones answered from memory.

Theory. Chroma keeps the vectors (`chroma`: in this process, or on a server that hosts share); it is opened when it must
be, since importing it alone takes two seconds and 80 MB. What a small merchant has is searched in memory; a copy of it
lies beside the Chroma of this process, so that a host that starts need not open it at all. Everything here can be lost:
`index` builds it again from the artefact.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sayso.manifest.specs import Artefact
from sayso.model.command import Candidate
from sayso.store.chroma import BATCH, Folder
from sayso.store.matrix import Entry, Filled, Matrix, Owned, best
from sayso.understanding.context import Embedder, Vectors

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

COLLECTIONS = ("catalog", "answers")
HISTORY = "history"
"""What customers ordered: rows that belong to pseudonyms, never in memory, in no search but their owner's."""
IN_MEMORY = 20_000
"""Rows up to which a collection is searched in memory: 30 MB at 384 dimensions, 2 ms a search."""
MATRICES = 64
"""Collections kept in memory."""
WIDER = 4
"""How many times more rows are asked for when too few of them are among the allowed."""
ENTRIES = 2
"""The edition of `entries`: collections of an earlier one are built anew."""


class Shelf(Protocol):
    """Where collections are kept. All of it blocks, and is safe from any thread."""

    def stamp(self, merchant: str) -> str:
        """What the merchant's collections were built from, "" when they are not whole."""
        ...

    def build(self, merchant: str, stamp: str, filled: Mapping[str, Filled]) -> None:
        """Replace the merchant's collections."""
        ...

    def load(self, merchant: str, name: str, most: int) -> Matrix | None:
        """A collection in memory, empty when there is none; None when it has more than `most` rows."""
        ...

    def query(self, merchant: str, name: str, vector: NDArray[float32], rows: int) -> Iterable[tuple[str, float]]:
        """The nearest rows, best first: entry's id and cosine."""
        ...

    def put(self, merchant: str, name: str, row: Owned) -> None:
        """Add a row to a collection that is not built from an artefact; again: replace it."""
        ...

    def near(
        self, merchant: str, name: str, owner: str, vector: NDArray[float32], rows: int
    ) -> Iterable[tuple[str, float]]:
        """The nearest rows of one owner, best first."""
        ...

    def drop(self, merchant: str, name: str, owner: str) -> None:
        """Delete every row of one owner."""
        ...

    def close(self) -> None: ...


def entries(artefact: Artefact, collection: str) -> tuple[Entry, ...]:
    """What a collection holds: every way a product is called or described, every way a question is put."""
    found = _catalog(artefact) if collection == "catalog" else _answers(artefact)
    return tuple(dict.fromkeys(entry for entry in found if entry.text.strip()))


def _catalog(artefact: Artefact) -> Iterator[Entry]:
    for product in artefact.catalog.products.values():
        for language, name in product.names.items():
            yield Entry(product.sku, name)
            for synonym in product.synonyms.get(language, ()):
                yield Entry(product.sku, synonym)
            # Without its name, which has an entry of its own: what shades share is then embedded once.
            if description := product.descriptions.get(language):
                yield Entry(product.sku, description)


def _answers(artefact: Artefact) -> Iterator[Entry]:
    for answer in artefact.answers.values():
        for questions in answer.questions.values():
            for question in questions:
                yield Entry(answer.id, question)


class VectorIndex:
    """All merchants' vectors, on a shelf or in a folder. Blocking calls are safe from any thread."""

    __slots__ = ("_building", "_known", "_lock", "_matrices", "_shelf")

    def __init__(self, where: Shelf | Path) -> None:
        self._shelf: Shelf = Folder(where) if isinstance(where, Path) else where
        self._lock, self._building = RLock(), Lock()
        self._matrices: OrderedDict[tuple[str, str], Matrix | None] = OrderedDict()
        self._known: dict[str, str] = {}

    def holds(self, merchant: str, digest: str, embedder: Embedder) -> bool:
        """Whether the merchant's collections are those of the artefact with that digest. Blocks."""
        return self._shelf.stamp(merchant) == _stamp(digest, embedder)

    def lost(self, merchant: str) -> bool:
        """Whether the merchant has no whole collections, of whatever artefact. Blocks."""
        return not self._shelf.stamp(merchant)

    def index(self, artefact: Artefact, embedder: Embedder) -> bool:
        """Bring the merchant's collections to this artefact; False when they were there. Blocks: embeds and writes.

        Meanwhile a merchant in memory is answered from what was there before, a larger one has no candidates."""
        merchant, stamp = artefact.merchant.id, _stamp(artefact.digest, embedder)
        with self._building:
            if self._shelf.stamp(merchant) == stamp:
                self._renew(merchant, stamp, {})
                return False
            filled = {name: _filled(entries(artefact, name), embedder) for name in COLLECTIONS}
            self._shelf.build(merchant, stamp, filled)
        self._renew(merchant, stamp, {name: one.matrix() if one.kept else None for name, one in filled.items()})
        return True

    def vectors_for(self, merchant: str) -> Vectors:
        """The handle to one merchant's vectors; it can reach no other's."""
        return MerchantVectors(merchant, self)

    def matrix(self, merchant: str, collection: str) -> Matrix | None:
        """A collection in memory, None when it is too large for that. Blocks the first time."""
        key = (merchant, collection)
        with self._lock:
            if key in self._matrices:
                self._matrices.move_to_end(key)
                return self._matrices[key]
            matrix = self._shelf.load(merchant, collection, IN_MEMORY)
            self._keep(key, matrix)
            return matrix

    def cached(self, merchant: str, collection: str) -> Matrix | None:
        """The matrix if it is in memory; never blocks on a disk."""
        return self._matrices.get((merchant, collection))

    def query(
        self,
        merchant: str,
        collection: str,
        vector: NDArray[float32],
        k: int,
        only: Collection[str] | None = None,
    ) -> tuple[Candidate, ...]:
        """Ask Chroma itself for the nearest, of these ids where they are given. Blocks."""
        # Several entries share an id, so more rows than ids are asked for; still more until there are enough.
        rows = k * 8
        while True:
            near = list(self._shelf.query(merchant, collection, vector, rows))
            found = best(((id, score) for id, score in near if only is None or id in only), k)
            if only is None or len(found) >= min(k, len(only)) or len(near) < rows:
                return found
            rows *= WIDER

    def remember(self, merchant: str, owner: str, id: str, vector: NDArray[float32]) -> None:
        """Keep a row of `owner`'s history. Blocks."""
        self._shelf.put(merchant, HISTORY, Owned(id, owner, vector))

    def recollect(self, merchant: str, owner: str, vector: NDArray[float32], k: int) -> tuple[Candidate, ...]:
        """The `k` nearest rows of `owner`'s history, and of nobody else's. Blocks."""
        return best(self._shelf.near(merchant, HISTORY, owner, vector, k), k)

    def forget(self, merchant: str, owner: str) -> None:
        """Delete `owner`'s history. Blocks."""
        self._shelf.drop(merchant, HISTORY, owner)

    def close(self) -> None:
        """Close all clients. Blocks."""
        with self._lock:
            self._shelf.close()
            self._matrices.clear()

    def _renew(self, merchant: str, stamp: str, built: Mapping[str, Matrix | None]) -> None:
        """From now on the collections of `stamp` are in memory, or none until they are asked for."""
        with self._lock:
            if self._known.get(merchant) != stamp:
                for name in COLLECTIONS:
                    self._matrices.pop((merchant, name), None)
            self._known[merchant] = stamp
            for name, matrix in built.items():
                self._keep((merchant, name), matrix)

    def _keep(self, key: tuple[str, str], matrix: Matrix | None) -> None:
        self._matrices[key] = matrix
        self._matrices.move_to_end(key)
        if len(self._matrices) > MATRICES:
            self._matrices.popitem(last=False)


def _stamp(digest: str, embedder: Embedder) -> str:
    return f"{digest}/{embedder.name}/{ENTRIES}"


def _filled(rows: Sequence[Entry], embedder: Embedder) -> Filled:
    """The entries with their numbers; a text that several products share is embedded once."""
    places = {text: place for place, text in enumerate(dict.fromkeys(entry.text for entry in rows))}
    texts = list(places)
    blocks = [embedder.encode(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
    encoded = np.concatenate(blocks) if blocks else np.zeros((0, 0), np.float32)
    return Filled(rows, encoded[[places[entry.text] for entry in rows]], kept=len(rows) <= IN_MEMORY)


@dataclass(frozen=True, slots=True)
class MerchantVectors:
    """`understanding.context.Vectors` of one merchant."""

    merchant: str
    _index: VectorIndex

    async def search(
        self, collection: str, vector: NDArray[float32], k: int, only: Collection[str] | None = None
    ) -> Sequence[Candidate]:
        """The `k` nearest ids with their cosine scores, of `only` these where they are given; none for a collection
        that is not built."""
        if collection not in COLLECTIONS:
            raise ValueError(f"there is no collection {collection!r}, only {', '.join(COLLECTIONS)}")
        matrix = self._index.cached(self.merchant, collection)
        if matrix is None:
            matrix = await asyncio.to_thread(self._index.matrix, self.merchant, collection)
        if matrix is None:
            return await asyncio.to_thread(self._index.query, self.merchant, collection, vector, k, only)
        return matrix.nearest(vector, k, only)
