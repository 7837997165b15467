"""What was said about the time of an appointment, and its calendar file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.commerce.bookings_calendar import OCTETS, Appointment, ics
from sayso.commerce.bookings_when import read_when

ZONE = "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("words", "since", "until", "exact"),
    [
        ("2026-11-25T14:00", "2026-11-25T13:00:00", "2026-11-25T13:00:01", True),
        ("2026-11-25T14:00+00:00", "2026-11-25T14:00:00", "2026-11-25T14:00:01", True),
        ("2026-11-25", "2026-11-24T23:00:00", "2026-11-25T23:00:00", False),
        ("2027-03-28", "2027-03-27T23:00:00", "2027-03-28T22:00:00", False),
        ("2026-11-25T12:00/2026-11-25T18:00", "2026-11-25T11:00:00", "2026-11-25T17:00:00", False),
        ("2026-11-25/2026-11-27", "2026-11-24T23:00:00", "2026-11-27T23:00:00", False),
    ],
)
def test_a_moment_a_day_and_a_part_of_one(words: str, since: str, until: str, exact: bool) -> None:
    """By the clock of the place where no offset was said; days include their last one and their clock change."""
    when = read_when(words, ZONE)
    assert when is not None
    assert (when.since, when.until, when.exact) == (
        datetime.fromisoformat(since).replace(tzinfo=UTC),
        datetime.fromisoformat(until).replace(tzinfo=UTC),
        exact,
    )


@given(st.text(max_size=40))
def test_anything_else_is_no_time(words: str) -> None:
    """Never an error, whatever was said."""
    when = read_when(words, ZONE)
    assert when is None or when.since < when.until


@pytest.mark.parametrize("words", ["", "Wednesday", "2026-11-25T18:00/2026-11-25T12:00", "2026-13-01", "9999-12-31/"])
def test_words_that_are_no_time(words: str) -> None:
    assert read_when(words, ZONE) is None


def appointment(**more: object) -> Appointment:
    at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    given: dict[str, object] = {"uid": "o1@shop", "summary": "Repair", "starts": at, "ends": at.replace(hour=16)}
    return Appointment(**(given | {"stamp": at.replace(day=23)} | more))  # type: ignore[arg-type]


def test_a_calendar_file_says_when_what_and_where() -> None:
    """Times in UTC, text escaped, lines ended as RFC 5545 asks."""
    lines = ics(appointment(location="Biltstraat 12, Utrecht; back door", sequence=2)).decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "DTSTART:20261125T120000Z" in lines
    assert "DTEND:20261125T160000Z" in lines
    assert "SEQUENCE:2" in lines
    assert "LOCATION:Biltstraat 12\\, Utrecht\\; back door" in lines
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_a_cancelled_appointment_leaves_the_calendar() -> None:
    written = ics(appointment(cancelled=True)).decode()
    assert "METHOD:CANCEL" in written
    assert "STATUS:CANCELLED" in written


@given(st.text(max_size=300))
def test_no_text_breaks_a_calendar_file(words: str) -> None:
    """Lines stay within 75 octets, unfold to what was written, and nothing can begin a line of its own."""
    written = ics(appointment(summary=words)).decode()
    lines = written.split("\r\n")[:-1]
    assert all(len(line.encode()) <= OCTETS for line in lines)
    unfolded = written.replace("\r\n ", "").split("\r\n")
    assert sum(line.startswith("SUMMARY:") for line in unfolded) == 1
    assert len(unfolded) == 16
