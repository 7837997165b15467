"""Where collections are kept: Chroma in this process, a path per merchant; or a Chroma server that hosts share.

Theory. In the process a path per merchant keeps each merchant's query cost its own (a filter over a shared collection
is linear in everybody's rows) and makes a handle that can reach nothing else. On a server the same is a collection per
merchant and kind. There several hosts may build at once: rows have ids that follow from what they say, so that builders
of the same artefact write the same rows, and what a collection was built from is written on it last.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from zipfile import BadZipFile

import numpy as np

from sayso.errors import SaysoError, Upstream
from sayso.store.matrix import Filled, Matrix, Owned

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection
    from numpy import float32
    from numpy.typing import NDArray

T = TypeVar("T")

OPEN = 8
"""Chroma clients open at a time: each costs 6 MB, 6 threads and 11 file handles."""
BATCH = 1_000
STAMP = "artefact"
"""What the collections were built from; without it they are not taken for whole. A file beside them, or their metadata.
"""

# A small sync threshold purges the write-ahead table of small collections: opening costs 4 ms instead of 46.
HNSW: Mapping[str, object] = {
    "space": "cosine",
    "sync_threshold": 50,
    "batch_size": 50,
    "ef_construction": 100,
    "ef_search": 100,
}


def short(merchant: str) -> str:
    """A merchant's name among paths and collections."""
    return sha256(merchant.encode()).hexdigest()[:32]


class Folder:
    """A path per merchant below one folder, few of them open at a time."""

    __slots__ = ("_clients", "_folder", "_lock")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = RLock()
        self._clients: OrderedDict[str, ClientAPI] = OrderedDict()

    def stamp(self, merchant: str) -> str:
        try:
            return (self._path(merchant) / STAMP).read_text("utf-8")
        except OSError:
            return ""

    def build(self, merchant: str, stamp: str, filled: Mapping[str, Filled]) -> None:
        path = self._path(merchant)
        (path / STAMP).unlink(missing_ok=True)
        with self._lock:
            client = self._client(merchant)
        for name, one in filled.items():
            with suppress(Exception):  # Chroma's error for a collection that is not there differs between versions.
                client.delete_collection(name)
            collection = client.create_collection(name, configuration={"hnsw": dict(HNSW)}, embedding_function=None)  # type: ignore[arg-type]
            for start, part in _parts(one):
                ids = [str(start + number) for number in range(len(part.entries))]
                collection.add(ids=ids, embeddings=part.rows, metadatas=_metadatas(part))
            if one.kept:
                one.matrix().save(path / f"{name}.npz")
        (path / STAMP).write_text(stamp, "utf-8")

    def load(self, merchant: str, name: str, most: int) -> Matrix | None:
        """The collection from the copy beside Chroma, else from Chroma; None when it has more than `most` rows."""
        if not self.stamp(merchant):
            return Matrix.empty()
        with suppress(OSError, ValueError, KeyError, BadZipFile):
            return Matrix.load(self._path(merchant) / f"{name}.npz")
        with self._lock:
            return _all(self._collection(merchant, name), most)

    def query(self, merchant: str, name: str, vector: NDArray[float32], rows: int) -> Iterable[tuple[str, float]]:
        if not self.stamp(merchant):
            return ()
        with self._lock:
            return _nearest(self._collection(merchant, name), vector, rows)

    def put(self, merchant: str, name: str, row: Owned) -> None:
        with self._lock:
            _put(_kept(self._client(merchant), name, HNSW), row)

    def near(
        self, merchant: str, name: str, owner: str, vector: NDArray[float32], rows: int
    ) -> Iterable[tuple[str, float]]:
        if not self._path(merchant).is_dir():
            return ()
        with self._lock:
            return _nearest_of(_existing(self._client(merchant), name), owner, vector, rows)

    def drop(self, merchant: str, name: str, owner: str) -> None:
        if not self._path(merchant).is_dir():
            return
        with self._lock:
            _drop(_existing(self._client(merchant), name), owner)

    def __len__(self) -> int:
        """How many clients are open."""
        return len(self._clients)

    def close(self) -> None:
        with self._lock:
            while self._clients:
                self._clients.popitem()[1].close()  # type: ignore[attr-defined]

    def _path(self, merchant: str) -> Path:
        return self._folder / short(merchant)

    def _client(self, merchant: str) -> ClientAPI:
        if merchant not in self._clients:
            self._clients[merchant] = _opened(self._path(merchant))
        self._clients.move_to_end(merchant)
        if len(self._clients) > OPEN:
            self._clients.popitem(last=False)[1].close()  # type: ignore[attr-defined]
        return self._clients[merchant]

    def _collection(self, merchant: str, name: str) -> Collection:
        return self._client(merchant).get_collection(name, embedding_function=None)


class Server:
    """Collections on a Chroma server. Raises Upstream with what to mend when it does not answer."""

    __slots__ = ("_client", "_lock", "_url")

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = RLock()
        self._client: ClientAPI | None = None

    def stamp(self, merchant: str) -> str:
        """What all its collections were built from; "" unless they agree."""
        return self._asked(lambda client: self._stamp(client, merchant))

    def _stamp(self, client: ClientAPI, merchant: str) -> str:
        stamps = {str((one.metadata or {}).get(STAMP, "")) for one in self._found(client, merchant)}
        return stamps.pop() if len(stamps) == 1 else ""

    def build(self, merchant: str, stamp: str, filled: Mapping[str, Filled]) -> None:
        def replace_all(client: ClientAPI) -> None:
            for name, one in filled.items():
                _replaced(client, _named(merchant, name), stamp, one)

        self._asked(replace_all)

    def load(self, merchant: str, name: str, most: int) -> Matrix | None:
        def all_rows(client: ClientAPI) -> Matrix | None:
            found = _existing(client, _named(merchant, name))
            return Matrix.empty() if found is None else _all(found, most)

        return self._asked(all_rows)

    def query(self, merchant: str, name: str, vector: NDArray[float32], rows: int) -> Iterable[tuple[str, float]]:
        def nearest(client: ClientAPI) -> Iterable[tuple[str, float]]:
            found = _existing(client, _named(merchant, name))
            return () if found is None else _nearest(found, vector, rows)

        return self._asked(nearest)

    def put(self, merchant: str, name: str, row: Owned) -> None:
        self._asked(lambda client: _put(_kept(client, _named(merchant, name), {"space": "cosine"}), row))

    def near(
        self, merchant: str, name: str, owner: str, vector: NDArray[float32], rows: int
    ) -> Iterable[tuple[str, float]]:
        return self._asked(lambda client: _nearest_of(_existing(client, _named(merchant, name)), owner, vector, rows))

    def drop(self, merchant: str, name: str, owner: str) -> None:
        self._asked(lambda client: _drop(_existing(client, _named(merchant, name)), owner))

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close()  # type: ignore[attr-defined]
                self._client = None

    def _found(self, client: ClientAPI, merchant: str) -> list[Collection]:
        named = (_existing(client, _named(merchant, name)) for name in ("catalog", "answers"))
        return [one for one in named if one is not None]

    def _asked(self, ask: Callable[[ClientAPI], T]) -> T:
        try:
            with self._lock:
                if self._client is None:
                    self._client = _remote(self._url)
                client = self._client
            return ask(client)
        except SaysoError:
            raise
        except Exception as error:  # Its client raises errors of several libraries.
            raise Upstream(
                f"the Chroma server does not answer ({type(error).__name__}: {str(error)[:200]})",
                where=self._url,
                mend="start it (`chroma run --path FOLDER`) or mend SAYSO_CHROMA_URL",
                code="vectors_unreachable",
                status=503,
            ) from error


def _named(merchant: str, name: str) -> str:
    return f"sayso-{short(merchant)}-{name}"


def _existing(client: ClientAPI, name: str) -> Collection | None:
    from chromadb.errors import NotFoundError

    try:
        return client.get_collection(name, embedding_function=None)
    except NotFoundError:
        return None


def _replaced(client: ClientAPI, name: str, stamp: str, filled: Filled) -> None:
    """Bring a collection to these rows, whoever else does so at the same time."""
    collection = client.get_or_create_collection(
        name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
    )
    if (collection.metadata or {}).get(STAMP) == stamp:
        return
    wanted: set[str] = set()
    for _, part in _parts(filled):
        ids = [sha256(f"{entry.id}\n{entry.text}".encode()).hexdigest()[:32] for entry in part.entries]
        collection.upsert(ids=ids, embeddings=part.rows, metadatas=_metadatas(part))
        wanted.update(ids)
    gone = [id for id in collection.get(include=[])["ids"] if id not in wanted]
    for start in range(0, len(gone), BATCH):
        collection.delete(ids=gone[start : start + BATCH])
    collection.modify(metadata={STAMP: stamp})


def _parts(filled: Filled) -> Iterable[tuple[int, Filled]]:
    for start in range(0, len(filled.entries), BATCH):
        yield start, Filled(filled.entries[start : start + BATCH], filled.rows[start : start + BATCH])


def _metadatas(part: Filled) -> Any:
    return [{"id": entry.id} for entry in part.entries]


def _nearest(collection: Collection, vector: NDArray[float32], rows: int) -> Sequence[tuple[str, float]]:
    """The nearest rows, best first: their entry's id and cosine."""
    count = collection.count()
    if not count:
        return ()
    answer = collection.query(
        query_embeddings=vector.reshape(1, -1), n_results=min(rows, count), include=["metadatas", "distances"]
    )
    found, distances = (answer["metadatas"] or [[]])[0], (answer["distances"] or [[]])[0]
    return [(str(row["id"]), 1.0 - away) for row, away in zip(found, distances, strict=True)]


def _kept(client: ClientAPI, name: str, hnsw: Mapping[str, object]) -> Collection:
    """A collection that grows row by row."""
    return client.get_or_create_collection(name, configuration={"hnsw": dict(hnsw)}, embedding_function=None)  # type: ignore[arg-type]


def _put(collection: Collection, row: Owned) -> None:
    collection.upsert(
        ids=[f"{row.owner}/{row.id}"],
        embeddings=row.vector.reshape(1, -1),
        metadatas=[{"id": row.id, "owner": row.owner}],
    )


def _nearest_of(
    collection: Collection | None, owner: str, vector: NDArray[float32], rows: int
) -> Sequence[tuple[str, float]]:
    """The nearest rows of one owner. They are few: all of them are compared, so that none is missed."""
    if collection is None:
        return ()
    held: Any = collection.get(where={"owner": owner}, include=["embeddings", "metadatas"])
    if not held["ids"]:
        return ()
    scores = np.einsum("ij,j->i", np.asarray(held["embeddings"], np.float32), vector)
    order = np.argsort(-scores, kind="stable")[:rows]
    return [(str(held["metadatas"][at]["id"]), float(scores[at])) for at in order]


def _drop(collection: Collection | None, owner: str) -> None:
    if collection is not None:
        collection.delete(where={"owner": owner})


def _all(collection: Collection, most: int) -> Matrix | None:
    """A collection in memory; None when it has more than `most` rows."""
    if (count := collection.count()) > most:
        return None
    if not count:
        return Matrix.empty()
    held: Any = collection.get(include=["embeddings", "metadatas"])
    ids = tuple(str(row["id"]) for row in held["metadatas"])
    return Matrix(ids, np.ascontiguousarray(held["embeddings"], np.float32))


def _opened(path: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    path.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(str(path), settings=Settings(anonymized_telemetry=False))


def _remote(url: str) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 8000)
    settings = Settings(anonymized_telemetry=False)
    return chromadb.HttpClient(parts.hostname or "localhost", port, secure, settings=settings)
