# ruff: noqa: E501 (lists of wordings read better in one line)
"""What there is that is like this: constraints become ids of a question about the menu."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sayso.model.basket import Line
from sayso.model.command import Candidate, Evidence, Question
from sayso.model.message import Shown

ASKED = [
    ("anything vegan", "@tag:vegan"),
    ("do you have anything plant-based?", "@tag:vegan"),
    ("what's vegan", "@tag:vegan"),
    ("what can I get without dairy", "@without:milk"),
    ("without milk?", "@without:milk"),
    ("anything without any milk, eggs or nuts", "@without:milk,@without:eggs,@without:nuts"),
    ("is there anything nut free", "@without:nuts"),
    ("what do you have under 5 euro", "@most:500"),
    ("what can I get for less than €3,50", "@most:350"),
    ("anything up to four euros", "@most:400"),
    ("something cheap", "@cheapest"),
    ("what is the most expensive thing you have", "@dearest"),
    ("do you have something cold", "@tag:cold"),
    ("which sandwiches are without egg", "@without:eggs,cheese_toastie,ham_cheese_toastie,hummus_sandwich,egg_salad_sandwich,tuna_melt,mozzarella_sandwich"),
    ("vegan pastries", "@tag:vegan,pastry"),
    ("what vegan things do you have under 4 euro", "@tag:vegan,@most:400"),
    ("what's sugar free", "@said:sugar_free,cola_zero"),
    ("what can I have with oat milk", "ask options milk/oat"),
    ("iets zonder noten", "@without:nuts"),
    ("zonder melk?", "@without:milk"),
    ("heb je iets plantaardigs", "@tag:vegan"),
    ("wat is er glutenvrij", "@without:gluten"),
    ("wat heb je onder de 5 euro", "@most:500"),
    ("iets van hoogstens 3,50", "@most:350"),
    ("wat is het goedkoopste", "@cheapest"),
    ("heb je iets kouds", "@tag:cold"),
    ("welke broodjes zijn vegetarisch", "@tag:vegetarian,hummus_sandwich,egg_salad_sandwich,banana_bread,cinnamon_roll,pain_au_chocolat"),
    ("wat heb je zonder ei en zonder melk", "@without:eggs,@without:milk"),
]  # fmt: skip
NOT_ASKED = [
    ("a latte without milk", "add 1 latte note:without milk"),
    ("any latte but decaf", "add - latte -caffeine/decaf"),
    ("is the brownie vegan?", "ask allergens brownie"),
    ("do you have oat milk", "ask options milk/oat"),
    ("can I have a hot chocolate", "add 1 hot_chocolate"),
    ("een cappuccino zonder suiker", "add 1 cappuccino -sweetener/sugar"),
    ("I'm allergic to nuts", "allergy nuts"),
]


@pytest.mark.parametrize(("said", "meant"), ASKED)
def test_a_constraint_filters_the_menu(at, said, meant):
    """What is looked for by what it is like, or by what is not in it, is a question with those constraints."""
    expected = meant if meant.startswith("ask") else f"ask menu {meant}"
    assert at("coffee_bar", said) == [expected]


@pytest.mark.parametrize(("said", "meant"), NOT_ASKED)
def test_an_order_with_a_constraint_stays_an_order(at, said, meant):
    """A wish about one thing, or a question about one thing, is no search."""
    assert at("coffee_bar", said) == [meant]


def test_with_a_basket_a_bare_constraint_is_an_edit(at, context):
    """ "Without milk" beside a cappuccino is about the cappuccino."""
    within = replace(context, lines=(Line("a", "americano"),), focus=("a",), intent="order_coffee.order")
    assert "menu" not in at("coffee_bar", "without sugar please", within)[0]


@pytest.mark.parametrize(
    ("said", "sku"),
    [
        ("the second one please", "earl_grey"),
        ("the last one", "fresh_ginger_tea"),
        ("I'll take the ginger one", "fresh_ginger_tea"),
        ("the most expensive one", "fresh_ginger_tea"),
        ("the cheapest", "earl_grey"),
        ("doe maar de tweede", "earl_grey"),
        ("de duurste graag", "fresh_ginger_tea"),
        ("die met gember", "fresh_ginger_tea"),
    ],
)
def test_one_of_a_list_is_told_by_place_price_or_name(at, context, said, sku):
    """After a list the words point at one of its rows, which is then wanted."""
    skus = ("darjeeling", "earl_grey", "fresh_ginger_tea")
    shown = tuple(Shown(s, s, Question("product", (Candidate(s),), Evidence("", "given"))) for s in skus)
    assert at("coffee_bar", said, replace(context, shown=shown)) in ([f"add - {sku}"], [f"add 1 {sku}"])
