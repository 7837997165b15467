"""People correct themselves while they speak, offer a choice, and take up what they have just asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.basket import Line
from sayso.model.command import Add
from sayso.understanding.local import analyse


@pytest.mark.parametrize(
    "said",
    [
        "a latte, no, a flat white",
        "a latte, no wait, a flat white",
        "latte, make that a flat white",
        "a latte, I mean a flat white",
        "een latte, nee een flat white",
        "een latte, nee wacht, doe maar een flat white",
        "instead of a latte a flat white",
        "in plaats van een latte een flat white",
        "a flat white instead of a latte",
    ],
)
def test_what_is_corrected_is_not_ordered(read, said):
    """Only what was meant in the end."""
    assert read(said) == ["add 1 flat_white"]


@pytest.mark.parametrize("said", ["a latte, no muffin", "een latte, geen muffin"])
def test_leaving_out_is_no_correction(read, said):
    """ "No muffin" takes nothing back."""
    assert read(said)[0].startswith("add 1 latte")


@pytest.mark.parametrize("said", ["instead of the latte a flat white", "in plaats van de latte een flat white"])
def test_a_line_becomes_something_else(read, context, said):
    """Whatever comes first in the sentence."""
    assert read(said, replace(context, lines=(Line("a", "latte"),), focus=("a",))) == ["change a 1 flat_white"]


@pytest.mark.parametrize("said", ["a latte or a cappuccino", "een latte of een cappuccino"])
def test_a_choice_is_asked_about(lexicon, context, said):
    """One item that could be either."""
    (command,) = analyse(said, context, lexicon).commands
    assert isinstance(command, Add)
    assert [{c.id for c in item.products} for item in command.items] == [{"latte", "cappuccino"}]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("two please", "add 2 latte"),
        ("I'll have one", "add 1 latte"),
        ("ok add one", "add 1 latte"),
        ("I'll take that one", "add - latte"),
        ("doe er maar twee", "add 2 latte"),
        ("nee toch maar drie", "add 3 latte"),
        ("die neem ik", "add - latte"),
        ("lekker, geef me er daar drie van", "add 3 latte"),
    ],
)
def test_what_was_asked_about_is_taken_up(read, context, said, meant):
    """After a question about a product the next words are about it."""
    assert read(said, replace(context, mentioned=("latte",))) == [meant]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("one hundred and eleven lattes", 111),
        ("two thousand three hundred lattes", 2300),
        ("twenty two lattes", 22),
        ("tweehonderdvijfentwintig lattes", 225),
        ("honderdelf lattes", 111),
        ("elfhonderd lattes", 1100),
    ],
)
def test_numbers_in_words(read, said, number):
    """However large: dialogue asks whether it is meant."""
    assert read(said) == [f"add {number} latte"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("how much is a large cappuccino with almond milk", "ask price cappuccino,size/large,milk/almond"),
        ("wat kost een grote cappuccino met amandelmelk?", "ask price cappuccino,size/large,milk/almond"),
        ("what are your opening hours", "ask hours"),
    ],
)
def test_what_a_question_is_about(read, said, meant):
    """A price is asked with its options."""
    assert read(said) == [meant]
