"""The ordinary words of a language: what is one of them was hardly meant as another word that it resembles."""

from __future__ import annotations

from functools import cache

from sayso.understanding.forms import joined

MOST = 30_000
"""How many words count, the most frequent first: rarer ones are as often somebody's slip as a word."""


@cache
def ordinary(language: str) -> frozenset[str]:
    """The keys of a language's ordinary words ("collegas" for "collega's"); none where no dictionary is at hand. Takes
    half a second the first time."""
    from spellchecker import SpellChecker

    if language not in SpellChecker.languages():
        return frozenset()
    count = SpellChecker(language=language).word_frequency.dictionary
    frequent = sorted(count, key=lambda word: (-count[word], word))[:MOST]
    return frozenset(map(joined, frequent))
