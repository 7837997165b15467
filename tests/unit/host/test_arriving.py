"""One request of a platform, one customer: one answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sayso.host.arriving import one_answer
from sayso.model.event import Event, Opted, Pressed, Reacted, Referred, Unsent, Utterance

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AD, ON, OFF = Referred("ad-7", "ad"), Opted(True), Opted(False)


def arrived(*bodies: Any, sender: str = "anna") -> list[Event]:
    return [Event(f"{sender}{n}", "bar", "pigeon", "loft", sender, NOW, body) for n, body in enumerate(bodies)]


def silent(events: Any) -> list[bool]:
    return [getattr(event.body, "silent", False) for event in one_answer(events)]


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        ((AD,), [False]),
        ((AD, Utterance("a latte")), [True, False]),
        ((Pressed("t"), AD), [False, True]),
        ((AD, Reacted("m", "+")), [False, False]),
        ((AD, Unsent("m")), [False, False]),
        ((ON, Utterance("a latte")), [True, False]),
        ((ON, AD), [True, False]),
        ((ON, AD, Utterance("a latte")), [True, True, False]),
        ((OFF, Utterance("a latte")), [False, False]),
    ],
)
def test_who_tells_how_they_came_beside_words_gets_the_answer_to_the_words(bodies: Any, expected: list[bool]) -> None:
    """An arrival or a switch that was turned on is silent beside what is answered; one that is turned off never is."""
    assert silent(arrived(*bodies)) == expected


def test_what_another_customer_says_silences_nobody() -> None:
    """Events of several customers in one request have nothing to do with each other."""
    assert silent([*arrived(AD), *arrived(Utterance("hi"), sender="ben")]) == [False, False]
