"""A person who is asked for beside something else is called, and what was said with it is not lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sayso.model.basket import Line
from sayso.model.state import Pending
from sayso.understanding.context import Context

SAID = [
    ("en", "one latte. can someone call me back", "add 1 latte"),
    ("en", "two espressos and I want to speak to somebody", "add 2 espresso"),
    ("en", "can I talk to a person? and a mocha please", "add 1 mocha"),
    ("nl", "een latte. kan iemand me terugbellen", "add 1 latte"),
    ("nl", "ik wil graag een medewerker spreken, en twee espresso's", "add 2 espresso"),
]


@pytest.mark.parametrize(("language", "said", "beside"), SAID)
def test_a_person_is_called_beside_an_order(
    language: str, said: str, beside: str, at: Callable[..., list[str]], context: Context
) -> None:
    """Both are heard, in one sentence or two."""
    assert at("coffee_bar", said, replace(context, language=language)) == [beside, "say person"]


@pytest.mark.parametrize("said", ["yes, and let me speak to someone", "ok but I want a human first"])
def test_a_yes_beside_a_person_is_none(said: str, at: Callable[..., list[str]], context: Context) -> None:
    """Who wants to speak to somebody first has not agreed."""
    asked = replace(context, pending=Pending("confirm"), lines=(Line("l1", "latte"),))
    assert at("coffee_bar", said, asked) == ["say person"]
