"""The conversation changes its language for what is said in another one, not for a word that is borrowed from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.local import analyse

BORROWED = (
    "sorry, verkeerde knop",
    "no worries hoor",
    "oh nice, thanks",
    "doe maar een cappuccino to go please",
    "top, no problem",
    "anyway, wat kost die",
)
ENGLISH = ("an espresso", "a cappuccino to go please", "what do you have for kids", "could we sit outside")
DUTCH = ("doe mij een espresso", "dank je wel", "hoe laat gaan jullie dicht")


@pytest.mark.parametrize("words", BORROWED)
def test_a_borrowed_word_leaves_the_language_as_it_is(words: str, context: Context, lexicon: Lexicon) -> None:
    """Dutch with English words in it is Dutch."""
    assert analyse(words, replace(context, language="nl"), lexicon).language in ("", "nl")


@pytest.mark.parametrize("words", ENGLISH)
def test_a_sentence_of_another_language_is_gone_on_in(words: str, context: Context, lexicon: Lexicon) -> None:
    """Who speaks English to a Dutch page is answered in English."""
    assert analyse(words, replace(context, language="nl"), lexicon).language == "en"


@pytest.mark.parametrize("words", DUTCH)
def test_so_it_is_the_other_way_round(words: str, context: Context, lexicon: Lexicon) -> None:
    """Who speaks Dutch to an English page is answered in Dutch."""
    assert analyse(words, replace(context, language="en"), lexicon).language == "nl"


def test_one_foreign_word_of_thanks_is_no_other_language(context: Context, lexicon: Lexicon) -> None:
    """English stays English for "merci"."""
    assert analyse("merci", replace(context, language="en"), lexicon).language in ("", "en")
