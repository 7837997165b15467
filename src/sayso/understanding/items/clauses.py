"""Spans to clauses (one verb each) and segments (one thing each): "two lattes, one with oat milk, and drop the muffin"
is an item of two lattes, a part of it (one), and, in a clause of its own, a muffin to remove."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sayso.understanding.items.heads import begins, find_heads, is_head, is_unknown, mark, verb
from sayso.understanding.spans import Reading, Span


@dataclass(frozen=True, slots=True)
class Segment:
    """One thing that is spoken of. kind: "item" (a product), "some" (`number` units of what came before), "other" (the
    other, the rest), "all" (both, each), "nth" (the first: `number`), "it", "loose" (wishes without a thing).
    `definite`: "the latte", one that is there already; `into`: what something is to become."""

    kind: str
    spans: tuple[Span, ...]
    head: Span | None = None
    number: int | None = None
    definite: bool = False
    into: bool = False
    source: bool = False
    """It is where something is taken from: "remove the milk from the latte"."""
    negated: bool = False
    replaced: bool = False
    """It is what something comes instead of."""
    share: bool = False
    """It is some of what was named before: "one of the lattes"."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch with one verb: "remove", "change", "add", or "" (wanting is the same as none)."""

    verb: str
    segments: tuple[Segment, ...]
    spans: tuple[Span, ...]

    def role(self, *roles: str) -> bool:
        return any(s.role(*roles) for s in self.spans)


def clauses(reading: Reading, spans: Sequence[Span]) -> tuple[Clause, ...]:
    """The clauses of an utterance."""
    return tuple(_clause(reading, part) for part in _parts(reading, spans) if part)


def _parts(reading: Reading, spans: Sequence[Span]) -> Iterator[list[Span]]:
    part: list[Span] = []
    for i, span in enumerate(spans):
        if mark(reading, span) in tuple(".!?;"):
            yield part
            part = []
            continue
        if (
            (verb(span) and _opens(reading, spans, i) and not _parting(spans, i, part))
            or _lets(reading, spans, i, part)
            or _leaves(span, part)
        ):
            keep = _lead(reading, part)
            yield part[:keep]
            part = part[keep:]
        elif verb(span) == "remove" and (comma := _trailing(reading, part)):
            yield part[:comma]
            part = part[comma:]
        part.append(span)
        if i + 1 < len(spans) and mark(reading, spans[i + 1]) == "," and _put_away(part):
            yield part
            part = []
    yield part


def _put_away(part: Sequence[Span]) -> bool:
    """A verb of taking away that ends what a verb of doing began: "doe die muffin maar weg"."""
    told = [s for s in part if s.key and not s.role("filler")]
    verbs = [s for s in told if verb(s)]
    away = len(told) > 1 and told[-1].role("remove", "lie") and not told[-1].named
    parted = away and bool(verbs) and verb(verbs[0]) == "change" and verbs[0] is not told[-1]
    return parted and not any(s.has("option") for s in told if not is_head(s))


def _parting(spans: Sequence[Span], i: int, part: Sequence[Span]) -> bool:
    """Whether a verb of leaving out ends what "laat" began: "laat de slagroom weg bij de mokka"."""
    beside = i + 1 < len(spans) and spans[i + 1].role("with", "from", "of") and not spans[i + 1].named
    begun = any(s.role("let") and not s.named for s in part) and _says_what(part)
    return verb(spans[i]) == "remove" and beside and begun


def _lets(reading: Reading, spans: Sequence[Span], i: int, part: Sequence[Span]) -> bool:
    """Whether "leave ... out", "laat ... weg" begins at `i`, with a thing before it."""
    if not spans[i].role("let") or spans[i].named or not any(is_head(s) for s in part):
        return False
    rest = spans[
        i + 1 : next((n for n in range(i + 1, len(spans)) if reading.tokens[spans[n].start].pause), len(spans))
    ]
    lies = next((n for n, s in enumerate(rest) if s.role("lie", "remove", "stay") and not s.named), 0)
    return lies > 0 and any(s.named or s.content or s.role("kind") for s in rest[:lies])


def _leaves(span: Span, part: Sequence[Span]) -> bool:
    """ "Drop the muffin but leave the latte": what comes after is a clause of its own."""
    return span.role("sparing") and not span.named and bool(part) and part[-1].role("but", "and") and _says_what(part)


def _trailing(reading: Reading, part: Sequence[Span]) -> int:
    """Where the object of a verb that comes last begins: "apple pie, the cream can go"; 0 when it has none."""
    commas = [n for n, s in enumerate(part) if mark(reading, s) == ","]
    if not commas or not any(is_head(s) for s in part[: commas[-1]]):
        return 0
    after = part[commas[-1] + 1 :]
    return commas[-1] if after and not any(s.has("product") for s in after) and _says_what(after) else 0


def _says_what(spans: Sequence[Span]) -> bool:
    return any(s.named or s.content or s.role("kind") for s in spans if s.key)


def _opens(reading: Reading, spans: Sequence[Span], i: int) -> bool:
    """Whether the verb at `i` begins a clause: something follows for it to act on ("eraf" comes last)."""
    if verb(spans[i]) == "change":
        # "the mocha should be large", "die had cafeïnevrij moeten zijn": the thing or the wish comes before the verb.
        return not (spans[i].role("copula") and any(is_head(s) or s.has("option") for s in spans[:i]))
    for span in spans[i + 1 :]:
        if mark(reading, span) or span.role("and", "but"):
            return False
        if span.named or span.number is not None or span.ordinal is not None or not span.senses:
            return True
        if span.role("article", "definite", "it", "other", "both"):
            return True
    return False


def _lead(reading: Reading, part: list[Span]) -> int:
    """How much of the part before a verb stays there: what leads up to the verb ("and can you") goes with it."""
    keep = len(part)
    while keep and _leading(reading, part[keep - 1]):
        keep -= 1
    # A separable verb: "laat de muffin ... zitten" has its object before it.
    return 0 if not any(s.named or s.number for s in part[:keep]) else keep


def _leading(reading: Reading, span: Span) -> bool:
    if span.named or span.number is not None or span.ordinal is not None:
        return False
    return bool(mark(reading, span)) or span.role("filler", "want", "stop", "and", "but")


def _clause(reading: Reading, part: list[Span]) -> Clause:
    if (spared := _spares(part)) is not None:
        word, part = spared
        return Clause(word, _shared(tuple(_segments(reading, part, word))), tuple(part)) if part else Clause("", (), ())
    word = next((verb(s) for s in part if verb(s)), "")
    first = next((s for s in part if s.key and not s.role("but", "and", "filler")), None)
    if not word and first is not None and first.role("sparing") and not any(s.role("lie") for s in part):
        word = "keep"
    if word == "change" and _put_away(part):
        word = "remove"
    if word == "change" and any(verb(s) and s.role("add") for s in part) and any(is_head(s) for s in part):
        word = "add"  # "doe er een muffin bij" adds; "doe er één met ijs" changes
    if not word and any(s.role("let") for s in part) and any(s.role("lie") for s in part):
        word = "remove"
    last = next((s for s in reversed(part) if s.key and not s.role("filler")), None)
    named = any(is_head(s) for s in part) and (word or any(s.role("definite") and not s.named for s in part))
    counted = any(s.number is not None for s in part)  # "one decaf and one not"
    refused = word in ("", "change") and last is not None and last.key in _REFUSING and named and not counted
    if refused and not any(s.role("both", "every") for s in part):
        word = "remove"  # "ik wil de croissant niet"
    segments = _shared(tuple(_segments(reading, part, word)))
    if refused and word != "remove":
        segments = (*segments[:-1], replace(segments[-1], negated=True))  # "alles groot, de latte niet"
    return Clause(word, segments, tuple(part))


def _spares(part: list[Span]) -> tuple[str, list[Span]] | None:
    """A verb of taking away that is denied, and what it is about: "don't cancel the latte", "haal de latte niet weg",
    "laat de rest staan" keep it; "don't forget the sugar" adds it."""
    said = [s for s in part if s.key]
    last = next((s for s in reversed(said) if not s.role("filler")), None)
    for n, span in enumerate(said):
        before = said[n - 1] if n else None
        if verb(span) != "remove":
            continue
        led = before is not None and before.role("negation") and not before.role("correcting", "remove")
        if led and before is not None and not before.named:
            about = [s for s in part if s is not span and s is not before]
            return ("add" if span.role("forgetting") else "keep"), about
        if last is not None and last.key in _REFUSING[:2] and last is not span and n < 2:
            about = [s for s in part if s is not span and s is not last]
            return ("add" if span.role("forgetting") else "keep"), about
    if any(s.role("let") for s in said) and last is not None and last.role("stay") and not last.role("remove"):
        return "keep", [s for s in part if s is not last and not s.role("let")]
    return None


_REFUSING = ("not", "niet", "nietmeer", "maarniet")


def _shared(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """ "One with and one without vanilla": what is said once after one of them is meant for both."""
    objects = [_object(s) for s in segments]
    found = list(segments)
    for n, segment in enumerate(segments):
        near = [k for k in (n + 1, n - 1) if 0 <= k < len(segments) and objects[k]]
        ends = n + 1 == len(segments) or segment.spans[-1].role("and", "or", "but") or not segment.spans[-1].key
        if objects[n] == () and near and ends:
            # Only the words up to the bare "with": what separates the two does not belong to either.
            kept = segment.spans[: max(i for i, s in enumerate(segment.spans) if _relates(s)) + 1]
            found[n] = replace(segment, spans=(*kept, *(objects[near[0]] or ())))
    return tuple(found)


def _relates(span: Span) -> bool:
    return span.role("with", "negation") and not span.named


def _object(segment: Segment) -> tuple[Span, ...] | None:
    """What a segment says after its last "with" or "without": nothing where it is left to be understood, None where it
    has neither."""
    places = [n for n, s in enumerate(segment.spans) if _relates(s)]
    if not places or segment.head is None or segment.spans[places[-1]].end <= segment.head.start:
        return None
    after = segment.spans[places[-1] + 1 :]
    return after if any(s.named or (s.content and s.key) for s in after) else ()


def _segments(reading: Reading, part: list[Span], word: str) -> Iterator[Segment]:
    heads = find_heads(reading, part, word)
    starts = [begins(reading, part, i, heads[n - 1] + 1 if n else 0) for n, i in enumerate(heads)]
    if not heads:
        yield Segment("loose", tuple(part))
        return
    if starts[0] and any(s.named or s.content for s in part[: starts[0]]):
        yield Segment("loose", tuple(part[: starts[0]]))
    for n, i in enumerate(heads):
        stop = starts[n + 1] if n + 1 < len(heads) else len(part)
        yield _segment(part, starts[n], i, stop)


def _segment(part: list[Span], start: int, i: int, stop: int) -> Segment:
    head, spans = part[i], tuple(part[start:stop])
    near = max(0, start - 3)
    near = next((n + 1 for n in range(start - 1, near - 1, -1) if part[n].has("product")), near)
    before = [s for s in part[near:i] if s.key]
    into = any(s.role("into") for s in before)
    source = any(s.role("from") for s in before)
    definite = any(s.role("definite", "it") and not s.role("article") for s in part[start:i])
    before_it = part[max(0, start - 1) : i]
    negated = any(s.role("negation") and not s.named and s.number is None for s in before_it)
    if is_head(head) or is_unknown(head):
        number, quantified = _quantity(part[start:i], part[i + 1 : stop])
        kind = "item" if is_head(head) else "thing"
        replaced = any(s.role("instead_of") for s in before)
        flags = (definite and not quantified, into, source, negated, replaced, _shares(part[start:i]))
        return Segment(kind, spans, head, number, *flags)
    if head.ordinal is not None:
        return Segment("nth", spans, head, head.ordinal, True, into, source)
    if head.role("another"):
        return Segment("some", spans, head, 1, False, into, source, negated)
    if head.number is not None:
        return Segment("some", spans, head, head.number, definite, into, source, negated)
    kind = next(k for k, role in (("other", "other"), ("all", "both"), ("it", "it")) if head.role(role))
    return Segment(kind, spans, head, None, True, into, source)


def _shares(before: Sequence[Span]) -> bool:
    """ "one of the two ...": a number, "of", and what is there already."""
    pairs = pairwise(s for s in before if s.key)
    counted = any(a.number is not None and b.role("of") and not b.named for a, b in pairs)
    return counted and any(s.role("definite", "it") and not s.role("article") for s in before)


def _quantity(before: Sequence[Span], after: Sequence[Span]) -> tuple[int | None, bool]:
    """How many, and whether a number was said: "two lattes", "latte x2", "a latte"."""
    said = [(n, s) for n, s in enumerate(before) if s.number is not None]
    for n, span in said:
        follower = before[n + 1] if n + 1 < len(before) else None
        measured = follower is not None and follower.role("unit") and follower.key not in ("x", "times", "maal")
        if not measured and not any(s.role("article") and s.number is None for s in before[:n]):
            return span.number, True
    for x, number in pairwise(after):
        if x.key in ("x", "times", "maal") and number.number is not None:
            return number.number, True
    if after and (times := _multiplied(after[0])):
        return times, True
    return (1, False) if any(s.role("article") for s in before) else (None, False)


def _multiplied(span: Span) -> int | None:
    return int(span.key[1:]) if span.key[:1] == "x" and span.key[1:].isdigit() else None
