"""What a customer said about the time of an appointment, as a span: a moment, a day, or part of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sayso.commerce.hours import instant

A_DAY = len("2026-11-25")


@dataclass(frozen=True, slots=True)
class When:
    """A start in [since, until), in UTC; `exact`: this very moment."""

    since: datetime
    until: datetime
    exact: bool = False


def read_when(words: str, zone: str) -> When | None:
    """An ISO 8601 moment, a day ("2026-11-25") or an interval ("start/end", days included); what has no offset is by
    the clock of the place. None when it is none of these."""
    first, slash, last = words.partition("/")
    try:
        since = _begin(first, zone)
        if slash:
            until = _end(last, zone)
            return When(since, until) if since < until else None
        if len(first) == A_DAY:
            return When(since, _end(first, zone))
    except (ValueError, OverflowError):
        return None
    return When(since, since + timedelta(seconds=1), exact=True)


def _begin(words: str, zone: str) -> datetime:
    if len(words) == A_DAY:
        return instant(date.fromisoformat(words), time(0), zone)
    at = datetime.fromisoformat(words)
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _end(words: str, zone: str) -> datetime:
    if len(words) == A_DAY:
        return instant(date.fromisoformat(words) + timedelta(days=1), time(0), zone)
    return _begin(words, zone)
