"""Retrieval: names, descriptions and meaning together, filters before the ranking, one merchant at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sayso.model.command import Candidate
from sayso.understanding.packs import load
from sayso.understanding.search.lexical import Text, compile_texts
from sayso.understanding.search.retrieve import Filters, compile_passages, fused, retrieve

VECTOR = np.ones(2, np.float32)


class Near:
    """Vectors that return what they were given, among the allowed."""

    def __init__(self, **scores: float) -> None:
        self.scores, self.only = scores, None

    async def search(self, collection: str, vector: Any, k: int, only: Any = None) -> list[Candidate]:
        self.only = only
        ranked = sorted(self.scores.items(), key=lambda one: -one[1])
        return [Candidate(id, score) for id, score in ranked if only is None or id in only][:k]


@pytest.fixture
def passages(lexicon):
    return compile_passages(lexicon.artefact, load(("en", "nl")))


def described(passages, sku: str, **changes: Any):
    """The passages with one product declared otherwise."""
    artefact = passages.artefact
    products = {**artefact.catalog.products, sku: replace(artefact.catalog.products[sku], **changes)}
    changed = replace(artefact, catalog=replace(artefact.catalog, products=products))
    return compile_passages(changed, load(("en", "nl")))


def ids(found: Any) -> list[str]:
    return [c.id for c in found]


def test_rare_words_count_more_than_common_ones():
    """A shade's own word decides among products that share theirs."""
    texts = compile_texts([Text(f"s{n}", ((f"lipstick {word}", 1.0),)) for n, word in enumerate(("rose", "brick"))])
    found = texts.search("a lipstick in brick")
    assert found["s1"] > found["s0"]


@pytest.mark.parametrize("said", ["raspberry", "raspbery", "rasberry", "Raspberries"])
def test_spelling_is_forgiven(said):
    """One letter off, a plural, capitals: the word is found."""
    texts = compile_texts([Text("a", (("raspberry tart", 1.0),)), Text("b", (("apple pie", 1.0),))])
    assert max(texts.search(said).items(), key=lambda one: one[1])[0] == "a"


@pytest.mark.parametrize("said", ["regen", "jas"])
def test_parts_of_a_compound_are_found(said):
    """A Dutch compound is found by its beginning; too short a part finds nothing."""
    texts = compile_texts([Text("a", (("regenjas", 1.0),)), Text("b", (("trui", 1.0),))])
    assert bool(texts.search(said)) is (len(said) >= 4)


def test_scores_are_shares_of_the_query():
    """Whatever is asked, a score is in 0..1, and all words found is all of it."""
    texts = compile_texts([Text("a", (("green tea", 1.0),)), Text("b", (("black tea", 1.0),))])
    found = texts.search("green tea")
    assert found["a"] == pytest.approx(1.0)
    assert all(0.0 <= score <= 1.0 for score in texts.search("green tea with milk and honey").values())


@pytest.mark.parametrize("said", ["", "?!", "een het de", "👍", "\u200b", "x" * 100_000, "مرحبا", "0" * 500])
async def test_nothing_that_can_be_typed_breaks_a_search(passages, said):
    """Empty, gibberish, endless or foreign: at worst nothing is found."""
    found = await retrieve(said, VECTOR, passages, Near())
    assert len(found) <= 5


async def test_words_and_meaning_are_fused(passages):
    """A row that both searches find goes before one that only one of them finds."""
    found = await retrieve("latte", VECTOR, passages, Near(latte=0.6, cappuccino=0.7))
    assert ids(found)[0] == "latte"


async def test_without_vectors_words_alone_decide(passages):
    """A store that is away costs the half of it."""
    assert ids(await retrieve("a cappucino", None, passages, None))[0] == "cappuccino"


async def test_ids_that_the_artefact_does_not_know_are_left_out(passages):
    """Whatever a store returns, only rows of this merchant come out."""
    assert "gone" not in ids(await retrieve("latte", VECTOR, passages, Near(gone=0.99, latte=0.2)))


async def test_filters_hold_before_anything_is_ranked(passages):
    """The dearest row is not brought along to be thrown away later: the store is asked for the others only."""
    near = Near(latte=0.9, cappuccino=0.5)
    price = passages.artefact.catalog.products["latte"].price
    found = await retrieve("coffee", VECTOR, passages, near, filters=Filters(most=price - 1))
    assert "latte" not in ids(found)
    assert near.only is not None and "latte" not in near.only


def test_only_what_declares_its_allergens_is_without_one(passages):
    """Not declared is not without; a trace is not without either."""
    without = Filters(without=("nuts",))
    product = passages.artefact.catalog.products["latte"]
    assert without.fits(replace(product, allergens=("milk",), may_contain=()))
    assert not without.fits(replace(product, allergens=None))
    assert not without.fits(replace(product, allergens=("milk",), may_contain=("nuts",)))


def test_attributes_stock_and_category_are_filters(passages):
    """Each holds by itself."""
    product = replace(
        passages.artefact.catalog.products["latte"], attributes={"season": "summer winter"}, tags=("hot",)
    )
    assert Filters(attributes={"season": ("summer",)}).fits(product)
    assert not Filters(refused={"season": ("winter",)}).fits(product)
    assert not Filters(categories=("tea",)).fits(product)
    assert not Filters(tags=("cold",)).fits(product)
    assert Filters(available=("latte",)).fits(product)
    assert not Filters(available=()).fits(product)


async def test_declared_words_are_found(passages):
    """What a description says is searched in every language of the merchant."""
    changed = described(passages, "latte", descriptions={"en": "with pumpkin", "nl": "met pompoen"})
    for said in ("something with pumpkin", "iets met pompoen"):
        assert ids(await retrieve(said, None, changed, None))[0] == "latte"


def test_fusion_keeps_how_sure_both_are():
    """Scores are combined, not ranks: a weak best stays weak."""
    (best,) = fused({"a": 0.3}, {}, 0.5)
    assert best.score == pytest.approx(0.15)
