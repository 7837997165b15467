"""What is denied or replaced: the Friday of "not on Friday" and of "Saturday instead of Friday" fills nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from sayso.understanding.items.heads import is_head, mark, verb
from sayso.understanding.lexicon import Sense
from sayso.understanding.packs import Pack
from sayso.understanding.phrasing import LONGEST
from sayso.understanding.spans import Reading, Span


def denied(reading: Reading, start: int) -> bool:
    """Whether the words that begin with the token `start` are what a customer does not want, over the small words
    between. A "no" that takes back what was said before ("no, Friday") denies nothing."""
    for span in reversed([s for s in reading.spans if s.end <= start]):
        if span.role("instead_of") or (span.role("negation") and not span.role("correcting")):
            return True
        if span.role("but"):  # "any day but Monday"
            return any(s.role("every") for s in reading.spans if s.end <= span.start)
        if not span.role("small"):
            return False
    return False


def kindly(reading: Reading, start: int, packs: Sequence[Pack]) -> bool:
    """Whether a "not" before the token `start` only makes a question kinder: "can't it be later", "kan het niet om elf
    uur", a verb that asks and its subject right before it."""
    words = [t.key for t in reading.tokens[:start] if t.key]
    for n in range(len(words) - 1, 1, -1):
        for pack in packs:
            subjects = pack.asking.get("subjects", frozenset())
            if words[n] in ("not", "niet") and words[n - 1] in subjects and words[n - 2] in pack.may:
                return True
    return False


def unsuited(reading: Reading, start: int, end: int, packs: Sequence[Pack]) -> bool:
    """Whether it is said that the time in those tokens does not suit: "I can't do Friday", "vrijdag kan ik niet"."""
    after = [t.key for t in takewhile(lambda t: t.key, reading.tokens[end : end + LONGEST])]
    before = [t.key for t in takewhile(lambda t: t.key, reversed(reading.tokens[max(0, start - LONGEST) : start]))]
    before.reverse()
    said = {(" ".join(before[-n:]), "before") for n in range(1, len(before) + 1)}
    said |= {(" ".join(after[:n]), "after") for n in range(1, len(after) + 1)}
    return any(side in pack.unable.get(phrase, ()) for phrase, side in said for pack in packs)


def declined(reading: Reading, spans: Sequence[Span]) -> tuple[Span, ...]:
    """`spans` with what is refused behind a thing ("a cortado, sugar? no thanks") said before it, as a negation without
    words of its own. A "no thanks" behind nothing that could be had with something stays where it is."""
    found: list[Span] = []
    for span in spans:
        begin = _refused(reading, found) if span.role("declined") and not span.named else 0
        if not begin:
            found.append(span)
            continue
        while found[-1].key == "":
            found.pop()
        start = found[begin].start
        found.insert(begin, Span(start, start, "no", (Sense("role", "negation"),)))
    return tuple(found)


def preferred(spans: Sequence[Span]) -> tuple[Span, ...]:
    """`spans` with "than" after "rather" as what something comes instead of: "liever een croissant dan een koek"."""
    found: list[Span] = []
    for span in spans:
        after = span.role("than") and not span.named and any(s.role("preferring") for s in found)
        found.append(replace(span, senses=_INSTEAD) if after else span)
    return tuple(found)


_INSTEAD = (Sense("role", "instead_of"),)


def excepted(reading: Reading, spans: Sequence[Span]) -> tuple[Span, ...]:
    """`spans` with what stands around an exception ("op de brownie na") as a negation before it."""
    found = list(spans)
    for end, span in enumerate(spans):
        if not span.role("closing") or (end + 1 < len(spans) and not _closes(reading, spans[end + 1])):
            continue
        start = next((n for n in range(end - 1, max(-1, end - 5), -1) if spans[n].role("opening")), None)
        if start is not None and any(s.named for s in spans[start:end]):
            found[start] = replace(spans[start], senses=(Sense("role", "negation"),))
            found[end] = replace(span, senses=(Sense("role", "filler"),))
    return tuple(found)


def _closes(reading: Reading, span: Span) -> bool:
    return bool(mark(reading, span)) or (not span.named and span.role("and", "filler", "article", "remove", "stop"))


def _refused(reading: Reading, before: Sequence[Span]) -> int:
    """Where that begins which a refusal right behind `before` is about: an option, or a word of the customer's own."""
    at = len(before)
    while at and mark(reading, before[at - 1]) in (",", "?", "-"):
        at -= 1
    end = at
    while at and not _bounds(reading, before[at - 1]):
        at -= 1
    told = any(s.has("option", "group") or s.content or s.role("kind") for s in before[at:end])
    return at if told else 0


def _bounds(reading: Reading, span: Span) -> bool:
    if mark(reading, span) or is_head(span) or verb(span):
        return True
    return not span.named and span.role("and", "but", "with", "negation", "want")
