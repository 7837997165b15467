"""What is looked for in all that is said is found quickly, and the same is found."""

from __future__ import annotations

import pytest
from rapidfuzz import process
from rapidfuzz.distance import OSA

from sayso.understanding.lexicon import Lexicon, sound
from sayso.understanding.phrasing import cues, heard
from sayso.understanding.spans import _sounding
from sayso.understanding.talk import flat
from sayso.understanding.words import tokens

SAID = (
    "i cant breathe and my lips swell",
    "i'm allergic to nuts",
    "what's the cheapest one?",
    "een latte zonder schuim",
)


@pytest.mark.parametrize("text", SAID)
def test_phrases_are_heard_by_their_first_words(lexicon: Lexicon, text: str) -> None:
    """A look at each word finds every phrase that a look for each phrase finds."""
    said = flat(tokens(text))
    every = {phrase for known in lexicon.cues.values() for phrases in known.values() for phrase in phrases}
    found = {phrase for known in lexicon.cues.values() for phrase in heard(said, known)}
    assert found == {phrase for phrase in every if phrase in said}


def test_a_word_that_is_said_twice_is_heard_once() -> None:
    """A phrase comes once, whatever is repeated."""
    assert list(heard(" not now not now ", cues([" not now ", " now ", " not today "]))) == [" not now ", " now "]


@pytest.mark.parametrize("word", ["cappucino", "expresso", "latteh", "dubbel", "americana", "krosant"])
@pytest.mark.parametrize("slack", [1, 2, 3])
def test_only_keys_of_about_that_length_are_compared(lexicon: Lexicon, word: str, slack: int) -> None:
    """Among keys of about the same length the nearest are those that are the nearest of all."""
    key = sound(word)
    every = process.extract(key, lexicon.sounds.keys(), scorer=OSA.distance, score_cutoff=slack, limit=4)
    assert sorted(_sounding(key, slack, lexicon)) == sorted((distance, name) for name, distance, _ in every)
