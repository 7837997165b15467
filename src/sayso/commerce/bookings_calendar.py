"""An appointment as a calendar file: iCalendar, RFC 5545."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

OCTETS = 75
"""RFC 5545 section 3.1: longest line, without its break."""

ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class Appointment:
    """What a calendar shows. `uid` stays the same when it is moved, `sequence` then counts up; `stamp`: when this was
    written down."""

    uid: str
    summary: str
    starts: datetime
    ends: datetime
    stamp: datetime
    location: str = ""
    description: str = ""
    sequence: int = 0
    cancelled: bool = False


def ics(booking: Appointment) -> bytes:
    """The calendar file. Times are in UTC, so that it needs no time zone component."""
    lines = [line for each in _lines(booking) for line in _folded(each)]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _lines(booking: Appointment) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//sayso//booking//EN", "CALSCALE:GREGORIAN")
    yield f"METHOD:{'CANCEL' if booking.cancelled else 'PUBLISH'}"
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(booking.uid)}"
    yield f"DTSTAMP:{_moment(booking.stamp)}"
    yield f"DTSTART:{_moment(booking.starts)}"
    yield f"DTEND:{_moment(booking.ends)}"
    yield f"SEQUENCE:{booking.sequence}"
    yield f"STATUS:{'CANCELLED' if booking.cancelled else 'CONFIRMED'}"
    yield f"SUMMARY:{_text(booking.summary)}"
    if booking.location:
        yield f"LOCATION:{_text(booking.location)}"
    if booking.description:
        yield f"DESCRIPTION:{_text(booking.description)}"
    yield from ("END:VEVENT", "END:VCALENDAR")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(words: str) -> str:
    """RFC 5545 section 3.3.11; control characters have no place in it."""
    kept = "".join(c for c in words if c == "\n" or c.isprintable())
    return kept.translate(ESCAPES)


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 octets, never cut within a character; what is carried over begins with a space."""
    part, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + character, size + octets
    yield part
