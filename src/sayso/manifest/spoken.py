"""Figures for a voice, in words: "three euros fifty", "half drie 's middags", "Tuesday the first of December".

English and Dutch have their own ways of telling money and time, kept here as tables. Another language is spoken by its
written form, which every speech engine reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from babel.dates import get_day_names, get_month_names
from babel.numbers import get_currency_name, get_currency_precision
from num2words import num2words

from sayso.manifest.formats import Formats, formats
from sayso.model.money import Money

MINOR_UNITS = {
    ("en", "EUR"): ("cent", "cents"),
    ("en", "USD"): ("cent", "cents"),
    ("en", "GBP"): ("penny", "pence"),
    ("nl", "EUR"): ("cent", "cent"),
    ("nl", "USD"): ("cent", "cent"),
    ("nl", "GBP"): ("penny", "pence"),
}
AND = {"en": "and", "nl": "en"}
MINUS = {"en": "minus", "nl": "min"}
TIMES = {"en": "{count} times {name}", "nl": "{count} keer {name}"}
DATES = {"en": "{weekday} the {ordinal} of {month}", "nl": "{weekday} {day} {month}"}

DAY_PARTS = {
    "en": (
        (5, "at night"),
        (12, "in the morning"),
        (18, "in the afternoon"),
        (22, "in the evening"),
        (24, "at night"),
    ),
    "nl": ((6, "'s nachts"), (12, "'s ochtends"), (18, "'s middags"), (24, "'s avonds")),
}
"""Until which hour a part of the day lasts."""


@dataclass(frozen=True)
class Spoken(Formats):
    """English or Dutch aloud."""

    def number(self, value: int) -> str:
        words = in_words(abs(value), self.language)
        return f"{MINUS[self.language]} {words}" if value < 0 else words

    def money(self, value: Money) -> str:
        amount = spoken_money(Money(abs(value.minor), value.currency), self)
        return f"{MINUS[self.language]} {amount}" if value.minor < 0 else amount

    def time(self, value: dt.time) -> str:
        return CLOCKS[self.language](value.hour, value.minute)

    def far_date(self, value: dt.date, with_year: bool) -> str:
        said = DATES[self.language].format(
            weekday=get_day_names("wide", locale=self.locale)[value.weekday()],
            ordinal=in_words(value.day, self.language, "ordinal"),
            day=in_words(value.day, self.language),
            month=get_month_names("wide", locale=self.locale)[value.month],
        )
        return f"{said} {in_words(value.year, self.language, 'year')}" if with_year else said

    def unit(self, count: int, unit: str) -> str:
        written = super().unit(count, unit)
        return written.replace(super().number(count), in_words(count, self.language), 1)

    def times(self, count: int, name: str) -> str:
        return TIMES[self.language].format(count=in_words(count, self.language), name=name)

    def join(self, items: Sequence[str], style: str = "and") -> str:
        return super().join(items, "and" if style == "rows" else style)


@lru_cache(maxsize=64)
def spoken(language: str, country: str = "") -> Formats:
    """The formats of a language for a voice."""
    written = formats(language, country)
    if written.language not in CLOCKS:
        return written
    return Spoken(**{field.name: getattr(written, field.name) for field in fields(Formats)})


@lru_cache(maxsize=8192)
def in_words(value: int, language: str, to: str = "cardinal") -> str:
    """A number of at least 0 as words of "en" or "nl"."""
    return str(num2words(value, lang=language, to=to)).replace(",", "")


def spoken_money(value: Money, voice: Formats) -> str:
    """ "three euros", "three euros fifty", "three euros and five cents", "fifty cents"."""
    whole, minor = divmod(value.minor, 10 ** get_currency_precision(value.currency))
    minor_names = MINOR_UNITS.get((voice.language, value.currency))
    if minor and not minor_names:
        return formats(voice.locale.language).money(value)
    small = f"{voice.number(minor)} {minor_names[minor != 1]}" if minor_names else ""
    if not whole and minor:
        return small
    name = currency_name(value.currency, whole, voice.language)
    large = f"{voice.number(whole)} {name}"
    if not minor:
        return large
    return f"{large} {voice.number(minor)}" if minor >= 10 else f"{large} {AND[voice.language]} {small}"


@lru_cache(maxsize=256)
def currency_name(currency: str, count: int, language: str) -> str:
    return get_currency_name(currency, count, locale=language)


def english_time(hour: int, minute: int) -> str:
    """14:30 -> "half past two in the afternoon"."""
    if minute == 0 and hour in (0, 12):
        return "noon" if hour else "midnight"
    part = day_part("en", hour)
    if minute == 0:
        return f"{in_words(clock_hour(hour), 'en')} {part}"
    past = minute <= 30
    minutes = minute if past else 60 - minute
    said = {15: "quarter", 30: "half"}.get(minutes) or _minutes(minutes, "en", "minute", "minutes")
    near = clock_hour(hour if past else hour + 1)
    return f"{said} {'past' if past else 'to'} {in_words(near, 'en')} {part}"


def dutch_time(hour: int, minute: int) -> str:
    """14:30 -> "half drie 's middags", 14:20 -> "tien voor half drie 's middags"."""
    if (hour, minute) == (0, 0):
        return "middernacht"
    part = day_part("nl", hour)
    this, following = in_words(clock_hour(hour), "nl"), in_words(clock_hour(hour + 1), "nl")
    if minute == 0:
        return f"{this} uur {part}"
    if minute <= 15:
        return f"{_dutch_minutes(minute)} over {this} {part}"
    if minute < 30:
        return f"{_dutch_minutes(30 - minute)} voor half {following} {part}"
    if minute == 30:
        return f"half {following} {part}"
    if minute < 45:
        return f"{_dutch_minutes(minute - 30)} over half {following} {part}"
    return f"{_dutch_minutes(60 - minute)} voor {following} {part}"


def _dutch_minutes(count: int) -> str:
    # "kwart" is said of the whole hour only; fifteen minutes from a half hour cannot happen above.
    return "kwart" if count == 15 else _minutes(count, "nl", "minuut", "minuten")


def _minutes(count: int, language: str, one: str, many: str) -> str:
    words = in_words(count, language)
    return words if count % 5 == 0 else f"{words} {one if count == 1 else many}"


def clock_hour(hour: int) -> int:
    return (hour - 1) % 12 + 1


def day_part(language: str, hour: int) -> str:
    return next(part for until, part in DAY_PARTS[language] if hour < until)


CLOCKS = {"en": english_time, "nl": dutch_time}
