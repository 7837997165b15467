"""A number alone, typed or pressed on a telephone, where one of several was to be chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sayso.model.basket import Line
from sayso.model.command import Choose, Evidence
from sayso.model.state import Pending
from sayso.understanding.context import Context, Shown

GIVEN = Evidence("", "given")
SHOPS = tuple(Shown(f"t{n}", label, Choose(n, GIVEN)) for n, label in enumerate(("Dam Square", "Oosterpark")))


@pytest.mark.parametrize(("key", "told"), [("2", ["choose 1"]), ("1", ["choose 0"])])
def test_a_key_is_a_place(key: str, told: list[str], at: Callable[..., list[str]], context: Context) -> None:
    """ "Which store?" and "2": the second store, and not two of what is in the basket."""
    pending = Pending("slot", intent="order_coffee.order", slot="store")
    asked = replace(context, pending=pending, shown=SHOPS, lines=(Line("l1", "latte"),), intent="order_coffee.order")
    assert at("coffee_bar", key, asked) == told


def test_a_number_of_more_than_there_are_is_no_place(at: Callable[..., list[str]], context: Context) -> None:
    """Nor is a number at a question that a number answers."""
    pending = Pending("slot", intent="order_coffee.order", slot="store")
    asked = replace(context, pending=pending, shown=SHOPS, lines=(Line("l1", "latte"),), intent="order_coffee.order")
    assert not any(each.startswith("choose") for each in at("coffee_bar", "7", asked))
    timed = replace(asked, pending=Pending("slot", intent="order_coffee.order", slot="time"))
    assert not any(each.startswith("choose") for each in at("coffee_bar", "2", timed))
