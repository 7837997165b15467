"""What is fitted to samples when a merchant is published: pure numerical work on rows and labels.

Theory. Two classifiers see the same rows (length 1 each) and are averaged, for they err on different sentences.

* Kernel ridge regression on one-of-K targets with the kernel exp(G (u.v - 1)): local, right with few samples. With more
  than `LANDMARKS` samples it is expressed in that many of them (subset of regressors: Smola and Scholkopf 2000). Rare
  labels weigh more (square root of the inverse count).
* Multinomial logistic regression: global, right with many. Minimised by L-BFGS (Nocedal and Wright 2006, ch. 7.2).

Whether a sentence is in scope at all is read from how familiar it is (`familiarity`), calibrated on the samples
themselves. Ridge regression tells in closed form what it would have scored for a sample without it (leave one out: in
scope), and without all samples of its label (leave its label out: out of scope); a logistic curve between the two gives
the probability.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import float32, float64, int64
    from numpy.typing import NDArray

SHARPNESS = 2.0
"""G of the kernel."""
RIDGE = 0.05
LANDMARKS = 3000
SOFTNESS = 16.0
"""What the kernel's scores are multiplied by before they are made probabilities."""
STRENGTH = 30.0
"""The logistic regression's weight of the samples against its penalty."""
_STEPS = 60
_MEMORY = 10
_KIN = 5
"""Per cent of the labels that are a label's next of kin."""
_DOUBTED = 0.05
"""The share of what is in scope that may be doubted, however near other intents are to each other."""
_MOST = 200
"""Samples of one label that the calibration looks at."""
_CALIBRATED = 1500
"""Samples that the calibration looks at."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What is kept: which samples are landmarks, their weight per label, the logistic weights per label (the last row
    is the constant), and the curve: P(in scope) = 1 / (1 + exp(-slope (familiarity - middle)))."""

    landmarks: NDArray[int64]
    kernel: NDArray[float32]
    logistic: NDArray[float32]
    slope: float
    middle: float


def one_thread() -> AbstractContextManager[object]:
    """Linear algebra on one thread: the same sums in the same order, and the host's other core left alone."""
    from threadpoolctl import threadpool_limits

    limited: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limited


def near(rows: NDArray[float32], others: NDArray[float32]) -> NDArray[float32]:
    """The kernel between two sets of rows."""
    import numpy

    kernel: NDArray[float32] = numpy.exp(SHARPNESS * (rows @ others.T - 1)).astype(numpy.float32)
    return kernel


def fit(rows: NDArray[float32], of: NDArray[int64], outside: Sequence[int] = ()) -> Fitted:
    """`of` is the label of each row, 0 to K-1, each at least once; `outside` are the labels that no sample of should be
    believed to be anything else. Deterministic."""
    import numpy

    with one_thread():
        chosen = _landmarks(of)
        targets = numpy.eye(int(of.max()) + 1, dtype=numpy.float32)[of]
        solved = _ridge(rows, targets, chosen)
        slope, middle = _calibrated(rows, of, outside, chosen, solved)
        return Fitted(chosen, solved.ridge.astype(numpy.float32), _logistic(rows, targets), slope, middle)


def _landmarks(of: NDArray[int64]) -> NDArray[int64]:
    """Every sample, or as many as may be, drawn with a fixed seed."""
    import numpy

    if len(of) <= LANDMARKS:
        return numpy.arange(len(of))
    return numpy.sort(numpy.random.default_rng(0).permutation(len(of))[:LANDMARKS])


def _ridge(rows: NDArray[float32], targets: NDArray[float32], chosen: NDArray[int64]) -> _Solved:
    """Rare labels weigh more."""
    import numpy

    counts = targets.sum(axis=0)
    weights = numpy.sqrt(counts.mean() / (targets @ counts)).astype(numpy.float32)
    marks = rows[chosen]
    system = RIDGE * near(marks, marks).astype(numpy.float64) + 1e-4 * numpy.eye(len(marks))
    right = numpy.zeros((len(marks), targets.shape[1]))
    for start in range(0, len(rows), 2000):
        part = slice(start, start + 2000)
        kernel = near(rows[part], marks)
        weighted = kernel * weights[part, None]
        system += weighted.T @ kernel
        right += weighted.T @ targets[part]
    inverse: NDArray[float64] = numpy.linalg.inv(system).astype(numpy.float64)
    return _Solved(inverse @ right, inverse, weights)


def familiarity(scores: NDArray[Any], nearest: NDArray[Any]) -> NDArray[Any]:
    """How much like the samples sentences are: the kernel's scores of the best two labels (a sentence between two
    intents is in scope all the same) and the inner product with the nearest sample. `scores`: a row per sentence,
    without the labels that are out of scope."""
    import numpy

    best = numpy.sort(scores, axis=1)[:, -2:]
    known: NDArray[Any] = numpy.maximum(best, 0).sum(axis=1) + nearest
    return known


def _calibrated(
    rows: NDArray[float32], of: NDArray[int64], outside: Sequence[int], chosen: NDArray[int64], solved: _Solved
) -> tuple[float, float]:
    """The curve of belief, from scores without a sample and without its label. Labels count the same, whatever their
    samples; what is in scope and what is not count the same."""
    import numpy

    inside = [label for label in range(solved.ridge.shape[1]) if label not in outside]
    scores: list[NDArray[float64]] = []
    truths: list[NDArray[float64]] = []
    shares: list[NDArray[float64]] = []
    for label in _asked(of, solved.ridge.shape[1]):
        own = numpy.flatnonzero(of == label)[:_MOST]
        left = _Left(rows[own], rows[chosen], own, chosen, solved)
        scores.append(left.without_label(label, inside, of[chosen]))
        truths.append(numpy.zeros(len(own)))
        if label in inside and len(own) > 2:
            scores.append(left.without_itself(label, inside))
            truths.append(numpy.ones(len(own)))
        shares += [numpy.full(len(own), 1 / len(own))] * (len(scores) - len(shares))
    return _curve(*(numpy.concatenate(part) for part in (scores, truths, shares)))


def _asked(of: NDArray[int64], labels: int) -> list[int]:
    """The labels whose samples the calibration looks at, in a fixed order."""
    import numpy

    found: list[int] = []
    seen = 0
    for label in numpy.random.default_rng(0).permutation(labels).tolist():
        seen += min(_MOST, int((of == label).sum()))
        if seen > _CALIBRATED and found:
            break
        found.append(label)
    return found


@dataclass(frozen=True, slots=True)
class _Solved:
    """The landmarks' weights per label, the inverse of the system, and the weight of each sample."""

    ridge: NDArray[float64]
    inverse: NDArray[float64]
    weights: NDArray[float32]


class _Left:
    """What the samples `own` of one label would score were they not known."""

    def __init__(
        self,
        rows: NDArray[float32],
        marks: NDArray[float32],
        own: NDArray[int64],
        chosen: NDArray[int64],
        solved: _Solved,
    ) -> None:
        import numpy

        kernel = near(rows, marks).astype(numpy.float64)
        self._alike = rows @ marks.T
        self._pairs = rows @ rows.T + 2 * numpy.eye(len(rows))
        self._said = kernel @ solved.ridge
        self._hat = (kernel @ solved.inverse @ kernel.T) * solved.weights[own][None, :]
        self._same = own[:, None] == chosen[None, :]

    def without_itself(self, label: int, inside: Sequence[int]) -> NDArray[float64]:
        """The familiarity of each sample without it and without the one of its label that is nearest, which is often
        the same sentence in another language or with a word more."""
        import numpy

        at = numpy.arange(len(self._hat))
        alike = numpy.where(self._pairs > 1.5, -1.0, self._pairs)
        twin = alike.argmax(axis=1)
        hat = numpy.minimum(numpy.diag(self._hat), 0.999)
        own, across, back, other = hat, self._hat[at, twin], self._hat[twin, at], hat[twin]
        said, beside = self._said.copy(), self._said[twin]
        said[:, label] -= own + across
        beside[:, label] -= back + other
        scale = numpy.maximum((1 - own) * (1 - other) - across * back, 1e-3)
        left = ((1 - other)[:, None] * said + across[:, None] * beside) / scale[:, None]
        nearest = numpy.where(self._same | self._same[twin], 0.0, self._alike).max(axis=1)
        return familiarity(left[:, list(inside)], nearest).astype(numpy.float64)

    def without_label(self, label: int, inside: Sequence[int], labels: NDArray[int64]) -> NDArray[float64]:
        """The familiarity of each sample without all samples of its label, nor of its next of kin: what is said outside
        a merchant's scope is seldom so near to something inside it."""
        import numpy

        without = numpy.linalg.solve(numpy.eye(len(self._hat)) - self._hat, self._said)
        others = [other for other in inside if other != label]
        kin = sorted(others, key=lambda other: -float(without[:, other].max()))[: -(-len(others) * _KIN // 100)]
        others = [other for other in others if other not in kin]
        gone = numpy.isin(labels, [label, *kin])
        nearest = numpy.where(gone[None, :], 0.0, self._alike).max(axis=1)
        return familiarity(without[:, others], nearest).astype(numpy.float64)


def _curve(scores: NDArray[float64], truths: NDArray[float64], shares: NDArray[float64]) -> tuple[float, float]:
    """Slope and middle of the logistic curve that best tells the truths (Platt 1999), both sides weighing the same."""
    import numpy

    if not 0 < truths.sum() < len(truths):
        return 5.0, 1.0
    for side in (0.0, 1.0):
        shares = numpy.where(truths == side, shares / shares[truths == side].sum(), shares)
    design = numpy.stack([scores, numpy.ones_like(scores)], axis=1)
    found = numpy.array([5.0, -5.0])
    for _ in range(50):
        told = 1 / (1 + numpy.exp(-numpy.clip(design @ found, -30, 30)))
        slack = shares * told * (1 - told)
        step = numpy.linalg.solve(
            (design * slack[:, None]).T @ design + 1e-6 * numpy.eye(2), design.T @ (shares * (truths - told))
        )
        found = found + numpy.clip(step, -5, 5)
    middle = -found[1] / found[0] if found[0] > 0 else 1.0
    most = numpy.quantile(scores[truths == 1.0], _DOUBTED)
    return float(numpy.clip(found[0], 1.0, 60.0)), float(numpy.clip(min(middle, most), 0.2, 1.8))


def _logistic(rows: NDArray[float32], targets: NDArray[float32]) -> NDArray[float32]:
    """The weights of multinomial logistic regression; the constants in the last row are not penalised."""
    import numpy

    design = numpy.concatenate([rows, numpy.ones((len(rows), 1), numpy.float32)], axis=1)
    shape = (design.shape[1], targets.shape[1])

    def loss(flat: NDArray[float32]) -> tuple[float, NDArray[float32]]:
        weights = flat.reshape(shape)
        logits = design @ weights
        logits -= logits.max(axis=1, keepdims=True)
        raised = numpy.exp(logits)
        total = raised.sum(axis=1, keepdims=True)
        cost = float(numpy.log(total).sum() - (logits * targets).sum())
        slope = design.T @ (raised / total - targets)
        held = weights.copy()
        held[-1] = 0
        return cost + float((held * held).sum()) / (2 * STRENGTH), (slope + held / STRENGTH).ravel()

    return _descend(loss, numpy.zeros(shape[0] * shape[1], numpy.float32)).reshape(shape)


def _descend(
    loss: Callable[[NDArray[float32]], tuple[float, NDArray[float32]]], start: NDArray[float32]
) -> NDArray[float32]:
    """L-BFGS with steps that are halved until they help."""
    import numpy

    at, (cost, slope) = start, loss(start)
    first = float(numpy.abs(slope).max())
    steps: list[tuple[NDArray[float32], NDArray[float32], float]] = []
    for _ in range(_STEPS):
        way = _direction(slope, steps)
        down = float(way @ slope)
        size = 1.0 if steps else 1.0 / max(float(numpy.abs(slope).sum()), 1e-9)
        for _ in range(20):
            there = at + size * way
            then, after = loss(there)
            if then <= cost + 1e-4 * size * down:
                break
            size /= 2
        else:
            return at
        moved, turned = there - at, after - slope
        bend = float(moved @ turned)
        if bend > 1e-10:
            steps = [*steps[-_MEMORY + 1 :], (moved, turned, 1 / bend)]
        at, cost, slope = there, then, after
        if float(numpy.abs(slope).max()) < 1e-3 * first:
            break
    return at


def _direction(
    slope: NDArray[float32], steps: Sequence[tuple[NDArray[float32], NDArray[float32], float]]
) -> NDArray[float32]:
    """Where to go: downhill, bent by the curvature of the last steps."""
    way = -slope
    shares: list[float] = []
    for moved, turned, scale in reversed(steps):
        share = scale * float(moved @ way)
        shares.append(share)
        way = way - share * turned
    if steps:
        moved, turned, scale = steps[-1]
        way = way * (1 / (scale * float(turned @ turned)))
    for (moved, turned, scale), share in zip(steps, reversed(shares), strict=True):
        way = way + (share - scale * float(turned @ way)) * moved
    return way
