"""An earlier order is asked for again, as it was or with a wish of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.basket import Line


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("my usual but with soy", ["start order_coffee.usual", "change milk=soy"]),
        ("my usual with oat milk please", ["start order_coffee.usual", "change milk=oat"]),
        ("my usual, but large and decaf", ["start order_coffee.usual", "change caffeine=decaf size=large"]),
        ("can I get my usual without cinnamon", ["start order_coffee.usual", "change -extras/cinnamon"]),
        ("my usual and a croissant", ["add 1 croissant", "start order_coffee.usual"]),
        ("hetzelfde als altijd maar dan met soja", ["start order_coffee.usual", "change milk=soy"]),
        ("doe maar hetzelfde als altijd zonder kaneel", ["start order_coffee.usual", "change -extras/cinnamon"]),
    ],
)
def test_what_differs_from_the_usual_is_kept(read, said, meant):
    """A modifier beside "my usual" changes what comes back; something else beside it is ordered as well."""
    assert [" ".join(command.split()) for command in read(said)] == meant


def test_with_a_basket_the_same_is_what_is_in_it(read, basket):
    """ "The same but with oat milk" is another of what was touched last, not an order of the past."""
    one = replace(basket, lines=(Line("a", "latte"),), focus=("a",))
    assert read("the same but with oat milk", one) == ["add 1 latte milk=oat"]
