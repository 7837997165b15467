"""Which intent, question or global phrase a sentence is nearest to, by its embedding; with a class for none of them.

`train` compiles a merchant's samples into one matrix when it is published. A label's score is the mean of its nearest
sample's and its centroid's cosine: the nearest alone follows odd samples, the centroid alone blurs wide labels.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.manifest.specs import Artefact, IntentSpec
from sayso.model.command import Candidate
from sayso.model.text import pick
from sayso.understanding.context import Embedder
from sayso.understanding.packs import load

if TYPE_CHECKING:
    from numpy import float16, float32
    from numpy.typing import NDArray

OUT_OF_SCOPE = "oos"
THRESHOLD = 0.60
"""Below this score a label is not believed (cosines of the shipped model; facts of its calibration in the bench)."""
MARGIN = 0.04
"""How far out-of-scope must stay behind."""
_SAMPLES = 60
"""Samples of a global phrase that are trained on: the shorter ones say it all."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """A trained matrix: `labels` of its rows, the distinct `names`, and a centroid per name."""

    embedder: str
    rows: NDArray[float16]
    labels: tuple[str, ...]
    names: tuple[str, ...]
    centroids: NDArray[float32]

    def rank(self, vector: NDArray[float32]) -> tuple[Candidate, ...]:
        """All labels, best first."""
        import numpy

        # einsum rather than @: the threads of a BLAS spin for many times as long as this takes.
        near = numpy.einsum("ij,j->i", self.rows.astype(vector.dtype), vector)
        best: dict[str, float] = {}
        for label, cosine in zip(self.labels, near.tolist(), strict=True):
            best[label] = max(cosine, best.get(label, -1.0))
        middle = dict(zip(self.names, numpy.einsum("ij,j->i", self.centroids, vector).tolist(), strict=True))
        scored = [Candidate(name, (best[name] + middle[name]) / 2) for name in self.names]
        return tuple(sorted(scored, key=lambda c: -c.score))


def believed(ranked: Sequence[Candidate]) -> Candidate | None:
    """The best label when it is clearly better than none of them."""
    best = next((c for c in ranked if c.id != OUT_OF_SCOPE), None)
    outside = next((c.score for c in ranked if c.id == OUT_OF_SCOPE), 0.0)
    return best if best and best.score >= THRESHOLD and best.score >= outside + MARGIN else None


def train(artefact: Artefact, embedder: Embedder) -> bytes:
    """The artefact's classifier, as bytes for `Artefact.trained`. Blocking; about a second for a thousand samples."""
    import numpy

    pairs = sorted(set(samples(artefact)))
    vectors = embedder.encode([text for _, text in pairs])
    buffer = io.BytesIO()
    head = json.dumps({"embedder": embedder.name, "labels": [label for label, _ in pairs]}).encode()
    numpy.savez(buffer, head=numpy.frombuffer(head, dtype=numpy.uint8), rows=vectors.astype(numpy.float16))
    return buffer.getvalue()


def loaded(trained: bytes, embedder: Embedder) -> Classifier | None:
    """The classifier in `trained`; None when there is none or another embedder made it."""
    import numpy

    if not trained:
        return None
    with numpy.load(io.BytesIO(trained), allow_pickle=False) as stored:
        head = json.loads(bytes(stored["head"]))
        rows = stored["rows"]
    if head["embedder"] != embedder.name:
        return None
    labels = tuple(head["labels"])
    names = tuple(dict.fromkeys(labels))
    of = {name: [i for i, label in enumerate(labels) if label == name] for name in names}
    centroids = numpy.stack([rows[of[name]].mean(axis=0, dtype=numpy.float32) for name in names])
    centroids /= numpy.linalg.norm(centroids, axis=1, keepdims=True) + 1e-9
    return Classifier(head["embedder"], rows, labels, names, centroids)


def samples(artefact: Artefact) -> Iterator[tuple[str, str]]:
    """(label, sentence): intents, global phrases, answers, questions, and what is out of scope."""
    for skill in artefact.skills.values():
        for intent in skill.intents.values():
            yield from ((f"intent:{intent.name}", text) for text in _utterances(intent, artefact))
    for answer in artefact.answers.values():
        for questions in answer.questions.values():
            yield from ((f"answer:{answer.id}", question) for question in questions)
    for pack in load(artefact.merchant.languages):
        for label, texts in pack.samples.items():
            name = label if label == OUT_OF_SCOPE else f"say:{label}"
            if label not in ("start", "hesitation"):
                yield from ((name, text) for text in sorted(texts, key=len)[:_SAMPLES] if len(text) > 3)
        for about, phrases in pack.questions.items():
            yield from ((f"question:{about}", phrase.strip()) for phrase in phrases if phrase.count(" ") > 2)


def _utterances(intent: IntentSpec, artefact: Artefact) -> Iterator[str]:
    """The intent's samples with values of the merchant in place of its slots."""
    products = list(artefact.catalog.products.values())
    for language, texts in intent.utterances.items():
        for n, text in enumerate(texts):
            for slot in intent.slots.values():
                values = [pick(v.names, language) for v in slot.values.values()]
                if slot.type == "location":
                    values = [pick(x.names, language) for x in artefact.merchant.locations.values()]
                if slot.type == "lines":
                    values = [pick(p.names, language) for p in products]
                text = text.replace(f"{{{slot.name}}}", values[n % len(values)] if values else "")
            yield " ".join(text.split())
