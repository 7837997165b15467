"""The first edges over a text: its words of time, its numbers, and dates and clocks written in digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from sayso.understanding.values.chart import Edge
from sayso.understanding.values.clock_rules import clock
from sayso.understanding.values.day_rules import days
from sayso.understanding.values.lexicon import Lexicon
from sayso.understanding.values.model import Conventions
from sayso.understanding.values.nodes import Calendar
from sayso.understanding.values.numerals import Number
from sayso.understanding.values.terms import Context, Time, at_clock
from sayso.understanding.values.text import Token

_END = r"(?![\d]|[-/.:]\d)"
_CLOCK = re.compile(r"(\d{1,2})\s?(:|h|u)\s?(\d{2})(?:(?::|\.)(\d{2}))?(?!\d|[.,:]\d)")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{2})(?::(\d{2}))?(?!\d|[.,:]\d|\s?(?:%|percent|procent))")
_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d)(?::(\d\d))?(?!\d|[.:]\d)")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _END)
_DATE = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?![\d]|[/.]\d)")
_SHORT = re.compile(r"(\d{1,2})(-|\s?/\s?)(\d{1,2})(?!\d|[/.:]\d)(?!-\d{1,4}(?![\d/]))")
_DOT_DATE = re.compile(r"(\d{1,2})(\.)(\d{1,2})(?!\d|[.,:]\d)")
_YEAR_MONTH = re.compile(r"(\d{4})(\s?[-/]\s?)(\d{1,2})" + _END)
_MONTH_YEAR = re.compile(r"(\d{1,2})([-/])(\d{4})" + _END)
_HALF = re.compile(r"h([12])(?!\w)")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_QUARTER = re.compile(r"[qk]([1-4])(?!\w)")
_DECADE = re.compile(r"(\d{1,3}0)\s?'?s(?!\w)")
_ZONES: Mapping[str, int] = {
    "gmt": 0, "utc": 0, "wet": 0, "bst": 60, "cet": 60, "cest": 120, "eet": 120, "est": -300, "edt": -240,
    "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "ist": 330, "jst": 540,
    "acdt": 630, "acst": 570, "adt": -180, "aedt": 660, "aest": 600, "akdt": -480, "akst": -540, "ast": -240,
    "awst": 480, "brt": -180, "eest": 180, "gst": 240, "hkt": 480, "hst": -600, "idt": 180, "irst": 210, "kst": 540,
    "msk": 180, "ndt": -150, "nst": -210, "nzdt": 780, "nzst": 720, "pkt": 300, "sast": 120, "sgt": 480, "west": 60,
    "wib": 420,
}  # fmt: skip

Reader = Callable[[re.Match[str], Context], tuple[str, object] | None]


def valid(year: int, month: int, day: int) -> bool:
    """Whether there is such a day; in some year when `year` is 0."""
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def _digits(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    hour, minute, second = int(hit.group(1)), int(hit.group(3)), int(hit.group(4) or 0)
    return _clock(hour, minute, second, len(hit.group(1)) == 2 and hit.group(1)[0] == "0", context)


def _clock(hour: int, minute: int, second: int, padded: bool, context: Context) -> tuple[str, object] | None:
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and minute):
        return None
    dial = 0 < hour < 13 and not (padded and not context.conventions.halves)
    return "clock", clock(hour * 60 + minute, dial, "second" if second else "minute", second)


def _dotted(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    made = _clock(int(hit.group(1)), int(hit.group(2)), int(hit.group(3) or 0), False, context)
    if made is None:
        return None
    return ("clock" if context.language == "nl" else "hh"), made[1]


def _dot_date(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    """ "5.12" is a date only where something says so."""
    made = _short(hit, context)
    return ("dot_date", made[1]) if made else None


def _iso(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    return _day(int(hit.group(1)), int(hit.group(3)), int(hit.group(4)))


def _stamp(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    """ "2026-03-12T10:20"."""
    year, month, day, hour, minute, second = (int(g or 0) for g in hit.groups())
    read = _clock(hour, minute, second, True, replace(context, conventions=Conventions()))
    made = _day(year, month, day)
    if made is None or read is None or not isinstance(read[1], Time) or not isinstance(made[1], Time):
        return None
    both = at_clock(context, made[1], read[1])
    return ("date", both) if both else None


def _day(year: int, month: int, day: int) -> tuple[str, object] | None:
    fits = valid(year, month, day) and (year == 0 or 1000 <= year < 3000)
    return ("date", days(Calendar(year, month, day))) if fits else None


def _written(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    year = full_year(hit.group(4), context)
    first, second = int(hit.group(1)), int(hit.group(3))
    pairs = [(first, second), (second, first)]
    for month, day in pairs if _month_first(hit.group(2), context) else reversed(pairs):
        if valid(year, month, day):
            return _day(year, month, day)
    return None


def _month_first(mark: str, context: Context) -> bool:
    return context.conventions.month_first and not (mark == "." and context.conventions.dots_day_first)


def full_year(digits: str, context: Context) -> int:
    """Two digits are a year of this century, or of the last when that would be more than twenty years ahead."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return 2000 + year if year <= context.now.year % 100 + 20 else 1900 + year


def _short(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    if hit.group(2) == "-" and context.language == "en":
        return None
    first, second = int(hit.group(1)), int(hit.group(3))
    pairs = [(first, second), (second, first)]
    for month, day in pairs if context.conventions.month_first else reversed(pairs):
        if valid(0, month, day):
            return _day(0, month, day)
    return None


def _year_month(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    year, month = int(hit.group(1)), int(hit.group(3))
    fits = 1000 < year < 3000 and 0 < month < 13
    return ("date", Time(Calendar(year, month), "month", "month")) if fits else None


def _month_year(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    month, year = int(hit.group(1)), int(hit.group(3))
    fits = 1500 < year < 2200 and 0 < month < 13
    return ("date", Time(Calendar(year, month), "month", "month")) if fits else None


def _packed(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    year, month, day = map(int, hit.groups())
    return _day(year, month, day) if 1900 <= year < 2100 else None


def _quarter(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    return "quarter_nr", int(hit.group(1))


def _decade(hit: re.Match[str], context: Context) -> tuple[str, object] | None:
    return "decade_nr", int(hit.group(1))


_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_CLOCK, _digits), (_DOTTED, _dotted), (_STAMP, _stamp), (_ISO, _iso), (_DATE, _written), (_SHORT, _short),
    (_DOT_DATE, _dot_date), (_YEAR_MONTH, _year_month), (_MONTH_YEAR, _month_year), (_PACKED, _packed),
    (_DECADE, _decade),
)  # fmt: skip


@cache
def _named(months: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    return (
        re.compile(rf"(\d{{1,2}})\s?[-/. ]\s?({names})\.?\s?[-/. ]\s?(\d{{4}}|\d{{2}})(?!\d|[:.]\d)"),
        re.compile(rf"(\d{{4}})[-/]({names})[-/](\d{{1,2}})(?!\d)"),
        re.compile(rf"({names})\.?\s?[-/]\s?(\d{{4}})(?!\d)"),
    )


def _with_month(text: str, at: int, lexicon: Lexicon, context: Context) -> Iterator[tuple[int, str, object]]:
    """ "31-Oct-74", "2020/Sep/23", "Dec/2018"."""
    months = lexicon.months
    day_first, year_first, month_first = _named(tuple(months))
    if hit := day_first.match(text, at):
        made = _day(full_year(hit.group(3), context), months[hit.group(2)], int(hit.group(1)))
        if made and (len(hit.group(3)) == 4 or " " not in hit.group() or int(hit.group(3)) > 31):
            yield hit.end(), *made
    if hit := year_first.match(text, at):
        made = _day(int(hit.group(1)), months[hit.group(2)], int(hit.group(3)))
        if made:
            yield hit.end(), *made
    if hit := month_first.match(text, at):
        yield hit.end(), "date", Time(Calendar(int(hit.group(2)), months[hit.group(1)]), "month", "month")


def edges(
    toks: Sequence[Token], text: str, numbers: Mapping[int, Sequence[Number]], lexicon: Lexicon, context: Context
) -> list[list[Edge]]:
    """The edges of words, numbers and digits that begin at each token."""
    ends = {t.end: n + 1 for n, t in enumerate(toks)}
    found: list[list[Edge]] = []
    for i, token in enumerate(toks):
        here = [*_phrases(toks, i, lexicon), *_numbers(i, numbers, toks, lexicon)]
        if token.key[0].isdigit() and not _inside(toks, i):
            here += _regexes(text, token, i, ends, lexicon, context)
        elif len(token.key) > 2 or token.key in "qhk":
            here += _lettered(text, token, i, ends, lexicon, context)
        found.append(here)
    return found


def _inside(toks: Sequence[Token], i: int) -> bool:
    """Whether digits go on from other digits: "2.15" in "12.2.15"."""
    if i < 2 or not toks[i].glued or not toks[i - 1].glued:
        return False
    return toks[i - 1].key in ".,:/" and toks[i - 2].key.isdigit()


def _phrases(toks: Sequence[Token], i: int, lexicon: Lexicon) -> Iterator[Edge]:
    key, after = toks[i].key, toks[i + 1].key if i + 1 < len(toks) else ""
    for phrase, symbol, value in lexicon.phrases.get(key, ()):
        size = len(phrase)
        if size == 1 or (phrase[1] == after and tuple(t.key for t in toks[i : i + size]) == phrase):
            yield Edge(symbol, i, i + size, value, 0.25 * (size - 1))
            if size == 1 and after == "." and key in lexicon.shortened and toks[i + 1].glued and i + 2 < len(toks):
                yield Edge(symbol, i, i + 2, value, 0.1)
    if key in _ZONES:
        yield Edge("zone", i, i + 1, _ZONES[key])
    if key in ("-", "/", "(", ")"):
        yield Edge(key, i, i + 1, None)
    if key == "'" and i and toks[i].glued and toks[i - 1].key.isdigit() and not after.isalpha():
        yield Edge("tick", i, i + 1, None)
    if key in ("a", "p") and i and toks[i].glued and toks[i - 1].key.isdigit():
        yield Edge("am" if key == "a" else "pm", i, i + 1, None)


def _numbers(
    i: int, numbers: Mapping[int, Sequence[Number]], toks: Sequence[Token], lexicon: Lexicon
) -> Iterator[Edge]:
    for number in numbers.get(i, ()):
        if number.end == i + 1 and toks[i].key in lexicon.numerals.articles:
            yield Edge("one", i, i + 1, 1)
            continue
        if (number.digits and _pointed(toks, number)) or _of_money(toks, number, lexicon):
            continue
        whole = number.form == "int" and not number.vague and 0 <= number.value < 10_000
        if number.ordinal and number.value < 5000:
            yield Edge("ord", i, number.end, int(number.value))
            if number.digits:
                yield Edge("ord_d", i, number.end, int(number.value))
        elif whole and number.value == int(number.value) and _no_marks(number, toks):
            yield from _whole(i, number, toks)
        elif (not number.ordinal and not number.digits) or number.form in ("decimal", "fraction"):
            yield Edge("num", i, number.end, number.value)


def _pointed(toks: Sequence[Token], number: Number) -> bool:
    """Whether digits go on before or after a mark: the 8 of "8.00", the 1 of "37.1"."""
    end = number.end
    after = end + 1 < len(toks) and toks[end].glued and toks[end].key in ".,:" and toks[end + 1].glued
    return (after and toks[end + 1].key[0].isdigit()) or _inside(toks, number.start)


def _of_money(toks: Sequence[Token], number: Number, lexicon: Lexicon) -> bool:
    """Whether a number is an amount or a percentage."""
    after = toks[number.end].key if number.end < len(toks) else ""
    before = toks[number.start - 1].key if number.start else ""
    tables = (lexicon.currencies, lexicon.cents, lexicon.percent)
    said = any((after,) in table for table in tables) and len(after) != 1
    return said or after in _MARKS or (before,) in lexicon.currencies


_MARKS = ("%", "€", "$", "£", "¥")


def _no_marks(number: Number, toks: Sequence[Token]) -> bool:
    return not number.digits or number.end == number.start + 1


def _whole(i: int, number: Number, toks: Sequence[Token]) -> Iterator[Edge]:
    value, key = int(number.value), toks[i].key
    yield Edge("int", i, number.end, value)
    if i == 1 and number.end == len(toks):
        yield Edge("int_alone", i, number.end, value)
    if number.digits and len(key) in (3, 4):
        hour, minute = divmod(value, 100)
        if hour < 24 and minute < 60 and not (len(key) == 3 and key[0] == "0"):
            yield Edge("hh", i, number.end, clock(hour * 60 + minute, 0 < hour < 13 and key[0] != "0"))
    if 1500 <= value < 2200 and (not number.digits or (len(key) == 4 and _alone(toks, i))):
        yield Edge("year", i, number.end, value)


def _alone(toks: Sequence[Token], i: int) -> bool:
    """Whether four digits stand apart from letters and shorter digits: no part of a telephone number or a code."""
    before = toks[i].glued and i > 0 and _attached(toks, i - 1, i - 2)
    after = i + 1 < len(toks) and toks[i + 1].glued and _attached(toks, i + 1, i + 2)
    return not (before or after)


def _attached(toks: Sequence[Token], mark: int, beyond: int) -> bool:
    if toks[mark].key == "q" and beyond < len(toks) and toks[beyond].key in ("1", "2", "3", "4"):
        return False
    if toks[mark].key.isalnum() or toks[mark].key == "_":
        return True
    if toks[mark].key not in "-./:,@" or not 0 <= beyond < len(toks):
        return False
    joined = toks[max(mark, beyond)].glued
    return joined and toks[beyond].key.isdigit() and len(toks[beyond].key) != 4


def _regexes(
    text: str, token: Token, i: int, ends: Mapping[int, int], lexicon: Lexicon, context: Context
) -> Iterator[Edge]:
    for pattern, reader in _READERS:
        hit = pattern.match(text, token.start)
        made = reader(hit, context) if hit else None
        if hit and made and made[1] is not None and hit.end() in ends:
            yield Edge(made[0], i, ends[hit.end()], made[1], 0.1)
    yield from _lettered(text, token, i, ends, lexicon, context)


def _lettered(
    text: str, token: Token, i: int, ends: Mapping[int, int], lexicon: Lexicon, context: Context
) -> Iterator[Edge]:
    quarter = token.key == "q" or (token.key == "k" and lexicon.language == "nl")
    if quarter and (hit := _QUARTER.match(text, token.start)) and hit.end() in ends:
        yield Edge("quarter_nr", i, ends[hit.end()], int(hit.group(1)))
        return
    if token.key == "h" and (hit := _HALF.match(text, token.start)) and hit.end() in ends:
        yield Edge("half_nr", i, ends[hit.end()], int(hit.group(1)))
        return
    if not (token.key[0].isdigit() or token.key in lexicon.months):
        return
    for stop, symbol, value in _with_month(text, token.start, lexicon, context):
        if stop in ends:
            yield Edge(symbol, i, ends[stop], value, 0.2)
