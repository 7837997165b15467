"""What of a customer's words stays in the host."""

from __future__ import annotations

from typing import Any

import pytest

from sayso.understanding.language_model.private import masked
from sayso.understanding.spans import read
from sayso.understanding.words import clean, tokens


def seen(said: str, lexicon: Any, language: str = "en") -> str:
    return masked(read(clean(said), tokens(clean(said)), lexicon, language))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail it to jan.de-boer@post.example please", "mail it to [e-mail] please"),
        ("call me on +31 6 1234 5678", "call me on [number]"),
        ("mijn nummer is 06-12345678", "mijn nummer is [number]"),
        ("bel (020) 555 01 82", "bel [number]"),
        ("from NL91 ABNA 0417 1643 00", "from [account]"),
        ("see https://me.example/x?token=1", "see [link]"),
        ("it goes to 1012 AB", "it goes to [postcode]"),
        ("my postcode: SW1A 1AA", "my postcode: [postcode]"),
        ("deliver to 12 Mill Road", "deliver [address]"),
        ("bezorg op de Nieuwstraat 4", "bezorg [address]"),
        ("my name is Roos", "my name is [name]"),
        ("ik heet Bram Jansen", "ik heet [name]"),
    ],
)
def test_what_leads_to_a_person_is_replaced(said, kept, lexicon):
    """By what it is."""
    assert seen(said, lexicon, "nl" if "ij" in said or "ik" in said else "en") == kept


@pytest.mark.parametrize(
    "said",
    [
        "two lattes at 14:30 on 24/12",
        "what do you have under 3 euro",
        "on 2026-11-24 at 10:30, for 4 people",
        "iets onder de 12 euro",
        "1000 ml of milk and 2 croissants",
        "order number 1042",
        "a table for 12 at half past six",
    ],
)
def test_amounts_times_and_counts_stay(said, lexicon):
    """They say what is wanted."""
    assert seen(said, lexicon) == clean(said)
