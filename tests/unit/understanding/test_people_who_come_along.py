"""People who come along: each has the thing, and none of them is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sayso.understanding.context import Context

SAID = [
    ("en", "two of my colleagues want lattes", ["add 2 latte"]),
    ("en", "my four friends would like an espresso each", ["add 4 espresso"]),
    ("en", "me and my wife want two cappuccinos", ["add 2 cappuccino"]),
    ("en", "a mocha for each of my three kids", ["add 3 mocha"]),
    ("en", "I'm with five people, one latte please", ["add 1 latte"]),
    ("nl", "mijn twee kinderen willen warme chocolademelk", ["add 2 hot_chocolate"]),
    ("nl", "mijn drie vrienden willen elk een espresso", ["add 3 espresso"]),
    ("nl", "ik heb met drie collega's afgesproken: doe ook twee lattes", ["add 2 latte"]),
    ("nl", "voor vier personen een cappuccino de man", ["add 4 cappuccino"]),
]


@pytest.mark.parametrize(("language", "said", "told"), SAID)
def test_people_count_what_they_want(
    language: str, said: str, told: list[str], at: Callable[..., list[str]], context: Context
) -> None:
    """A number of people says how many, and leaves no note on a cup."""
    found = at("coffee_bar", said, replace(context, language=language))
    assert [told_of for told_of in found if told_of.startswith("add")] == told
    assert not any("note" in told_of for told_of in found)
