"""Where days and clocks stand in an utterance: the words of each by themselves, apart from what moment they come to.

Every phrase of time is a letter; the patterns below are regular expressions over those letters, so that "at 7 pm on
Tuesday the 3rd" is read as a clock and a day in one pass. Several readings of the same words are all given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from sayso.understanding.packs import Pack
from sayso.understanding.phrasing import Unit, Vocabulary, units
from sayso.understanding.words import Token

_LETTERS = (
    ("month", "M"), ("weekday", "W"), ("today", "T"), ("day", "D"), ("part", "P"), ("span", "E"), ("noon", "n"),
    ("half_hour", "V"), ("asap", "w"), ("now", "w"), ("about", "~"), ("am", "A"), ("pm", "A"), ("oclock", "o"),
    ("quarter", "q"),
    ("minutes", "H"), ("hours", "H"), ("days", "U"), ("weeks", "U"), ("months", "U"), ("hence", "f"), ("half", "h"),
    ("next", "x"), ("coming", "x"), ("sun", "s"), ("ish", "I"), ("in", "i"), ("past", "p"), ("to", "p"),
    ("suffix", "S"), ("the", "t"), ("nth", "O"),
    ("number", "N"),
)  # fmt: skip
"""A class of words and its letter; of several classes the first one counts."""
_ARTICLES = {"a": "a", "an": "a", "een": "a", "of": "g", "van": "g"}
_COUNT = "(?:a?Ng?|a|O)"
_DATED = "(?:NS?|O)"
_IN = "i~?"
_PATTERNS = (
    ("day", f"x?[Wsb] c? t? {_DATED} g? M c? (?:c? Y)?"),
    ("day", f"x?[Wsb] c? M c? t? {_DATED} (?:c? Y)?"),
    ("day", f"{_DATED} g? M (?:c? c? Y)? (?:c? [Wb])?"),
    ("day", f"M c? t? {_DATED} (?:c? Y)? (?:c? [Wb])?"),
    ("day", "x?[Wb] c? (?:t (?:NS?|O)|NS|O) Y?"),
    ("day", "x?[Wsb] c? F"), ("day", "F"), ("day", "x?W"), ("short", "b"), ("day", "xb"), ("day", "D"), ("day", "T"),
    ("day", "E"), ("day", "x U"),
    ("nth", "NS"), ("ordinal", "O"),
    ("ahead", f"{_IN} (?:{_COUNT} )?(?:a )?Uf?"), ("ahead", f"{_COUNT} U f"),
    ("span", f"{_IN} (?:{_COUNT} )?(?:a )?(?:H|V)"), ("span", f"(?:{_COUNT} H|V) f"), ("span", f"{_IN} V"),
    ("now", "w"),
    ("clock", "K o?A?"), ("clock", "[NK]IA?"), ("bare", "K(?=A)"), ("clock", "N A"), ("oclock", "N oA?"),
    ("clock", "[hq] p? [NK]A?"),
    ("clock", "(?:a )?q p NA?"), ("clock", "N H?p h?NA?"), ("clock", "hNA?"), ("clock", "n"), ("clock", "n? 4"),
    ("parted", "(?:K|N|NA|No|qpN|hpN|hN) P"), ("clocks", "N N N?"), ("digits", "4"), ("number", "N"),
)  # fmt: skip
"""(Kind, the letters of it; spaces say nothing.) `number`, `digits` and `nth` mean a time only where it is asked for or
led up to."""


@dataclass(frozen=True, slots=True)
class Timely:
    """Words of time in tokens `start` to `end` (not included). kind: "day", "short" ("sat"), "nth" ("3rd"), "ordinal"
    ("third"), "ahead" ("in 4 days"), "span" ("in an hour"), "now", "clock", "bare" (a clock without its "am"),
    "oclock", "parted" ("7 in the morning"), "clocks" ("six thirty"), "digits" ("2145"), "number"."""

    kind: str
    start: int
    end: int


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(letters.replace(" ", ""))) for kind, letters in _PATTERNS)


def vocabulary(packs: Iterable[Pack]) -> dict[str, frozenset[str]]:
    """The words of time of those languages with their letters."""
    found: dict[str, set[str]] = {}
    for phrase, name in (each for pack in packs for each in _phrases(pack)):
        found.setdefault(phrase, set()).add(name)
    letters = {phrase: next(x for n, x in _LETTERS if n in names) for phrase, names in found.items()}
    return {phrase: frozenset(("b",) if x == "W" and len(phrase) < 4 else (x,)) for phrase, x in letters.items()}


def _phrases(pack: Pack) -> Iterator[tuple[str, str]]:
    names = dict(_LETTERS)
    groups = {"weekdays": "weekday", "months": "month", "days": "day", "parts": "part", "today": "today"}
    for key, name in {**groups, "nths": "nth", "spans": "span"}.items():
        yield from ((phrase, name) for each in pack.calendar.get(key, ()) for phrase in each)
    named = (*pack.calendar.get("weekdays", ()), *pack.calendar.get("days", ()))
    days = [p for each in named for p in each if len(p) > 5 and " " not in p]
    parts = [p for each in pack.calendar.get("parts", ()) for p in each if " " not in p]
    yield from ((day + part, "weekday") for day in days for part in parts)
    for name, phrases in pack.times.items():
        yield from ((phrase, name) for phrase in phrases if name in names)
    yield from ((word, "number") for word, n in pack.numbers.items() if 0 < n <= 60)


def find(toks: Sequence[Token], words: Vocabulary) -> tuple[Timely, ...]:
    """All words of time in `toks`, the longest of each kind; `words` is the compiled vocabulary."""
    phrases = _dotted(toks, units(toks, words))
    letters = "".join(_letter(toks, unit, words) for unit in phrases)
    found: dict[tuple[str, int], Timely] = {}
    for kind, pattern in _patterns():
        for at in range(len(letters)):
            hit = pattern.match(letters, at)
            key = (kind, phrases[at].start)
            if hit and (key not in found or phrases[hit.end() - 1].end > found[key].end):
                found[key] = Timely(kind, phrases[at].start, phrases[hit.end() - 1].end)
    return tuple(sorted(found.values(), key=lambda t: (t.start, -t.end)))


def _dotted(toks: Sequence[Token], phrases: Sequence[Unit]) -> list[Unit]:
    """The units with "p.m." as one."""
    found: list[Unit] = []
    i = 0
    while i < len(phrases):
        keys = [t.key or t.text for t in toks[phrases[i].start : phrases[i].start + 3]]
        if keys[:1] in (["p"], ["a"]) and keys[1:] == [".", "m"]:
            found.append(Unit(phrases[i].start, phrases[i].start + 3, frozenset("A")))
        elif not found or phrases[i].start >= found[-1].end:
            found.append(phrases[i])
        i += 1
    return found


_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d)?")


def _letter(toks: Sequence[Token], unit: Unit, words: Vocabulary) -> str:
    if unit.classes:
        return next(iter(unit.classes))
    token = toks[unit.start]
    key = token.key or token.text
    if key[:1].isdigit():
        return _digits(key)
    return _ARTICLES.get(key) or ("c" if key in ",." else _misspelt(key, words))


def _misspelt(key: str, words: Vocabulary) -> str:
    """The letter of the day or month that a long word is nearly: "tommorow", "wensday"."""
    if len(key) < 6 or not key.isalpha():
        return "?"
    near = process.extractOne(key, [w for w in words if len(w) > 5 and words[w] & _NAMED], scorer=OSA.distance)
    slack = 2 if len(key) > 7 else 1
    return next(iter(words[near[0]])) if near and near[1] <= slack else "?"


_NAMED = frozenset("WMD")


def _digits(key: str) -> str:
    shapes: Mapping[str, bool] = {
        "K": bool(_CLOCK.fullmatch(key)),
        "F": bool(_DATE.fullmatch(key)),
        "Y": bool(_YEAR.fullmatch(key)),
        "4": key.isdigit() and len(key) == 4 and int(key[:2]) < 24 and int(key[2:]) < 60,
        "N": key.isdigit() and len(key) < 3,
    }
    return next((letter for letter, fits in shapes.items() if fits), "?")
