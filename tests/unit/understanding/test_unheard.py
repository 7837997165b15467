"""What is kept for the merchant of what was not understood."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.command import Candidate, Evidence, NotUnderstood, Question, Understood, Yes
from sayso.model.state import Pending
from sayso.understanding.unheard import LONGEST, unheard

NOTHING = Understood((NotUnderstood("", Evidence("", "local", 0.0), (Candidate("a.b", 0.4),)),), "en")


def test_what_was_not_understood_is_kept_with_what_was_nearest(context, lexicon):
    """The words, their language, the nearest intents."""
    kept = unheard(NOTHING, "my brain needs fuel", context, lexicon)
    assert kept is not None
    assert (kept.words, kept.language, kept.nearest) == ("my brain needs fuel", "en", (Candidate("a.b", 0.4),))


def test_what_was_hardly_understood_is_kept_too(context, lexicon):
    """A guess that was told is one that the merchant should see; a sure one is not."""
    hardly = Question("answer", (Candidate("wifi", 0.22),), Evidence("", "local", 0.22))
    sure = Question("answer", (Candidate("wifi", 0.7),), Evidence("", "local", 0.7))
    assert unheard(Understood((hardly,), "en"), "the code of the net", context, lexicon) is not None
    assert unheard(Understood((sure,), "en"), "the code of the net", context, lexicon) is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail blurb to anna@example.org", "[e-mail]"),
        ("my frobnicator is on 06 1234 5678 90", "[number]"),
    ],
)
def test_what_is_personal_is_masked(context, lexicon, said, kept):
    """Numbers, addresses and accounts never reach the merchant's list."""
    found = unheard(NOTHING, said, context, lexicon)
    assert found is not None and kept in found.words


def test_the_answer_to_something_personal_is_not_kept(context, lexicon):
    """What should have been an address is nobody's to read."""
    asked = replace(context, pending=Pending("slot", intent="order_coffee.order", slot="address"))
    assert unheard(NOTHING, "the one behind the church", asked, lexicon) is None
    secret = replace(context, pending=Pending("pin", secret=True))
    assert unheard(NOTHING, "one two three", secret, lexicon) is None


@pytest.mark.parametrize("said", ["", "👍", "?!", "12345"])
def test_what_has_no_words_teaches_nothing(context, lexicon, said):
    """Marks and digits are not kept."""
    assert unheard(NOTHING, said, context, lexicon) is None


def test_what_is_kept_is_short(context, lexicon):
    """However much was pasted."""
    found = unheard(NOTHING, "blah " * 10_000, context, lexicon)
    assert found is not None and len(found.words) <= LONGEST


def test_a_yes_is_understood(context, lexicon):
    """Nothing to learn from."""
    assert unheard(Understood((Yes(Evidence("", "local")),)), "yes", context, lexicon) is None
