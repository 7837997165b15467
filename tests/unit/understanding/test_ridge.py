"""Ridge regression: what is known of shared samples changes nothing; what is left out has no part in what is said."""

from __future__ import annotations

import numpy
import pytest
from numpy.typing import NDArray

from sayso.understanding.intents import ridge
from sayso.understanding.intents.fitting import fit, share
from sayso.understanding.intents.ridge import RIDGE, Base, raised, solved

SHARED = numpy.repeat(numpy.arange(3), 8)
OF = numpy.concatenate([SHARED, numpy.repeat(numpy.arange(3, 5), 8)])


def _rows(count: int) -> NDArray[numpy.float32]:
    """Rows of length 1, one near the middle of its label."""
    drawn = numpy.random.default_rng(7)
    middles = drawn.normal(size=(5, 24))
    rows = middles[OF[:count]] + 0.7 * drawn.normal(size=(count, 24))
    found: NDArray[numpy.float32] = (rows / numpy.linalg.norm(rows, axis=1, keepdims=True)).astype(numpy.float32)
    return found


def _targets(of: NDArray[numpy.int64]) -> NDArray[numpy.float32]:
    return numpy.eye(5, dtype=numpy.float32)[of]


def test_weights_solve_the_equations_of_ridge_regression() -> None:
    """With labels of one size every sample weighs 1: the kernel with the ridge takes the weights to the targets."""
    rows = _rows(len(OF))
    found = solved(rows, _targets(OF))
    system = raised(rows @ rows.T) + RIDGE * numpy.eye(len(rows))
    assert numpy.allclose(system @ found.weights, _targets(OF), atol=1e-4)


@pytest.mark.parametrize("own", [numpy.array([0, 3, 5]), numpy.array([25, 30]), numpy.array([2, 7, 24, 33])])
def test_a_base_changes_no_weight_and_no_part_of_what_is_said(own: NDArray[numpy.int64]) -> None:
    """Shared samples, others, and both together."""
    rows = _rows(len(OF))
    alone = solved(rows, _targets(OF))
    based = solved(rows, _targets(OF), Base(rows[:24], SHARED))
    assert numpy.allclose(alone.weights, based.weights, atol=1e-6)
    for one, other in zip(_parts(alone.left(own)), _parts(based.left(own)), strict=True):
        assert numpy.allclose(one, other, atol=1e-5)


def test_a_base_serves_fits_of_other_sizes() -> None:
    """What it remembers of one fit is not taken for another with more labels to a sample."""
    rows = _rows(len(OF))
    base = Base(rows[:24], SHARED)
    solved(rows, _targets(OF), base)
    fewer = numpy.concatenate([OF[:24], [3, 4]])
    alone = solved(rows[:26], _targets(fewer))
    assert numpy.allclose(alone.weights, solved(rows[:26], _targets(fewer), base).weights, atol=1e-6)


@pytest.mark.parametrize("gone", [1, 26])
def test_what_is_said_without_a_sample_is_what_a_fit_without_it_says(gone: int) -> None:
    """The closed form, against the fit to the others with the same ridge."""
    rows, targets = _rows(len(OF)), _targets(OF)
    left = solved(rows, targets, Base(rows[:24], SHARED)).left(numpy.array([gone]))
    closed = (left.said - left.hat * targets[gone]) / (1 - left.hat)
    kept = numpy.arange(len(OF)) != gone
    system = raised(rows[kept] @ rows[kept].T) + RIDGE * numpy.eye(kept.sum())
    anew = raised(rows[[gone]] @ rows[kept].T) @ numpy.linalg.solve(system, targets[kept])
    assert numpy.allclose(closed, anew, atol=1e-3)


def test_a_fit_that_begins_with_shared_samples_tells_the_same_labels() -> None:
    """Its logistic weights are looked for from those of the shared samples: they end at the same place."""
    rows = _rows(len(OF))
    alone, based = fit(rows, OF), fit(rows, OF, (), share(rows[:24], SHARED))
    design = numpy.concatenate([rows, numpy.ones((len(rows), 1))], axis=1)
    assert (alone.slope, alone.middle) == pytest.approx((based.slope, based.middle), rel=1e-3)
    assert numpy.allclose(design @ alone.logistic, design @ based.logistic, atol=0.3)


def _parts(left: object) -> list[NDArray[numpy.float64]]:
    return [getattr(left, name) for name in ("alike", "pairs", "said", "hat")]


def test_what_is_missed_by_most_is_a_landmark(monkeypatch: pytest.MonkeyPatch) -> None:
    """With more samples than landmarks; the others are drawn by chance, the same each time."""
    monkeypatch.setattr(ridge, "LANDMARKS", 12)
    monkeypatch.setattr(ridge, "_MISSED", 6)
    rows, missed = _rows(len(OF)), numpy.zeros(len(OF), numpy.float32)
    missed[[3, 9, 14, 20, 27, 39]] = 1
    chosen = solved(rows, _targets(OF), missed=missed).chosen
    assert {3, 9, 14, 20, 27, 39} <= {*chosen.tolist()}
    assert len(chosen) == 12
    assert (solved(rows, _targets(OF), missed=missed).chosen == chosen).all()
