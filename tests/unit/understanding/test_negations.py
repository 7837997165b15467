# ruff: noqa: E501 (lists of wordings read better in one line)
"""Rule 11: what is said not to be wanted is never chosen, however it is said."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.model.command import Add
from sayso.understanding.local import analyse

OPTIONS = {
    "oat milk": "milk/oat", "soy milk": "milk/soy", "almond milk": "milk/almond", "whole milk": "milk/whole", "skimmed milk": "milk/skim",
    "vanilla": "syrup/vanilla", "caramel": "syrup/caramel", "hazelnut syrup": "syrup/hazelnut", "whipped cream": "extras/whip", "cinnamon": "extras/cinnamon",
    "havermelk": "milk/oat", "sojamelk": "milk/soy", "amandelmelk": "milk/almond", "magere melk": "milk/skim", "vanille": "syrup/vanilla",
    "karamel": "syrup/caramel", "hazelnoot": "syrup/hazelnut", "slagroom": "extras/whip", "kaneel": "extras/cinnamon",
}  # fmt: skip
BEFORE = [
    "not with", "without", "no", "except", "but not", "but no", "but not with", "hold the", "hold", "skip the", "never with", "w/o", "minus", "with no", "anything but", "and not with",
    "niet met", "zonder", "geen", "behalve", "maar niet met", "met geen", "liever geen", "nooit met", "maar zonder", "doe maar niet met", "please not with", "and definitely no",
    "don't add", "don't put in", "leave out the", "neither with", "excluding", "other than", "absoluut geen", "uitgezonderd", "i don't like", "i don't want",
]  # fmt: skip
AROUND = [("leave the", "out"), ("leave the", "off"), ("laat de", "weg"), ("laat de", "maar zitten"), ("the", "can go"), ("", "hoeft niet"), ("de", "hoeft er niet op"), ("", "hoef ik niet")]  # fmt: skip
DRINKS = [
    "latte",
    "a cappuccino",
    "two lattes",
    "een flat white",
    "twee cappuccino's",
    "a large latte",
    "een warme latte",
]


def _chosen(said, context, lexicon):
    """The options that the items of an utterance get, and those that they are to go without."""
    items = [i for c in analyse(said, context, lexicon).commands if isinstance(c, Add) for i in c.items]
    chosen = {f"{c.group}/{c.value}" for i in items for c in i.options}
    return items, chosen, {f"{c.group}/{c.value}" for i in items for c in i.removed}


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drink=st.sampled_from(DRINKS),
    no=st.sampled_from(BEFORE),
    option=st.sampled_from(sorted(OPTIONS)),
    comma=st.booleans(),
)
def test_what_a_negation_leads_is_left_out(lexicon, context, drink, no, option, comma):
    """ "A latte not with oat milk" has none, in any wording and language, for every option."""
    said = f"{drink}{',' if comma else ''} {no} {option}"
    items, chosen, removed = _chosen(said, context, lexicon)
    assert len(items) == 1 and OPTIONS[option] not in chosen, said
    assert OPTIONS[option] in removed, said


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drink=st.sampled_from(DRINKS), around=st.sampled_from(AROUND), option=st.sampled_from(sorted(OPTIONS)))
def test_what_a_verb_takes_away_is_left_out(lexicon, context, drink, around, option):
    """ "A latte, leave the cinnamon out": the drink stays, the option goes."""
    said = f"{drink}, {around[0]} {option} {around[1]}"
    items, chosen, removed = _chosen(said, context, lexicon)
    assert len(items) == 1 and OPTIONS[option] not in chosen, said
    assert OPTIONS[option] in removed, said


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a latte not with milk", "add 1 latte note:no milk"),
        ("any latte except decaf", "add - latte -caffeine/decaf"),
        ("any latte but decaf", "add - latte -caffeine/decaf"),
        ("two lattes, neither with vanilla", "add 2 latte -syrup/vanilla"),
        ("a cappuccino, not the large one, with vanilla", "add 1 cappuccino syrup=vanilla -size/large"),
        ("latte niet groot maar klein", "add - latte size=small -size/large"),
        ("latte not iced but hot", "add - latte temperature=hot -temperature/iced"),
        ("latte without oat milk but with vanilla", "add - latte syrup=vanilla -milk/oat"),
        ("latte instead of oat milk soy milk", "add - latte milk=soy"),
        ("a latte with no whip and with vanilla", "add 1 latte syrup=vanilla -extras/whip"),
        ("een latte, laat de melk weg", "add 1 latte note:laat de melk weg"),
        ("a latte but leave the milk out", "add 1 latte note:leave the milk out"),
        ("a latte w/o cinnamon", "add 1 latte -extras/cinnamon"),
    ],
)
def test_how_far_a_negation_reaches(read, said, meant):
    """What is wished beside what is not wanted stays a wish; what the catalog does not know stays a note."""
    assert read(said) == [meant]


@pytest.mark.parametrize(
    "said",
    ["niet met vanille", "doe maar niet met vanille", "not with vanilla", "behalve vanille", "leave out the vanilla"],
)
def test_what_is_not_wanted_on_a_line(read, basket, said):
    """With something in the basket, what is not wanted is taken from it."""
    assert read(said, basket) == ["change a -syrup/vanilla"]
