"""Spans to clauses (one verb each) and segments (one thing each): "two lattes, one with oat milk, and drop the muffin"
is an item of two lattes, a part of it (one), and, in a clause of its own, a muffin to remove."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sayso.understanding.spans import Reading, Span

_VERBS = ("remove", "change", "add")


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


def verb(span: Span) -> str:
    """The verb that a span is, "" for none. A name ("a shot of ...") is no verb."""
    if span.named:
        return ""
    return next((v for v in _VERBS if span.role(v)), "")


def mark(reading: Reading, span: Span) -> str:
    """The punctuation mark that a span is, "" for a word."""
    token = reading.tokens[span.start]
    return token.text if token.mark else ""


def _parts(reading: Reading, spans: Sequence[Span]) -> Iterator[list[Span]]:
    part: list[Span] = []
    for i, span in enumerate(spans):
        if mark(reading, span) in tuple(".!?;"):
            yield part
            part = []
            continue
        if (verb(span) and _opens(reading, spans, i)) or _lets(reading, spans, i, part):
            keep = _lead(reading, part)
            yield part[:keep]
            part = part[keep:]
        elif verb(span) == "remove" and (comma := _trailing(reading, part)):
            yield part[:comma]
            part = part[comma:]
        part.append(span)
    yield part


def _lets(reading: Reading, spans: Sequence[Span], i: int, part: Sequence[Span]) -> bool:
    """Whether "leave ... out", "laat ... weg" begins at `i`, with a thing before it."""
    if not spans[i].role("let") or spans[i].named or not any(_head(s) for s in part):
        return False
    rest = spans[
        i + 1 : next((n for n in range(i + 1, len(spans)) if reading.tokens[spans[n].start].pause), len(spans))
    ]
    lies = next((n for n, s in enumerate(rest) if s.role("lie", "remove") and not s.named), 0)
    return lies > 0 and any(s.named or s.content or s.role("kind") for s in rest[:lies])


def _trailing(reading: Reading, part: Sequence[Span]) -> int:
    """Where the object of a verb that comes last begins: "apple pie, the cream can go"; 0 when it has none."""
    commas = [n for n, s in enumerate(part) if mark(reading, s) == ","]
    if not commas or not any(_head(s) for s in part[: commas[-1]]):
        return 0
    after = part[commas[-1] + 1 :]
    return commas[-1] if after and not any(s.has("product") for s in after) and _says_what(after) else 0


def _says_what(spans: Sequence[Span]) -> bool:
    return any(s.named or s.content or s.role("kind") for s in spans if s.key)


def _opens(reading: Reading, spans: Sequence[Span], i: int) -> bool:
    """Whether the verb at `i` begins a clause: something follows for it to act on ("eraf" comes last)."""
    if verb(spans[i]) == "change":
        # "the mocha should be large": the thing comes before the verb.
        return not (spans[i].role("copula") and any(_head(s) for s in spans[:i]))
    for span in spans[i + 1 :]:
        if mark(reading, span) or span.role("and", "but"):
            return False
        if span.named or span.number is not None or span.ordinal is not None or not span.senses:
            return True
        if span.role("article", "definite", "it"):
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
    word = next((verb(s) for s in part if verb(s)), "")
    if word == "change" and any(verb(s) and s.role("add") for s in part) and any(_head(s) for s in part):
        word = "add"  # "doe er een muffin bij" adds; "doe er één met ijs" changes
    if not word and any(s.role("let") for s in part) and any(s.role("lie") for s in part):
        word = "remove"
    return Clause(word, tuple(_segments(reading, part, word)), tuple(part))


def _segments(reading: Reading, part: list[Span], word: str) -> Iterator[Segment]:
    heads = _heads(reading, part, word)
    starts = [_left(reading, part, i, heads[n - 1] + 1 if n else 0) for n, i in enumerate(heads)]
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
    negated = any(s.role("negation") and not s.named for s in part[max(0, start - 1) : i])
    if _head(head) or _unknown(head):
        number, quantified = _quantity(part[start:i], part[i + 1 : stop])
        kind = "item" if _head(head) else "thing"
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


def _head(span: Span) -> bool:
    """Whether a span can name a product; the mere beginning of a name does when the words mean nothing else."""
    if span.has("product", "category") or any(s.kind == "part" and s.score > 0.6 for s in span.senses):
        return True
    return span.has("part") and not span.has("option", "group", "location", "choice", "allergen", "role")


def _heads(reading: Reading, part: list[Span], word: str) -> list[int]:
    """Where the things of a clause are."""
    things = [i for i, s in enumerate(part) if _head(s) and not _modifies(part, i) and not _cut_short(part, i)]
    found = [i for n, i in enumerate(things) if not _absorbed(reading, part, things, n)]
    found += [i for i in range(len(part)) if _strange(reading, part, i)]
    return sorted({*found, *(i for i, s in enumerate(part) if _stands(reading, part, i, found, word))})


def _cut_short(part: list[Span], i: int) -> bool:
    """Whether the beginning of a name goes on with other words: an Irish coffee is no Irish breakfast."""
    following = part[i + 1] if i + 1 < len(part) else None
    return not part[i].sure and following is not None and (following.content or following.role("kind"))


def _unknown(span: Span) -> bool:
    return not span.sure and span.content and bool(span.key) and not span.has("location", "choice", "allergen")


def _strange(reading: Reading, part: list[Span], i: int) -> bool:
    """Whether an unknown word at `i` is a thing that is asked for: "and a unicorn frappé"."""
    if not _unknown(part[i]) or mark(reading, part[i]) or (i + 1 < len(part) and _continues(reading, part[i + 1])):
        return False
    at = i
    while at and _unknown(part[at - 1]) and not mark(reading, part[at - 1]):
        at -= 1
    if not at or not (part[at - 1].role("article") or part[at - 1].number is not None):
        return False
    before = part[at - 2] if at > 1 else None
    if before is not None and before.role("with", "measure", "negation") and not before.named:
        return False
    opened = before is None or mark(reading, before) or before.role("want", "and", "filler", "add", "stop", "plain")
    return bool(opened)


def _continues(reading: Reading, span: Span) -> bool:
    return (span.named or _unknown(span) or span.role("kind", "unit")) and not mark(reading, span)


def _modifies(part: list[Span], i: int) -> bool:
    """Whether a span that could be a product is an option of another here: "a latte with honey"."""
    span = part[i]
    led = any(s.role("with", "add", "degree", "measure") and not s.named for s in part[max(0, i - 1) : i])
    if not span.has("product") and (led or (span.has("option") and not _asked_for(part, i))):
        return True
    if not span.has("option"):
        return _unit_of(part, i) or _compounded(part, i)
    others = [j for j, s in enumerate(part) if j != i and _head(s) and (not s.has("option") or j > i)]
    sure = [j for j in others if not part[j].has("option")]
    if not sure:
        return any(0 < j - i <= 2 and not any(s.role("and") for s in part[i:j]) for j in others)
    before = part[i - 1] if i else None
    return before is None or not before.role("article") or any(s.role("with", "add") for s in part[max(0, i - 3) : i])


def _asked_for(part: list[Span], i: int) -> bool:
    """Whether a word that is an option as well as part of a product's name is the thing itself: "a chocolate"."""
    before, after = part[i - 1] if i else None, part[i + 1] if i + 1 < len(part) else None
    fuller = any(s.has("product") and not s.has("option") for n, s in enumerate(part) if n != i)
    if fuller or (after is not None and after.role("unit", "kind")):
        return False
    return before is None or before.role("article", "want", "another") or before.number is not None


def _unit_of(part: list[Span], i: int) -> bool:
    """ "a latte with a shot of espresso": what a unit measures, where there is a thing to put it in."""
    if i > 1 and part[i - 1].role("of") and part[i - 2].has("option"):
        return any(s.has("product") and s.key != part[i].key for s in part)
    beside = [*part[i + 1 : i + 2], *part[max(0, i - 1) : i]]
    if i > 1 and part[i - 1].role("of"):
        beside.append(part[i - 2])
    measured = any(s.role("unit") and s.key not in ("x", "times", "maal") for s in beside)
    return measured and any(s.has("product") and s.key != part[i].key for n, s in enumerate(part) if n != i)


def _compounded(part: list[Span], i: int) -> bool:
    """Two names side by side: the second is the thing, the first says what kind ("lavender black tea")."""
    following = part[i + 1] if i + 1 < len(part) else None
    return following is not None and part[i].has("product") and following.has("product") and not following.has("option")


def _absorbed(reading: Reading, part: list[Span], things: list[int], n: int) -> bool:
    """Whether a vague name only completes its neighbour: "a latte coffee", "Jin Xuan tea"."""
    i = things[n]
    if part[i].has("product"):
        return False
    near = [j for j in (things[n - 1] if n else -1, things[n + 1] if n + 1 < len(things) else -1) if j >= 0]
    for j in near:
        low, high = min(i, j), max(i, j)
        between = part[low + 1 : high]
        plain = all(s.named or s.role("kind", "plain") or mark(reading, s) in ("-", "(") for s in between)
        if plain and (part[j].has("product") or j > i):
            return True
    return False


def _stands(reading: Reading, part: list[Span], i: int, things: list[int], word: str) -> bool:
    """Whether a number, ordinal or pronoun stands for a thing of its own: "one with oat milk", "the other decaf"."""
    span = part[i]
    if span.named or i in things:
        return False
    if span.role("other", "both") and not (span.role("want", "and") and not word):
        return not any(_premodified(reading, part, i, t) for t in things)
    if span.ordinal is not None:
        return not any(_premodified(reading, part, i, t) for t in things)
    if span.number is not None:
        return _numeral(reading, part, i, things, word)
    following = part[i + 1] if i + 1 < len(part) else None
    if span.role("another") and following is not None and (following.has("option") or following.role("with", "plain")):
        return not any(_premodified(reading, part, i, t) for t in things)
    return False


_AGED = ("im", "iam", "am", "ben", "ikben")
"""Before a number that is somebody's age: "I'm 25"."""


def _numeral(reading: Reading, part: list[Span], i: int, things: list[int], word: str) -> bool:
    if any(_premodified(reading, part, i, t) for t in things):
        return False
    before, after = part[i - 1] if i else None, part[i + 1] if i + 1 < len(part) else None
    if any(s.role("of") for s in part[max(0, i - 3) : i]) or (before is not None and before.key in _AGED):
        return False
    if after is not None and (
        (after.role("unit") and after.key not in ("x", "times", "maal"))
        or after.has("group")
        or (after.role("degree") and not after.role("plain"))
    ):
        return False
    if before is not None and (before.key in ("x", "times") or before.role("of", "measure", "negation", "definite")):
        return before.role("definite") and (bool(word) or part[i].key == "ene")
    if word == "change":
        return True
    larger = any((s.number or 0) > (span_number(part[i])) for s in reading.spans if s.start < part[i].start)
    if span_number(part[i]) > 1 and after is not None and after.has("option") and not larger:
        return False  # "coffee and two sugars"
    counted = after is not None and after.has("option") and before is not None
    return not (counted and before is not None and (before.role("with", "add") or before.role("another")))


def _counted(part: list[Span], at: int, floor: int) -> int:
    """Back over "one of" before "the lattes"."""
    if at - 2 >= floor and part[at - 1].role("of") and part[at - 2].number is not None:
        return at - 2
    return at


def span_number(span: Span) -> int:
    return span.number or 0


def _premodified(reading: Reading, part: list[Span], i: int, head: int) -> bool:
    """Whether the span at `i` only counts or points at the head: nothing but modifiers between them."""
    return i < head and _left(reading, part, head, i) <= i


def _left(reading: Reading, part: list[Span], i: int, floor: int) -> int:
    """Where the segment of the head at `i` begins, not before `floor`: back over its modifiers to its article or
    number, or to what separates it from the one before."""
    at = i
    while at > floor:
        span = part[at - 1]
        if span.number is not None and not span.named:
            begins = at - 1
            if begins > floor and part[begins - 1].role("definite", "plain"):
                begins -= 1
            return begins
        if not span.named and span.role("article", "definite", "another", "same", "it"):
            return _counted(part, at - 1, floor)
        if span.role("of") and not span.named and _counted(part, at, floor) < at:
            return _counted(part, at, floor)
        if span.role("of") and not span.named and at - 2 >= floor and part[at - 2].has("option"):
            at -= 2
            continue
        stops = mark(reading, span) or span.role("and", "or", "but", "with", "negation", "want", "into", "of", "stop")
        if not span.named and (stops or verb(span) or span.role("instead_of")):
            return at
        at -= 1
    return at
