"""Multinomial logistic regression with an intercept of its own per sample, for few samples with many features.

Theory. The weights that minimise the regularised loss are sums of the samples' features, so only one number per sample
and class is looked for (the representer theorem), in the kernel of the samples: quick where samples are few. The search
is L-BFGS (Nocedal & Wright, Numerical Optimization, 2nd edition, algorithm 7.4, with back-tracking), deterministic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float32, float64
    from numpy.typing import NDArray

STEPS = 100
KEPT = 8
"""How many steps are remembered."""
ENOUGH = 1e-4
"""The share of the loss that a step must gain for another one to be taken."""


@dataclass(frozen=True, slots=True)
class _Problem:
    """`kernel` of the samples, `offset` (log odds known beforehand) and `wanted` (one per row), `strength` of the pull
    of the weights towards nothing."""

    kernel: NDArray[float64]
    offset: NDArray[float64]
    wanted: NDArray[float64]
    strength: float

    def loss(self, dual: NDArray[float64]) -> tuple[float, NDArray[float64]]:
        """The loss at `dual`, and its slope there in the kernel's own geometry."""
        import numpy

        scores = self.kernel @ dual + self.offset
        scores -= scores.max(axis=1, keepdims=True)
        odds = numpy.exp(scores)
        total = odds.sum(axis=1, keepdims=True)
        value = (numpy.log(total[:, 0]) - (scores * self.wanted).sum(axis=1)).sum()
        value += self.strength * self.inner(dual, dual) / 2
        return float(value), odds / total - self.wanted + self.strength * dual

    def inner(self, one: NDArray[float64], other: NDArray[float64]) -> float:
        return float((one * (self.kernel @ other)).sum())


@dataclass(frozen=True, slots=True)
class _Step:
    """How far a step went, how the slope turned, and one over the product of both."""

    moved: NDArray[float64]
    turned: NDArray[float64]
    rho: float


def fitted(
    seen: NDArray[float32], offset: NDArray[float64], wanted: NDArray[float64], strength: float
) -> NDArray[float64]:
    """The dual weights, a row per sample and a column per class. `seen`: the features of the samples, a row each."""
    import numpy

    problem = _Problem((seen @ seen.T).astype(numpy.float64), offset, wanted, strength)
    at = numpy.zeros_like(offset)
    value, slope = problem.loss(at)
    past: list[_Step] = []
    for _ in range(STEPS):
        way = _way(problem, slope, past)
        moved, (new, new_slope) = _moved(problem, at, value, slope, way, 1.0 if past else 0.05)
        turned = new_slope - slope
        curve = problem.inner(moved, turned)
        past = [*past, _Step(moved, turned, 1 / curve)][-KEPT:] if curve > 1e-10 else past
        gain, at, value, slope = value - new, at + moved, new, new_slope
        if gain < ENOUGH * abs(value):
            break
    return at


def _way(problem: _Problem, slope: NDArray[float64], past: list[_Step]) -> NDArray[float64]:
    """The way up that the last steps suggest: the slope times the inverse of how it curves."""
    way = slope.copy()
    sizes: list[float] = []
    for step in reversed(past):
        sizes.append(step.rho * problem.inner(step.moved, way))
        way -= sizes[-1] * step.turned
    if past:
        last = past[-1]
        way *= problem.inner(last.moved, last.turned) / problem.inner(last.turned, last.turned)
    for step, size in zip(past, reversed(sizes), strict=True):
        way += (size - step.rho * problem.inner(step.turned, way)) * step.moved
    return way


def _moved(
    problem: _Problem,
    at: NDArray[float64],
    value: float,
    slope: NDArray[float64],
    way: NDArray[float64],
    size: float,
) -> tuple[NDArray[float64], tuple[float, NDArray[float64]]]:
    """A step down that gains enough, halved until it does; with the loss and the slope where it ends."""
    fall = problem.inner(slope, way)
    found = problem.loss(at - size * way)
    while found[0] > value - 1e-4 * size * fall and size > 1e-6:
        size /= 2
        found = problem.loss(at - size * way)
    return -size * way, found
