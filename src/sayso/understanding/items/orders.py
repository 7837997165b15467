"""Clauses to commands: items to add, lines to change or remove.

Things that were said earlier in the same utterance ("two lattes, one with oat milk") are drafts, and a later segment
shapes them before anything is added; otherwise it shapes lines that are in the basket.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sayso.model.command import Add, Candidate, Change, Command, Doubt, Item, Remove, Target
from sayso.understanding.context import Context
from sayso.understanding.items import parts, targets
from sayso.understanding.items.clauses import Clause, Segment, clauses
from sayso.understanding.items.corrections import corrected, either
from sayso.understanding.items.gathered import Gathered, uncounted, without
from sayso.understanding.items.heads import verb
from sayso.understanding.items.wishes import Wishes, amended, merged
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.slots.denials import declined, excepted, preferred
from sayso.understanding.spans import Reading, Span

ASKED_FOR = 0.8
"""How surely something is asked for that is said to be wanted, be it as unsure what."""
TOLD_OF = 0.7
"""How surely at most, where other things are said of it and not that it is wanted: "there was a hair in my pie"."""


def read_orders(reading: Reading, spans: Sequence[Span], lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """The commands about items and lines in `spans`, in the order they were said."""
    spans = preferred(excepted(reading, spans))
    reading = replace(reading, spans=preferred(excepted(reading, reading.spans)))
    order = Gathered(reading, lexicon, context)
    for clause in clauses(reading, declined(reading, spans)):
        if clause.verb == "keep":
            _kept(order, clause)  # "drop the latte, keep the muffin"
            continue
        for segment in clause.segments:
            _HANDLERS[segment.kind](order, clause, segment)
    return _commands(order, spans)


def _commands(order: Gathered, spans: Sequence[Span]) -> tuple[Command, ...]:
    if not order.drafts:
        return tuple(order.edits)
    score = min((item.products[0].score if item.products else 0.4 for item in order.drafts), default=1.0)
    if any(span.role("want", "add") for span in order.reading.spans):
        score = max(score, ASKED_FOR)  # What the thing is may be unsure; that one is asked for is not.
    elif any(span.content and not span.named and span.key for span in order.reading.spans):
        score = min(score, TOLD_OF)
    return (Add(tuple(order.drafts), order.evidence(spans, score)), *order.edits)


def _item(order: Gathered, clause: Clause, segment: Segment) -> None:
    """A product: to add, or a line of the basket to change or remove, or what a line is to become."""
    item = _drafted(order, segment)
    in_basket = _held(order, item)
    if segment.negated and in_basket and clause.verb != "remove" and _everything(order, clause, segment):
        _rest(order, clause, segment, item)
    elif segment.replaced:
        _instead(order, clause, item, in_basket)
    elif order.instead is not None:
        order.edits.append(Change(order.instead, item, order.evidence(clause.spans)))
        order.instead = None
    elif segment.negated and not in_basket and clause.verb != "remove":
        _unwanted(order, segment, item)
    elif clause.verb == "remove" and not in_basket and _in_its_place(clause, segment):
        _add(order, clause, segment, item)
    elif clause.verb == "remove" and _spared(order, clause, segment):
        _others(order, clause, item)
    elif segment.negated and order.edits and _all_changed(order.edits[-1]):
        order.edits[-1] = _but(order.edits[-1], item, order)
    elif clause.verb == "remove" or (segment.negated and not order.drafts):
        _remove(order, clause, segment, item)
    elif (segment.into and (order.target or clause.verb == "change") and (order.target or order.context.lines)) or (
        clause.verb == "change" and not in_basket and order.context.lines and not order.drafts
    ):
        _replace(order, clause, segment, item)
    elif in_basket and not order.drafts and (segment.definite or clause.verb == "change" or clause.role("instead")):
        _change_line(order, clause, segment, item)
    elif (
        (segment.share or (clause.role("instead") and len(clause.segments) == 1))
        and order.context.lines
        and not order.drafts
        and not in_basket
    ):
        _replace(order, clause, segment, item)
    else:
        _add(order, clause, segment, item)


_ALL = ("all", "every", "any", "alle", "elke", "iedere")
"""What "all", "everything", "alles" begin with."""


def _spared(order: Gathered, clause: Clause, segment: Segment) -> bool:
    """Whether a thing is named as what stays: "cancel the mocha, not the latte", "everything except the latte"."""
    before = [s for s in order.reading.spans if s.end <= segment.spans[0].start and s.key][-1:]
    inside = [s for s in segment.spans if segment.head is not None and s.start < segment.head.start]
    return any(s.role("negation") and not s.named and verb(s) != "remove" for s in (*before, *inside))


def _others(order: Gathered, clause: Clause, item: Item) -> None:
    """Everything but what is named goes; nothing more where only some of it was named to go."""
    if not any(s.key.startswith(_ALL) and not s.named for s in clause.spans):
        return
    skus = {c.id for c in item.products}
    lines = tuple(Candidate(x.id) for x in order.context.lines if x.sku not in skus)
    if lines and len(lines) < len(order.context.lines):
        words = order.reading.words(clause.spans)
        order.edits.append(Remove(Target(words, lines, None, True), order.evidence(clause.spans)))


def _kept(order: Gathered, clause: Clause) -> None:
    """ "Keep only the latte": the other lines go. What is kept without that stays as it is."""
    skus = {c.id for s in clause.segments if s.head is not None for c in _products(s.head, order.lexicon)}
    kept = {x.id for x in order.context.lines if x.sku in skus}
    others = tuple(Candidate(x.id) for x in order.context.lines if x.id not in kept)
    if clause.role("only") and kept and others:
        order.edits.append(
            Remove(Target(order.reading.words(clause.spans), others, None, True), order.evidence(clause.spans))
        )


def _everything(order: Gathered, clause: Clause, segment: Segment) -> bool:
    """Whether all but a thing is spoken of: "sugar in everything except the latte"."""
    changed = bool(order.edits) and _all_changed(order.edits[-1])
    return not changed and any(s.role("every") and not s.named for s in clause.spans if s.end < segment.spans[-1].end)


def _in_its_place(clause: Clause, segment: Segment) -> bool:
    """Whether it is what comes for something that goes: "scrap the muffin, a brownie instead"."""
    place = clause.segments.index(segment)
    before = clause.segments[place - 1].head if place else None
    if before is None or segment.head is None:
        return False
    between = [s for s in clause.spans if before.end <= s.start < segment.head.start]
    return any(s.role("instead") for s in segment.spans) or any(s.role("want", "add", "instead") for s in between)


def _rest(order: Gathered, clause: Clause, segment: Segment, item: Item) -> None:
    """What is wished of everything but a thing, for the lines that can have it."""
    skus = {c.id for c in item.products}
    lines = [x for x in order.context.lines if x.sku not in skus]
    before = [s for s in clause.spans if s.end <= segment.spans[0].start and not s.role("negation", "every")]
    wishes = order.wishes(before, [x.sku for x in lines])
    said = {f"{c.group}/{c.value}" for c in (*wishes.options, *wishes.removed)}
    able = tuple(Candidate(x.id) for x in lines if said <= parts.possible(order, x.sku))
    if wishes and able:
        words = order.reading.words(clause.spans)
        change = merged(Item(words), wishes, order.lexicon)
        order.edits.append(Change(Target(words, able, None, True), change, order.evidence(clause.spans)))


def _all_changed(edit: Command) -> bool:
    return isinstance(edit, Change) and edit.target.all_of and len(edit.target.lines) > 1


def _but(edit: Command, item: Item, order: Gathered) -> Command:
    """ "All of them without foam except the mocha"."""
    assert isinstance(edit, Change)
    spared = {x.id for x in order.context.lines if x.sku in {c.id for c in item.products}}
    lines = tuple(c for c in edit.target.lines if c.id not in spared)
    return replace(edit, target=replace(edit.target, lines=lines))


def _instead(order: Gathered, clause: Clause, item: Item, in_basket: bool) -> None:
    """What something comes instead of: a line of the basket becomes the other thing, said before or after it."""
    if not in_basket:
        return
    target = targets.by_item(item, order.context)
    if order.drafts:
        order.edits.append(Change(target, order.drafts.pop(), order.evidence(clause.spans)))
    else:
        order.instead = target


def _drafted(order: Gathered, segment: Segment) -> Item:
    assert segment.head is not None
    plain = _products(segment.head, order.lexicon)
    products = _completed(segment, plain, order.lexicon)
    inner = uncounted(segment)
    place = inner.index(segment.head)  # what is said once for two things may stand before either
    before, after = inner[:place], inner[place + 1 :]
    if products != plain:
        before = [s for s in before if not s.has("part", "category")]
    skus = [c.id for c in products]
    at = segment.spans.index(segment.head)
    before = [s for s in before if _modifier(s, segment, at)]
    number = segment.number
    if order.leading:
        number = number or (1 if any(s.role("article") for s in order.leading) else None)
        before = [*order.leading, *before]
        order.leading = ()
    wishes = _both(order, before, after, skus)
    item = Item(order.reading.words(_named(segment.spans)), products, number)
    vague = next((s for s in segment.spans[:at] if s.role("vague") and s.number is None and not s.named), None)
    if segment.number == 0:
        item = replace(item, quantity=None, doubts=(Doubt(order.reading.words(segment.spans)),))
    if vague is not None and segment.number is None:
        item = replace(item, doubts=(Doubt(order.reading.words((vague,))),))
    return merged(item, wishes, order.lexicon)


def _named(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """A thing's words without what joins it to the next one."""
    while len(spans) > 1 and (not spans[-1].key or spans[-1].role("and", "but")) and not spans[-1].named:
        spans = spans[:-1]
    return spans


def _both(order: Gathered, before: Sequence[Span], after: Sequence[Span], skus: Sequence[str]) -> Wishes:
    first, second = order.wishes(before, skus), order.wishes(after, skus)
    return amended(first, second, order.lexicon, any(s.role("amending", "correcting") for s in after))


def _modifier(span: Span, segment: Segment, at: int) -> bool:
    """Whether a word before the head belongs to the item, not to the sentence around it."""
    return span.named or span.content or span.role("degree", "unit", "negation", "measure") or span.number is not None


def _products(head: Span, lexicon: Lexicon) -> tuple[Candidate, ...]:
    """What a head can be: a product, one of those whose name it begins or ends, one of a category."""
    exact = head.ids("product")
    parts = {c.id: c for c in sorted(head.ids("part"), key=lambda c: c.score)}
    categories = {c.id for c in head.ids("category")}
    of_kind = tuple(Candidate(p.sku, 0.4) for p in lexicon.catalog.products.values() if p.category in categories)
    return exact or of_kind or tuple(sorted(parts.values(), key=lambda c: -c.score))


def _completed(segment: Segment, products: tuple[Candidate, ...], lexicon: Lexicon) -> tuple[Candidate, ...]:
    """ "a chai tea latte", where "chai latte" is a product: its name with a word of kind between."""
    assert segment.head is not None
    skus = {c.id for c in products}
    ends = {c.id for c in segment.head.ids("part") if c.score > 0.6} - skus
    begun = [c.id for s in segment.spans if s.start < segment.head.start and not s.has("option") for c in s.ids("part")]
    return tuple(Candidate(sku, 0.9) for sku in dict.fromkeys(begun) if sku in ends) or products


def _held(order: Gathered, item: Item) -> bool:
    skus = {c.id for c in item.products}
    return any(line.sku in skus for line in order.context.lines)


def _unwanted(order: Gathered, segment: Segment, item: Item) -> None:
    """ "a latte, no muffin": what is not wanted is not ordered; what is part of a thing is noted ("without capers")."""
    skus = {c.id for c in item.products if c.score > 0.9}
    kept = [d for d in order.drafts if not skus & {c.id for c in d.products}]
    if len(kept) == len(order.drafts) and kept:
        negation = [s for s in order.reading.spans if s.role("negation") and s.end <= segment.spans[-1].end][-1:]
        note = order.reading.words((*negation, *segment.spans)).strip(" ,")
        kept[-1] = merged(kept[-1], Wishes(notes=(note,)), order.lexicon)
    order.drafts = kept


def _thing(order: Gathered, clause: Clause, segment: Segment) -> None:
    """Something that the catalog does not know: dialogue says so, and never guesses."""
    spans = [s for s in uncounted(segment) if s.content and s.key]
    if clause.verb in ("", "add") and spans and not segment.negated:
        order.drafts.append(Item(order.reading.words(spans), quantity=segment.number))


def _add(order: Gathered, clause: Clause, segment: Segment, item: Item) -> None:
    another = any(s.role("another") for s in segment.spans)
    if segment.share and _shared(order, clause, item):
        return
    if order.drafts and _restated(order, segment, item):
        return
    if corrected(order, clause, segment, item) or either(order, segment, item):
        return
    if not order.drafts and not another and _set_right(order) and order.context.lines:
        _meant(order, clause, item)
        return
    if another and item.quantity is None:
        item = replace(item, quantity=1)
    order.drafts.append(item)
    order.base = len(order.drafts) - 1
    order.left[order.base] = item.quantity if item.quantity and item.quantity > 1 else 0


def _set_right(order: Gathered) -> bool:
    """Whether an utterance begins or ends with "I meant"."""
    said = [s for s in order.reading.spans if s.key and not s.role("filler")]
    return any(s.role("meaning") and not s.named for s in (*said[:1], *said[-1:]))


def _meant(order: Gathered, clause: Clause, item: Item) -> None:
    """ "Two croissants I meant": what was ordered last is set right; it is not ordered as well."""
    words = order.reading.words(clause.spans)
    target = targets.by_item(item, order.context) if _held(order, item) else targets.by_focus(words, order.context)
    to = replace(item, products=()) if _held(order, item) else item
    order.edits.append(Change(target, to, order.evidence(clause.spans)))


def _shared(order: Gathered, clause: Clause, item: Item) -> bool:
    """ "one of the cappuccinos with oat": units of a draft, or of a line of the basket, that differ from the others."""
    skus, count = {c.id for c in item.products}, item.quantity or 1
    wishes = Wishes(item.options, item.removed, item.notes, item.doubts)
    drafts = [n for n, d in enumerate(order.drafts) if skus & {c.id for c in d.products} and (d.quantity or 1) >= count]
    if drafts:
        base = order.drafts[drafts[-1]]
        own = replace(base, words=item.words, quantity=count)
        changed = merged(own, wishes, order.lexicon)
        if (base.quantity or 1) == count:
            order.drafts[drafts[-1]] = changed
        else:
            order.drafts[drafts[-1]] = replace(base, quantity=(base.quantity or 1) - count)
            order.drafts.append(changed)
        return True
    if not order.drafts and _held(order, item) and wishes:
        target = targets.by_item(replace(item, options=()), order.context, count)
        order.edits.append(Change(target, replace(item, products=(), quantity=None), order.evidence(clause.spans)))
        return True
    return False


def _restated(order: Gathered, segment: Segment, item: Item) -> bool:
    """ "I think a cappuccino would be good, so one cappuccino": the same thing said again is not a second one."""
    start = segment.spans[0].start
    before = [s for s in order.reading.spans if s.end <= start][-2:]
    again = any(s.role("restate") for s in before) and not any(s.role("and", "another") for s in before)
    same = {c.id for c in order.drafts[-1].products} == {c.id for c in item.products}
    if again and same:
        order.drafts[-1] = merged(order.drafts[-1], Wishes(item.options, item.removed, item.notes), order.lexicon)
    return again and same


def _remove(order: Gathered, clause: Clause, segment: Segment, item: Item) -> None:
    evidence = order.evidence(clause.spans)
    taken = _taken(clause, segment)
    skus = [c.id for c in item.products]
    if any(_says(s) for s in taken) and (wishes := order.wishes(taken, skus, denied=True)):
        # "Take the butter off the croissant", "I don't want sugar in my latte": the thing itself stays or comes.
        if _held(order, item):
            target = targets.by_item(replace(item, options=()), order.context)
            order.edits.append(Change(target, without(order, wishes, clause), evidence))
        else:
            order.drafts.append(merged(item, wishes, order.lexicon))
        return
    drafts = [n for n, d in enumerate(order.drafts) if {c.id for c in d.products} & {c.id for c in item.products}]
    if drafts and not _held(order, item):
        order.drafts.pop(drafts[-1])
        return
    several = clause.role("both")
    order.edits.append(Remove(targets.by_item(item, order.context, item.quantity, several), evidence))


def _taken(clause: Clause, segment: Segment) -> list[Span]:
    """What is said before a thing and after the thing before that."""
    place = clause.segments.index(segment)
    first = clause.segments[place - 1] if place else None
    begin = clause.spans[0].start if first is None or first.kind == "loose" else segment.spans[0].start
    return [s for s in clause.spans if begin <= s.start < segment.spans[0].start]


def _says(span: Span) -> bool:
    """It names what is taken away: an option, its noun, or a word of the customer's own."""
    return bool(span.key) and (span.has("option", "group") or span.content or span.role("kind"))


def _wishing(span: Span) -> bool:
    """Whether a word before a thing may wish something of it: "no butter on the croissant"."""
    return span.named or span.content or span.number is not None or span.role("negation", "degree", "measure", "kind")


def _replace(order: Gathered, clause: Clause, segment: Segment, item: Item) -> None:
    """A line becomes another product: "make it a cappuccino", "change the latte to a mocha"."""
    some = segment.number if segment.share else None
    gone = order.edits[-1] if order.edits else None
    if order.target is None and some is None and isinstance(gone, Remove) and not gone.target.all_of:
        # "Scrap the muffin, make it a brownie": in its place, be it asked about still.
        if gone.target.lines:
            order.edits[-1] = Change(gone.target, item, order.evidence(clause.spans))
        else:
            order.edits.pop()
            order.drafts.append(item)
        return
    target = order.target or targets.by_focus(order.reading.words(clause.spans), order.context, some)
    if some is not None:
        item = replace(item, quantity=None)  # "two of them flat whites": as many stay as there were
    order.edits = [e for e in order.edits if not (isinstance(e, Change) and e.target is target)]
    order.edits.append(Change(target, item, order.evidence(clause.spans)))
    order.target = None


def _change_line(order: Gathered, clause: Clause, segment: Segment, item: Item) -> None:
    earlier = [s for s in clause.spans if s.start < segment.spans[0].start]
    lead = order.wishes([s for s in earlier if _wishing(s)], [c.id for c in item.products], clause.verb == "remove")
    wishes = Item(item.words, options=item.options, removed=item.removed, notes=item.notes, doubts=item.doubts)
    options = tuple(c for c in wishes.options)
    several = clause.role("both")
    count = item.quantity if clause.verb == "change" else None
    target = targets.by_item(replace(item, options=()), order.context, count, several)
    order.target = target
    change = merged(replace(wishes, options=options), lead, order.lexicon)
    if change.options or change.removed or change.notes or change.doubts:
        order.edits.append(Change(target, change, order.evidence(clause.spans)))
    elif clause.verb == "change" and item.quantity is not None and not segment.share:
        every = targets.by_item(replace(item, options=()), order.context)  # "make it two lattes": so many
        order.edits.append(Change(every, replace(change, quantity=item.quantity), order.evidence(clause.spans)))


_HANDLERS = {
    "item": _item,
    "thing": _thing,
    "some": parts.some,
    "other": parts.other,
    "all": parts.everyone,
    "nth": parts.nth,
    "it": parts.it,
    "loose": parts.loose,
}
