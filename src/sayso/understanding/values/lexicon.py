"""The words of numbers and time of a language, read from `<language>.yaml` and compiled once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from sayso.understanding.values.nodes import Calendar, Feast, Length, Season, Shifted, Within
from sayso.understanding.values.numerals import Numerals
from sayso.understanding.values.text import fold, tokens

Entry = tuple[tuple[str, ...], str, Any]
"""A phrase's keys, a symbol, its value."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`phrases`: first word -> entries, the longest first; `weak`: words that mean a time only beside others."""

    language: str
    numerals: Numerals
    phrases: Mapping[str, tuple[Entry, ...]]
    months: Mapping[str, int]
    """Names of months in one word."""
    weak: frozenset[str]
    relative: Mapping[tuple[str, ...], str]
    """Places in a list that are counted from the current one or the end: phrase -> "end-1"."""
    currencies: Mapping[tuple[str, ...], str]
    cents: Mapping[tuple[str, ...], str]
    """Words for a currency, and for its hundredth part -> its code."""
    percent: frozenset[tuple[str, ...]]
    pronouns: frozenset[str]
    """Words after which "one" is no number."""
    alone: frozenset[str]
    """Those of them that mean a time where they are all that was said."""
    shortened: frozenset[str]
    """Names of days and months cut short, behind which a full stop ends no sentence: "Sept."."""


def keys(phrase: str) -> tuple[str, ...]:
    """The tokens of a phrase."""
    return tuple(t.key for t in tokens(fold(str(phrase))))


def base(locale: str) -> str:
    """The language whose words are read for a locale: Dutch, and English for all others."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return language if language in ("en", "nl") else "en"


@cache
def load(language: str) -> Lexicon:
    """The lexicon of "en" or "nl". Reads package data, once."""
    from ruamel.yaml import YAML

    text = (files("sayso.understanding.values") / f"{language}.yaml").read_text("utf-8")
    raw: dict[str, Any] = YAML(typ="safe", pure=False).load(text)
    found: dict[str, list[Entry]] = {}
    for entry in _entries(raw):
        if entry[0]:
            found.setdefault(entry[0][0], []).append(entry)
    phrases = {first: tuple(sorted(e, key=lambda x: -len(x[0]))) for first, e in found.items()}
    return Lexicon(
        language=language,
        numerals=_numerals(raw["numerals"]),
        phrases=phrases,
        months={e[0][0]: e[2] for es in phrases.values() for e in es if e[1] == "month"},
        weak=frozenset(map(str, raw["weak"])),
        relative={keys(p): place for place, phrases in raw["relative"].items() for p in phrases},
        currencies={keys(p): code for code, phrases in raw["currencies"].items() for p in phrases},
        cents={keys(p): code for code, phrases in raw["cents"].items() for p in phrases},
        percent=frozenset(map(keys, raw["percent"])),
        pronouns=frozenset(raw["pronouns"]),
        alone=frozenset(map(str, raw["alone"])),
        shortened=frozenset(_shortened(raw["calendar"])),
    )


def _shortened(calendar: Mapping[str, Any]) -> Iterator[str]:
    for names in (*calendar["weekdays"], *calendar["months"]):
        full = max((fold(n) for n in names if "." not in n), key=len)
        yield from (n for n in map(fold, names) if n.isalpha() and len(n) < 6 and full.startswith(n) and n != full)


def _numerals(raw: Mapping[str, Any]) -> Numerals:
    def folded(name: str) -> dict[str, int]:
        return {fold(str(k)): int(v) for k, v in raw[name].items()}

    return Numerals(
        cardinals=folded("cardinals"),
        scales=folded("scales"),
        ordinals=folded("ordinals"),
        fractions={fold(str(k)): Decimal(str(v)) for k, v in raw["fractions"].items()},
        vague={keys(k): Decimal(v) for k, v in raw["vague"].items()},
        groups=folded("groups"),
        ands=frozenset(raw["ands"]),
        articles=frozenset(raw["articles"]),
        over=frozenset(keys(p) for p in raw["over"]),
        of=frozenset(raw["of"]),
        minus=frozenset(raw["minus"]),
        suffixes=tuple(raw["suffixes"]),
        joined=raw["joined"],
        comma=raw["comma"],
        plural=raw["plural"],
        point=frozenset(raw["point"]),
    )


def _entries(raw: Mapping[str, Any]) -> Iterator[Entry]:
    calendar = raw["calendar"]
    yield from _days(calendar)
    for symbol, phrases in raw["words"].items():
        yield from ((keys(p), symbol, None) for p in phrases)
    for n, phrases in enumerate(calendar["seasons"]):
        yield from ((keys(p), "season_name", _SEASONS[n]) for p in phrases)
    for when, phrases in raw["feasts"].items():
        yield from ((keys(p), "feast", feast(when)) for p in phrases)
    for word, year in raw["decades"].items():
        yield from ((((*keys(p), *keys(word))), "decade_nr", int(year)) for p in raw["words"].get("decade_word", ("",)))
    for name, (symbol, kind) in _NAMED.items():
        for value, phrases in calendar.get(name, {}).items():
            yield from ((keys(p), symbol, kind(value)) for p in phrases)


_NAMED: Mapping[str, tuple[str, type]] = {
    "grains": ("grain", str), "parts": ("part", str), "plural_parts": ("parts", str),
    "clocks": ("noon", int), "days": ("days", int),
    "now_parts": ("now_part", str), "today_parts": ("now_part", str),
    "adverbs": ("adverb", str), "soft_parts": ("soft_part", str), "hour_names": ("hour_name", int),
}  # fmt: skip
_SEASONS = (
    Season((3, 20), (6, 21)),
    Season((6, 21), (9, 23)),
    Season((9, 23), (12, 21)),
    Season((12, 21), (3, 20)),
)


def _days(calendar: Mapping[str, Any]) -> Iterator[Entry]:
    plural = {keys(p) for p in calendar["plural_days"]}
    for n, phrases in enumerate(calendar["weekdays"], 1):
        for phrase in map(keys, phrases):
            yield phrase, "weekday", n
            if phrase in plural:
                yield phrase, "weekdays", n
    for n, phrases in enumerate(calendar["months"], 1):
        yield from ((keys(p), "month", n) for p in phrases)
    if calendar["compounds"]:
        yield from _compounds(calendar)


def _compounds(calendar: Mapping[str, Any]) -> Iterator[Entry]:
    """A day and a part of it in one word: "dinsdagmiddag", "gisteravond"."""
    parts = [
        (p, name)
        for group in ("parts", "soft_parts", "joined_parts")
        for name, phrases in calendar[group].items()
        for p in map(keys, phrases)
        if len(p) == 1
    ]
    named = [(p, "weekday_part", n) for n, ps in enumerate(calendar["weekdays"], 1) for p in map(keys, ps)]
    near = [(p, "day_part", n) for n, ps in calendar["days"].items() for p in map(keys, ps) if len(p) == 1]
    for (day, symbol, value), (part, name) in ((d, p) for d in (*named, *near) for p in parts):
        if len(day[0]) > 4:
            yield (day[0] + part[0],), symbol, (value, name)


def feast(when: str) -> Any:
    """ "12-25", "easter+1", "11-4#4" (month-weekday#nth): a feast as an expression."""
    if when.startswith("easter"):
        return Feast(int(when.removeprefix("easter")))
    days, _, nth = when.partition("#")
    month, day = map(int, days.split("-"))
    if "+" in nth:
        nth, _, later = nth.partition("+")
        return Shifted(feast(f"{days}#{nth}"), Length(days=int(later)))
    return Within(Calendar(weekday=day), Calendar(month=month), int(nth)) if nth else Calendar(month=month, day=day)


_LOOSE = frozenset(
    ("more", "other", "all", "every", "also", "but", "rest", "more_than", "less_than", "long", "a_times", "a",
     "period_of", "every_one", "final", "last", "or", "season", "half_of", "not_time")
)  # fmt: skip
"""Words of the grammar that say little of time by themselves."""


@cache
def vocabulary(language: str) -> frozenset[str]:
    """Every word that can be part of a time in a language."""
    lexicon = load(base(language))
    numbers = (*lexicon.numerals.cardinals, *lexicon.numerals.ordinals)
    entries = (entry for entries in lexicon.phrases.values() for entry in entries if entry[1] not in _LOOSE)
    return frozenset(k for k in (*numbers, *(key for phrase, _, _ in entries for key in phrase)) if k[:1].isalpha())
