"""Where the things of a clause are: which spans name or stand for one, and how far back each reaches."""

from __future__ import annotations

from sayso.understanding.spans import Reading, Span

_VERBS = ("remove", "change", "add", "keep")


def verb(span: Span) -> str:
    """The verb that a span is, "" for none. A name ("a shot of ...") is no verb."""
    if span.named:
        return ""
    return next((v for v in _VERBS if span.role(v)), "")


def mark(reading: Reading, span: Span) -> str:
    """The punctuation mark that a span is, "" for a word."""
    token = reading.tokens[span.start]
    return token.text if token.mark else ""


def is_head(span: Span) -> bool:
    """Whether a span can name a product; the mere beginning of a name does when the words mean nothing else."""
    if span.has("product", "category") or any(s.kind == "part" and s.score > 0.6 for s in span.senses):
        return True
    return span.has("part") and not span.has("option", "group", "location", "choice", "allergen", "role")


def find_heads(reading: Reading, part: list[Span], word: str) -> list[int]:
    """Where the things of a clause are."""
    things = [i for i, s in enumerate(part) if is_head(s) and not _modifies(part, i) and not _cut_short(part, i)]
    found = [i for n, i in enumerate(things) if not _absorbed(reading, part, things, n)]
    found += [i for i in range(len(part)) if _strange(reading, part, i)]
    return sorted({*found, *(i for i, s in enumerate(part) if _stands(reading, part, i, found, word))})


def _cut_short(part: list[Span], i: int) -> bool:
    """Whether the beginning of a name goes on with other words: an Irish coffee is no Irish breakfast."""
    following = part[i + 1] if i + 1 < len(part) else None
    return not part[i].sure and following is not None and (following.content or following.role("kind"))


def is_unknown(span: Span) -> bool:
    return not span.sure and span.content and bool(span.key) and not span.has("location", "choice", "allergen")


def _strange(reading: Reading, part: list[Span], i: int) -> bool:
    """Whether an unknown word at `i` is a thing that is asked for: "and a unicorn frappé"."""
    if not is_unknown(part[i]) or mark(reading, part[i]) or (i + 1 < len(part) and _continues(reading, part[i + 1])):
        return False
    at = i
    while at and is_unknown(part[at - 1]) and not mark(reading, part[at - 1]):
        at -= 1
    if not at or not (part[at - 1].role("article") or part[at - 1].number is not None):
        return False
    before = part[at - 2] if at > 1 else None
    if before is not None and before.role("with", "measure", "negation") and not before.named:
        return False
    opened = before is None or mark(reading, before) or before.role("want", "and", "filler", "add", "stop", "plain")
    return bool(opened)


def _continues(reading: Reading, span: Span) -> bool:
    return (span.named or is_unknown(span) or span.role("kind", "unit")) and not mark(reading, span)


def _modifies(part: list[Span], i: int) -> bool:
    """Whether a span that could be a product is an option of another here: "a latte with honey"."""
    span = part[i]
    led = any(s.role("with", "add", "degree", "measure") and not s.named for s in part[max(0, i - 1) : i])
    if not span.has("product") and (led or (span.has("option") and not _asked_for(part, i))):
        return True
    if not span.has("option"):
        return _unit_of(part, i) or _compounded(part, i)
    others = [j for j, s in enumerate(part) if j != i and is_head(s) and (not s.has("option") or j > i)]
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
    if part[i].role("negation"):
        return False  # "zero sugar" counts nothing
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
    if span_number(part[i]) > 1 and after is not None and after.has("option") and not larger and after.countable:
        return False  # "coffee and two sugars"; "and two iced" are things
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
    return i < head and begins(reading, part, head, i) <= i


_STOPS = ("and", "or", "but", "with", "negation", "want", "into", "of", "from", "stop")


def begins(reading: Reading, part: list[Span], i: int, floor: int) -> int:
    """Where the segment of the head at `i` begins, not before `floor`: back over its modifiers to its article or
    number, or to what separates it from the one before."""
    at = i
    if not is_head(part[i]) and not is_unknown(part[i]):
        return _pointing(part, i, floor)
    while at > floor:
        span = part[at - 1]
        if span.number is not None and not span.named:
            back = at - 1
            if back > floor and part[back - 1].role("definite", "plain"):
                back -= 1
            return back
        if span.role("of") and span.role("it") and at - 2 >= floor and part[at - 2].number is not None:
            return at - 2  # "twee ervan"
        if not span.named and span.role("article", "definite", "another", "same", "it"):
            return _counted(part, at - 1, floor)
        if span.role("of") and not span.named and _counted(part, at, floor) < at:
            return _counted(part, at, floor)
        if span.role("of") and not span.named and at - 2 >= floor and part[at - 2].has("option"):
            at -= 2
            continue
        stops = mark(reading, span) or span.role(*_STOPS)
        if not span.named and (stops or verb(span) or span.role("instead_of")):
            return at
        at -= 1
    return at


def _pointing(part: list[Span], i: int, floor: int) -> int:
    """Where "the oat one", "the other" or a bare number begins: its wishes come after it, but for what tells it."""
    at = i
    while at > floor and part[at - 1].named and not part[at - 1].has("product"):
        at -= 1
    before = part[at - 1] if at > floor else None
    if before is not None and not before.named and before.role("definite", "article"):
        return at - 1
    return i
