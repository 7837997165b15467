"""How many come: "for 4", "a party of six", "me, my wife and two kids", "the three of us", "met z'n vieren".

A party is members with "and" between them: a number of people, the speaker, somebody of his ("my wife"). A number by
itself is a party only where something leads up to it, or where it was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sayso.understanding.phrasing import Unit, Vocabulary, units
from sayso.understanding.words import Token

MOST = 500
"""More people than that are no party but a year, a price or a time on a dial of 24 hours."""


@dataclass(frozen=True, slots=True)
class Party:
    """How many come, in tokens `start` to `end` (not included). `sure`: it is said what is counted, so that it is a
    party whatever stands around it; `led`: words before it announce one."""

    start: int
    end: int
    count: int
    sure: bool
    led: bool = False
    own: bool = False
    """Nobody but the speaker: "for me" says mostly for whom it is done."""


@dataclass(frozen=True, slots=True)
class _Member:
    """One part of a party, units up to `stop`; `end` in tokens."""

    stop: int
    end: int
    count: int
    sure: bool
    own: bool = False
    counted: bool = False


def read_parties(toks: Sequence[Token], words: Vocabulary, numbers: Mapping[str, int]) -> tuple[Party, ...]:
    """All that can say how many come. `words`: how parties are spoken of; `numbers`: words -> what they count."""
    phrases = units(toks, words)
    found: list[Party] = []
    i = 0
    while i < len(phrases):
        party = _party(toks, phrases, i, numbers)
        found.extend((party,) if party else ())
        i = next((n for n, u in enumerate(phrases) if u.start >= party.end), len(phrases)) if party else i + 1
    return tuple(found)


def _party(toks: Sequence[Token], phrases: Sequence[Unit], i: int, numbers: Mapping[str, int]) -> Party | None:
    members: list[_Member] = []
    at = i
    while (member := _member(toks, phrases, at, numbers, bool(members))) is not None:
        if members and not _joins(members, member, toks, phrases):
            break
        members.append(member)
        at = _past_joint(toks, phrases, member.stop)
        if at == member.stop and not _counted(toks, phrases, at, numbers):
            break
    if not members:
        return None
    if len(members) == 1 and _no_party(members[0], toks, phrases):
        return None
    of_us = members[-1].stop < len(phrases) and phrases[members[-1].stop].of("ours")
    led = i > 0 and phrases[i - 1].of("led")
    sure = of_us or len(members) > 1 or members[0].sure
    count, own = sum(m.count for m in members), members[0].own and not sure
    return Party(phrases[i].start, members[-1].end, count, sure, led, own)


def _no_party(member: _Member, toks: Sequence[Token], phrases: Sequence[Unit]) -> bool:
    """Whether one member by itself is none: "I"."""
    return member.own and toks[member.end - 1].key in ("i", "ik")


def _one_of(toks: Sequence[Token], end: int) -> bool:
    """ "one of my kids": not how many come."""
    return end < len(toks) and toks[end].key in ("of", "van")


def _joins(members: Sequence[_Member], member: _Member, toks: Sequence[Token], phrases: Sequence[Unit]) -> bool:
    """Whether `member` belongs to those before it: what is not sure needs a word between them ("and I", "and 3")."""
    last, between = members[-1], toks[phrases[members[-1].stop].start].text
    return member.sure or (between != "," and (last.sure or not member.counted) and member.own != last.own)


def _past_joint(toks: Sequence[Token], phrases: Sequence[Unit], i: int) -> int:
    """Over "and", a comma, or both."""
    at = i
    while at < len(phrases) and at < i + 2 and (phrases[at].of("joint") or toks[phrases[at].start].text == ","):
        at += 1
    return at


def _counted(toks: Sequence[Token], phrases: Sequence[Unit], i: int, numbers: Mapping[str, int]) -> bool:
    """Whether a number of people follows at once: "12 people 1 child"."""
    return i < len(phrases) and bool(_number(toks, phrases[i], numbers)) and _noun(phrases, i + 1) is not None


def _number(toks: Sequence[Token], unit: Unit, numbers: Mapping[str, int]) -> int:
    """What a unit counts; 0 for what counts nothing."""
    if unit.end != unit.start + 1:
        return 0
    key = toks[unit.start].key
    if unit.end < len(toks) and toks[unit.end].key.isalpha() and toks[unit.end].start == toks[unit.start].end:
        return 0  # "10th", "7pm"
    count = int(key) if key.isdigit() and len(key) < 4 else numbers.get(key, 0)
    return count if 0 < count <= MOST and key not in ("a", "an", "een", "n") else 0


def _noun(phrases: Sequence[Unit], i: int) -> int | None:
    """The unit of the noun from `i` on, over one word or two that may stand before it."""
    found = None
    for at in range(i, min(i + 3, len(phrases))):
        if phrases[at].of("nouns", "pairs", "kin"):
            found = at
        if not phrases[at].of("middle"):
            return found
    return found


def _member(
    toks: Sequence[Token], phrases: Sequence[Unit], i: int, numbers: Mapping[str, int], follows: bool
) -> _Member | None:
    if i >= len(phrases):
        return None
    return _own(phrases, i) or _several(toks, phrases, i, numbers) or _somebody(toks, phrases, i, numbers, follows)


def _own(phrases: Sequence[Unit], i: int) -> _Member | None:
    return _Member(i + 1, phrases[i].end, 1, False, own=True) if phrases[i].of("own") else None


def _several(toks: Sequence[Token], phrases: Sequence[Unit], i: int, numbers: Mapping[str, int]) -> _Member | None:
    """ "5 people", "two other couples", "8"."""
    count = _number(toks, phrases[i], numbers)
    if not count or (count == 1 and _one_of(toks, phrases[i].end)):
        return None
    noun = _noun(phrases, i + 1)
    if noun is None:
        return _Member(i + 1, phrases[i].end, count, False, counted=True)
    return _Member(noun + 1, phrases[noun].end, count * (2 if phrases[noun].of("pairs") else 1), True)


def _somebody(
    toks: Sequence[Token], phrases: Sequence[Unit], i: int, numbers: Mapping[str, int], follows: bool
) -> _Member | None:
    """ "my wife", "the two kids", "our parents"; after others also "wife"."""
    whose = phrases[i].of("whose")
    if not (whose or follows):
        return None
    at = i + whose
    if whose and at < len(phrases) and (several := _several(toks, phrases, at, numbers)):
        return several
    while at < len(phrases) and phrases[at].of("middle"):
        at += 1
    if at >= len(phrases) or not phrases[at].of("kin", "duos", "pairs", *(("nouns",) if follows else ())):
        return None
    return _Member(at + 1, phrases[at].end, 2 if phrases[at].of("duos", "pairs") else 1, True)
