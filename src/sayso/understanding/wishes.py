"""What is wished of one item: options, things left out, and notes.

Rule 11 of the design: no word that could be a modifier or a negation is dropped. What the catalog cannot map stays as a
note in the customer's own words; what it could map in two ways is a doubt that dialogue asks about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sayso.model.basket import Chosen
from sayso.model.command import Candidate, Doubt, Item
from sayso.understanding.clauses import mark
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.spans import Reading, Span


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What some words wish of an item."""

    options: tuple[Chosen, ...] = ()
    removed: tuple[Chosen, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.options or self.removed or self.notes or self.doubts)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Words between separators, whether a negation reaches into them, and the words that lead them."""

    spans: tuple[Span, ...]
    negated: bool
    lead: Span | None = None


def read_wishes(spans: Sequence[Span], reading: Reading, lexicon: Lexicon, skus: Iterable[str]) -> Wishes:
    """The wishes in `spans` for one of the products `skus` (none: any product)."""
    products = tuple(skus)
    found = Wishes()
    for chunk in _chunks(spans, reading):
        found = _joined(found, _chunk(chunk, reading, lexicon, products))
    return _doubtful(found, lexicon)


def merged(item: Item, wishes: Wishes, lexicon: Lexicon) -> Item:
    """`item` with `wishes` on top: a group that takes one value takes the new one."""
    said = {c.group for c in wishes.options if lexicon.catalog.options[c.group].kind == "one"}
    kept = tuple(c for c in item.options if c.group not in said and c not in wishes.options)
    gone = {(c.group, c.value) for c in wishes.removed}
    return replace(
        item,
        options=(*(c for c in kept if (c.group, c.value) not in gone), *wishes.options),
        removed=(*item.removed, *(c for c in wishes.removed if c not in item.removed)),
        notes=(*item.notes, *(n for n in wishes.notes if n not in item.notes)),
        doubts=(*item.doubts, *wishes.doubts),
    )


def _joined(a: Wishes, b: Wishes) -> Wishes:
    return Wishes(
        _once(a.options + b.options), _once(a.removed + b.removed), _once(a.notes + b.notes), a.doubts + b.doubts
    )


def _once(values: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))


def _chunks(spans: Sequence[Span], reading: Reading) -> Iterator[_Chunk]:
    """Cut at commas, "and", "with": each chunk is one wish. "no sugar or cream" negates both; "and" ends a negation,
    except after "without"."""
    part: list[Span] = []
    lead: Span | None = None
    negated, lasting = False, False
    for span in spans:
        separator = not span.named and (mark(reading, span) or span.role("and", "or", "but", "with", "instead_of"))
        if not separator:
            part.append(span)
            continue
        if part:
            yield _Chunk(tuple(part), negated, lead)
        negation = next((s for s in part if s.role("negation") and not s.named), None)
        carried = negation is not None or negated
        lasting = negation.key in ("without", "zonder") if negation else lasting and carried
        negated = carried and (span.role("or") or (span.role("and") and lasting))
        part, lead = [], span
    if part:
        yield _Chunk(tuple(part), negated, lead)


def _chunk(chunk: _Chunk, reading: Reading, lexicon: Lexicon, skus: tuple[str, ...]) -> Wishes:
    """The wishes of one chunk. "instead of whole milk" says what is replaced, which the new value does already."""
    if chunk.lead is not None and chunk.lead.role("instead_of"):
        return Wishes()
    negated, found, rest = chunk.negated, Wishes(), [list[Span]()]
    for i, span in enumerate(chunk.spans):
        if span.role("negation") and not _values(span, lexicon, skus):
            negated = True
        values = _values(span, lexicon, skus)
        if not values or _qualifies(chunk.spans, i):
            rest[-1].append(span)
            continue
        found = _joined(found, _valued(chunk, i, values, negated, reading, lexicon))
        rest.append([])
        if not _measured(chunk.spans, i):
            rest[-1].append(span) if _degree(chunk.spans, i) else None
    notes = tuple(n for n in _notes(chunk, rest, reading, lexicon, skus) if n)
    return _joined(found, Wishes(notes=notes))


def _qualifies(spans: Sequence[Span], i: int) -> bool:
    """Whether a word of degree speaks of an unknown word behind it: "triple foam" is no triple shot."""
    following = spans[i + 1] if i + 1 < len(spans) else None
    return spans[i].role("degree") and following is not None and not following.named and following.content


def _values(span: Span, lexicon: Lexicon, skus: tuple[str, ...]) -> tuple[Candidate, ...]:
    """The option values that a span can mean for those products, best first."""
    catalog = lexicon.catalog
    found = []
    for option in span.ids("option"):
        group, _, value = option.id.partition("/")
        allowed = (any(v.id == value for v in catalog.allowed(s, group)) for s in skus)
        if not skus or any(allowed):
            found.append(option)
    return tuple(c for c in found if c.score >= found[0].score - 0.05)


def _valued(
    chunk: _Chunk, i: int, values: tuple[Candidate, ...], negated: bool, reading: Reading, lexicon: Lexicon
) -> Wishes:
    span = chunk.spans[i]
    if len(values) > 1:
        return Wishes(doubts=(Doubt(reading.words((span,)), values),))
    group, _, value = values[0].id.partition("/")
    many = lexicon.catalog.options[group].kind == "many"
    chosen = Chosen(group, value, _count(chunk.spans, i) if many else 1)
    return Wishes(removed=(replace(chosen, count=1),)) if negated else Wishes(options=(chosen,))


def _count(spans: Sequence[Span], i: int) -> int:
    """How many of an option: "two pumps of vanilla", "caramel twice"."""
    for span in reversed(spans[max(0, i - 3) : i]):
        if span.number is not None:
            return max(1, span.number)
        if not (span.role("unit", "of", "measure", "degree") or span.key == ""):
            return 1
    return 1


def _degree(spans: Sequence[Span], i: int) -> bool:
    before = spans[i - 1] if i else None
    return before is not None and before.role("degree") and not before.role("measure") and not before.has("option")


def _measured(spans: Sequence[Span], i: int) -> bool:
    return i > 0 and spans[i - 1].role("measure")


def _notes(
    chunk: _Chunk, runs: list[list[Span]], reading: Reading, lexicon: Lexicon, skus: tuple[str, ...]
) -> Iterator[str]:
    """What is left of a chunk, as notes. `runs` are the words between the options."""
    whole = len(runs) == 1
    for n, run in enumerate(runs):
        kept = _trimmed(run, after_option=n > 0, before_option=n + 1 < len(runs))
        if not kept or not _telling(kept, lexicon) or (n and _unit_only(kept)):
            continue
        spans = (chunk.lead, *kept) if whole and chunk.lead and chunk.lead.key in ("for", "voor") else tuple(kept)
        words = reading.words(spans)
        yield f"no {words}" if chunk.negated and not any(s.role("negation") for s in kept) else words


def _unit_only(run: Sequence[Span]) -> bool:
    """ "espresso shot" after "single": the unit of the option before it."""
    unit = any(s.role("unit") for s in run)
    return unit and all(s.role("unit", "of", "kind") or s.has("product", "category") for s in run)


def _trimmed(run: list[Span], after_option: bool, before_option: bool) -> list[Span]:
    """A run without the words of no weight at its ends."""
    kept = list(run)
    while kept and (_empty(kept[0]) or (after_option and kept[0].role("kind", "of"))):
        kept.pop(0)
    while kept and _empty(kept[-1]):
        kept.pop()
    if before_option:
        while kept and kept[-1].role("negation", "unit", "measure", "of") or (kept and kept[-1].number is not None):
            kept.pop()
    return kept


def _empty(span: Span) -> bool:
    if span.named or span.role("negation", "degree", "measure", "unit"):
        return False
    return not span.content or span.key == ""


def _telling(run: Sequence[Span], lexicon: Lexicon) -> bool:
    """Whether a run says something: an unknown word, or a class of things made more, less or none of."""
    if any(s.content and s.key for s in run) and not all(s.has("category") for s in run):
        return True
    strong = any(s.role("negation", "degree", "measure", "unit") or s.number is not None for s in run)
    return strong and any(s.role("kind", "unit") or s.has("group") for s in run)


def _doubtful(wishes: Wishes, lexicon: Lexicon) -> Wishes:
    """Two values of a group that takes one: which? Dialogue asks rather than understanding choosing."""
    options, doubts = list(wishes.options), list(wishes.doubts)
    for group in dict.fromkeys(c.group for c in wishes.options):
        values = [c for c in options if c.group == group]
        if len(values) > 1 and lexicon.catalog.options[group].kind == "one":
            options = [c for c in options if c.group != group]
            words = " / ".join(c.value for c in values)
            doubts.append(Doubt(words, tuple(Candidate(f"{c.group}/{c.value}") for c in values)))
    return replace(wishes, options=tuple(options), doubts=tuple(doubts))
