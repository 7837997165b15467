"""Nearest neighbours in Chroma: one path per merchant, few of them open, small merchants answered from memory.

Theory. Chroma keeps the vectors; it is opened when it must be, since importing it alone takes two seconds and 80 MB. A
path per merchant keeps each merchant's query cost its own (a filter over a shared collection is linear in everybody's
rows) and makes a handle that can reach nothing else. What a small merchant has fits in one matrix, whose exact product
with a query takes microseconds where Chroma takes milliseconds; a copy of it lies beside Chroma, so that a host that
starts need not open Chroma at all. Everything here can be lost: `index` builds it again
from the artefact.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from sayso.manifest.specs import Artefact
from sayso.model.command import Candidate
from sayso.understanding.context import Embedder, Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from numpy import float32
    from numpy.typing import NDArray

COLLECTIONS = ("catalog", "answers")
OPEN = 8
"""Chroma clients open at a time: each costs 6 MB, 6 threads and 11 file handles."""
IN_MEMORY = 20_000
"""Rows up to which a collection is searched in memory: 30 MB at 384 dimensions, 2 ms a search."""
MATRICES = 64
"""Collections kept in memory."""
BATCH = 1_000
STAMP = "artefact"
"""The file that names what the collections beside it were built from; without it they are not taken for whole."""

# A small sync threshold purges the write-ahead table of small collections: opening costs 4 ms instead of 46.
HNSW: Mapping[str, object] = {
    "space": "cosine",
    "sync_threshold": 50,
    "batch_size": 50,
    "ef_construction": 100,
    "ef_search": 100,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A text that stands for `id`: several may, a product has names and synonyms in each language."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """A collection in memory: one row per entry."""

    ids: tuple[str, ...]
    rows: NDArray[float32]

    @staticmethod
    def load(path: Path) -> Matrix:
        """The matrix that `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile for anything else."""
        with np.load(path, allow_pickle=False) as held:
            return Matrix(tuple(held["ids"].tolist()), held["rows"])

    def save(self, path: Path) -> None:
        """Write a copy of it."""
        np.savez(path, ids=np.array(self.ids, np.str_), rows=self.rows)

    def nearest(self, vector: NDArray[float32], k: int) -> tuple[Candidate, ...]:
        """The `k` best ids by cosine, each with its best entry's score."""
        if not self.ids:
            return ()
        scores = self.rows @ vector
        order = np.argsort(-scores, kind="stable")
        return _best(((self.ids[at], float(scores[at])) for at in order), k)


def _best(scored: Iterator[tuple[str, float]], k: int) -> tuple[Candidate, ...]:
    """The first `k` different ids of a list that is sorted, best first."""
    best: dict[str, float] = {}
    for id, score in scored:
        if len(best) == k:
            break
        best.setdefault(id, score)
    return tuple(Candidate(id, score) for id, score in best.items())


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
            if description := product.descriptions.get(language):
                yield Entry(product.sku, f"{name}: {description}")


def _answers(artefact: Artefact) -> Iterator[Entry]:
    for answer in artefact.answers.values():
        for questions in answer.questions.values():
            for question in questions:
                yield Entry(answer.id, question)


class VectorIndex:
    """All merchants' vectors below one folder. Blocking calls are safe from any thread."""

    __slots__ = ("_building", "_clients", "_folder", "_lock", "_matrices")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock, self._building = RLock(), Lock()
        self._clients: OrderedDict[str, ClientAPI] = OrderedDict()
        self._matrices: OrderedDict[tuple[str, str], Matrix | None] = OrderedDict()

    def index(self, artefact: Artefact, embedder: Embedder) -> bool:
        """Bring the merchant's collections to this artefact; False when they were there. Blocks: embeds and writes.

        Meanwhile a merchant in memory is answered from what was there before, a larger one has no candidates."""
        merchant, digest = artefact.merchant.id, f"{artefact.digest}/{embedder.name}"
        stamp = self._path(merchant) / STAMP
        with self._building:
            if stamp.is_file() and stamp.read_text("utf-8") == digest:
                return False
            stamp.unlink(missing_ok=True)
            built = {name: self._fill(merchant, name, entries(artefact, name), embedder) for name in COLLECTIONS}
            stamp.write_text(digest, "utf-8")
        with self._lock:
            for name, matrix in built.items():
                self._keep((merchant, name), matrix)
        return True

    def vectors_for(self, merchant: str) -> Vectors:
        """The handle to one merchant's vectors; it can reach no other's."""
        return MerchantVectors(merchant, self)

    def matrix(self, merchant: str, collection: str) -> Matrix | None:
        """A collection in memory, None when it is too large for that. Blocks the first time."""
        key = (merchant, collection)
        with self._lock:
            matrix = self._matrices[key] if key in self._matrices else self._read(merchant, collection)
            self._keep(key, matrix)
            return matrix

    def _keep(self, key: tuple[str, str], matrix: Matrix | None) -> None:
        self._matrices[key] = matrix
        self._matrices.move_to_end(key)
        if len(self._matrices) > MATRICES:
            self._matrices.popitem(last=False)

    def cached(self, merchant: str, collection: str) -> Matrix | None:
        """The matrix if it is in memory; never blocks on a disk."""
        return self._matrices.get((merchant, collection))

    def query(self, merchant: str, collection: str, vector: NDArray[float32], k: int) -> tuple[Candidate, ...]:
        """Ask Chroma itself. Blocks."""
        with self._lock:
            found = self._collection(merchant, collection)
            if found is None:
                return ()
            # Several entries share an id, so more rows than ids are asked for.
            answer = found.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=min(k * 8, found.count()),
                include=["metadatas", "distances"],
            )
        rows, distances = (answer["metadatas"] or [[]])[0], (answer["distances"] or [[]])[0]
        return _best(((str(row["id"]), 1.0 - away) for row, away in zip(rows, distances, strict=True)), k)

    def close(self) -> None:
        """Close all clients. Blocks."""
        with self._lock:
            while self._clients:
                self._clients.popitem()[1].close()  # type: ignore[attr-defined]
            self._matrices.clear()

    def _path(self, merchant: str) -> Path:
        return self._folder / sha256(merchant.encode()).hexdigest()[:32]

    def _client(self, merchant: str) -> ClientAPI:
        with self._lock:
            if merchant not in self._clients:
                self._clients[merchant] = _opened(self._path(merchant))
            self._clients.move_to_end(merchant)
            if len(self._clients) > OPEN:
                self._clients.popitem(last=False)[1].close()  # type: ignore[attr-defined]
            return self._clients[merchant]

    def _collection(self, merchant: str, name: str) -> Collection | None:
        if not (self._path(merchant) / STAMP).is_file():
            return None
        return self._client(merchant).get_collection(name, embedding_function=None)

    def _fill(self, merchant: str, name: str, rows: Sequence[Entry], embedder: Embedder) -> Matrix | None:
        client = self._client(merchant)
        with suppress(Exception):  # Chroma's error for a collection that is not there differs between versions.
            client.delete_collection(name)
        collection = client.create_collection(name, configuration={"hnsw": dict(HNSW)}, embedding_function=None)  # type: ignore[arg-type]
        blocks = []
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            blocks.append(embedder.encode([entry.text for entry in part]))
            ids = [str(start + number) for number in range(len(part))]
            collection.add(ids=ids, embeddings=blocks[-1], metadatas=[{"id": entry.id} for entry in part])
        if len(rows) > IN_MEMORY:
            return None
        matrix = Matrix(
            tuple(entry.id for entry in rows), np.concatenate(blocks) if blocks else np.zeros((0, 0), np.float32)
        )
        matrix.save(self._path(merchant) / f"{name}.npz")
        return matrix

    def _read(self, merchant: str, name: str) -> Matrix | None:
        """The collection from the copy beside Chroma, else from Chroma."""
        path = self._path(merchant)
        if not (path / STAMP).is_file():
            return Matrix((), np.zeros((0, 0), np.float32))
        with suppress(OSError, ValueError, KeyError, BadZipFile):
            return Matrix.load(path / f"{name}.npz")
        collection = self._client(merchant).get_collection(name, embedding_function=None)
        if (count := collection.count()) > IN_MEMORY:
            return None
        held: Any = collection.get(include=["embeddings", "metadatas"])
        ids = tuple(str(row["id"]) for row in held["metadatas"])
        return Matrix(
            ids, np.ascontiguousarray(held["embeddings"], np.float32) if count else np.zeros((0, 0), np.float32)
        )


def _opened(path: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    path.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))


@dataclass(frozen=True, slots=True)
class MerchantVectors:
    """`understanding.context.Vectors` of one merchant."""

    merchant: str
    _index: VectorIndex

    async def search(self, collection: str, vector: NDArray[float32], k: int) -> Sequence[Candidate]:
        """The `k` nearest ids with their cosine scores; none for a collection that is not built."""
        if collection not in COLLECTIONS:
            raise ValueError(f"there is no collection {collection!r}, only {', '.join(COLLECTIONS)}")
        matrix = self._index.cached(self.merchant, collection)
        if matrix is None:
            matrix = await asyncio.to_thread(self._index.matrix, self.merchant, collection)
        if matrix is None:
            return await asyncio.to_thread(self._index.query, self.merchant, collection, vector, k)
        return matrix.nearest(vector, k)
