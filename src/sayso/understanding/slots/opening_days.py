"""The day that a question about opening hours is about: "on Monday", "this weekend", "on Christmas Day", "on 1 May"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sayso.model.command import Candidate, Question
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.packs import spaced
from sayso.understanding.slots.times import When

MOST = 3
"""Days of one question that are told."""


def with_days(
    asked: Sequence[Question], times: Sequence[When], text: str, lexicon: Lexicon, context: Context
) -> tuple[Question, ...]:
    """The questions, those about hours with the days they are about as ISO 8601 dates among their ids. Today needs
    none: what is asked then is whether it is open now."""
    if not any(q.about == "hours" for q in asked):
        return tuple(asked)
    today = context.now.date()
    named = list(_holidays(text, lexicon, today)) or [day for when in times for day in _days(when)]
    days = tuple(Candidate(day.isoformat()) for day in dict.fromkeys(named) if day != today)[:MOST]
    return tuple(replace(q, ids=(*q.ids, *days)) if q.about == "hours" else q for q in asked)


def _days(when: When) -> Iterator[date]:
    """The days of a time, of an interval all of them."""
    first, _, last = when.value.partition("/")
    try:
        day, end = date.fromisoformat(first[:10]), date.fromisoformat((last or first)[:10])
    except ValueError:  # as soon as possible
        return
    while day <= end:
        yield day
        day += timedelta(days=1)


def _holidays(text: str, lexicon: Lexicon, today: date) -> Iterator[date]:
    """The holiday that is named: the merchant's own, by its longest name, else one that has a fixed day."""
    said = spaced(text)
    places = lexicon.artefact.merchant.locations.values()
    own = ((name, h.on) for place in places for h in place.holidays if h.on >= today for name in h.names.values())
    found = sorted(((-len(name), on) for name, on in own if spaced(name) in said))
    if found:
        yield found[0][1]
        return
    fixed = ((phrase, day) for pack in lexicon.packs for phrase, day in pack.holidays.items())
    matches = sorted((-len(phrase), day) for phrase, day in fixed if phrase in said)
    if matches:
        yield _next(matches[0][1], today)


def _next(day: str, today: date) -> date:
    """The coming day of a year, "12-25"."""
    this = date.fromisoformat(f"{today.year}-{day}")
    return this if this >= today else date.fromisoformat(f"{today.year + 1}-{day}")
