"""What of our words is about the customer."""

from __future__ import annotations

import pytest

from sayso.host.private import private
from sayso.model.action import Speak
from sayso.model.fact import Fact, Named, Params, Row, Said


@pytest.mark.parametrize(
    "speak",
    [
        Speak("order.read_back", {"address": Said("Keizersgracht 1")}),
        Speak("order.read_back", {"lines": (Row({"notes": (Said("for Anna"),)}),)}),
        Speak("order.read_back", {"allergens": (Named("allergen", "milk"),)}),
        Speak("anything", {"value": Fact("oat", "preferences", "p1")}),
        Speak("memory.gone"),
        Speak("link.code", {}),
        Speak("order.status", {}),
    ],
)
def test_what_is_about_the_customer_is_private(speak: Speak) -> None:
    """Their words, however deep, their health, their codes, and what they had before."""
    assert private((Speak("hello"), speak))


def test_what_is_the_merchants_is_not() -> None:
    """A product, a price and a place are for everybody."""
    params: Params = {"product": Named("product", "latte"), "price": Fact(350, "catalog", "latte"), "address": ()}
    assert not private((Speak("order.read_back", params), Speak("greeting")))
