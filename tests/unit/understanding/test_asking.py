"""What is a question in form, without a question mark."""

from __future__ import annotations

import pytest

from sayso.understanding.asking import asks


@pytest.mark.parametrize(
    "said",
    [
        "which cakes do you bake", "from what age may children come in", "is the sauna still open", "must I book ahead",
        "my zip is stuck, can you mend that", "hello, do you take coins", "am I too early", "would a pram fit",
        "welke taarten bakken jullie", "uit welke streek komt de kaas", "krijg ik een bonnetje", "sturen jullie dat op",
        "mijn rits zit vast, maken jullie dat", "hoi, nemen jullie munten aan", "past er een kinderwagen in",
        "waarmee maak ik het schoon",
    ],
)  # fmt: skip
def test_a_question_needs_no_mark(lexicon, said):
    """A question word, a verb that asks, in Dutch any verb before its subject, at the head of one of the parts."""
    assert asks(said, lexicon)


@pytest.mark.parametrize(
    "said",
    [
        "have a latte ready for me", "two lattes please", "I was wondering about that", "no thanks, I'm fine",
        "doe er maar een muffin bij", "als jullie open zijn kom ik", "ik neem een latte", "haal er een croissant af",
        "maak het klein", "dan ik ook", "neem je tijd",
    ],
)  # fmt: skip
def test_what_tells_or_orders_asks_nothing(lexicon, said):
    """Orders, remarks and subordinate clauses are no questions."""
    assert not asks(said, lexicon)
