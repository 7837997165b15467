"""Conditions of courtesy, one thing in place of another, postal codes, and the price of a delivery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sayso.model.basket import Line
from sayso.understanding.context import Context

COURTESIES = [
    ("en", "a latte with almond milk if you have it", ["add 1 latte milk=almond"]),
    ("en", "a croissant if you have any left and a mocha", None),
    ("en", "two cappuccinos with soy milk if that's possible", ["add 2 cappuccino milk=soy"]),
    ("nl", "een latte met amandelmelk als jullie dat hebben", ["add 1 latte milk=almond"]),
    ("nl", "twee cappuccino's met sojamelk als dat kan", ["add 2 cappuccino milk=soy"]),
]

INSTEAD = [
    ("en", "scrap the latte, a mocha instead"),
    ("en", "lose the latte and do a mocha instead"),
    ("en", "no latte for me, a mocha instead"),
    ("nl", "haal de latte eraf, liever een mocha"),
    ("nl", "schrap de latte en doe een mocha in plaats daarvan"),
]


@pytest.mark.parametrize(("language", "said", "told"), COURTESIES)
def test_a_condition_of_courtesy_asks_nothing(
    language: str, said: str, told: list[str] | None, at: Callable[..., list[str]], context: Context
) -> None:
    """ "If you have it" is no question about allergens, products or the menu."""
    found = at("coffee_bar", said, replace(context, language=language))
    assert not any(each.startswith(("question", "ask")) for each in found), found
    assert told is None or found == told


@pytest.mark.parametrize(("language", "said"), INSTEAD)
def test_what_comes_instead_is_added(language: str, said: str, at: Callable[..., list[str]], context: Context) -> None:
    """One thing goes and another comes: neither is forgotten."""
    basket = replace(context, language=language, lines=(Line("l1", "latte"),), focus=("l1",))
    found = at("coffee_bar", said, basket)
    assert "add 1 mocha" in found and any(each.startswith("remove") for each in found), found


@pytest.mark.parametrize("said", ["1012 AB", "3511 CE nummer 12", "it's 1017 XT"])
def test_a_postal_code_is_no_hour(said: str, at: Callable[..., list[str]], context: Context) -> None:
    """Four digits and two capitals are where somebody lives."""
    assert not any("time" in each for each in at("workshop", said, context))
