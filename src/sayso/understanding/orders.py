"""Clauses to commands: items to add, lines to change or remove.

Things that were said earlier in the same utterance ("two lattes, one with oat milk") are drafts, and a later segment
shapes them before anything is added; otherwise it shapes lines that are in the basket.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sayso.model.command import Add, Candidate, Change, Command, Doubt, Evidence, Item, Remove, Target
from sayso.understanding import targets
from sayso.understanding.clauses import Clause, Segment, clauses
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.spans import Reading, Span
from sayso.understanding.wishes import Wishes, merged, read_wishes


@dataclass(slots=True)
class _Order:
    """What has been gathered so far from one utterance."""

    reading: Reading
    lexicon: Lexicon
    context: Context
    drafts: list[Item] = field(default_factory=list)
    edits: list[Command] = field(default_factory=list)
    left: dict[int, int] = field(default_factory=dict)
    """Units of a draft that "one ...", "the other ..." have not spoken of yet."""
    base: int = -1
    """The draft that "one of them" is about."""
    target: Target | None = None
    leading: tuple[Span, ...] = ()
    """Wishes that came before the thing they are for: "an iced, caramel mocha"."""

    def wishes(self, spans: Sequence[Span], skus: Sequence[str]) -> Wishes:
        return read_wishes(spans, self.reading, self.lexicon, skus)

    def evidence(self, spans: Sequence[Span], score: float = 1.0) -> Evidence:
        return Evidence(self.reading.words(spans), "local", score)


def read_orders(reading: Reading, spans: Sequence[Span], lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """The commands about items and lines in `spans`, in the order they were said."""
    order = _Order(reading, lexicon, context)
    for clause in clauses(reading, spans):
        for segment in clause.segments:
            _HANDLERS[segment.kind](order, clause, segment)
    return _commands(order, spans)


def _commands(order: _Order, spans: Sequence[Span]) -> tuple[Command, ...]:
    if not order.drafts:
        return tuple(order.edits)
    score = min((item.products[0].score if item.products else 0.4 for item in order.drafts), default=1.0)
    return (Add(tuple(order.drafts), order.evidence(spans, score)), *order.edits)


def _item(order: _Order, clause: Clause, segment: Segment) -> None:
    """A product: to add, or a line of the basket to change or remove, or what a line is to become."""
    item = _drafted(order, segment)
    in_basket = _held(order, item)
    if segment.replaced and in_basket and order.drafts:
        draft = order.drafts.pop()
        target = targets.by_item(replace(item, options=()), order.context)
        order.edits.append(Change(target, draft, order.evidence(clause.spans)))
    elif segment.negated and not in_basket and clause.verb != "remove":
        _unwanted(order, segment, item)
    elif clause.verb == "remove" or (segment.negated and not order.drafts):
        _remove(order, clause, segment, item)
    elif (segment.into and (order.target or clause.verb == "change") and (order.target or order.context.lines)) or (
        clause.verb == "change" and not in_basket and order.context.lines and not order.drafts
    ):
        _replace(order, clause, segment, item)
    elif in_basket and not order.drafts and (segment.definite or clause.verb == "change" or clause.role("instead")):
        _change_line(order, clause, segment, item)
    elif clause.role("instead") and order.context.lines and not order.drafts and len(clause.segments) == 1:
        _replace(order, clause, segment, item)
    else:
        _add(order, clause, segment, item)


def _drafted(order: _Order, segment: Segment) -> Item:
    assert segment.head is not None
    plain = _products(segment.head, order.lexicon)
    products = _completed(segment, plain, order.lexicon)
    inner = [s for s in _uncounted(segment) if s is not segment.head]
    if products != plain:
        inner = [s for s in inner if s.start > segment.head.start or not s.has("part", "category")]
    skus = [c.id for c in products]
    at = segment.spans.index(segment.head)
    before = [s for s in inner if s.start < segment.head.start and _modifier(s, segment, at)]
    number = segment.number
    if order.leading:
        number = number or (1 if any(s.role("article") for s in order.leading) else None)
        before = [*order.leading, *before]
        order.leading = ()
    after = [s for s in inner if s.start > segment.head.start]
    wishes = _both(order, before, after, skus)
    item = Item(order.reading.words(segment.spans), products, number)
    vague = next((s for s in segment.spans[:at] if s.role("vague") and s.number is None and not s.named), None)
    if vague is not None and segment.number is None:
        item = replace(item, doubts=(Doubt(order.reading.words((vague,))),))
    return merged(item, wishes, order.lexicon)


def _both(order: _Order, before: Sequence[Span], after: Sequence[Span], skus: Sequence[str]) -> Wishes:
    first, second = order.wishes(before, skus), order.wishes(after, skus)
    return Wishes(
        (*first.options, *(c for c in second.options if c not in first.options)),
        first.removed + second.removed,
        first.notes + second.notes,
        first.doubts + second.doubts,
    )


def _uncounted(segment: Segment) -> list[Span]:
    """The spans without the one that counts the item."""
    spans = list(segment.spans)
    for n, span in enumerate(spans[:-1]):
        if span.key in ("x", "times", "maal") and spans[n + 1].number == segment.number:
            return spans[:n] + spans[n + 2 :]
    for n, span in enumerate(spans):
        follower = spans[n + 1] if n + 1 < len(spans) else None
        unit = follower is not None and follower.role("unit") and follower.key not in ("x", "times", "maal")
        if span.number is not None and span.number == segment.number and not span.named and not unit:
            skip = 2 if follower is not None and follower.key in ("x", "times", "maal") else 1
            return spans[:n] + spans[n + skip :]
    return spans


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


def _held(order: _Order, item: Item) -> bool:
    skus = {c.id for c in item.products}
    return any(line.sku in skus for line in order.context.lines)


def _unwanted(order: _Order, segment: Segment, item: Item) -> None:
    """ "a latte, no muffin": what is not wanted is not ordered; what is part of a thing is noted ("without capers")."""
    skus = {c.id for c in item.products if c.score > 0.9}
    kept = [d for d in order.drafts if not skus & {c.id for c in d.products}]
    if len(kept) == len(order.drafts) and kept:
        negation = [s for s in order.reading.spans if s.role("negation") and s.end <= segment.spans[-1].end][-1:]
        note = order.reading.words((*negation, *segment.spans)).strip(" ,")
        kept[-1] = merged(kept[-1], Wishes(notes=(note,)), order.lexicon)
    order.drafts = kept


def _thing(order: _Order, clause: Clause, segment: Segment) -> None:
    """Something that the catalog does not know: dialogue says so, and never guesses."""
    spans = [s for s in _uncounted(segment) if s.content and s.key]
    if clause.verb in ("", "add") and spans and not segment.negated:
        order.drafts.append(Item(order.reading.words(spans), quantity=segment.number))


def _add(order: _Order, clause: Clause, segment: Segment, item: Item) -> None:
    another = any(s.role("another") for s in segment.spans)
    if order.drafts and _restated(order, segment, item):
        return
    if another and item.quantity is None:
        item = replace(item, quantity=1)
    order.drafts.append(item)
    order.base = len(order.drafts) - 1
    order.left[order.base] = item.quantity if item.quantity and item.quantity > 1 else 0


def _restated(order: _Order, segment: Segment, item: Item) -> bool:
    """ "I think a cappuccino would be good, so one cappuccino": the same thing said again is not a second one."""
    start = segment.spans[0].start
    before = [s for s in order.reading.spans if s.end <= start][-2:]
    again = any(s.role("restate") for s in before) and not any(s.role("and", "another") for s in before)
    same = {c.id for c in order.drafts[-1].products} == {c.id for c in item.products}
    if again and same:
        order.drafts[-1] = merged(order.drafts[-1], Wishes(item.options, item.removed, item.notes), order.lexicon)
    return again and same


def _remove(order: _Order, clause: Clause, segment: Segment, item: Item) -> None:
    evidence = order.evidence(clause.spans)
    taken = [s for s in clause.spans if s.start < segment.spans[0].start]
    if segment.source and (wishes := order.wishes(taken, [c.id for c in item.products])):
        target = targets.by_item(replace(item, options=()), order.context)
        order.edits.append(Change(target, _without(order, wishes, clause), evidence))
        return
    drafts = [n for n, d in enumerate(order.drafts) if {c.id for c in d.products} & {c.id for c in item.products}]
    if drafts and not _held(order, item):
        order.drafts.pop(drafts[-1])
        return
    several = clause.role("both")
    order.edits.append(Remove(targets.by_item(item, order.context, item.quantity, several), evidence))


def _without(order: _Order, wishes: Wishes, clause: Clause) -> Item:
    """The change that leaves out what was wished away; what the catalog cannot map stays a note with its verb."""
    words = order.reading.words(clause.spans)
    return Item(words, removed=wishes.options + wishes.removed, notes=(words,) if wishes.notes else ())


def _replace(order: _Order, clause: Clause, segment: Segment, item: Item) -> None:
    """A line becomes another product: "make it a cappuccino", "change the latte to a mocha"."""
    target = order.target or targets.by_focus(order.reading.words(clause.spans), order.context)
    order.edits = [e for e in order.edits if not (isinstance(e, Change) and e.target is target)]
    order.edits.append(Change(target, item, order.evidence(clause.spans)))
    order.target = None


def _change_line(order: _Order, clause: Clause, segment: Segment, item: Item) -> None:
    earlier = [s for s in clause.spans if s.start < segment.spans[0].start]
    lead = order.wishes([s for s in earlier if s.has("option") or s.content], [c.id for c in item.products])
    wishes = Item(item.words, options=item.options, removed=item.removed, notes=item.notes, doubts=item.doubts)
    options = tuple(c for c in wishes.options)
    several = clause.role("both")
    count = item.quantity if clause.verb == "change" else None
    target = targets.by_item(replace(item, options=()), order.context, count, several)
    order.target = target
    change = merged(replace(wishes, options=options), lead, order.lexicon)
    if change.options or change.removed or change.notes or change.doubts:
        order.edits.append(Change(target, change, order.evidence(clause.spans)))


def _some(order: _Order, clause: Clause, segment: Segment) -> None:
    """ "one with oat milk", "make one of the two iced", "make that three"."""
    number = segment.number or 1
    if not order.drafts and (offered := _offered(order, clause, number)):
        order.drafts.append(offered)
        return
    if not order.drafts and segment.definite and (named := _by_options(order, segment)):
        after = [s for s in clause.spans if segment.head is not None and s.start > segment.head.start]
        wishes = order.wishes(after, [x.sku for x in order.context.lines])
        words = order.reading.words(clause.spans)
        order.edits.append(Change(named, merged(Item(words), wishes, order.lexicon), order.evidence(clause.spans)))
        return
    if order.drafts:
        _split(order, number, segment, clause.verb == "change")
        return
    wishes = order.wishes(_uncounted(segment), _skus_in_focus(order))
    words = order.reading.words(clause.spans)
    if clause.verb == "remove":
        order.edits.append(Remove(targets.by_focus(words, order.context, number), order.evidence(clause.spans)))
    elif wishes and not clause.role("same", "another"):
        target = _plural(order, words, number)
        order.edits.append(Change(target, merged(Item(words), wishes, order.lexicon), order.evidence(clause.spans)))
    elif order.context.lines:
        target = order.target or targets.by_focus(words, order.context)
        more = clause.role("another") or any(s.key in ("more", "meer", "extra") for s in clause.spans)
        order.edits.append(Change(target, Item(words, quantity=number), order.evidence(clause.spans), relative=more))


def _offered(order: _Order, clause: Clause, number: int | None) -> Item | None:
    """ "add one", "one of those", "I'll have it": what was just asked about, else the one thing that was offered."""
    meant = clause.verb == "add" or clause.role("want", "another") or (clause.role("of") and clause.role("it"))
    if not meant or clause.verb in ("change", "remove") or any(s.named for s in clause.spans):
        return None
    words = order.reading.words(clause.spans)
    if order.context.mentioned:
        return Item(words, tuple(Candidate(sku) for sku in order.context.mentioned), number)
    items = [i for s in order.context.shown if isinstance(s.command, Add) for i in s.command.items]
    return replace(items[0], quantity=number or items[0].quantity) if len(items) == 1 else None


def _by_options(order: _Order, segment: Segment) -> Target | None:
    """ "the oat one": the lines that have the options said before "one"."""
    assert segment.head is not None
    before = [s for s in segment.spans if s.start < segment.head.start]
    said = {c.id for s in before for c in s.ids("option")}
    lines = [x for x in order.context.lines if said & {f"{c.group}/{c.value}" for c in x.options}]
    return Target(order.reading.words(segment.spans), tuple(Candidate(x.id) for x in lines)) if lines else None


def _plural(order: _Order, words: str, number: int) -> Target:
    """`number` units of the focus, or of the only line that holds several."""
    focus = targets.by_focus(words, order.context, number)
    if focus.count is not None or not order.context.lines:
        return focus
    several = [line for line in order.context.lines if line.quantity > number]
    if len(several) == 1:
        return Target(words, (Candidate(several[0].id),), number)
    return focus


def _split(order: _Order, number: int, segment: Segment, changing: bool) -> None:
    """`number` units of a draft get wishes of their own."""
    base = order.drafts[order.base]
    wishes = order.wishes(_uncounted(segment), [c.id for c in base.products])
    left = order.left.get(order.base, 0)
    if left > number:
        order.left[order.base] = left - number
        _take(order, number, wishes)
    elif left or base.quantity is None or (changing and base.quantity <= number):
        order.left[order.base] = 0
        order.drafts[order.base] = merged(replace(base, quantity=base.quantity or number), wishes, order.lexicon)
    elif wishes or any(s.role("plain") for s in segment.spans):
        plain = replace(base, options=(), removed=(), notes=(), quantity=number)
        order.drafts.append(merged(plain, wishes, order.lexicon))


def _take(order: _Order, number: int, wishes: Wishes) -> None:
    base = order.drafts[order.base]
    order.drafts[order.base] = replace(base, quantity=(base.quantity or number) - number)
    order.drafts.append(merged(replace(base, quantity=number), wishes, order.lexicon))


def _other(order: _Order, clause: Clause, segment: Segment) -> None:
    """ "the other with soy": what "one ..." left over."""
    if order.drafts:
        base = order.drafts[order.base]
        wishes = order.wishes(_uncounted(segment), [c.id for c in base.products])
        order.drafts[order.base] = merged(base, wishes, order.lexicon)
        return
    words = order.reading.words(clause.spans)
    others = [line for line in order.context.lines if line.id not in order.context.focus[:1]]
    target = Target(words, tuple(Candidate(line.id) for line in others))
    _edit(order, clause, segment, target)


def _all(order: _Order, clause: Clause, segment: Segment) -> None:
    """ "both decaf", "each with an extra shot": every draft, or every line."""
    if order.drafts:
        order.drafts = [
            merged(d, order.wishes(segment.spans, [c.id for c in d.products]), order.lexicon) for d in order.drafts
        ]
        return
    _edit(order, clause, segment, targets.everything(order.reading.words(clause.spans), order.context))


def _nth(order: _Order, clause: Clause, segment: Segment) -> None:
    """ "add oat milk to the first"."""
    words, number = order.reading.words(clause.spans), segment.number or 1
    if order.drafts:
        place = number - 1 if number > 0 else number
        if -len(order.drafts) <= place < len(order.drafts):
            draft = order.drafts[place]
            wishes = order.wishes(clause.spans if clause.verb else segment.spans, [c.id for c in draft.products])
            order.drafts[place] = merged(draft, wishes, order.lexicon)
        return
    _edit(order, clause, segment, targets.by_place(words, number, order.context))


def _it(order: _Order, clause: Clause, segment: Segment) -> None:
    offered = None if order.drafts else _offered(order, clause, None)
    if offered and order.context.mentioned:
        order.drafts.append(offered)
    else:
        _loose(order, clause, segment)


def _loose(order: _Order, clause: Clause, segment: Segment) -> None:
    """Wishes without a thing: for the last draft, or for the line in focus."""
    if order.drafts:
        draft = order.drafts[-1]
        wishes = order.wishes(segment.spans, [c.id for c in draft.products])
        everyone = clause.role("both") or any(s.key in ("them", "those", "these") for s in segment.spans)
        for n in range(len(order.drafts)) if everyone else (len(order.drafts) - 1,):
            order.drafts[n] = merged(order.drafts[n], wishes, order.lexicon)
        return
    if not clause.verb and any(s.kind == "item" and not s.definite for s in clause.segments):
        told = [n for n, s in enumerate(segment.spans) if s.role("want", "stop") and not s.named]
        near = segment.spans[told[-1] + 1 if told else 0 :]
        order.leading = tuple(s for s in near if s.has("option") or s.role("negation", "article"))
        return
    if len(clause.segments) > 1 and any(s.kind in ("item", "nth", "all", "other") for s in clause.segments):
        return  # the segment that names the thing takes these wishes along
    _edit(order, clause, segment, targets.by_focus(order.reading.words(clause.spans), order.context))


def _edit(order: _Order, clause: Clause, segment: Segment, target: Target) -> None:
    evidence = order.evidence(clause.spans)
    skus = [line.sku for line in order.context.lines if line.id in {c.id for c in target.lines}]
    wishes = order.wishes(clause.spans, skus)
    wished = any(s.named for s in clause.spans)
    if clause.verb == "remove" and not wishes.options:
        if any(s.content and s.key for s in clause.spans):
            if target.lines:
                order.edits.append(Change(target, _without(order, wishes, clause), evidence))
        elif target.lines or clause.role("it"):
            order.edits.append(Remove(target, evidence))
    elif clause.verb == "remove":
        order.edits.append(Change(target, _without(order, wishes, clause), evidence))
    elif clause.role("same", "another"):
        _again(order, clause, target, wishes)
    elif wishes and target.lines and (wished or clause.verb or _starts_wish(clause)):
        item = merged(Item(order.reading.words(clause.spans)), wishes, order.lexicon)
        order.edits.append(Change(target, item, evidence))


def _again(order: _Order, clause: Clause, target: Target, wishes: Wishes) -> None:
    """ "another one", "the same but decaf": once more what was touched last, or what was ordered last."""
    evidence, words = order.evidence(clause.spans), order.reading.words(clause.spans)
    wanted = {c.id for c in target.lines[:1]}
    line = next(
        (x for x in (*order.context.lines, *order.context.done_lines[-1:]) if x.id in wanted or not wanted), None
    )
    if line is not None and (wishes or not wanted):
        item = Item(words, (Candidate(line.sku),), 1, line.options, notes=line.notes)
        order.edits.append(Add((merged(item, wishes, order.lexicon),), evidence))
    elif target.lines:
        order.edits.append(Change(target, Item(words, quantity=1), evidence, relative=True))


def _starts_wish(clause: Clause) -> bool:
    """ "with extra foam", "without lid": a wish although the catalog knows nothing of it."""
    words = [s for s in clause.spans if s.key and not s.role("filler", "want")]
    return bool(words) and words[0].role("with", "negation", "degree", "measure") and len(words) <= 6


def _skus_in_focus(order: _Order) -> list[str]:
    lines = {c.id for c in targets.by_focus("", order.context).lines}
    return [line.sku for line in order.context.lines if line.id in lines]


_HANDLERS = {
    "item": _item,
    "thing": _thing,
    "some": _some,
    "other": _other,
    "all": _all,
    "nth": _nth,
    "it": _it,
    "loose": _loose,
}
