"""The evidence of a command says where it stands in what the customer wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model.command import Candidate, Evidence, Fill, Start, Understood, Yes
from sayso.understanding.evidence import located


@pytest.mark.parametrize(
    ("words", "text", "place"),
    [
        ("Friday", "on Friday please", (3, 9)),
        ("at ten", "a table  at   ten, please", (9, 17)),
        ("O'Neill", "the name is O’Neill", (12, 19)),
        ("ten", "often at ten", (9, 12)),
        ("without", "a latte w/o foam", (-1, -1)),
    ],
)
def test_words_are_found_as_they_were_written(words: str, text: str, place: tuple[int, int]) -> None:
    """Spaces and apostrophes may differ; what was written otherwise has no place."""
    fill = Fill("slot", (Candidate("x"),), Evidence(words, "local"))
    evidence = located(Understood((fill,)), text).commands[0].evidence
    assert (evidence.start, evidence.end) == place


def test_of_a_value_said_twice_the_last_one_counts() -> None:
    """A value stands where it was said last, anything else where it was said first."""
    fill = Fill("time", (Candidate("x"),), Evidence("ten", "local"))
    start = Start((Candidate("i"),), Evidence("ten", "local"))
    places = [c.evidence.start for c in located(Understood((fill, start)), "ten or ten").commands]
    assert places == [7, 0]


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_taken(text: str, words: str) -> None:
    """No text breaks it, and a place always lies inside the text."""
    evidence = located(Understood((Yes(Evidence(words, "local")),)), text).commands[0].evidence
    assert -1 <= evidence.start <= evidence.end <= len(text)
