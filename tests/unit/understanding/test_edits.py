"""Changes of what is in the basket: two lattes (a, touched last) and a muffin (b)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.basket import Chosen, Line
from sayso.model.state import Pending


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Make one of the two iced", "change a*1 temperature=iced"),
        ("doe er één met ijs", "change a*1 temperature=iced"),
        ("add oat milk to the first", "change a*1 milk=oat"),
        ("havermelk bij de eerste", "change a*1 milk=oat"),
        ("forget the muffin", "remove b"),
        ("laat de muffin maar zitten", "remove b"),
        ("haal de muffin eraf", "remove b"),
        ("geen muffin", "remove b"),
        ("take the muffin off", "remove b"),
        ("remove the last one", "remove b"),
        ("remove one of the lattes", "remove a*1"),
        ("the latte with soy instead", "change a milk=soy"),
        ("no, a large", "change a size=large"),
        ("another one", "change a +1"),
        ("one more of those", "change a +1"),
        ("actually make that three", "change a 3"),
        ("toch maar drie", "change a 3"),
        ("nee, doe maar drie", "change a 3"),
        ("zonder slagroom", "change a -extras/whip"),
        ("take the vanilla out of the latte", "change a -syrup/vanilla"),
        ("the latte should be large actually", "change a size=large"),
        ("with oat milk please", "change a milk=oat"),
        ("make them all decaf", "change a,b caffeine=decaf"),
    ],
)
def test_only_what_was_said_changes(read, basket, said, meant):
    """The target is found by name, place or focus, and the change holds only what was said (AC-19)."""
    assert read(said, basket) == [meant]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("change the latte to a cappuccino", "change a - cappuccino"),
        ("make it a cappuccino instead", "change a 1 cappuccino"),
        ("swap the muffin for a croissant", "change b 1 croissant"),
        ("doe toch maar een brownie in plaats van de muffin", "change b 1 brownie"),
    ],
)
def test_a_line_becomes_another_product(read, basket, said, meant):
    """A substitution is a change of the line that was meant."""
    (got,) = read(said, basket)
    assert got.split()[:2] == meant.split()[:2]
    assert got.split()[-1] == meant.split()[-1]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("add a croissant", "add 1 croissant"),
        ("and a brownie", "add 1 brownie"),
        ("nog een croissant", "add 1 croissant"),
        ("doe er een croissant bij", "add 1 croissant"),
        ("same but decaf", "add 1 latte caffeine=decaf"),
        ("and two cappuccinos, one with almond milk", "add 1 cappuccino; 1 cappuccino milk=almond"),
    ],
)
def test_more_is_added_beside_what_is_there(read, basket, said, meant):
    """A new thing is no change of an old one."""
    assert read(said, basket) == [meant]


def test_another_one_after_the_order_was_placed(read, context):
    """The basket is empty: one more of what was ordered last."""
    after = replace(context, done_lines=(Line("x", "latte", 2),))
    assert read("another one of those", after) == ["add 1 latte"]


@pytest.mark.parametrize(("said", "meant"), [("three", "change a 3"), ("doe maar vijf", "change a 5")])
def test_a_bare_quantity_answers_how_many(read, basket, said, meant):
    """Asked how many, a number is enough."""
    asked = replace(basket, pending=Pending("quantity", subject="a"))
    assert read(said, asked) == [meant]


def test_the_oat_one_is_the_line_with_oat(read, basket):
    """A line is pointed at by what only it has."""
    lines = (Line("a", "latte", 1), Line("b", "latte", 1, (Chosen("milk", "oat"),)))
    within = replace(basket, lines=lines, focus=("a", "b"))
    assert read("make the oat one large", within) == ["change b size=large"]


@pytest.mark.parametrize("said", ["I'll have one of those", "ok add one", "add one please"])
def test_what_was_just_asked_about_is_meant(read, basket, said):
    """After a question about the croissant, "add one" is a croissant."""
    assert read(said, replace(basket, mentioned=("croissant",))) == ["add 1 croissant"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("add oat milk to the first", "change a*1 milk=oat"),
        ("havermelk bij de eerste", "change a*1 milk=oat"),
        ("the first large", "change a*1 size=large"),
        ("make the last one decaf", "change a*1 caffeine=decaf"),
        ("haal de tweede eraf", "remove a*1"),
        ("swap the second for a croissant", "change a*1 croissant"),
    ],
)
def test_a_place_in_a_line_of_several_is_one_of_them(read, context, said, meant):
    """Customers count things, not lines: the first of two lattes is one latte."""
    lattes = replace(context, lines=(Line("a", "latte", 2),), focus=("a",), intent="order_coffee.order")
    assert read(said, lattes) == [meant]


def test_a_place_that_could_be_two_lines_is_asked_about(read, context):
    """The second of two lattes and a croissant: the other latte, or the croissant."""
    lines = (Line("a", "latte", 2), Line("b", "croissant", 1))
    both = replace(context, lines=lines, focus=("a", "b"), intent="order_coffee.order")
    assert read("remove the second", both) == ["remove a,b*1"]
