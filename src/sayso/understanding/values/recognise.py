"""The one call: what values a text holds, and how each can be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import cache

from sayso.understanding.values import (
    clock_rules,
    contacts,
    counted_rules,
    day_rules,
    length_rules,
    period_rules,
    portion_rules,
    range_rules,
    recur_rules,
    styles,
)
from sayso.understanding.values.amounts import amounts
from sayso.understanding.values.chart import Edge, Rule, compile_rules, parse
from sayso.understanding.values.lexical import edges
from sayso.understanding.values.lexicon import Lexicon, base, load
from sayso.understanding.values.model import KINDS, Conventions, Reading, Value
from sayso.understanding.values.numbers import find
from sayso.understanding.values.numerals import Number, canonical
from sayso.understanding.values.opinions import TIMES, Asked, Opinion, left_over, seconded
from sayso.understanding.values.resolve import Resolved, resolve, rule, seconds
from sayso.understanding.values.terms import Context, Recurring, Span, Time
from sayso.understanding.values.text import MAX_CHARS, Token, fold, tokens

VALUED = frozenset(
    ("weekday", "weekdays", "month", "grain", "part", "inpart", "noon", "days", "now_part", "season_name", "feast",
     "weekday_part", "day_part", "int", "hh", "ord", "ord_d", "dom", "domd", "nr", "num", "year", "clock", "hour",
     "noontime", "ac", "dial", "spoken", "time", "dur", "set", "hours", "loose", "date", "dated", "dm", "md", "anno",
     "zone",
     "quarter_nr", "decade_nr", "one", "first", "soft_part", "hour_name", "plain", "tx", "dot_date", "adverb",
     "half_nr", "parts", "int_alone")
)  # fmt: skip


@cache
def _rules() -> dict[str, tuple[Rule, ...]]:
    files = (
        clock_rules, day_rules, period_rules, counted_rules, length_rules, range_rules, portion_rules, recur_rules,
    )  # fmt: skip
    rows = tuple(row for rules in files for row in rules.ROWS)
    return dict(compile_rules(rows, VALUED))


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with what is read of it before any grammar."""

    raw: str
    folded: str
    tokens: Sequence[Token]
    numbers: dict[int, list[Number]]
    lexicon: Lexicon


def recognise(
    text: str,
    now: datetime,
    zone: tzinfo,
    locale: str,
    future_only: bool = False,
    kinds: Collection[str] = KINDS,
    conventions: Conventions | None = None,
    asked: bool = False,
    opinions: Sequence[Opinion] = (),
) -> tuple[Value, ...]:
    """The values of `kinds` in `text`, in order; those of different kinds may share characters.

    `now` is aware; times are read in `zone`, and "Tuesday" is the next one. `locale`: a BCP-47 tag, whose language is
    that of the words (English unless Dutch). `future_only`: a time that has passed is none. `asked`: a time was asked
    for, so that a bare number is one. `opinions`: libraries that are asked where words of a time are left over."""
    options = conventions or Conventions(month_first=locale.replace("_", "-").lower() == "en-us")
    read = _read(text, base(locale))
    lexicon = read.lexicon
    found: list[Value] = []
    if TIMES.intersection(kinds):
        local = now.astimezone(zone)
        offset = int(local.utcoffset().total_seconds() // 60) if local.utcoffset() else 0  # type: ignore[union-attr]
        context = Context(local.replace(tzinfo=None), lexicon.language, options, offset, zone)
        times = list(_times(read, context, zone, future_only, asked))
        if opinions:
            times = _seconded(read, Asked(text[:MAX_CHARS], local, lexicon.language, options), times, opinions)
        found.extend(v for v in times if v.kind in kinds)
    found.extend(_others(read, locale, kinds))
    relative = list(_relative(read)) if "ordinal" in kinds else []
    taken = [(v.start, v.end) for v in relative]
    found.extend(v for v in _numbers(read, kinds) if not any(s <= v.start < e for s, e in taken))
    found.extend(relative)
    return tuple(sorted(found, key=lambda v: (v.start, -v.end)))


def first_number(text: str, locale: str) -> str:
    """How many the first number of a text says, a decimal; "" where there is none."""
    return next((v.best.value for v in _numbers(_read(text, base(locale)), ("number", "quantity"))), "")


def tells_sum(text: str, locale: str) -> bool:
    """Whether an amount of money is said."""
    read = _read(text, base(locale))
    return any(found[0] == "money" for found in amounts(read.tokens, read.numbers, read.lexicon))


def _read(text: str, language: str) -> _Text:
    lexicon, folded = load(language), fold(text)
    toks = tokens(folded)
    return _Text(text, folded, toks, find(toks, folded, lexicon.numerals), lexicon)


def _times(read: _Text, context: Context, zone: tzinfo, future_only: bool, asked: bool) -> Iterator[Value]:
    lexical = edges(read.tokens, read.folded, read.numbers, read.lexicon, context)
    chart = parse(lexical, _rules(), context)
    candidates = [e for at in chart for s in ("time", "dur", "set") for e in at.get(s, ())]
    if asked:
        candidates += [e for at in chart for e in at.get("ac", ())]
    blocked = [e for at in chart for e in at.get("not_time", ())]
    taken = [False] * (len(read.tokens) + 1)
    for edge in sorted((*candidates, *blocked), key=lambda e: (e.start - e.end, -e.score, e.start, _order(e))):
        if any(taken[edge.start : edge.end]) or (_weak(edge, read) and not asked):
            continue
        value = _value(edge, read, context, zone, future_only)
        if value or edge.symbol == "not_time":
            taken[edge.start : edge.end] = [True] * (edge.end - edge.start)
        if value:
            yield value


def _seconded(read: _Text, asked: Asked, found: list[Value], opinions: Sequence[Opinion]) -> list[Value]:
    return seconded(asked, read.tokens, found, opinions) if left_over(asked, read.tokens, found) else found


def _order(edge: Edge) -> int:
    return ("set", "time", "dur", "ac", "not_time").index(edge.symbol)


def _weak(edge: Edge, read: _Text) -> bool:
    """Whether an edge is a word that mostly means something else."""
    key = read.tokens[edge.start].key
    if edge.end != edge.start + 1 or key not in read.lexicon.weak:
        return False
    return len(read.tokens) > 1 or key not in read.lexicon.alone


def _value(edge: Edge, read: _Text, context: Context, zone: tzinfo, future_only: bool) -> Value | None:
    start, end = read.tokens[edge.start].start, read.tokens[edge.end - 1].end
    made: Resolved | None = None
    if isinstance(edge.value, Time):
        made = resolve(context, edge.value, zone, future_only)
    elif isinstance(edge.value, Span):
        made = Resolved("duration", False, (seconds(edge.value),))
    elif isinstance(edge.value, Recurring):
        made = Resolved("recurring", False, (rule(edge.value),))
    if made is None:
        return None
    return Value(made.kind, start, end, read.raw[start:end], made.readings, made.dayless)


def _numbers(read: _Text, kinds: Collection[str]) -> Iterator[Value]:
    """Numbers and ordinals, the longest at each place."""
    stop = 0
    for i in sorted(read.numbers):
        if i < stop:
            continue
        first = read.numbers[i][0]
        if (
            _part_of_word(first, read)
            or ("ordinal" not in kinds and all(n.ordinal for n in read.numbers[i] if n.end == first.end))
            or ("number" not in kinds and first.form == "fraction" and first.value < Decimal("0.02"))
        ):
            stop = read.numbers[i][0].end
            continue
        for number in read.numbers[i]:
            kind = "ordinal" if number.ordinal else "quantity" if number.vague else "number"
            if kind in kinds and not _pronoun(number, read):
                stop = number.end
                yield _number(number, kind, read)
                break


def _others(read: _Text, locale: str, kinds: Collection[str]) -> Iterator[Value]:
    """Amounts, contacts, colours and sizes."""
    country = locale.replace("_", "-").partition("-")[2].upper()[:2] or _COUNTRY[read.lexicon.language]
    if {"money", "percentage"}.intersection(kinds):
        yield from (_placed(read, *f) for f in amounts(read.tokens, read.numbers, read.lexicon) if f[0] in kinds)
    if "colour" in kinds:
        yield from (_placed(read, *f) for f in styles.colours(read.tokens, read.folded, styles.load(locale)))
    if "size" in kinds:
        yield from (_placed(read, *f) for f in styles.sizes(read.tokens, read.numbers, styles.load(locale)))
    text = read.raw[:MAX_CHARS]
    for kind, start, end, value, unit in (
        *(contacts.emails(text) if "email" in kinds else ()),
        *(contacts.coded(text, country) if "postcode" in kinds else ()),
        *(contacts.phones(text, country) if "phone" in kinds else ()),
    ):
        yield Value(kind, start, end, text[start:end], (Reading(value, unit=unit),))


_COUNTRY = {"nl": "NL", "en": "US"}


def _placed(read: _Text, kind: str, first: int, stop: int, reading: Reading) -> Value:
    start, end = read.tokens[first].start, read.tokens[stop - 1].end
    return Value(kind, start, end, read.raw[start:end], (reading,))


def _pronoun(number: Number, read: _Text) -> bool:
    """The "one" of "which one"; the article of Dutch."""
    toks, articles = read.tokens, read.lexicon.numerals.articles
    if number.end != number.start + 1 or number.value != 1 or number.digits or number.ordinal:
        return False
    raw = read.raw[toks[number.start].start : toks[number.start].end].lower()
    return raw in articles or (number.start > 0 and toks[number.start - 1].key in read.lexicon.pronouns)


def _relative(read: _Text) -> Iterator[Value]:
    """Places counted from the current one or the end: "the next one", "op een na laatste"."""
    keys, at = [t.key for t in read.tokens], 0
    sizes = sorted({len(p) for p in read.lexicon.relative}, reverse=True)
    while at < len(keys):
        size = next((n for n in sizes if at + n <= len(keys) and tuple(keys[at : at + n]) in read.lexicon.relative), 0)
        if size:
            start, end = read.tokens[at].start, read.tokens[at + size - 1].end
            place = Reading(read.lexicon.relative[tuple(keys[at : at + size])])
            yield Value("ordinal", start, end, read.raw[start:end], (place,))
        at += size or 1


def _part_of_word(number: Number, read: _Text) -> bool:
    """ "180ml", "A4", "W00"."""
    toks, first, last = read.tokens, number.start, number.end - 1
    before = first > 0 and toks[first].glued and toks[first - 1].key[0].isalnum()
    after = last + 1 < len(toks) and toks[last + 1].glued and toks[last + 1].key[0].isalpha()
    return before or after


def _number(number: Number, kind: str, read: _Text) -> Value:
    start, end = read.tokens[number.start].start, read.tokens[number.end - 1].end
    return Value(kind, start, end, read.raw[start:end], (Reading(canonical(number.value)),))
