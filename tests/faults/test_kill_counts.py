"""What the kill benchmark counts: each loss and each double that it is there to find."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmark as a module."""
    monkeypatch.syspath_prepend(str(BENCH))
    yield import_module("kill")
    for name in ("kill", "running"):
        sys.modules.pop(name, None)


def message(seq: int, text: str, author: str = "bot", turn: str = "t") -> dict[str, Any]:
    """A message as the API tells it."""
    return {"seq": seq, "text": text, "author": author, "turn": turn}


STORED = [message(1, "hello", turn="t0"), message(2, "a latte", "customer", "t1"), message(3, "yes?", turn="t1")]


@pytest.fixture
def known(kill: Any) -> Any:
    """A conversation that was greeted and answered once."""
    told = kill.Acknowledged("c", "token", {"e1": "a latte"})
    told.answers = {"opened": [message(1, "hello")], "e1": [message(3, "yes?")]}
    return told


def test_a_transcript_as_acknowledged_counts_nothing(kill: Any, known: Any) -> None:
    """All there, once."""
    assert (kill.lost_messages(known, STORED), kill.doubled_messages(known, STORED)) == (0, 0)


def test_an_acknowledged_answer_that_is_gone_is_lost(kill: Any, known: Any) -> None:
    """The customer was told something that is not in the transcript."""
    assert kill.lost_messages(known, STORED[:2]) == 1


@pytest.mark.parametrize(
    "stored",
    [
        [*STORED, message(4, "a latte", "customer", "t2")],
        [*STORED, message(4, "yes?", turn="t2")],
        [*STORED[:2], message(4, "yes?", turn="t1")],
    ],
    ids=["said twice", "answered twice", "a gap"],
)
def test_what_is_there_twice_is_doubled(kill: Any, known: Any, stored: list[dict[str, Any]]) -> None:
    """Words twice, an event answered twice, positions with a gap."""
    assert kill.doubled_messages(known, stored) == 1


def test_an_event_that_is_answered_differently_the_second_time_is_doubled(kill: Any, known: Any) -> None:
    """The same event must get the same answer."""
    known.differed = 1
    assert kill.doubled_messages(known, STORED) == 1
