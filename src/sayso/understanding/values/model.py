"""What is recognised, and the conventions by which it is read: nouns only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = (
    "number", "ordinal", "quantity", "money", "percentage", "date", "time", "datetime", "range", "duration",
    "recurring", "phone", "email", "postcode", "colour", "size",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a value, in ISO or decimal terms.

    `value`: a decimal number, an ISO 8601 date or date-time with offset, seconds of a duration, an RFC 5545 rule of
    what recurs, E.164, an address, a hex colour. A range has `start` and, or `end`. `unit`: a currency, a system of
    sizes, the unit of a duration; `grain`: how exact a time is ("second" to "year")."""

    value: str = ""
    start: str = ""
    end: str = ""
    unit: str = ""
    grain: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A value in characters `start` to `end` (not included) of a text; the likeliest reading comes first."""

    kind: str
    start: int
    end: int
    text: str
    readings: tuple[Reading, ...]
    dayless: bool = False
    """A time of day on no day that was named."""

    @property
    def best(self) -> Reading:
        return self.readings[0]


PARTS: Mapping[str, tuple[float, float]] = {
    "dawn": (240, 480), "morning": (360, 720), "noon": (690, 810), "lunch": (720, 840), "after_lunch": (780, 1020),
    "afternoon": (720, 1080), "late_afternoon": (960, 1080), "evening": (1080, 1439), "night": (1320, 1799),
    "tonight": (1080, 1439), "small_hours": (0, 360), "after_work": (1020, 1260), "dinner": (1050, 1260),
    "breakfast": (360, 600), "business": (540, 1020), "daytime": (480, 1080), "early_morning": (360, 540),
    "after_school": (900, 1080),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a locale, or a shop, reads what words leave open. The defaults are a shop's: what is said is still to come.

    `parts`: minutes after midnight of each part of a day, "named_night" of one behind a day; `waking`: the hours of a
    clock without am or pm on a day that is named, (0, 0) for the earliest; `month_first`: 2/3 is 3 February;
    `ends_included`: "from 3 to 5 pm" ends
    when the last hour, minute or day that was named has passed; `past`: readings before now, too; `halves`: both
    halves of the day as readings of a clock; `today`: the weekday of today is today; `rolling`: "the last 2 months"
    end now and not with the calendar's month; `portions`: "thirds" or "halves", what beginning and end of a period
    are; `upcoming`: "upcoming 2 weeks" is the second of them, not both; `hours_kept`: "in two days" keeps the hour;
    `weekend`: minutes of the week from Monday 00:00 that it begins and ends at; `zones`: names of time zones count;
    `years`: a bare year is a time; `weekday_binds`: "Friday 18 July"
    is the next 18 July that is a Friday, however far; else one within a year, or the date alone;
    `next_week`: "next Friday" is that of next week, not the first to come, and `next_weekend` so; `begun`: "from Friday
    to Wednesday" may have begun; `today_at`: "Tuesday at five" may be today; `by_now`: "by five" is from now until
    five; `skips`: "Friday after next" skips one Friday, not a week; `dots_day_first`: 2.3.2027 is in March, also where
    2/3/2027 is not."""

    parts: Mapping[str, tuple[float, float]] = field(default_factory=lambda: PARTS)
    waking: tuple[int, int] = (7 * 60, 19 * 60)
    month_first: bool = False
    ends_included: bool = False
    past: bool = False
    halves: bool = False
    today: bool = False
    rolling: bool = False
    portions: str = "thirds"
    upcoming: bool = False
    hours_kept: bool = False
    weekend: tuple[int, int] = (5 * 1440, 7 * 1440)
    zones: bool = True
    years: bool = False
    weekday_binds: bool = False
    next_week: bool = True
    next_weekend: bool = True
    begun: bool = False
    today_at: bool = False
    by_now: bool = False
    skips: bool = False
    dots_day_first: bool = False
