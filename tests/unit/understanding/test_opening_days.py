"""Questions about hours carry the day that they are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sayso.manifest.specs import Holiday
from sayso.model.command import Question
from sayso.understanding.local import analyse


def days(lexicon, context, said):
    asked = [c for c in analyse(said, context, lexicon).commands if isinstance(c, Question) and c.about == "hours"]
    return [id for q in asked for c in q.ids if (id := c.id)[:2] == "20"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("are you open on Friday?", ["2026-11-27"]),
        ("what time do you close on Friday", ["2026-11-27"]),
        ("zijn jullie vrijdag open?", ["2026-11-27"]),
        ("hoe laat gaan jullie zaterdag dicht", ["2026-11-28"]),
        ("are you open tomorrow", ["2026-11-24"]),
        ("zijn jullie morgen open", ["2026-11-24"]),
        ("are you open this weekend", ["2026-11-28", "2026-11-29"]),
        ("are you open on Christmas day", ["2026-12-25"]),
        ("zijn jullie open met kerst", ["2026-12-25"]),
        ("ben je op tweede kerstdag open", ["2026-12-26"]),
        ("is the store open on boxing day", ["2026-12-26"]),
        ("when do you open on new years day", ["2027-01-01"]),
        ("zijn jullie op koningsdag open", ["2027-04-27"]),
        ("are you open on the 25th of December", ["2026-12-25"]),
        ("are you open now?", []),
        ("zijn jullie vandaag open?", []),
        ("what are your opening hours", []),
    ],
)
def test_the_day_comes_along(lexicon, context, said, expected):
    """Weekdays, dates and holidays; today needs none."""
    assert days(lexicon, context, said) == expected


def test_the_merchants_own_holiday_goes_first(lexicon, context):
    """A day that only this merchant keeps, by its name."""
    merchant = lexicon.artefact.merchant
    place = next(iter(merchant.locations.values()))
    kept = replace(place, holidays=(Holiday(date(2026, 12, 3), {"en": "Founder's Day", "nl": "oprichtersdag"}),))
    artefact = replace(lexicon.artefact, merchant=replace(merchant, locations={**merchant.locations, place.id: kept}))
    assert days(replace(lexicon, artefact=artefact), context, "are you open on founders day") == ["2026-12-03"]
