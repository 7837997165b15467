"""Where an utterance may hold a value of a slot: every reading of its days, clocks, numbers of people and names.

Spots overlap, for words can mean several things ("8" is an hour or a party); `spotter.py` chooses between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sayso.understanding.packs import Pack
from sayso.understanding.phrasing import Vocabulary, joined
from sayso.understanding.slots import timespans
from sayso.understanding.slots.parties import read_parties
from sayso.understanding.slots.persons import Ordinary, find_names
from sayso.understanding.words import Token

TYPES: Mapping[str, tuple[str, ...]] = {
    "day": ("date",),
    "short": ("date",),
    "nth": ("date",),
    "ordinal": ("date",),
    "ahead": ("date",),
    "span": ("date", "time"),
    "now": ("date", "time"),
    "clock": ("time",),
    "oclock": ("time",),
    "bare": ("time",),
    "parted": ("time",),
    "clocks": ("time",),
    "digits": ("time",),
    "number": ("time",),
    "party": ("party",),
    "first": ("first_name",),
    "last": ("last_name",),
    "word": ("first_name", "last_name", "person"),
    "person": ("person",),
}
"""The kinds of spots and the types of slots that each can fill."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A possible value in tokens `start` to `end` (not included), of one of the kinds of `TYPES`; `facts` are what its
    reader knows of it ("led", "sure"), `count` how many people a party is."""

    kind: str
    start: int
    end: int
    facts: tuple[str, ...] = ()
    count: int = 0

    def over(self, other: Spot) -> bool:
        """Whether the two share words."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Readers:
    """What finds the spots of a language, compiled: its words of time, of parties and of names, and its numbers."""

    timely: Vocabulary
    parties: Vocabulary
    persons: Vocabulary
    numbers: Mapping[str, int]
    classes: Mapping[str, tuple[str, ...]]
    """Word -> the classes it is of: what tells of the words around a spot, and which words are ordinary."""

    def ordinary(self, token: Token) -> int:
        """How ordinary a word is (persons.py)."""
        classes = self.classes.get(token.key, ())
        return 2 if any(not c.startswith(_LOOSE) for c in classes) else 1 if classes else 0


_LOOSE = ("common", "cal_", "says", "n_")
"""Classes of words that are names, too."""


def compile_readers(packs: Sequence[Pack], language: str) -> Readers:
    """The readers for utterances in `language`, whose words come before those of the other languages."""
    own = [p for p in packs if p.language == language]
    rest = [p for p in packs if p.language != language]
    return Readers(
        {**timespans.vocabulary(rest), **timespans.vocabulary(own)},
        joined([p.parties for p in packs]) if not own else {**joined([p.parties for p in rest]), **own[0].parties},
        joined([p.persons for p in packs]) if not own else {**joined([p.persons for p in rest]), **own[0].persons},
        {word: n for pack in (*rest, *own) for word, n in pack.numbers.items()},
        _classes((*rest, *own)),
    )


def _classes(packs: Sequence[Pack]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for word, name in (each for pack in packs for each in _classed(pack)):
        if " " not in word:
            found.setdefault(word, {})[name] = None
    return {word: tuple(sorted(names)) for word, names in found.items()}


def _classed(pack: Pack) -> Iterator[tuple[str, str]]:
    yield from ((word, f"r_{role}") for word, roles in pack.roles.items() for role in roles)
    yield from ((p, f"t_{name}") for name, phrases in pack.times.items() for p in phrases)
    yield from ((p, f"cal_{name}") for name, each in pack.calendar.items() for phrases in each for p in phrases)
    yield from ((word, "num") for word in pack.numbers)
    yield from ((word, "ord") for word in pack.ordinals)
    yield from ((word, "common") for word in pack.common)
    yield from ((word, "says") for word in pack.says)
    yield from ((p, f"p_{name}") for p, names in pack.parties.items() for name in names)
    yield from ((p, f"n_{name}") for p, names in pack.persons.items() for name in names)


def traits(token: Token, readers: Readers) -> tuple[str, ...]:
    """What is known of one word: itself, how it is written, its classes."""
    key, shape = token.key, token.text
    for pattern, sign in _SHAPES:
        shape = pattern.sub(sign, shape)
    found = (f"w={key or token.text}", f"s={shape}")
    if not key:
        return (*found, "mark")
    classes = readers.classes.get(key, ())
    unknown = ("unknown",) if not classes and key.isalpha() else ()
    small = ("hour",) if key.isdigit() and int(key[:6]) <= 12 else ()
    return (*found, *classes, *unknown, *small)


_SHAPES = ((re.compile("[1-9]"), "d"), (re.compile("[A-Z]+"), "X"), (re.compile("[^\\W\\dA-Zdx_]+|x+"), "x"))


def find_spots(toks: Sequence[Token], readers: Readers, ordinary: Ordinary, asked: bool = False) -> tuple[Spot, ...]:
    """All spots of an utterance, in its order. `ordinary` tells which words are no names; `asked`: a name was asked
    for, so that it needs no words before it."""
    found = (*_timely(toks, readers), *_parties(toks, readers), *_persons(toks, readers, ordinary, asked))
    return tuple(sorted(found, key=lambda s: (s.start, -s.end, s.kind)))


def _timely(toks: Sequence[Token], readers: Readers) -> Iterator[Spot]:
    return (Spot(t.kind, t.start, t.end) for t in timespans.find(toks, readers.timely))


def _parties(toks: Sequence[Token], readers: Readers) -> Iterator[Spot]:
    for party in read_parties(toks, readers.parties, readers.numbers):
        fact = "own" if party.own else "sure" if party.sure else "bare"
        yield Spot("party", party.start, party.end, (fact, "led") if party.led else (fact,), party.count)


def _persons(toks: Sequence[Token], readers: Readers, ordinary: Ordinary, asked: bool) -> Iterator[Spot]:
    for name in find_names(toks, readers.persons, ordinary, asked):
        capital = ("capital",) if toks[name.start].text[:1].isupper() else ()
        led = ("led",) if name.led else ("hinted",) if name.hinted else ()
        facts = (*capital, *led, *((name.part,) if name.part else ()))
        if name.end - name.start > 1:
            yield Spot("person", name.start, name.end, facts)
        if name.start < name.last:
            yield Spot("first", name.start, name.last, facts)
            yield Spot("last", name.last, name.end, facts)
        elif name.end - name.start == 1:
            yield Spot("word", name.start, name.end, facts)
        else:
            yield Spot("last", name.start, name.end, facts)
