"""Classifying sentences by a merchant's samples: training, what it is kept as, and how far it is believed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy
import pytest

from sayso.manifest.specs import Answer
from sayso.understanding import train
from sayso.understanding.intents.classify import Classifier, believed, loaded
from sayso.understanding.intents.fitting import _descend, familiarity, fit
from sayso.understanding.intents.samples import OUT_OF_SCOPE, common_samples, own_samples
from sayso.understanding.intents.sketch import WIDTH, sketches
from sayso.understanding.intents.views import Commons, rows_of, view_of, views_of
from sayso.understanding.knowledge import Knowledge

ODD = [
    "",
    " ",
    "?!…",
    "zxqv blorf",
    "a" * 100_000,
    "\u202eمرحبا بالعالم\u202c",
    "\x00\x07\x1b[31m",
    "\u200b\u200d",
    "🥐🥐🥐",
    "日本語のテキスト",
]


class WordsEmbedder:
    """Texts are near when they share words: a hashed bag of words."""

    name = "words"

    def encode(self, texts: Sequence[str]) -> Any:
        rows = numpy.zeros((len(texts), 256), dtype=numpy.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text[:500].lower().strip("?!.").split():
                row[hashlib.sha256(word.encode()).digest()[0]] += 1
            row /= numpy.linalg.norm(row) or 1
        return rows


class English(WordsEmbedder):
    """An embedding of English alone, that sees the length of words."""

    name, languages = "lengths", ("en",)

    def encode(self, texts: Sequence[str]) -> Any:
        rows = numpy.zeros((len(texts), 20), dtype=numpy.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text[:500].split():
                row[min(len(word), 19)] += 1
            row /= numpy.linalg.norm(row) or 1
        return rows


@pytest.fixture(scope="module")
def embedder():
    return WordsEmbedder()


@pytest.fixture(scope="module")
def commons(embedder):
    return Commons(embedder)


@pytest.fixture(scope="module")
def classifier(lexicon, embedder, commons) -> Classifier:
    found = loaded(train(lexicon.artefact, embedder, commons), embedder, commons, lexicon.artefact.merchant.languages)
    assert found is not None
    return found


def ranked(classifier: Classifier, text: str, language: str = "en") -> Any:
    return classifier.rank(text, classifier.embedder.encode([text])[0], language)


def test_the_same_samples_make_the_same_bytes(lexicon, embedder, commons):
    """An artefact's digest does not change when nothing did."""
    assert train(lexicon.artefact, embedder, commons) == train(lexicon.artefact, embedder, Commons(embedder))


def test_what_was_trained_on_the_same_samples_stands(lexicon, embedder, commons):
    """A new price costs no training: the very bytes come back, without an embedding."""
    before = train(lexicon.artefact, embedder, commons)
    calls: list[Sequence[str]] = []

    class Counting(WordsEmbedder):
        def encode(self, texts: Sequence[str]) -> Any:
            calls.append(texts)
            return super().encode(texts)

    assert train(lexicon.artefact, Counting(), Commons(Counting()), before) is before
    assert calls == []


def test_a_new_sample_is_learnt(lexicon, embedder, commons):
    """What was trained before on other samples does not stand."""
    artefact = lexicon.artefact
    before = train(artefact, embedder, commons)
    pets = Answer("pets", {"en": ("are dogs allowed inside",)}, {"en": "Yes."})
    after = train(replace(artefact, answers={**artefact.answers, "pets": pets}), embedder, commons, before)
    found = loaded(after, embedder, commons, artefact.merchant.languages)
    assert found is not None
    assert ranked(found, "are dogs allowed inside")[0].id == "answer:pets"


def test_a_sample_is_believed_to_be_its_own_label(classifier):
    """The least that can be asked."""
    best = believed(ranked(classifier, "what is the wifi password"))
    assert best is not None
    assert best.id == "answer:wifi"


def test_labels_come_best_first_with_falling_scores(classifier):
    """Each between nothing and certain, every label once."""
    found = ranked(classifier, "can I talk to a person about my order")
    scores = [c.score for c in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert sorted(c.id for c in found) == sorted(classifier.names)


def test_what_is_out_of_scope_is_not_believed(classifier):
    """Neither a sample of it nor words that no sample has."""
    assert believed(ranked(classifier, "play some music")) is None
    assert believed(ranked(classifier, "gnu snark boojum frumious bandersnatch")) is None


def test_the_more_words_of_a_sample_the_more_it_is_believed(classifier):
    """Belief grows with how familiar a sentence is."""
    less = next(c for c in ranked(classifier, "wifi gnu snark boojum frumious") if c.id == "answer:wifi")
    more = next(c for c in ranked(classifier, "what is the wifi password") if c.id == "answer:wifi")
    assert more.score > less.score


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_any_text_is_ranked(classifier, text):
    """Nothing that can be said raises, and every score is a number."""
    assert all(0 <= c.score <= 1 for c in ranked(classifier, text))


def test_nothing_of_another_merchant_is_scored(lexicon, embedder, commons):
    """What they share is shared, and no label is."""
    artefact = lexicon.artefact
    pets = {"pets": Answer("pets", {"en": ("are dogs allowed inside",)}, {"en": "Yes."})}
    other = replace(artefact, answers=pets, skills={})
    kept = loaded(train(other, embedder, commons), embedder, commons, artefact.merchant.languages)
    assert kept is not None
    labels = {c.id for c in ranked(kept, "what is the wifi password")}
    assert "answer:pets" in labels
    assert not any(label.startswith("intent:") or label == "answer:wifi" for label in labels)


def test_merchants_share_the_rows_of_their_languages(lexicon, embedder, commons):
    """Memory: one array, however many merchants."""
    languages = lexicon.artefact.merchant.languages
    trained = train(lexicon.artefact, embedder, commons)
    one, two = (loaded(trained, embedder, commons, languages) for _ in range(2))
    assert one is not None and two is not None
    assert one.judges[""].shared is two.judges[""].shared


def test_bytes_of_another_embedder_are_not_read(lexicon, embedder, commons):
    """Rows of different spaces are never compared."""

    class Other(WordsEmbedder):
        name = "other"

    trained = train(lexicon.artefact, embedder, commons)
    assert loaded(trained, Other(), Commons(Other()), lexicon.artefact.merchant.languages) is None
    assert loaded(b"", embedder, commons, lexicon.artefact.merchant.languages) is None


async def test_what_another_version_trained_is_fitted_anew(lexicon, embedder, commons):
    """A host that was upgraded, or has another embedder, understands as well before the merchant publishes again."""
    known = await Knowledge(embedder, commons).of(replace(lexicon.artefact, trained=b"of another version"))
    assert known.classifier is not None
    assert ranked(known.classifier, "what is the wifi password")[0].id == "answer:wifi"


def test_a_second_embedding_sees_its_own_language_alone(lexicon):
    """Dutch is compared as if it were not there."""
    both = WordsEmbedder()
    both.also = English()  # type: ignore[attr-defined]
    assert views_of(both, ("en", "nl-BE")) == ("", "en")
    assert (view_of(both, "en-GB"), view_of(both, "nl")) == ("en", "")
    plain, wider = (rows_of(["een kop koffie"], view, both) for view in ("", "en"))
    assert wider.shape[1] == plain.shape[1] + 20
    assert numpy.allclose(plain, rows_of(["een kop koffie"], "", WordsEmbedder()))
    trained = train(lexicon.artefact, both)
    found = loaded(trained, both, Commons(both), lexicon.artefact.merchant.languages)
    assert found is not None
    assert ranked(found, "what is the wifi password", "en")[0].id == "answer:wifi"


def test_slots_are_filled_with_values_of_the_merchant(lexicon):
    """No sample keeps a brace, and other values make other sentences."""
    own = own_samples(lexicon.artefact)
    assert not any("{" in text or "}" in text for _, text in own)
    assert len(set(own)) == len(own)


def test_a_merchant_s_own_sentences_out_of_scope_are_learnt(lexicon):
    """Beside those of its languages."""
    merchant = replace(lexicon.artefact.merchant, out_of_scope={"en": ("fix my bicycle",)})
    assert (OUT_OF_SCOPE, "fix my bicycle") in own_samples(replace(lexicon.artefact, merchant=merchant))
    assert any(label == OUT_OF_SCOPE for label, _ in common_samples(("nl",)))


def test_sketches_tell_words_apart():
    """Length 1, the same for the same words, near nothing for others."""
    same, again, other, none = sketches(["Two oat lattes", "two oat lattes!", "wifi password", "…"])
    assert same.shape == (WIDTH,)
    assert numpy.allclose(same, again)
    assert float(same @ same) == pytest.approx(1, abs=1e-5)
    assert abs(float(same @ other)) < 0.2
    assert not none.any()


def test_two_clusters_are_told_apart():
    """The fit by itself, and the curve: what is like the samples is likelier in scope than what is not."""
    random = numpy.random.default_rng(1)
    centres = numpy.eye(6, 32, dtype=numpy.float32)
    rows = numpy.repeat(centres, 8, axis=0) + random.normal(0, 0.05, (48, 32)).astype(numpy.float32)
    rows /= numpy.linalg.norm(rows, axis=1, keepdims=True)
    fitted = fit(rows, numpy.repeat(numpy.arange(6), 8))
    assert (numpy.concatenate([rows, numpy.ones((48, 1), "f")], axis=1) @ fitted.logistic).argmax(axis=1).tolist() == [
        n for n in range(6) for _ in range(8)
    ]
    assert fitted.slope >= 1
    assert 0.2 <= fitted.middle <= 1.8


def test_what_is_like_sentences_out_of_scope_is_less_familiar():
    """Half of the score of what is out of scope counts against the others; without it nothing does."""
    scores, nearest = numpy.array([[0.5, 0.2, 0.4]]), numpy.array([0.3])
    assert familiarity(scores, [0, 1, 2], nearest) == pytest.approx([1.2])
    assert familiarity(scores, [0, 1], nearest) == pytest.approx([0.8])


def test_the_descent_finds_the_bottom():
    """Of a bowl that is a hundred times steeper one way."""
    steep = numpy.array([1.0, 100.0], dtype=numpy.float32)
    goal = numpy.array([3.0, -2.0], dtype=numpy.float32)

    def loss(at: Any) -> tuple[float, Any]:
        return float((steep * (at - goal) ** 2).sum() / 2), steep * (at - goal)

    assert numpy.allclose(_descend(loss, numpy.zeros(2, numpy.float32)), goal, atol=0.05)
