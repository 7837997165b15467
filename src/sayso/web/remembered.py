"""An embedder that knows what it has embedded: merchants that are published together share many texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from sayso.understanding.context import Embedder

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

MOST = 20_000
"""Texts that are remembered: 40 MB at 512 dimensions."""


@dataclass(slots=True)
class Remembered:
    """An `Embedder` before another: each text is embedded once. Its holder lets it go when the work is done."""

    embedder: Embedder
    rows: dict[str, NDArray[float32]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    name: str = field(init=False)
    also: Remembered | None = field(init=False, default=None)
    languages: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        self.name = self.embedder.name
        self.languages = getattr(self.embedder, "languages", ())
        also = getattr(self.embedder, "also", None)
        self.also = None if also is None else Remembered(also)

    def encode(self, texts: Sequence[str]) -> NDArray[float32]:
        """One L2-normalised row per text."""
        import numpy

        if not texts:
            return self.embedder.encode(texts)
        found = self._known(texts)
        unknown = [text for text in dict.fromkeys(texts) if text not in found]
        if unknown:
            # Copies, for a row of the whole answer would keep all of it in memory.
            found |= {text: row.copy() for text, row in zip(unknown, self.embedder.encode(unknown), strict=True)}
            self._keep({text: found[text] for text in unknown})
        return numpy.stack([found[text] for text in texts])

    def _known(self, texts: Sequence[str]) -> dict[str, NDArray[float32]]:
        """Those that were embedded before; they are the last to go."""
        with self.lock:
            found = {text: self.rows.pop(text) for text in dict.fromkeys(texts) if text in self.rows}
            self.rows.update(found)
        return found

    def _keep(self, fresh: dict[str, NDArray[float32]]) -> None:
        """What was not asked for the longest time goes first."""
        with self.lock:
            self.rows.update(fresh)
            for text in list(self.rows)[: max(0, len(self.rows) - MOST)]:
                del self.rows[text]
