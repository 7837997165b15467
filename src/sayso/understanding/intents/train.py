"""Training a merchant's classifier when it is published, and the bytes that it is kept as.

The bytes hold what is the merchant's own: its rows, and the weights that were fitted to them together with the samples
that all merchants of its languages share. Those are not kept: `classify.loaded` joins them again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from sayso.manifest.specs import Artefact
from sayso.understanding.context import Embedder
from sayso.understanding.intents.fitting import Fitted, Shared, fit
from sayso.understanding.intents.packing import pack, unpack
from sayso.understanding.intents.samples import ESSENTIAL, OUT_OF_SCOPE, Sample, claims_of, own_samples
from sayso.understanding.intents.views import Common, Commons, rows_of, views_of

if TYPE_CHECKING:
    from numpy import float32, int64
    from numpy.typing import NDArray

FORMAT = 6
_SAME = 0.55
"""Inner product from which a shared sample that is out of scope is what the merchant offers: it is not learnt."""
_COVERED = 0.5
"""Inner product from which a shared phrase or question is what an intent of the merchant's own is for: it is not learnt
either."""


def train(artefact: Artefact, embedder: Embedder, commons: Commons | None = None, before: bytes = b"") -> bytes:
    """The artefact's classifier, as bytes for `Artefact.trained`: the same for the same samples. Blocking; two seconds
    of CPU for 150 intents with 10 samples each. `commons`: what other merchants' training has embedded; `before`: what
    was trained last, which stands when it was on the same samples."""
    own, languages = own_samples(artefact), artefact.merchant.languages
    commons = commons or Commons(embedder)
    claims = claims_of(artefact)
    made_of = key_of(own, commons.samples(languages), views_of(embedder, languages), embedder, claims)
    if before and unpack(before)[0].get("made_of") == made_of:
        return before
    return _trained(own, commons.of(languages), views_of(embedder, languages), embedder, made_of, claims)


def _trained(
    own: Sequence[Sample],
    common: Common,
    views: Sequence[str],
    embedder: Embedder,
    made_of: str,
    claims: Collection[str],
) -> bytes:
    names = sorted({label for label, _ in (*common.samples, *own)})
    held: dict[str, Any] = {}
    curves = {}
    for view in views:
        mine = rows_of([text for _, text in own], view, embedder) if own else common.rows[view][:0]
        fitted = _fitted(common, common.rows[view], common.base(view), own, mine, names, claims)
        curves[view] = [fitted.slope, fitted.middle]
        held |= {f"{view}_{name}": value for name, value in _kept(fitted, mine, len(common.samples)).items()}
    head = {
        "made_of": made_of,
        "names": names,
        "common": common_key(common.samples, embedder),
        "curves": curves,
    }
    return pack(head, held)


def key_of(
    own: Sequence[Sample],
    common: Sequence[Sample],
    views: Sequence[str],
    embedder: Embedder,
    claims: Collection[str] = (),
) -> str:
    """What a classifier is made of, as a digest."""
    made_of = [FORMAT, list(own), list(common), list(views), embedder_name(embedder), sorted(claims)]
    return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()


def embedder_name(embedder: Embedder) -> str:
    """What the rows are made by."""
    also = getattr(embedder, "also", None)
    return embedder.name if also is None else f"{embedder.name}+{also.name}"


def common_key(common: Sequence[Sample], embedder: Embedder) -> str:
    """What the shared samples were, and what saw them, when a merchant was trained."""
    return hashlib.sha256(json.dumps([FORMAT, list(common), embedder_name(embedder)]).encode()).hexdigest()


def _fitted(
    common: Common,
    shared: NDArray[float32],
    known: Shared,
    own: Sequence[Sample],
    mine: NDArray[float32],
    names: Sequence[str],
    claims: Collection[str],
) -> Fitted:
    """Fitted to shared and own samples, without those shared ones that the merchant's own contradict."""
    import numpy

    places = {name: place for place, name in enumerate(names)}
    of = numpy.array([places[label] for label, _ in (*common.samples, *own)], dtype=numpy.int64)
    rows = numpy.concatenate([shared, mine])
    offered = _offered(common, shared, own, mine, claims)
    kept, base = numpy.flatnonzero(~offered), None
    if not offered[common.certain].any():
        # All that every merchant learns is learnt here too: it comes first, as it was worked out.
        offered[common.certain] = True
        kept, base = numpy.concatenate([common.certain, numpy.flatnonzero(~offered)]), known
    used, compact = numpy.unique(of[kept], return_inverse=True)
    outside = [n for n, place in enumerate(used.tolist()) if names[place] == OUT_OF_SCOPE]
    return _placed(fit(rows[kept], compact, outside, base), kept, used, len(names))


def _offered(
    common: Common, shared: NDArray[float32], own: Sequence[Sample], mine: NDArray[float32], claims: Collection[str]
) -> NDArray[Any]:
    """Which of all samples (shared ones come first) say out of scope what the merchant does offer, or mean something
    everywhere that an intent of its own is for. What ends something or calls a person stays."""
    import numpy

    found = numpy.zeros(len(shared) + len(mine), dtype=bool)
    labels = [label for label, _ in common.samples]
    offers = [label.startswith(("intent:", "answer:")) for label, _ in own]
    asked = [label not in ESSENTIAL and label != OUT_OF_SCOPE for label in labels]
    claimed = [label in claims for label, _ in own]
    pairs = (([label == OUT_OF_SCOPE for label in labels], offers, _SAME), (asked, claimed, _COVERED))
    for theirs, ours, least in pairs:
        at = numpy.flatnonzero(theirs)
        if len(at) and any(ours):
            found[at] = (shared[at] @ mine[numpy.array(ours)].T).max(axis=1) >= least
    return found


def _placed(fitted: Fitted, kept: NDArray[int64], used: NDArray[int64], labels: int) -> Fitted:
    """The fit in terms of all samples and all labels; a label that lost its samples is never said."""
    import numpy

    kernel = numpy.zeros((len(fitted.landmarks), labels), dtype=numpy.float32)
    kernel[:, used] = fitted.kernel
    logistic = numpy.zeros((len(fitted.logistic), labels), dtype=numpy.float32)
    logistic[-1] = -50.0
    logistic[:, used] = fitted.logistic
    return Fitted(kept[fitted.landmarks], kernel, logistic, fitted.slope, fitted.middle)


def _kept(fitted: Fitted, mine: NDArray[float32], shared: int) -> dict[str, NDArray[Any]]:
    """What is stored of a view: weights of the shared samples, own landmarks and theirs, the logistic weights."""
    import numpy

    ours = fitted.landmarks < shared
    weights = numpy.zeros((shared, fitted.kernel.shape[1]), dtype=numpy.float16)
    weights[fitted.landmarks[ours]] = fitted.kernel[ours]
    return {
        "shared": weights,
        "rows": mine[fitted.landmarks[~ours] - shared].astype(numpy.float16),
        "own": fitted.kernel[~ours].astype(numpy.float16),
        "logistic": fitted.logistic.astype(numpy.float16),
    }
