"""Halves and quarters of an hour, 200 ways to say them in each language."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from sayso.understanding.values import recognise

SAID: dict[str, list[tuple[str, str]]] = YAML(typ="safe").load(Path(__file__).parent / "half_hours.yaml")
PLACE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=PLACE)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_there_are_two_hundred(language: str) -> None:
    """Each set is whole."""
    assert len(SAID[language]) == 200


@pytest.mark.parametrize(
    ("language", "said", "meant"), [(language, *row) for language, rows in SAID.items() for row in rows]
)
def test_the_next_such_time(language: str, said: str, meant: str) -> None:
    """ "Half drie" is half past two, "half two" half past two as well; without am or pm the next of both."""
    found = recognise(said, NOW, PLACE, language, future_only=True, kinds=("time", "datetime"))
    assert [value.best.value[11:16] for value in found] == [meant]
