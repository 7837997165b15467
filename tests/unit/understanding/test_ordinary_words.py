"""Ordinary words that resemble what a merchant sells: a colleague is no cola, and above is no beans."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sayso.understanding.lexicon import Lexicon
from sayso.understanding.spans import read
from sayso.understanding.words import clean, tokens

WORDS = {
    "nl": "collega's beter boven bomen benen boeren achternaam bewoners biertje blank breed brood beker american zware",
    "en": "colleague latest better letter matter bone bacon chase model laptop mother market stretch planet",
}
"""Each was taken for a misspelt product or option once."""

SLIPS = {
    "nl": ("capuccino", "croisant", "havermelkk", "espreso", "slagromm", "kanneel", "latté"),
    "en": ("capuccino", "croisant", "espreso", "vannila", "cinamon", "americanno"),
}


def named(words: str, language: str, lexicon: Lexicon) -> list[str]:
    said = clean(words)
    found = read(said, tokens(said), lexicon, language).spans
    return [s.key for s in found if s.has("product", "option", "category") and s.score < 1]


@pytest.mark.parametrize(
    ("language", "word"), [(lang, word) for lang, words in WORDS.items() for word in words.split()]
)
def test_an_ordinary_word_is_not_a_misspelt_name(language: str, word: str, demo: Callable[[str], Lexicon]) -> None:
    """Only what no dictionary knows is taken for something else."""
    carrier = {"nl": "ik sprak over {} gisteren", "en": "we talked about {} yesterday"}[language]
    for merchant in ("coffee_bar", "workshop"):
        assert named(carrier.format(word), language, demo(merchant)) == []


@pytest.mark.parametrize(("language", "slip"), [(lang, slip) for lang, slips in SLIPS.items() for slip in slips])
def test_a_misspelt_name_is_still_heard(language: str, slip: str, demo: Callable[[str], Lexicon]) -> None:
    """Slips of the keyboard and of a speech recogniser."""
    said = clean(slip)
    spans = read(said, tokens(said), demo("coffee_bar"), language).spans
    assert any(s.has("product", "option") for s in spans), [s.key for s in spans]
