"""Words that mean two things are warned of, with their line and the question that separates the two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sayso.manifest.check_collisions import Phrase, alike_warning, asking, collisions, fold, sentences
from sayso.manifest.load import load_tree
from sayso.manifest.read import read_yaml
from sayso.understanding.collisions import alike

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def bar():
    draft = load_tree(ROOT / "manifests", ROOT / "skills").merchants["coffee_bar"]
    sources = {path.parent.name: read_yaml(path) for path in (ROOT / "skills").glob("*/skill.yaml")}
    return draft, sources, read_yaml(draft.folder / "answers.yaml")


def warned(bar, **changes):
    draft, sources, answers = bar
    return collisions(replace(draft, **changes), sources, answers, "catalog.csv")


def test_the_demo_merchant_has_none(bar):
    """What ships is clean."""
    assert warned(bar) == ()


def test_an_utterance_of_two_intents_is_warned_of_at_its_line(bar):
    """With both meanings, and the question that tells them apart."""
    draft = bar[0]
    coffee, ask = draft.skills["order_coffee"], draft.skills["ask_us"]
    shared = ask.intents["returns"].utterances["en"][0]
    status = coffee.intents["status"]
    more = replace(status, utterances={**status.utterances, "en": (shared.upper() + "?",)})
    changed = replace(coffee, intents={**coffee.intents, "status": more})
    (found,) = warned(bar, skills={**draft.skills, "order_coffee": changed})
    assert found.code == "collision" and found.file.endswith("ask_us/skill.yaml") and found.line > 1
    assert "ask_us.returns" in found.what and "order_coffee.status" in found.what
    assert "Do you mean" in found.mend


def test_a_question_of_an_answer_and_an_utterance_collide(bar):
    """A merchant's own answer that a skill takes the words from."""
    draft = bar[0]
    wifi = draft.answers["wifi"]
    more = replace(wifi, questions={**wifi.questions, "nl": ("hoe kan ik betalen",)})
    (found,) = warned(bar, answers={**draft.answers, "wifi": more})
    assert found.file.endswith("answers.yaml") and "the answer wifi" in found.what and "Bedoel je" in found.mend


def test_two_products_of_one_name_collide(bar):
    """In one language; the same word in another language is nothing."""
    draft = bar[0]
    products = draft.catalog.products
    twin = replace(products["mocha"], synonyms={"en": ("Latté",)})
    (found,) = warned(bar, catalog=replace(draft.catalog, products={**products, "mocha": twin}))
    assert "latte" in found.what and "mocha" in found.what and found.file == "catalog.csv"


def test_two_values_of_a_slot_collide(bar):
    """A synonym that chooses either."""
    draft = bar[0]
    coffee = draft.skills["order_coffee"]
    order = coffee.intents["order"]
    slot = next(s for s in order.slots.values() if len(s.values) > 1)
    one, other, *_ = slot.values.values()
    values = {**slot.values, other.id: replace(other, synonyms={"en": (one.names["en"],)})}
    changed = replace(order, slots={**order.slots, slot.name: replace(slot, values=values)})
    skills = {**draft.skills, "order_coffee": replace(coffee, intents={**coffee.intents, "order": changed})}
    assert any(
        f"{slot.name} {one.id}" in f.what and f"{slot.name} {other.id}" in f.what for f in warned(bar, skills=skills)
    )


def test_case_marks_and_slots_make_no_difference():
    """ "I'd like {items}!" is "Id like {things}"."""
    assert fold("I'd like {items}!") == fold("id LIKE {things}") == "id like {}"


def test_each_language_asks_in_its_own_words():
    """English where there are none."""
    assert asking("a", "b", "nl-BE") == "Bedoel je a of b?"
    assert asking("a", "b", "fr") == "Do you mean a or b?"


class Counted:
    """Sentences as the words that they have."""

    name = "counted"

    def encode(self, texts):
        words = sorted({word for text in texts for word in text.split()})
        rows = np.array([[text.split().count(word) for word in words] for text in texts], np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def test_what_is_nearly_the_same_is_found():
    """Nearer to another meaning than to its own; the best pair of two meanings once."""
    said = (
        ("what did i order the last time then", "a"),
        ("what did i order the last time", "b"),
        ("play some music", "b"),
    )
    phrases = [Phrase("sentence", "en", text, means, means) for text, means in said]
    (found,) = alike(phrases, Counted())
    assert {found.one.means, found.other.means} == {"a", "b"} and found.score > 0.9
    assert "nearly" in alike_warning(found.one, found.other, found.score).what


def test_one_phrase_alone_is_like_nothing():
    """No other meaning, no warning."""
    assert list(alike([Phrase("sentence", "en", "hello there", "a", "a")], Counted())) == []


def test_every_sentence_of_a_merchant_is_compared(bar):
    """Utterances and questions, with their lines."""
    draft, sources, answers = bar
    found = sentences(draft, sources, answers)
    assert {"ask_us.returns", "wifi"} <= {phrase.means for phrase in found}
    assert all(phrase.source is not None for phrase in found)
