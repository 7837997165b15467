"""What is not wanted of days, hours and people is cut off what was said or asked about, never filled nor dropped."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from sayso.model.state import Pending
from sayso.understanding.slots.refusals import less

ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("value", "gone", "left"),
    [
        (
            "2026-11-24",
            "2026-11-23T06:00:00+01:00/2026-11-23T12:00:00+01:00",
            "2026-11-24T12:00:00+01:00/2026-11-24T23:59:00+01:00",
        ),
        ("2026-11-24", "2026-11-25", "2026-11-24"),
        ("2026-11-24", "2026-11-24", ""),
        (
            "2026-11-30T00:00:00+01:00/2026-12-06T23:59:00+01:00",
            "2026-11-26",
            "2026-11-30T00:00:00+01:00/2026-12-03T00:00:00+01:00",
        ),
    ],
)
def test_a_time_without_another(value, gone, left):
    """A clock is that of the day that was said, a weekday that of the week; what does not overlap takes nothing."""
    assert less(value, gone, ZONE) == left


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("en", "a lash lift, but not with Kim", "fill staff=sanne"),
        ("en", "book a make-over with anybody except Sanne", "fill staff=kim"),
        ("nl", "boek een make-over, maar niet bij Sanne", "fill staff=kim"),
        ("nl", "een wimperlift bij iedereen behalve Kim", "fill staff=sanne"),
        ("en", "a make-over, not on Thursday", "fill time="),
        ("en", "a lash lift any day but Friday", "fill time="),
        ("nl", "een wimperlift, niet op donderdag", "fill time="),
        (
            "en",
            "a lash lift on Thursday but not in the morning",
            "fill time=2026-11-26T12:00:00+01:00/2026-11-26T23:59:00+01:00",
        ),
        (
            "nl",
            "een wimperlift op donderdag, maar niet in de ochtend",
            "fill time=2026-11-26T12:00:00+01:00/2026-11-26T23:59:00+01:00",
        ),
    ],
)
def test_what_is_refused_is_cut_off_or_asked(visit, context, language, said, meant):
    """The others are asked about by name, or the slot itself is."""
    assert meant in visit(said, replace(context, language=language))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "don't cancel my appointment"),
        ("en", "please do not cancel my appointment on Friday"),
        ("en", "I do not want to reschedule my appointment"),
        ("nl", "zeg mijn afspraak niet af"),
    ],
)
def test_what_is_not_to_be_done_begins_nothing(visit, context, language, said):
    """It is a no, which leaves all as it is."""
    assert visit(said, replace(context, language=language)) == ["No"]


@pytest.mark.parametrize(
    ("language", "said", "begun"),
    [
        ("en", "I can't come, cancel my appointment", "start visits.cancel"),
        ("en", "cancel my appointment, I do not feel well", "start visits.cancel"),
        ("en", "my bike is not working can someone come by", "start visits.book"),
        ("nl", "zeg mijn afspraak af, ik kan niet", "start visits.cancel"),
    ],
)
def test_a_negation_of_something_else_takes_back_nothing(visit, context, language, said, begun):
    """What is wished is begun."""
    assert begun in visit(said, replace(context, language=language))


@pytest.mark.parametrize("said", ["half elf", "kwart over vier", "morgen om 10 uur", "at half past nine"])
def test_a_time_is_no_address(at, context, said):
    """Asked where, a customer may say when."""
    asked = Pending("slot", intent="book_appointment.visit", slot="address")
    told = at("workshop", said, replace(context, language="nl", pending=asked, intent="book_appointment.visit"))
    assert not any(command.startswith("fill address") for command in told)


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        ("next thursday at half 3 tune up", "2026-12-03T15:30:00+01:00"),
        ("friday at 4 puncture repair", "2026-11-27T16:00:00+01:00"),
    ],
)
def test_a_time_before_a_thing_counts_nothing(at, context, said, slot):
    """A day or a half makes a number a clock, whatever stands behind it."""
    assert f"fill time={slot}" in at("workshop", said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a lattay", "add 1 latte"),
        ("a latte with ote milk", "add 1 latte milk=oat"),
        ("a latte with goat milk", "add 1 latte milk=whole note:goat"),
        ("a cappuccino 2 go", "add 1 cappuccino"),
        ("sugarless mocha", "add - mocha -sweetener/sugar"),
    ],
)
def test_as_it_sounds(at, said, meant):
    """Vowels written as they are heard, digits for words; another thing's name stays what it is."""
    assert at("coffee_bar", said)[0] == meant
