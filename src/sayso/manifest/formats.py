"""Figures on a screen, by CLDR: money, numbers, times, days and lists in a language and a country.

Babel reads CLDR; its general formatters cost tens of microseconds a call, so a language's patterns are taken apart once
(`formats`) and applied here. Money and numbers follow the language ("€3.50" in English), times and days follow the
language as it is written in the merchant's country ("14:30" and 24/11 in English in the Netherlands).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time
from babel.numbers import get_currency_precision, get_currency_symbol
from babel.units import format_unit

from sayso.model.money import Money

NEAR_DAYS = {
    "en": {0: "today", 1: "tomorrow", -1: "yesterday"},
    "nl": {0: "vandaag", 1: "morgen", -1: "gisteren"},
    "de": {0: "heute", 1: "morgen", -1: "gestern"},
    "fr": {0: "aujourd’hui", 1: "demain", -1: "hier"},
}
"""Days that are said by their relation to now; other languages say the date."""

AT = {"en": "{day} at {time}", "nl": "{day} om {time}", "de": "{day} um {time}", "fr": "{day} à {time}"}
TIMES = {"en": "{count}× {name}", "nl": "{count}× {name}"}


@dataclass(frozen=True, slots=True)
class MoneyPattern:
    """One currency in one language: what stands before and after the digits, for amounts above and below zero."""

    prefix: tuple[str, str]
    suffix: tuple[str, str]
    decimals: int

    def show(self, money: Money, group: str, point: str) -> str:
        below = money.minor < 0
        whole, minor = divmod(abs(money.minor), 10**self.decimals)
        digits = grouped(whole, group)
        if self.decimals:
            digits = f"{digits}{point}{minor:0{self.decimals}d}"
        return f"{self.prefix[below]}{digits}{self.suffix[below]}"


@dataclass(frozen=True)
class Formats:
    """How one language, in one country, writes figures. Times are local already."""

    language: str
    locale: Locale
    place: Locale
    group: str
    point: str
    plural: Callable[[int], str]
    ordinal: Callable[[int], str]

    def number(self, value: int) -> str:
        sign = "-" if value < 0 else ""
        return sign + grouped(abs(value), self.group)

    def money(self, value: Money) -> str:
        return money_pattern(self.locale, value.currency).show(value, self.group, self.point)

    def time(self, value: dt.time) -> str:
        return written_time(value.replace(second=0, microsecond=0, tzinfo=None), self.place)

    def date(self, value: dt.date, today: dt.date) -> str:
        near = NEAR_DAYS.get(self.language, {}).get((value - today).days)
        return near or self.far_date(value, value.year != today.year)

    def far_date(self, value: dt.date, with_year: bool) -> str:
        return written_date(value, with_year, self.place)

    def moment(self, value: dt.datetime, today: dt.date) -> str:
        """A day with its time; `value` is local."""
        pattern = AT.get(self.language, "{day} {time}")
        return pattern.format(day=self.date(value.date(), today), time=self.time(value.time()))

    def duration(self, value: dt.timedelta) -> str:
        return " ".join(self.unit(count, unit) for count, unit in spans(value))

    def unit(self, count: int, unit: str) -> str:
        return written_unit(count, unit, self.locale)

    def times(self, count: int, name: str) -> str:
        """A thing that is chosen several times: three pumps of vanilla."""
        return TIMES.get(self.language, "{count}× {name}").format(count=count, name=name)

    def join(self, items: Sequence[str], style: str = "and") -> str:
        """One sentence part of several: "a, b and c" (style "and"), "a, b or c" ("or"), "a, b, c" ("comma") or
        "a b c" ("words")."""
        if len(items) < 2:
            return items[0] if items else ""
        if style in SEPARATORS:
            return SEPARATORS[style].join(items)
        return joined(items, list_patterns(self.place, style))


SEPARATORS = {"comma": ", ", "words": " ", "rows": "\n"}


def grouped(value: int, group: str) -> str:
    """Digits in groups of three."""
    return f"{value:,}".replace(",", group) if value >= 1000 else str(value)


def joined(items: Sequence[str], patterns: tuple[str, str, str, str]) -> str:
    """CLDR list patterns: for two, start, middle, end."""
    two, start, middle, end = patterns
    if len(items) == 2:
        return two.format(*items)
    text = end.format(items[-2], items[-1])
    for item in reversed(items[1:-2]):
        text = middle.format(item, text)
    return start.format(items[0], text)


def spans(value: dt.timedelta) -> list[tuple[int, str]]:
    """A duration as (count, CLDR unit): days, hours and minutes; less than a minute is a minute."""
    minutes = max(1, round(value.total_seconds() / 60))
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    found = ((days, "duration-day"), (hours, "duration-hour"), (minutes, "duration-minute"))
    return [(count, unit) for count, unit in found if count]


@lru_cache(maxsize=64)
def formats(language: str, country: str = "") -> Formats:
    """The formats of a BCP-47 language as written in `country` (ISO 3166, "" for the language's own)."""
    locale = locale_of(language)
    symbols = locale.number_symbols.get("latn", locale.number_symbols)
    return Formats(
        language=locale.language,
        locale=locale,
        place=place_of(locale, country),
        group=symbols["group"],
        point=symbols["decimal"],
        plural=lru_cache(maxsize=1024)(locale.plural_form),
        ordinal=lru_cache(maxsize=1024)(locale.ordinal_form),
    )


def locale_of(language: str) -> Locale:
    """CLDR's locale for a tag; an unknown region falls back to the language, an unknown language to English."""
    for tag in (language, language.partition("-")[0], "en"):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("CLDR has English")


def place_of(locale: Locale, country: str) -> Locale:
    if locale.territory or not country:
        return locale
    try:
        return Locale(locale.language, territory=country)
    except (UnknownLocaleError, ValueError):
        return locale


@lru_cache(maxsize=256)
def money_pattern(locale: Locale, currency: str) -> MoneyPattern:
    pattern = locale.currency_formats["standard"]
    symbol = get_currency_symbol(currency, locale)

    def filled(pair: tuple[str, str]) -> tuple[str, str]:
        return pair[0].replace("¤", symbol), pair[1].replace("¤", symbol)

    return MoneyPattern(filled(pattern.prefix), filled(pattern.suffix), get_currency_precision(currency))


@lru_cache(maxsize=64)
def list_patterns(locale: Locale, style: str) -> tuple[str, str, str, str]:
    found = locale.list_patterns["or" if style == "or" else "standard"]
    return found["2"], found["start"], found["middle"], found["end"]


@lru_cache(maxsize=4096)
def written_time(value: dt.time, locale: Locale) -> str:
    return format_time(value, "short", locale=locale)


@lru_cache(maxsize=4096)
def written_date(value: dt.date, with_year: bool, locale: Locale) -> str:
    wanted = "yMd" if with_year else "MEd"
    skeleton = wanted if wanted in locale.datetime_skeletons else "yMd"
    return format_skeleton(skeleton, value, locale=locale)


@lru_cache(maxsize=1024)
def written_unit(count: int, unit: str, locale: Locale) -> str:
    written = format_unit(count, unit, locale=locale)
    # CLDR leaves a long form out where it equals the short one (Dutch "uur"); Babel then shows the unit's id.
    return format_unit(count, unit, "short", locale=locale) if unit in written else written
