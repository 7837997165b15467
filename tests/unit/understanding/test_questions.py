"""Questions and statements of allergies."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("what's in a latte?", "ask product latte"),
        ("Can you tell me what's in the latte", "ask product latte"),
        ("I'd like to know what a latte is made of", "ask product latte"),
        ("wat zit er in de latte?", "ask product latte"),
        ("do you have croissants?", "ask product croissant"),
        ("do you have oat milk?", "ask options milk/oat"),
        ("heb je havermelk", "ask options milk/oat"),
        ("what kind of syrups do you have", "ask options syrup"),
        ("how much is a latte", "ask price latte"),
        ("hoeveel kost een latte?", "ask price latte"),
        ("welke koffies hebben jullie", "ask menu coffee"),
        ("where are you", "ask places"),
        ("what time does south station close today", "ask hours zuid"),
        ("what did I order?", "ask basket"),
        ("why do you ask?", "ask why"),
        ("is the latte vegan?", "ask allergens latte"),
    ],
)
def test_questions_name_what_they_are_about(read, said, meant):
    """The kind of question and the rows it names."""
    assert read(said) == [meant]


@pytest.mark.parametrize(
    "said",
    ["Is it possible to make a decaf latte?", "can I get a latte made with oat milk?", "a lactose free latte please"],
)
def test_a_polite_order_is_no_question(read, said):
    """A question mark or "made with" does not turn a wish into a question."""
    assert read(said)[0].startswith("add ")


def test_an_order_and_a_question_in_one_utterance(read):
    """Each sentence is what it is, in the order they were said."""
    assert read("a latte please. Do you have oat milk?") == ["add 1 latte", "ask options milk/oat"]


@pytest.mark.parametrize(
    ("said", "allergens"),
    [
        ("I'm allergic to nuts", "nuts"),
        ("ik ben allergisch voor noten", "nuts"),
        ("ik heb een notenallergie", "nuts"),
        ("I am lactose intolerant", "milk"),
        ("I have an allergy", ""),
    ],
)
def test_an_allergy_is_a_constraint(read, said, allergens):
    """It is stated, not ordered; empty when the words name none that is declared."""
    assert read(said) == [f"allergy {allergens}"]
