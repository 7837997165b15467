"""The regression that learns from marked samples."""

from __future__ import annotations

import numpy
import pytest
from numpy.typing import NDArray

from sayso.understanding.intents.regression import fitted

SEEN = numpy.array([[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 1, 1]], dtype=numpy.float32)
WANTED = numpy.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
FLAT = numpy.zeros((4, 2))


def chances(strength: float, offset: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    """What each sample is taken for after training."""
    scores = SEEN @ (SEEN.T @ fitted(SEEN, offset, WANTED, strength)) + offset
    odds = numpy.exp(scores)
    return numpy.asarray(odds / odds.sum(axis=1, keepdims=True))


def test_samples_are_learned() -> None:
    """What separates the classes is found."""
    assert (chances(0.01, FLAT).argmax(axis=1) == WANTED.argmax(axis=1)).all()


def test_the_minimum_is_flat() -> None:
    """At the solution the slope of the regularised loss vanishes."""
    strength = 0.5
    dual = fitted(SEEN, FLAT, WANTED, strength)
    scores = SEEN @ (SEEN.T @ dual)
    odds = numpy.exp(scores)
    slope = SEEN.T @ (odds / odds.sum(axis=1, keepdims=True) - WANTED) + strength * SEEN.T @ dual
    assert abs(slope).max() < 0.02


@pytest.mark.parametrize(("strength", "sure"), [(0.01, 0.95), (100.0, 0.6)])
def test_a_strong_pull_learns_little(strength: float, sure: float) -> None:
    """The stronger the pull, the nearer everything stays to what was known before."""
    best = chances(strength, FLAT).max(axis=1)
    assert (best > sure).all() if strength < 1 else (best < sure).all()


def test_what_is_known_beforehand_counts() -> None:
    """An offset is where learning begins: with a strong pull it decides."""
    offset = numpy.tile([3.0, 0.0], (4, 1))
    assert (chances(100.0, offset).argmax(axis=1) == 0).all()
