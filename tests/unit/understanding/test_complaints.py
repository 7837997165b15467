"""How something was is told, not ordered."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "said",
    [
        "my latte was cold and the lid leaked",
        "the latte I got yesterday was awful",
        "mijn cappuccino was koud en de deksel lekte",
        "de cappuccino van gisteren smaakte vies",
        "the croissants were burnt",
    ],
)
def test_a_complaint_orders_nothing(read, said):
    """A later stage finds whom it is for."""
    assert not [line for line in read(said) if line.startswith(("add", "change", "remove"))]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("I was wondering if I could get a latte", "add 1 latte"),
        ("it was a latte please", "add 1 latte"),
        ("the latte was supposed to be large", "add - latte size=large"),
    ],
)
def test_past_words_in_an_order(read, said, meant):
    """Politeness and restating are no complaints."""
    assert read(said) == [meant]
