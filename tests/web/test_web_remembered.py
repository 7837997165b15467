"""The embedder of a publishing of many merchants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sayso.web import remembered
from sayso.web.remembered import Remembered

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray


@dataclass
class Counting:
    """Implements `Embedder`: a text's row is its length; keeps what it was asked for."""

    name: str = "counting"
    asked: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> NDArray[float32]:
        self.asked += texts
        return np.array([[len(text)] for text in texts], np.float32).reshape(len(texts), 1)


def test_a_text_is_embedded_once() -> None:
    """Neither twice in one call nor in two."""
    behind = Counting()
    embedder = Remembered(behind)
    first = embedder.encode(["a", "bb", "a"])
    second = embedder.encode(["bb", "ccc"])
    assert behind.asked == ["a", "bb", "ccc"]
    assert first.ravel().tolist() == [1, 2, 1]
    assert second.ravel().tolist() == [2, 3]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not asked for the longest time is let go first."""
    monkeypatch.setattr(remembered, "MOST", 2)
    behind = Counting()
    embedder = Remembered(behind)
    for text in ("a", "bb", "a", "ccc", "a", "bb"):
        embedder.encode([text])
    assert behind.asked == ["a", "bb", "ccc", "bb"]


def test_it_answers_for_the_embedder_behind_it() -> None:
    """Vectors are kept under the embedder's name: what was published through this one is that one's."""
    assert Remembered(Counting()).name == "counting"
