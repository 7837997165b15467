"""How far a negation reaches, and which units a wish is for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.basket import Line
from sayso.understanding.context import Context


@pytest.mark.parametrize(
    ("said", "item"),
    [
        ("a latte without whipped cream and an espresso", "1 latte -extras/whip; 1 espresso"),
        ("a latte without whipped cream and large", "1 latte size=large -extras/whip"),
        ("a latte, no whipped cream and with cinnamon", "1 latte extras=cinnamon -extras/whip"),
        ("een latte zonder slagroom en extra kaneel", "1 latte extras=cinnamon -extras/whip note:extra kaneel"),
        ("een latte zonder slagroom en met kaneel", "1 latte extras=cinnamon -extras/whip"),
    ],
)
def test_a_negation_ends_where_something_is_wished_for(read, said, item):
    """After "without cream and", a size, a degree or "with" is wished for."""
    assert read(said) == [f"add {item}"]


@pytest.mark.parametrize(
    "said",
    [
        "a latte without whipped cream and cinnamon",
        "a latte without whipped cream or cinnamon",
        "a latte with no whipped cream or cinnamon",
        "een latte zonder slagroom en kaneel",
        "een latte zonder slagroom of kaneel",
    ],
)
def test_a_negation_reaches_over_a_list(read, said):
    """ "without cream and cinnamon" leaves out both."""
    assert read(said) == ["add 1 latte -extras/cinnamon -extras/whip"]


@pytest.mark.parametrize(
    "said",
    [
        "two cappuccinos and a latte. one of the cappuccinos with oat milk",
        "two cappuccinos and a latte, one of those cappuccinos with oat milk please",
        "twee cappuccino's en een latte. een van de cappuccino's met havermelk",
        "twee cappuccino's en een latte, één van die cappuccino's met havermelk graag",
    ],
)
def test_one_of_them_is_none_more(read, said):
    """ "one of the cappuccinos with oat" splits the two that were ordered."""
    assert read(said) == ["add 1 cappuccino; 1 latte; 1 cappuccino milk=oat"]


@pytest.mark.parametrize("said", ["one of the lattes with oat milk", "een van de lattes met havermelk"])
def test_one_of_a_line_is_changed(read, context: Context, said):
    """Of a line of three, one unit is changed."""
    within = replace(context, lines=(Line("a", "latte", 3), Line("b", "croissant")))
    assert read(said, within) == ["change a*1 milk=oat"]


def test_one_of_your_brownies_is_ordered(read):
    """Without any in the basket it is one of the merchant's."""
    assert read("one of your brownies please") == ["add 1 brownie"]
