"""Days: "tomorrow", "Wednesday", "next week Tuesday", "25 november", "the 3rd", "in two days", "dit weekend"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sayso.understanding.clocks import Word, match


@dataclass(frozen=True, slots=True)
class Days:
    """The days in words up to `stop`: `first` to `last`, both included; `part` of the day, "" for all of it."""

    stop: int
    first: date
    last: date
    part: str = ""


_Span = tuple[date, date]


def _one(day: date | None) -> _Span | None:
    return (day, day) if day else None


def _weekday(today: date, weekday: int) -> date:
    """The next such day after today."""
    return today + timedelta(days=(weekday - today.isoweekday() - 1) % 7 + 1)


def _of_next_week(today: date, weekday: int) -> date:
    return today + timedelta(days=7 - today.isoweekday() + weekday)


def _dated(today: date, day: int, month: int = 0) -> date | None:
    """The next such date; without a month the next such day of a month."""
    for ahead in range(13 if not month else 2):
        months = today.month - 1 + ahead
        year, in_month = (today.year + ahead, month) if month else (today.year + months // 12, months % 12 + 1)
        try:
            found = date(year, in_month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def _week(today: date) -> _Span:
    return _of_next_week(today, 1), _of_next_week(today, 7)


def _weekend(today: date) -> _Span:
    saturday = today + timedelta(days=max(0, 6 - today.isoweekday()))
    return max(today, saturday), today + timedelta(days=7 - today.isoweekday())


_DAYS: tuple[tuple[str, Callable[[date, list[Word]], _Span | None]], ...] = (
    ("week on? weekday", lambda today, w: _one(_of_next_week(today, w[-1].value))),
    ("weekday week", lambda today, w: _one(_of_next_week(today, w[0].value))),
    ("next weekday", lambda today, w: _one(_of_next_week(today, w[-1].value))),
    ("weekday the? number suffix? of? month", lambda today, w: _one(_dated(today, w[1].value, w[2].value))),
    ("the? number suffix? of? month", lambda today, w: _one(_dated(today, w[0].value, w[1].value))),
    ("month the? number suffix?", lambda today, w: _one(_dated(today, w[1].value, w[0].value))),
    ("weekday the? number suffix", lambda today, w: _one(_dated(today, w[1].value))),
    ("weekday? the? nth of? month", lambda today, w: _one(_dated(today, w[-2].value, w[-1].value))),
    ("weekday the nth", lambda today, w: _one(_dated(today, w[-1].value))),
    ("weekday", lambda today, w: _one(_weekday(today, w[0].value))),
    ("date", lambda today, w: _one(_dated(today, w[0].second, w[0].value))),
    ("the number suffix", lambda today, w: _one(_dated(today, w[0].value))),
    ("in number days", lambda today, w: _one(today + timedelta(days=w[0].value))),
    ("in number weeks", lambda today, w: _one(today + timedelta(weeks=w[0].value))),
    ("in a weeks", lambda today, w: _one(today + timedelta(weeks=1))),
    ("day", lambda today, w: _one(today + timedelta(days=w[0].value))),
    ("weekend", lambda today, w: _weekend(today)),
    ("week", lambda today, w: _week(today)),
)


def read_days(words: Sequence[Word], i: int, today: date) -> Days | None:
    """The days that are spoken of from `i` on."""
    for pattern, days in _DAYS:
        hit = match(words, i, pattern)
        span = days(today, hit[1]) if hit else None
        if hit and span:
            return Days(hit[0], *span, next((w.part for w in words[i : hit[0]] if w.part), ""))
    return None
