"""What is fitted to samples when a merchant is published: pure numerical work on rows and labels.

Theory. Two classifiers see the same rows (length 1 each) and are averaged, for they err on different sentences.

* Kernel ridge regression (ridge.py): local, right with few samples.
* Multinomial logistic regression: global, right with many. Minimised by L-BFGS (Nocedal and Wright 2006, ch. 7.2).

Whether a sentence is in scope at all is read from how familiar it is (`familiarity`), calibrated on the samples
themselves. Ridge regression tells in closed form what it would have scored for a sample without it (leave one out: in
scope), and without all samples of its label (leave its label out: out of scope); a logistic curve between the two gives
the probability.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sayso.understanding.intents.ridge import LANDMARKS, Base, Left, Solved, solved

if TYPE_CHECKING:
    from numpy import float32, float64, int64
    from numpy.typing import NDArray

SOFTNESS = 16.0
"""What the kernel's scores are multiplied by before they are made probabilities."""
STRENGTH = 30.0
"""The logistic regression's weight of the samples against its penalty."""
_STEPS = 60
_MORE = 40
"""Steps of the search for logistic weights, and of one that begins with what others have found."""
_MEMORY = 10
_KIN = 15
"""Per cent of the labels that are a label's next of kin."""
_AGAINST = 0.5
"""How much the score of what is out of scope counts against what is familiar."""
_DOUBTED = 0.05
"""The share of what is in scope that may be doubted, however near other intents are to each other."""
_MOST = 200
"""Samples of one label that the calibration looks at."""
_CALIBRATED = 4000
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


@dataclass(frozen=True, slots=True)
class Shared:
    """Samples that many fits begin with. `of` is the label of each; `logistic`: the weights when they are all."""

    base: Base
    of: NDArray[int64]
    logistic: NDArray[float32]


def share(rows: NDArray[float32], of: NDArray[int64]) -> Shared:
    """What is worked out once of samples that many fits begin with. `of` as in `fit`."""
    with one_thread():
        return Shared(Base(rows, of), of, _logistic(rows, _targets(of)))


def one_thread() -> AbstractContextManager[object]:
    """Linear algebra on one thread: the same sums in the same order, and the host's other core left alone."""
    from threadpoolctl import threadpool_limits

    limited: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limited


def fit(
    rows: NDArray[float32], of: NDArray[int64], outside: Sequence[int] = (), shared: Shared | None = None
) -> Fitted:
    """`of` is the label of each row, 0 to K-1, each at least once; `outside` are the labels that no sample of should be
    believed to be anything else; `shared`: what the rows begin with. Deterministic."""
    import numpy

    with one_thread():
        targets = _targets(of)
        # Where most samples are known, so are most weights.
        most = _MORE if shared and 2 * len(shared.of) >= len(of) else _STEPS
        logistic = _logistic(rows, targets, _begun(of, shared), most)
        missed = _missed(rows, logistic, of) if len(rows) > LANDMARKS else None
        ridge = solved(rows, targets, shared.base if shared else None, missed)
        slope, middle = _calibrated(of, outside, ridge)
        return Fitted(ridge.chosen, ridge.weights.astype(numpy.float32), logistic, slope, middle)


def _missed(rows: NDArray[float32], logistic: NDArray[float32], of: NDArray[int64]) -> NDArray[float32]:
    """How far logistic regression is from each sample's own label: 0 (there) to the square root of 2."""
    import numpy

    logits = rows @ logistic[:-1] + logistic[-1]
    logits -= logits.max(axis=1, keepdims=True)
    told = numpy.exp(logits)
    told /= told.sum(axis=1, keepdims=True)
    told[numpy.arange(len(of)), of] -= 1
    missed: NDArray[float32] = numpy.linalg.norm(told, axis=1)
    return missed


def _targets(of: NDArray[int64]) -> NDArray[float32]:
    """One 1 a row, in the column of its label."""
    import numpy

    found: NDArray[float32] = numpy.eye(int(of.max(initial=-1)) + 1, dtype=numpy.float32)[of]
    return found


def _begun(of: NDArray[int64], shared: Shared | None) -> NDArray[float32] | None:
    """Where the search for logistic weights begins: with those of the labels that are known."""
    import numpy

    if shared is None or not len(shared.of):
        return None
    found = numpy.zeros((len(shared.logistic), int(of.max()) + 1), numpy.float32)
    found[:, of[: len(shared.of)]] = shared.logistic[:, shared.of]
    return found


def familiarity(scores: NDArray[Any], inside: Collection[int], nearest: NDArray[Any]) -> NDArray[Any]:
    """How much like the samples sentences are: the kernel's scores of the best two labels (a sentence between two
    intents is in scope all the same) and the inner product with the nearest sample, less a share of the score of what
    is out of scope. `scores`: a row per sentence, a column per label; `inside`: the labels that are in scope."""
    import numpy

    within = numpy.isin(numpy.arange(scores.shape[1]), list(inside))
    best = numpy.sort(scores[:, within], axis=1)[:, -2:]
    beyond = scores[:, ~within].max(axis=1, initial=0.0)
    known: NDArray[Any] = numpy.maximum(best, 0).sum(axis=1) + nearest - _AGAINST * beyond
    return known


def _calibrated(of: NDArray[int64], outside: Sequence[int], ridge: Solved) -> tuple[float, float]:
    """The curve of belief, from scores without a sample and without its label. Labels count the same, whatever their
    samples; what is in scope and what is not count the same."""
    import numpy

    labels = ridge.weights.shape[1]
    inside = [label for label in range(labels) if label not in outside]
    scores: list[NDArray[float64]] = []
    truths: list[NDArray[float64]] = []
    shares: list[NDArray[float64]] = []
    for label in _asked(of, labels):
        own = numpy.flatnonzero(of == label)[:_MOST]
        left = _Without(ridge.left(own), own, ridge.chosen)
        scores.append(left.without_label(label, inside, of[ridge.chosen]))
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


class _Without:
    """What the samples `own` of one label would score were they not known."""

    def __init__(self, left: Left, own: NDArray[int64], chosen: NDArray[int64]) -> None:
        import numpy

        self._alike, self._said, self._hat = left.alike, left.said, left.hat
        self._pairs = left.pairs + 2 * numpy.eye(len(own))
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
        return familiarity(left, inside, nearest).astype(numpy.float64)

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
        without[:, [label, *kin]] = 0.0
        return familiarity(without, others, nearest).astype(numpy.float64)


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


def _logistic(
    rows: NDArray[float32], targets: NDArray[float32], begun: NDArray[float32] | None = None, most: int = _STEPS
) -> NDArray[float32]:
    """The weights of multinomial logistic regression, after `most` steps from `begun`; the constants in the last row
    are not penalised."""
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

    start = numpy.zeros(shape, numpy.float32) if begun is None else begun
    return _descend(loss, start.ravel(), most).reshape(shape)


def _descend(
    loss: Callable[[NDArray[float32]], tuple[float, NDArray[float32]]], start: NDArray[float32], most: int = _STEPS
) -> NDArray[float32]:
    """L-BFGS with steps that are halved until they help."""
    import numpy

    at, (cost, slope) = start, loss(start)
    first = float(numpy.abs(slope).max())
    steps: list[tuple[NDArray[float32], NDArray[float32], float]] = []
    for _ in range(most):
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
