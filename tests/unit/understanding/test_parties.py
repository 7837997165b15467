"""How many people come, as customers say it."""

from __future__ import annotations

import pytest

from sayso.understanding.lexicon import compile_tongues
from sayso.understanding.slots.parties import read_parties
from sayso.understanding.words import clean, tokens

TONGUES = compile_tongues(("en", "nl"))

COUNTED = (
    ("en", "a table for 4 people", "4 people", 4),
    ("en", "there will be 5 adults and 1 child", "5 adults and 1 child", 6),
    ("en", "me, my wife and two kids", "me, my wife and two kids", 4),
    ("en", "the three of us", "the three", 3),
    ("en", "my parents and I", "my parents and I", 3),
    ("en", "two couples", "two couples", 4),
    ("en", "myself and five others", "myself and five others", 6),
    ("en", "2 adults, one teen and a child", "2 adults, one teen and a child", 4),
    ("en", "me, wife and 3 kids", "me, wife and 3 kids", 5),
    ("nl", "voor vier personen", "vier personen", 4),
    ("nl", "ik en mijn vrouw", "ik en mijn vrouw", 2),
    ("nl", "mijn ouders en ik", "mijn ouders en ik", 3),
    ("nl", "twee volwassenen en een kind", "twee volwassenen en een kind", 3),
    ("nl", "we zijn met z'n vieren", "vieren", 4),
)


@pytest.mark.parametrize(("language", "text", "words", "count"), COUNTED)
def test_a_party_is_counted(language: str, text: str, words: str, count: int) -> None:
    """People are counted whoever they are, with the words that say so."""
    readers = TONGUES.readers[language]
    said = clean(text)
    toks = tokens(said)
    parties = read_parties(toks, readers.parties, readers.numbers)
    assert (said[toks[parties[0].start].start : toks[parties[0].end - 1].end], parties[0].count) == (words, count)


@pytest.mark.parametrize("text", ["one of my friends is vegan", "I made a reservation", "on the 10th", "at 7pm"])
def test_what_counts_no_party(text: str) -> None:
    """One of several, the speaker alone, a date and a time are no party."""
    readers = TONGUES.readers["en"]
    found = read_parties(tokens(clean(text)), readers.parties, readers.numbers)
    assert not [p for p in found if p.sure or p.led]
