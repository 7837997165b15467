"""How the classifier sees a sentence: its meaning by one embedding or two, and its words (sketch.py), in one row.

Theory. The parts have length 1 and are joined with the square roots of their weights, so that the inner product of two
rows is the weighted mean of the parts' and a row has length 1. A second embedding that knows one language only sees
nothing but that language: sentences of others are compared without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from sayso.understanding.context import Embedder
from sayso.understanding.intents.fitting import Shared, share
from sayso.understanding.intents.samples import OUT_OF_SCOPE, Sample, bases_of, common_samples
from sayso.understanding.intents.sketch import sketches

if TYPE_CHECKING:
    from numpy import float32, int64
    from numpy.typing import NDArray

LEXICAL = 0.2
"""Weight of the words beside that of a meaning, 1."""
ANY = ""
"""The view that serves any language."""


def view_of(embedder: Embedder, language: str) -> str:
    """Which view serves sentences in `language`."""
    also = getattr(embedder, "also", None)
    base = language.partition("-")[0]
    return base if also is not None and base in also.languages else ANY


def views_of(embedder: Embedder, languages: Sequence[str]) -> tuple[str, ...]:
    """The views of a merchant that speaks `languages`."""
    return tuple(sorted({view_of(embedder, language) for language in languages}))


def rows_of(
    texts: Sequence[str], view: str, embedder: Embedder, meaning: NDArray[float32] | None = None
) -> NDArray[float32]:
    """One row of length 1 per text (less for a text without words). `meaning`: what the embedder says, when known."""
    import numpy

    main = embedder.encode(texts) if meaning is None else meaning
    parts = [(1.0, main), (LEXICAL, sketches(texts))]
    if view != ANY:
        parts.append((1.0, embedder.also.encode(texts)))  # type: ignore[attr-defined]
    total = sum(weight for weight, _ in parts)
    return numpy.concatenate([part * (weight / total) ** 0.5 for weight, part in parts], axis=1, dtype=numpy.float32)


@dataclass(frozen=True, slots=True)
class Common:
    """The samples that merchants of some languages share, seen once: `rows` per view. `certain` are the places of those
    that no merchant's own samples contradict."""

    samples: tuple[Sample, ...]
    rows: dict[str, NDArray[float32]]
    certain: NDArray[int64]
    _shared: dict[str, Shared] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def base(self, view: str) -> Shared:
        """What fits to these samples and a merchant's own begin with. Blocking; a second of CPU the first time."""
        import numpy

        with self._lock:
            if view not in self._shared:
                labels = numpy.array([self.samples[place][0] for place in self.certain.tolist()])
                of = numpy.unique(labels, return_inverse=True)[1].astype(numpy.int64)
                self._shared[view] = share(self.rows[view][self.certain], of)
            return self._shared[view]

    def release(self) -> None:
        """Let go of what only training needs."""
        with self._lock:
            self._shared.clear()


class Commons:
    """What is common to merchants, per languages: embedded when first asked for. Any thread may ask."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = Lock()
        self._known: dict[tuple[str, ...], Common] = {}
        self._samples: dict[tuple[str, ...], tuple[Sample, ...]] = {}

    def samples(self, languages: Sequence[str]) -> tuple[Sample, ...]:
        """What `of` is made of."""
        bases = bases_of(languages)
        with self._lock:
            if bases not in self._samples:
                self._samples[bases] = common_samples(bases)
            return self._samples[bases]

    def of(self, languages: Sequence[str]) -> Common:
        """Blocking; about half a second of CPU for two languages, the first time."""
        bases, found = bases_of(languages), self.samples(languages)
        with self._lock:
            if bases not in self._known:
                self._known[bases] = self._seen(found, views_of(self._embedder, bases))
            return self._known[bases]

    def _seen(self, samples: tuple[Sample, ...], views: Sequence[str]) -> Common:
        import numpy

        texts = [text for _, text in samples]
        certain = numpy.flatnonzero([label != OUT_OF_SCOPE for label, _ in samples]).astype(numpy.int64)
        return Common(samples, {view: rows_of(texts, view, self._embedder) for view in views}, certain)

    def release(self) -> None:
        """Let go of what only training needs: no merchant is published for now."""
        with self._lock:
            known = tuple(self._known.values())
        for common in known:
            common.release()
