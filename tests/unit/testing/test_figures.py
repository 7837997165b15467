"""Whether every figure of a message is vouched for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sayso.model.action import Speak
from sayso.model.event import Event, Utterance
from sayso.model.fact import Fact, Row, Said
from sayso.model.message import Message
from sayso.model.money import Money
from sayso.model.state import State, Topic
from sayso.model.trace import Trace
from sayso.testing.figures import figures, invented
from sayso.testing.hosting import Published

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


def trace(**params: Any) -> Trace:
    event = Event("e", "bar", "web", "", "c", NOW, Utterance("hi"))
    return Trace("t", event, State("en", Topic("t", "bar")), NOW, "s", "d", "v", (), speaks=(Speak("k", params),))


def test_a_figure_is_its_digits() -> None:
    """What separates them differs by language."""
    assert list(figures("€ 7.00 at 14:30, 1.234,50")) == ["700", "1430", "123450"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Money(750, "EUR"), "€ 7,50"),
        (Money(1900, "EUR"), "€19"),
        (NOW, "Mon, 23/11/2026 at 14:30"),
        (NOW, "2:30 PM"),
        (42, "number 42"),
        ("Dam 1, 1012 JS", "at Dam 1 in 1012 JS"),
    ],
)
def test_what_a_fact_says_is_vouched_for(value: Any, told: str, published: Published) -> None:
    """In whatever format it comes out."""
    artefact = published.merchants["workshop"]
    params = {"rows": (Row({"x": Fact(value, "catalog", "id")}),)}
    assert invented(Message(told), trace(**params), artefact) == ()


def test_what_nobody_says_is_invented(published: Published) -> None:
    """Also where it stands in a button or is only heard."""
    artefact = published.merchants["workshop"]
    message = Message("It is € 13.37", speech="pay 98765")
    assert invented(message, trace(total=Fact(Money(750, "EUR"), "order", "o")), artefact) == ("1337", "98765")


def test_what_the_customer_said_may_be_said_back(published: Published) -> None:
    """In this turn or before."""
    artefact = published.merchants["workshop"]
    assert invented(Message("98765 it is"), trace(words=Said("98765")), artefact) == ()
    assert invented(Message("98765 it is"), trace(), artefact, ["my number is 98765"]) == ()
    assert invented(replace(Message("98765"), text="98764"), trace(), artefact, ["98765"]) == ("98764",)
