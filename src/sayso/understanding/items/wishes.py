"""What is wished of one item: options, things left out, and notes.

Rule 11 of the design: no word that could be a modifier or a negation is dropped. What the catalog cannot map stays as a
note in the customer's own words; what it could map in two ways is a doubt that dialogue asks about. A negation reaches
over "with" ("not with oat milk"), "or" and, after "without", over "and"; it ends at any other separator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sayso.model.basket import Chosen
from sayso.model.command import Candidate, Doubt, Item
from sayso.understanding.items.heads import mark
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


def read_wishes(
    spans: Sequence[Span], reading: Reading, lexicon: Lexicon, skus: Iterable[str], denied: bool = False
) -> Wishes:
    """The wishes in `spans` for one of the products `skus` (none: any product); `denied`: what is to be left out."""
    products = tuple(skus)
    turn = next((n for n, s in enumerate(spans) if n and s.role("into") and not s.named), 0)
    if turn and any(s.has("option") for s in spans[:turn]) and any(s.has("option") for s in spans[turn:]):
        return _turned(spans, turn, reading, lexicon, products)
    found = Wishes()
    for chunk in _chunks(spans, reading, lexicon):
        part = replace(chunk, negated=True) if denied else chunk
        found = _joined(found, _chunk(part, reading, lexicon, products))
    return _doubtful(_recounted(found, spans, lexicon), lexicon)


def _recounted(found: Wishes, spans: Sequence[Span], lexicon: Lexicon) -> Wishes:
    """ "In 43, no 44": of sizes that are numbers the one behind "no" is meant, and not refused."""
    if not any(s.role("correcting") and not s.named for s in spans):
        return found
    sized = {c.group: c for c in found.options if c.value.isdigit() and _single(c, lexicon)}
    kept = tuple(c for c in found.options if c.group not in sized)
    found = replace(found, options=(*kept, *sized.values()))
    options = {c.group: c for c in found.options}
    for gone in found.removed:
        was = options.get(gone.group)
        if was is not None and gone.value.isdigit() and was.value.isdigit() and _single(gone, lexicon):
            options[gone.group] = gone
    removed = tuple(c for c in found.removed if options.get(c.group) != c)
    return replace(found, options=tuple(options.values()), removed=removed) if removed != found.removed else found


def _turned(spans: Sequence[Span], turn: int, reading: Reading, lexicon: Lexicon, products: tuple[str, ...]) -> Wishes:
    """ "Change the oat milk to soy": what it was is not wished as well."""
    was = read_wishes(spans[:turn], reading, lexicon, products)
    now = read_wishes(spans[turn + 1 :], reading, lexicon, products)
    groups = {c.group for c in (*now.options, *now.removed)}
    return _joined(replace(was, options=tuple(c for c in was.options if c.group not in groups)), now)


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


def _chunks(spans: Sequence[Span], reading: Reading, lexicon: Lexicon) -> Iterator[_Chunk]:
    """Cut at commas, "and", "with": each chunk is one wish. "no sugar or cream" negates both; "and" ends a negation,
    except after "without". A negation right before "with" ("not with oat milk"), and "but" after "any" or "everything",
    negate what follows."""
    part: list[Span] = []
    lead: Span | None = None
    negated, lasting = False, False
    for span in spans:
        if not _separates(reading, span, part):
            part.append(span)
            continue
        reaching = span.role("with") and _denying(part)
        if part and not (reaching and all(_weightless(s) for s in part)):
            yield _Chunk(tuple(part), negated, lead)
        negation = next((s for s in part if absent(s, reading, lexicon) or (s.role("negation") and not s.named)), None)
        carried = negation is not None or negated
        first = reading.tokens[negation.start].key if negation else ""
        lasting = first in ("without", "zonder") if negation else lasting and carried
        negated = carried and (span.role("or") or (span.role("and") and lasting))
        idle = span.role("with") and carried and bool(part) and all(_weightless(s) for s in part)
        negated = negated or reaching or idle or _excepts(reading, span)
        part, lead = [], span
    if part:
        yield _Chunk(tuple(part), negated, lead)


def absent(span: Span, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether a name is itself that of an absence: "no foam", "zonder melk"."""
    first = reading.tokens[span.start].key
    return span.named and span.end - span.start > 1 and _negates(first, lexicon)


def _negates(key: str, lexicon: Lexicon) -> bool:
    return any(
        s.kind == "role" and s.id == "negation" for closed in lexicon.closed.values() for s in closed.get(key, ())
    )


def _separates(reading: Reading, span: Span, part: Sequence[Span]) -> bool:
    """Whether a wish ends at `span`; "maar" does after a negation: "niet groot maar klein"."""
    if span.named or span.role("negation"):
        return False
    turned = span.key == "maar" and any(s.role("negation") and not s.named for s in part)
    return turned or bool(mark(reading, span)) or span.role("and", "or", "but", "with", "instead_of")


def _denying(part: Sequence[Span]) -> bool:
    """Whether a part ends with a negation, words of no weight left out."""
    last = next((s for s in reversed(part) if s.role("negation") or not _weightless(s)), None)
    return last is not None and last.role("negation") and not last.named


def _weightless(span: Span) -> bool:
    return not span.named and span.role("negation", "filler", "want", "it", "add", "change", "of", "both")


def _excepts(reading: Reading, span: Span) -> bool:
    """ "any latte but decaf"."""
    if not span.role("but"):
        return False
    before = [s for s in reading.spans if s.start < span.start]
    following = next((s for s in reading.spans if s.start >= span.end), None)
    named = following is not None and (following.named or following.role("article", "definite"))
    return named and any(s.role("every") for s in before)


def _chunk(chunk: _Chunk, reading: Reading, lexicon: Lexicon, skus: tuple[str, ...]) -> Wishes:
    """The wishes of one chunk. "instead of whole milk" says what is replaced, which the new value does already."""
    if chunk.lead is not None and chunk.lead.role("instead_of"):
        replaced = next((n for n, s in enumerate(chunk.spans) if _values(s, lexicon, skus)), len(chunk.spans))
        return _chunk(replace(chunk, spans=chunk.spans[replaced + 1 :], lead=None), reading, lexicon, skus)
    if (bare := _bare_group(chunk, lexicon, skus)) is not None:
        return Wishes(doubts=(Doubt(reading.words((bare,)), _all_values(bare, lexicon, skus)),))
    negated, found, rest = chunk.negated and not _affirms(chunk, lexicon), Wishes(), [list[Span]()]
    for i, span in enumerate(chunk.spans):
        if span.role("negation") and not _values(span, lexicon, skus):
            negated = True
        free = i + 1 < len(chunk.spans) and _is_free(chunk.spans[i + 1], lexicon)
        if denied := _denied(chunk.spans, i, lexicon, skus, negated or free):
            found = _joined(found, Wishes(options=denied))
            rest.append([])
            continue
        values = _values(span, lexicon, skus) or _numbered(chunk.spans, i, reading, lexicon, skus)
        open_to_any = _moderated(chunk.spans, i) or _whichever(chunk.spans, i, reading)
        if not values or open_to_any or _qualifies(chunk, i, values, lexicon):
            rest[-1].append(span)
            continue
        gone = absent(span, reading, lexicon)
        found = _joined(found, _valued(chunk, i, values, (negated or free) and not gone, reading, lexicon))
        rest.append([])
        if not negated and _degree(chunk.spans, i):
            # The catalog has the thing, not how much of it.
            found = _joined(found, Wishes(notes=(reading.words(_measured(chunk.spans, i)),)))
    notes = tuple(n for n in _notes(replace(chunk, negated=negated), rest, reading, lexicon, skus) if n)
    return _joined(found, Wishes(notes=notes))


def _affirms(chunk: _Chunk, lexicon: Lexicon) -> bool:
    """Whether words after "without foam and ..." are wished for: "extra hot", "large", "one muffin"."""
    if chunk.lead is None or not chunk.lead.role("and"):
        return False
    first = next((s for s in chunk.spans if s.key and not s.role("filler")), None)
    if first is None:
        return False
    before = {group.id for group in lexicon.catalog.options.values() if group.spoken == "before"}
    if chunk.lead.role("with"):
        return True
    leads = any(c.id.partition("/")[0] in before for c in first.ids("option"))
    counts = first.number is not None or first.role("article", "want", "add", "plain")
    return leads or counts or (first.role("degree", "measure") and not first.role("vague", "negation"))


def _is_free(span: Span, lexicon: Lexicon) -> bool:
    """ "free" in "sugar free", "vrij" in "suikervrij"."""
    return not span.named and any(f" {span.key} " in pack.finding.get("free", ()) for pack in lexicon.packs)


def _denied(
    spans: Sequence[Span], i: int, lexicon: Lexicon, skus: tuple[str, ...], negated: bool
) -> tuple[Chosen, ...]:
    """The value that is a thing left out ("no foam"), whatever words leave it out: "without any foam", "foam free"."""
    if not spans[i].key:
        return ()
    back = i
    while back and spans[back - 1].role("measure", "definite", "vague", "article") and not spans[back - 1].named:
        back -= 1
    led = back and not spans[back - 1].named and spans[back - 1].role("negation")
    if not (led or (negated and (spans[i].has("group", "option") or spans[i].content))):
        return ()
    for negation in ("no", "without", "zonder", "geen"):
        found = lexicon.names.get(negation + spans[i].key, ())
        if values := _values(Span(spans[i].start, spans[i].end, "", found), lexicon, skus):
            group, _, value = values[0].id.partition("/")
            return (Chosen(group, value),)
    return ()


def _moderated(spans: Sequence[Span], i: int) -> bool:
    """ "not too large" is neither large nor the opposite: it stays as said."""
    return i > 0 and spans[i - 1].key in ("nottoo", "nottoomuch", "niette", "nietteveel")


def _whichever(spans: Sequence[Span], i: int, reading: Reading) -> bool:
    """ "Any milk except soy" chooses no milk: what it must not be is said."""
    if not i or not spans[i - 1].role("every") or not spans[i].has("group"):
        return False
    after = [s for s in reading.spans if s.start >= spans[i].end][:1]
    return any(s.role("negation", "but") and not s.named for s in after)


def _qualifies(chunk: _Chunk, i: int, values: Sequence[Candidate], lexicon: Lexicon) -> bool:
    """Whether an option's word speaks of an unknown word behind it: "triple foam" is no triple shot, "with cold water"
    no iced drink."""
    following = chunk.spans[i + 1] if i + 1 < len(chunk.spans) else None
    if following is None or following.named or not following.content or not following.key:
        return False
    before = lexicon.catalog.options[values[0].id.partition("/")[0]].spoken == "before"
    led = chunk.lead is not None and chunk.lead.role("with")
    return chunk.spans[i].role("degree") or (before and led)


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


def _numbered(
    spans: Sequence[Span], i: int, reading: Reading, lexicon: Lexicon, skus: tuple[str, ...]
) -> tuple[Candidate, ...]:
    """ "two espresso shots", where "two shots" is a value of the group that "espresso shots" names."""
    if not i or spans[i - 1].number is None or not (spans[i].has("group") or spans[i].role("unit")):
        return ()
    key = spans[i - 1].key + reading.tokens[spans[i].end - 1].key
    return _values(Span(spans[i].start, spans[i].end, key, lexicon.names.get(key, ())), lexicon, skus)


def _bare_group(chunk: _Chunk, lexicon: Lexicon, skus: tuple[str, ...]) -> Span | None:
    """The group that a chunk names without a value: "with syrup" - which?"""
    if chunk.negated or chunk.lead is None or not chunk.lead.role("with", "and"):
        return None
    if any(s.number is not None for s in chunk.spans):
        return None
    telling = [s for s in chunk.spans if s.named or s.content or s.role("negation", "degree", "unit", "remove")]
    group = telling[0] if len(telling) == 1 and telling[0].has("group") and not telling[0].has("option") else None
    return group if group and len(_all_values(group, lexicon, skus)) > 1 else None


def _all_values(group: Span, lexicon: Lexicon, skus: tuple[str, ...]) -> tuple[Candidate, ...]:
    """Every value of a group that one of the products can have."""
    ids = [c.id for c in group.ids("group")]
    found = (f"{g}/{v.id}" for g in ids for sku in skus for v in lexicon.catalog.allowed(sku, g))
    return tuple(Candidate(value) for value in dict.fromkeys(found))


def _measured(spans: Sequence[Span], i: int) -> Sequence[Span]:
    """An option with how much of it: "an extra pump of caramel"."""
    at = i
    while at and spans[at - 1].role("unit", "of") and not spans[at - 1].named:
        at -= 1
    return spans[max(0, at - 1) : i + 1]


def _degree(spans: Sequence[Span], i: int) -> bool:
    before = _measured(spans, i)[0]
    return before is not spans[i] and before.role("degree") and not before.role("measure") and not before.has("option")


def _notes(
    chunk: _Chunk, runs: list[list[Span]], reading: Reading, lexicon: Lexicon, skus: tuple[str, ...]
) -> Iterator[str]:
    """What is left of a chunk, as notes. `runs` are the words between the options."""
    whole = len(runs) == 1
    for n, run in enumerate(runs):
        kept = _trimmed(run, n > 0, n + 1 < len(runs), lexicon, chunk.negated)
        left_out = chunk.negated and any(s.has("group") or s.role("kind", "unit") for s in kept)
        if not kept or not (left_out or _telling(kept, lexicon)) or (n and _unit_only(run)):
            continue
        if len(runs) > 1 and _open_to(kept):
            continue
        spans = (chunk.lead, *kept) if whole and chunk.lead and chunk.lead.key in ("for", "voor") else tuple(kept)
        words = reading.words(spans)
        denied = chunk.negated and not any(s.role("negation") for s in kept)
        yield f"{_none(reading, lexicon)} {words}" if denied else words


def _none(reading: Reading, lexicon: Lexicon) -> str:
    """ "No" before a thing, as a note of that language says it."""
    packs = {pack.language: pack.absence for pack in lexicon.packs}
    return packs.get(reading.language) or next(iter(packs.values()), "no")


def _open_to(run: Sequence[Span]) -> bool:
    """ "Any milk except" before what is left out."""
    last = run[-1].role("negation", "but") and not run[-1].named
    return last and all(s.role("every", "both", "negation", "of", "but") or s.has("group") for s in run)


def _unit_only(run: Sequence[Span]) -> bool:
    """ "espresso shot" after "single": the unit of the option before it."""
    unit = any(s.role("unit", "of") for s in run)
    return unit and all(s.role("unit", "of", "kind") or s.has("product", "category") for s in run)


def _trimmed(run: list[Span], after_option: bool, before_option: bool, lexicon: Lexicon, negated: bool) -> list[Span]:
    """A run without the words of no weight at its ends; a noun that is denied has weight ("no sauce")."""
    kept = [s for n, s in enumerate(run) if not (n == 0 and after_option and _is_free(s, lexicon))]
    kept = [s for s in kept if s.end > s.start]  # a refusal that came after the thing is said with its "no"
    led = not after_option or any(s.role("negation") for s in kept)  # "neither cream nor sauce"
    if negated and led and any(s.role("kind") for s in kept) and not any(s.content for s in kept):
        return [s for s in kept if s.key and (s.role("kind", "negation", "degree", "measure") or s.named)]
    while kept and (_empty(kept[0]) or (after_option and kept[0].role("kind", "of"))):
        kept.pop(0)
    while kept and _empty(kept[-1]):
        kept.pop()
    if before_option:
        while (kept and kept[-1].role("negation", "unit", "measure", "of")) or (kept and kept[-1].number is not None):
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
    return strong and any((s.role("kind", "unit") and not s.role("measure")) or s.has("group") for s in run)


def amended(first: Wishes, second: Wishes, lexicon: Lexicon, meant: bool) -> Wishes:
    """Both, where a group takes one value: the later one if it is `meant` to correct ("a double espresso, no, a
    single"), else a doubt."""
    said = {c.group for c in second.options}
    options = tuple(c for c in first.options if not (meant and _single(c, lexicon) and c.group in said))
    joined = Wishes(
        _once(options + second.options),
        first.removed + second.removed,
        first.notes + second.notes,
        first.doubts + second.doubts,
    )
    return _doubtful(joined, lexicon)


def _single(chosen: Chosen, lexicon: Lexicon) -> bool:
    return lexicon.catalog.options[chosen.group].kind == "one"


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
