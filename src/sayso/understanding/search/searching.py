"""What of a merchant is near to words that no other stage explained: its answers and its products.

A search always brings something along, so its best score is held against how near the words are to what is out of every
merchant's scope (`samples.oos` of the phrase files). What is left says how sure the search is, on one scale for every
merchant: measured on questions of no merchant, about three in a hundred come above the thresholds (`bench/README.md`).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from sayso.model.command import Candidate
from sayso.understanding.context import Embedder, Vectors
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.search.retrieve import Filters, Passages, compile_passages, retrieve

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

AGAINST = 0.5
"""How much the nearness to what is out of scope counts against a search."""
NEAR: Mapping[str, float] = {"answers": 0.2, "catalog": 0.25}
"""Score from which the best row is told, per collection."""
LONGEST_S = 1.0
"""A search never keeps a turn longer."""
KEPT = 48
"""Merchants whose texts stay compiled: some hundred kilobytes each."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a search is made for: the words, their embedding, the merchant, when the turn must go on."""

    text: str
    vector: NDArray[float32]
    lexicon: Lexicon
    ends: float


class Searching:
    """The searches of a host's merchants. Any loop's turns may ask."""

    def __init__(self, embedder: Embedder, vectors_for: Callable[[str], Vectors | None]) -> None:
        self._embedder, self._vectors_for = embedder, vectors_for
        self._passages: OrderedDict[str, Passages] = OrderedDict()
        self._outside: dict[tuple[str, ...], NDArray[float32]] = {}
        self._lock = Lock()

    async def near(
        self, collection: str, heard: Heard, filters: Filters | None = None, k: int = 3
    ) -> tuple[Candidate, ...]:
        """The rows that are near enough to be told, best first."""
        return tuple(c for c in await self.ranked(collection, heard, filters, k) if c.score >= NEAR[collection])

    async def ranked(
        self, collection: str, heard: Heard, filters: Filters | None = None, k: int = 3
    ) -> tuple[Candidate, ...]:
        """The `k` nearest rows, however far they are. A store that fails or is late costs the turn nothing but this."""
        vectors = self._vectors_for(heard.lexicon.artefact.merchant.id)
        try:
            async with asyncio.timeout(min(LONGEST_S, max(0.0, heard.ends - monotonic()))):
                passages, outside = await asyncio.to_thread(self._known, heard)
                found = await retrieve(
                    heard.text, heard.vector, passages, vectors, collection=collection, filters=filters, k=k
                )
        except Exception:  # the border to another part's I/O: understanding never fails a turn
            return ()
        return tuple(Candidate(c.id, round(c.score - AGAINST * outside, 4)) for c in found)

    async def warm(self, lexicon: Lexicon) -> None:
        """Embed what is out of scope, ahead of the first turn."""
        await asyncio.to_thread(self._beyond, lexicon)

    def _known(self, heard: Heard) -> tuple[Passages, float]:
        """The merchant's texts, and how near the words are to what is out of scope. Blocks."""
        import numpy

        rows = self._beyond(heard.lexicon)
        outside = float(numpy.einsum("ij,j->i", rows, heard.vector).max()) if len(rows) else 0.0
        return self._texts(heard.lexicon), max(0.0, outside)

    def _texts(self, lexicon: Lexicon) -> Passages:
        digest = lexicon.artefact.digest
        with self._lock:
            if digest in self._passages:
                self._passages.move_to_end(digest)
                return self._passages[digest]
        passages = compile_passages(lexicon.artefact, lexicon.packs)
        with self._lock:
            self._passages[digest] = passages
            while len(self._passages) > KEPT:
                self._passages.popitem(last=False)
        return passages

    def _beyond(self, lexicon: Lexicon) -> NDArray[float32]:
        """The embeddings of what no merchant answers, in the merchant's languages."""
        spoken = tuple(pack.language for pack in lexicon.packs)
        with self._lock:
            if spoken not in self._outside:
                texts = [text for pack in lexicon.packs for text in pack.samples.get("oos", ())]
                self._outside[spoken] = self._embedder.encode(texts)
            return self._outside[spoken]
