"""Names of people: "my name is Anna de Vries", "under Smith", "surname O'Neill", "S-M-I-T-H", or an answer alone.

A name is a run of words that could be one: unknown words, words with a capital where a name is announced, particles
between them. What leads up to it ("surname is", "Mr") says which part of a name it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sayso.understanding.phrasing import Unit, Vocabulary, units
from sayso.understanding.words import Token

LONGEST = 5
"""The longest name in words."""


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody's name in tokens `start` to `end` (not included); `last` is where the last name begins, -1 when it is
    not known which part of the name this is. `led`: words before it announce a name, `hinted`: they may; `part`:
    "first" or "last" when those words say so, "family" when they make the last name likely."""

    start: int
    end: int
    last: int = -1
    led: bool = False
    hinted: bool = False
    part: str = ""


Ordinary = Callable[[Token], int]
"""How ordinary a word is: 0 for an unknown one, 1 for a common word ("june", "rose"), 2 for a small word, a number, or
what names something else."""


def find_names(toks: Sequence[Token], words: Vocabulary, ordinary: Ordinary, asked: bool) -> tuple[Name, ...]:
    """The runs of words in `toks` that can be names. `words`: how names are announced; `asked`: a name was asked for,
    so that any word with a capital can be one."""
    phrases = units(toks, words)
    found: list[Name] = []
    i = 0
    while i < len(phrases):
        name = _name(toks, phrases, i, ordinary, asked)
        found.extend((name,) if name else ())
        i = next((n for n, u in enumerate(phrases) if u.start >= name.end), len(phrases)) if name else i + 1
    return tuple(found)


def _name(toks: Sequence[Token], phrases: Sequence[Unit], i: int, ordinary: Ordinary, asked: bool) -> Name | None:
    before = phrases[i - 1] if i else Unit(0, 0)
    led = before.of("called", "first", "last", "titles")
    hinted = before.of("maybe")
    end = _run(toks, phrases, i, _expecting(led, hinted or asked), ordinary)
    if end is None:
        return None
    start, stop = phrases[i].start, phrases[end - 1].end
    part = next((p for c, p in _PARTS.items() if before.of(c)), "")
    return Name(start, stop, _surname(phrases, i, end, part), led, hinted and not led, part)


_PARTS = {"first": "first", "last": "last", "titles": "last", "family": "family"}
"""Classes of words before a name -> the part of it that follows; "family": the last name, if it is one word."""


def _expecting(led: bool, hinted: bool) -> int:
    """How much a name is expected: 2 where it is announced, 1 where there may be one, else 0."""
    return 2 if led else 1 if hinted else 0


def _run(toks: Sequence[Token], phrases: Sequence[Unit], i: int, expected: int, ordinary: Ordinary) -> int | None:
    """Where the words of a name end that begin with the unit `i`; it neither begins nor ends with a small word, and its
    words are written alike, with capitals or without."""
    at, end = i, None
    begin = next((u for u in phrases[i : i + 4] if not u.of("particles")), phrases[i])
    upper = toks[begin.start].text[:1].isupper()
    while at < len(phrases) and at - i < LONGEST + 2:
        unit, token = phrases[at], toks[phrases[at].start]
        if unit.of("particles") and (at > i or expected):
            at += 1
        elif token.text[:1].isupper() is upper and not unit.of(*_CUES) and _proper(token, expected, ordinary(token)):
            at += 1
            end = at
        else:
            break
    return end


_CUES = ("titles", "called", "maybe", "first", "last")


def _proper(token: Token, expected: int, ordinary: int) -> bool:
    """Whether a word can be part of a name: the more ordinary it is, the more must speak for it."""
    if not token.key.isalpha() or token.key == "i":
        return False
    shouted = token.text.isupper() and len(token.text) > 3
    capital = token.text[:1].isupper() and not shouted
    return ordinary == 0 or (capital and expected > 0) or (ordinary == 1 and expected == 2)


def _surname(phrases: Sequence[Unit], i: int, end: int, part: str) -> int:
    """Where the last name begins: with the second word, or with the particles before it."""
    if part == "last" or phrases[i].of("particles"):
        return phrases[i].start
    return phrases[i + 1].start if end - i > 1 else -1


def spelled(toks: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
    """Words that are spelled out, three letters or more, "S-M-I-T-H" or "s m i t h": where, and the word."""
    i = 0
    while i < len(toks):
        stop = i
        letters: list[str] = []
        while stop < len(toks) and ((len(toks[stop].key) == 1 and toks[stop].key.isalpha()) or toks[stop].text in "-."):
            letters.extend(toks[stop].key)
            stop += 1
        if len(letters) >= 3:
            yield i, stop, "".join(letters).title()
        i = max(stop, i + 1)
