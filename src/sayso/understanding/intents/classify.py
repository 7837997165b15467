"""Which intent, question or global phrase a sentence is, with a class for none of them.

Theory. fitting.py says what is fitted to the samples, train.py when. A sentence is scored by kernel ridge regression
against the samples and by logistic regression; labels are ranked by the mean of both probabilities. The score of the
likeliest is the probability that the sentence is in scope at all, calibrated on sentences whose intent was held out: it
is 0.5 where a sentence of the merchant's and one of anything else are as likely. The others' are in proportion.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from sayso.model.command import Candidate
from sayso.understanding.context import Embedder
from sayso.understanding.intents.fitting import SOFTNESS, familiarity
from sayso.understanding.intents.packing import unpack
from sayso.understanding.intents.ridge import SHARPNESS
from sayso.understanding.intents.samples import OUT_OF_SCOPE
from sayso.understanding.intents.train import common_key
from sayso.understanding.intents.views import Commons, rows_of, view_of

if TYPE_CHECKING:
    from numpy import bool_, float16, float32
    from numpy.typing import NDArray

BELIEVED = 0.35
"""Probability from which the likeliest label is believed: to be asked to say it again is worse than to be asked whether
that was meant, twice as bad."""
LIGHT = 0.1
"""The same for an intent that changes nothing: a word puts right what was begun."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What was fitted to one view of the samples. `shared` rows are the same object for all merchants of the same
    languages; `shared_weights`, `own_weights` and `logistic` have a column per label."""

    shared: NDArray[float32]
    shared_weights: NDArray[float16]
    own: NDArray[float16]
    own_weights: NDArray[float16]
    logistic: NDArray[float16]
    slope: float
    middle: float

    def scores(self, row: NDArray[float32], inside: NDArray[bool_]) -> tuple[NDArray[float32], float]:
        """How likely each label is among the labels, and how likely the sentence is `inside` the scope at all."""
        import numpy

        near = _near(self.shared, row)
        kernel, nearest = _summed(near, self.shared_weights), near.max(initial=0.0)
        if len(self.own):
            near = _near(self.own.astype(row.dtype), row)
            kernel, nearest = kernel + _summed(near, self.own_weights), max(nearest, near.max())
        alike = numpy.log(numpy.maximum(nearest, 1e-6)) / SHARPNESS + 1
        known = float(familiarity(kernel[None], numpy.flatnonzero(inside), numpy.array([alike]))[0])
        logits = _summed(row, self.logistic[:-1]) + self.logistic[-1]
        likely = (_shares(SOFTNESS * kernel) + _shares(logits)) / numpy.float32(2)
        return likely, 1 / (1 + exp(-self.slope * (known - self.middle)))


@dataclass(frozen=True, slots=True)
class Classifier:
    """A merchant's labels and a judge per view."""

    names: tuple[str, ...]
    judges: dict[str, Judge]
    embedder: Embedder

    def rank(self, text: str, meaning: NDArray[float32], language: str) -> tuple[Candidate, ...]:
        """All labels, the likeliest first, with how far each can be believed. `meaning` is the text's embedding."""
        import numpy

        view = view_of(self.embedder, language)
        view = view if view in self.judges else next(iter(self.judges))
        row = rows_of([text], view, self.embedder, meaning[None])[0]
        inside = numpy.array([name != OUT_OF_SCOPE for name in self.names])
        likely, belief = self.judges[view].scores(row, inside)
        order = numpy.argsort(-likely, kind="stable")
        shares = likely[order] / likely.max()
        return tuple(
            Candidate(self.names[n], belief * share) for n, share in zip(order.tolist(), shares.tolist(), strict=True)
        )


def believed(ranked: Sequence[Candidate], light: Collection[str] = ()) -> Candidate | None:
    """The likeliest label when it can be believed. `light`: labels of intents that change nothing."""
    best = ranked[0] if ranked else None
    if best is None or best.id == OUT_OF_SCOPE:
        return None
    return best if best.score >= (LIGHT if best.id in light else BELIEVED) else None


def loaded(trained: bytes, embedder: Embedder, commons: Commons, languages: Sequence[str]) -> Classifier | None:
    """The classifier in `trained`; None when there is none, or it was trained on other shared samples or rows."""
    head, stored = unpack(trained)
    if not head:
        return None
    common = commons.of(languages)
    if head["common"] != common_key(common.samples, embedder):
        return None
    judges = {
        view: Judge(
            common.rows[view],
            stored[f"{view}_shared"],
            stored[f"{view}_rows"],
            stored[f"{view}_own"],
            stored[f"{view}_logistic"],
            *curve,
        )
        for view, curve in head["curves"].items()
    }
    return Classifier(tuple(head["names"]), judges, embedder)


def _summed(row: NDArray[float32], weights: NDArray[float16]) -> NDArray[float32]:
    """Rows of weights, summed. einsum rather than @: the threads of a BLAS spin for many times as long."""
    import numpy

    summed: NDArray[float32] = numpy.einsum("i,ij->j", row, weights.astype(row.dtype))
    return summed


def _near(rows: NDArray[float32], row: NDArray[float32]) -> NDArray[float32]:
    """The kernel between rows and one."""
    import numpy

    kernel: NDArray[float32] = numpy.exp(SHARPNESS * (numpy.einsum("ij,j->i", rows, row) - 1))
    return kernel


def _shares(values: NDArray[float32]) -> NDArray[float32]:
    import numpy

    raised = numpy.exp(values - values.max())
    shares: NDArray[float32] = raised / raised.sum()
    return shares
