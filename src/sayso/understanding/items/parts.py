"""Segments that name no product: "one with oat milk", "the other", "both decaf", "the first", "it", mere wishes.

They shape the drafts of the same utterance, or, when there are none, lines of the basket.
"""

from __future__ import annotations

from dataclasses import replace

from sayso.model.command import Add, Candidate, Change, Item, Remove, Target
from sayso.understanding.items import targets
from sayso.understanding.items.clauses import Clause, Segment
from sayso.understanding.items.gathered import Gathered, uncounted, without
from sayso.understanding.items.heads import mark
from sayso.understanding.items.wishes import Wishes, merged
from sayso.understanding.spans import Span
from sayso.understanding.words import keys


def some(order: Gathered, clause: Clause, segment: Segment) -> None:
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
    if segment.negated and (order.drafts or order.context.lines):
        _deny(order, clause, segment)
        return
    if order.drafts:
        _split(order, number, segment, clause.verb == "change")
        return
    wishes = order.wishes(uncounted(segment), _skus_in_focus(order))
    words = order.reading.words(clause.spans)
    if clause.verb == "remove":
        order.edits.append(Remove(targets.by_focus(words, order.context, number), order.evidence(clause.spans)))
    elif wishes and not clause.role("same", "another"):
        target = _plural(order, words, number)
        order.edits.append(Change(target, merged(Item(words), wishes, order.lexicon), order.evidence(clause.spans)))
    elif order.context.lines or _ordered(order, clause):
        target = order.target or targets.by_focus(words, order.context)
        more = clause.role("another") or any(s.key in ("more", "meer", "extra") for s in clause.spans)
        order.edits.append(Change(target, Item(words, quantity=number), order.evidence(clause.spans), relative=more))


def _deny(order: Gathered, clause: Clause, segment: Segment) -> None:
    """ "not the large one, with sugar": what the draft or line is not, and what is wished beside it."""
    start = segment.spans[0].start
    negation = [s for s in clause.spans if s.end <= start and s.role("negation")][-1:]
    spans = (*negation, *(s for s in segment.spans if s is not segment.head))
    if order.drafts:
        draft = order.drafts[-1]
        order.drafts[-1] = merged(draft, order.wishes(spans, [c.id for c in draft.products]), order.lexicon)
        return
    words, wishes = order.reading.words(clause.spans), order.wishes(spans, _skus_in_focus(order))
    if wishes and not order.edits:
        change = merged(Item(words), wishes, order.lexicon)
        order.edits.append(Change(targets.by_focus(words, order.context), change, order.evidence(clause.spans)))


def _offered(order: Gathered, clause: Clause, number: int | None) -> Item | None:
    """ "add one", "one of those", "I'll have it": what was just asked about, else the one thing that was offered."""
    words = order.reading.words(clause.spans)
    pauses = [n for n, s in enumerate(clause.spans) if mark(order.reading, s)]
    said = [s for s in clause.spans[pauses[-1] + 1 if pauses else 0 :] if s.key] or [s for s in clause.spans if s.key]
    if any(s.named or s.content for s in said):
        return None
    if order.context.mentioned and not (order.context.lines and clause.verb) and clause.verb != "remove":
        return Item(words, tuple(Candidate(sku) for sku in order.context.mentioned), number)
    meant = clause.verb == "add" or clause.role("want", "another") or (clause.role("of") and clause.role("it"))
    if not meant or clause.verb in ("change", "remove"):
        return None
    if order.context.mentioned:
        return Item(words, tuple(Candidate(sku) for sku in order.context.mentioned), number)
    items = [i for s in order.context.shown if isinstance(s.command, Add) for i in s.command.items]
    return replace(items[0], quantity=number or items[0].quantity) if len(items) == 1 else None


def _by_options(order: Gathered, segment: Segment) -> Target | None:
    """ "the oat one": the lines that have the options said before "one"."""
    assert segment.head is not None
    before = [s for s in segment.spans if s.start < segment.head.start]
    said = {c.id for s in before for c in s.ids("option")}
    lines = [x for x in order.context.lines if said & {f"{c.group}/{c.value}" for c in x.options}]
    return Target(order.reading.words(segment.spans), tuple(Candidate(x.id) for x in lines)) if lines else None


def _plural(order: Gathered, words: str, number: int) -> Target:
    """`number` units of the focus, or of the only line that holds several."""
    focus = targets.by_focus(words, order.context, number)
    if focus.count is not None or not order.context.lines:
        return focus
    several = [line for line in order.context.lines if line.quantity > number]
    if len(several) == 1:
        return Target(words, (Candidate(several[0].id),), number)
    return focus


def _split(order: Gathered, number: int, segment: Segment, changing: bool) -> None:
    """`number` units of a draft get wishes of their own."""
    base = order.drafts[order.base]
    wishes = order.wishes(uncounted(segment), [c.id for c in base.products])
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


def _take(order: Gathered, number: int, wishes: Wishes) -> None:
    base = order.drafts[order.base]
    order.drafts[order.base] = replace(base, quantity=(base.quantity or number) - number)
    order.drafts.append(merged(replace(base, quantity=number), wishes, order.lexicon))


def other(order: Gathered, clause: Clause, segment: Segment) -> None:
    """ "the other with soy": what "one ..." left over."""
    if order.drafts:
        base = order.drafts[order.base]
        wishes = order.wishes(uncounted(segment), [c.id for c in base.products])
        order.drafts[order.base] = merged(base, wishes, order.lexicon)
        return
    words = order.reading.words(clause.spans)
    others = [line for line in order.context.lines if line.id not in order.context.focus[:1]]
    target = Target(words, tuple(Candidate(line.id) for line in others))
    _edit(order, clause, segment, target)


def everyone(order: Gathered, clause: Clause, segment: Segment) -> None:
    """ "both decaf", "each with an extra shot": every draft, or every line."""
    if order.drafts:
        order.drafts = [
            merged(d, order.wishes(segment.spans, [c.id for c in d.products]), order.lexicon) for d in order.drafts
        ]
        return
    if not order.context.lines:
        order.leading = _leading(segment)  # "every milk but soy in a latte"
        return
    things = (
        s.spans[0].start for s in clause.segments if s.kind == "item" and s.spans[0].start > segment.spans[0].start
    )
    ends = next(things, clause.spans[-1].end)
    own = [s for s in clause.spans if s.start < ends]
    while len(own) > 1 and own[-1].role("negation") and not own[-1].named:
        own.pop()  # "except" belongs to the thing behind it
    target = targets.everything(order.reading.words(clause.spans), order.context)
    _edit(order, replace(clause, spans=tuple(own)), segment, target)


def nth(order: Gathered, clause: Clause, segment: Segment) -> None:
    """ "add oat milk to the first"."""
    words, number = order.reading.words(clause.spans), segment.number or 1
    if order.drafts:
        place = number - 1 if number > 0 else number
        if -len(order.drafts) <= place < len(order.drafts):
            draft = order.drafts[place]
            wishes = order.wishes(clause.spans if clause.verb else segment.spans, [c.id for c in draft.products])
            order.drafts[place] = merged(draft, wishes, order.lexicon)
        return
    target = targets.by_place(words, number, order.context)
    later = (s for s in clause.segments if s.spans[0].start > segment.spans[0].start)
    if clause.verb == "change" and any(s.kind == "item" for s in later):
        order.target = target  # "swap the second for a tea": the segment that follows says what it becomes
        return
    shared = any(s.share for s in clause.segments)  # "two of them flat whites, the third decaf"
    _edit(order, replace(clause, spans=segment.spans) if shared else clause, segment, target)


def it(order: Gathered, clause: Clause, segment: Segment) -> None:
    offered = None if order.drafts else _offered(order, clause, None)
    if offered and order.context.mentioned:
        order.drafts.append(offered)
    else:
        loose(order, clause, segment)


def loose(order: Gathered, clause: Clause, segment: Segment) -> None:
    """Wishes without a thing: for the last draft, or for the line in focus."""
    taken = not order.drafts and order.context.mentioned and clause.role("it", "want")
    if taken and (offered := _offered(order, clause, None)):
        order.drafts.append(offered)
        return
    if order.drafts:
        draft = order.drafts[-1]
        wishes = order.wishes(segment.spans, [c.id for c in draft.products])
        if clause.verb == "remove":
            wishes = _left_out(order, clause, order.wishes(segment.spans, [c.id for c in draft.products], denied=True))
        several = clause.role("both") or any(s.key in ("them", "those", "these") for s in segment.spans)
        for n in range(len(order.drafts)) if several else (len(order.drafts) - 1,):
            order.drafts[n] = merged(order.drafts[n], wishes, order.lexicon)
        return
    if not (order.context.lines or order.context.done_lines) and not any(s.kind == "item" for s in clause.segments):
        order.leading = (*order.leading, *_leading(segment))  # "other than sugar, put all of it in my cappuccino"
        return
    fresh = not clause.verb or not order.context.lines
    if fresh and any(s.kind == "item" and not (s.definite and _at_hand(order, s)) for s in clause.segments):
        order.leading = (*order.leading, *_leading(segment))
        return
    if len(clause.segments) > 1 and any(s.kind in ("item", "nth", "all", "other") for s in clause.segments):
        return  # the segment that names the thing takes these wishes along
    focus = targets.by_focus(order.reading.words(clause.spans), order.context)
    _edit(order, clause, segment, _fitting(order, clause, focus))


def _fitting(order: Gathered, clause: Clause, focus: Target) -> Target:
    """`focus`, or the lines that have the option that is changed ("change the oat milk to soy"), or those that can have
    what is wished when what is in focus cannot."""
    said = {c.id for s in clause.spans for c in s.ids("option")}
    was = {c.id for s in clause.spans[: _turn(clause)] for c in s.ids("option")}
    having = [x for x in order.context.lines if was & {f"{c.group}/{c.value}" for c in x.options}]
    if not said or having:
        return replace(focus, lines=tuple(Candidate(x.id) for x in having)) if having else focus
    able = {x.id for x in order.context.lines if said & possible(order, x.sku)}
    if not able or able & {c.id for c in focus.lines}:
        return focus
    return replace(focus, lines=tuple(Candidate(x.id) for x in order.context.lines if x.id in able))


def _turn(clause: Clause) -> int:
    """Where it is said what something is to become, 0 where it is not."""
    return next((n for n, s in enumerate(clause.spans) if n and s.role("into") and not s.named), 0)


def possible(order: Gathered, sku: str) -> set[str]:
    """The values that a product can have."""
    catalog = order.lexicon.catalog
    return {f"{g}/{v.id}" for g in catalog.options for v in catalog.allowed(sku, g)}


def _at_hand(order: Gathered, segment: Segment) -> bool:
    """Whether a thing is in the basket."""
    skus = {c.id for kind in ("product", "part") for c in segment.head.ids(kind)} if segment.head else set()
    return any(line.sku in skus for line in order.context.lines)


def _leading(segment: Segment) -> tuple[Span, ...]:
    """The wishes before a thing: options, and all that a negation or degree reaches ("not too much foam")."""
    wished = (n for n, s in enumerate(segment.spans) if s.has("option") or s.role("negation"))
    first = next(wished, len(segment.spans))
    told = [n for n, s in enumerate(segment.spans[:first]) if s.role("want", "stop") and not s.named]
    near = segment.spans[told[-1] + 1 if told else 0 :]
    reach = next((n for n, s in enumerate(near) if s.role("negation", "degree", "measure") and s.key), len(near))
    return tuple(
        s for n, s in enumerate(near) if s.has("option") or s.role("article") or (n >= reach and not s.role("filler"))
    )


def _left_out(order: Gathered, clause: Clause, wishes: Wishes) -> Wishes:
    """What is wished away from a draft: "leave the cream out". What the catalog cannot map stays a note as said."""
    removed = wishes.removed
    if wishes.options:
        return replace(wishes, notes=())
    said = [s for s in clause.spans if s.key and not s.role("and", "but", "filler")]
    return Wishes(removed=removed, notes=() if removed and not wishes.notes else (order.reading.words(said),))


def _edit(order: Gathered, clause: Clause, segment: Segment, target: Target) -> None:
    evidence = order.evidence(clause.spans)
    skus = [line.sku for line in order.context.lines if line.id in {c.id for c in target.lines}]
    wishes = order.wishes(clause.spans, skus, denied=clause.verb == "remove")
    wished = any(s.named for s in clause.spans)
    if clause.verb == "remove" and not wishes and _of_a_value(order, clause):
        return  # "forget the delivery": no thing
    if clause.verb == "remove" and not (wishes.options or wishes.removed):
        if any(s.content and s.key for s in clause.spans):
            if target.lines:
                order.edits.append(Change(target, without(order, wishes, clause), evidence))
        elif not _taken_back(order, clause) and (target.lines or clause.role("it")):
            order.edits.append(Remove(target, evidence))
    elif clause.verb == "remove":
        order.edits.append(Change(target, without(order, wishes, clause), evidence))
    elif clause.role("same", "another"):
        _again(order, clause, target, wishes)
    elif (
        wishes
        and (target.lines or (_ordered(order, clause) and (wishes.options or wishes.removed)))
        and (wished or clause.verb or _starts_wish(clause))
        and (wishes.options or wishes.removed or wishes.doubts or _of_making(wishes, clause, order))
    ):
        item = merged(Item(order.reading.words(clause.spans)), wishes, order.lexicon)
        order.edits.append(Change(target, item, evidence))


def _taken_back(order: Gathered, clause: Clause) -> bool:
    """ "With whipped cream? No, leave that out": what the same words have just wished for, not the thing itself."""
    last = order.edits[-1] if order.edits else None
    if not isinstance(last, Change) or last.to.products or not last.to.options or not clause.role("it"):
        return False
    removed = (*last.to.removed, *last.to.options)
    order.edits[-1] = replace(last, to=replace(last.to, options=(), removed=removed))
    return True


def _of_making(wishes: Wishes, clause: Clause, order: Gathered) -> bool:
    """Whether words that no option explains, said without a thing, can be how it is made: with or without something,
    more or less of it. "Can that be simpler", "no stress" and "a bit later" are of the talk, and asked about."""
    talk = frozenset(word for pack in order.lexicon.packs for word in pack.talk)
    told = [key for note in wishes.notes for key in keys(note)]
    marked = clause.role("with", "negation", "degree", "measure", "want", "add", "remove")
    return marked and not any(key in talk for key in told)


def _of_a_value(order: Gathered, clause: Clause) -> bool:
    """Whether what is taken away is a value of the order (delivery, a time), whose words the slots have taken."""
    own = {s.start for s in clause.spans}
    inside = (s for s in order.reading.spans if clause.spans[0].start <= s.start < clause.spans[-1].end)
    taken = any(s.key and s.start not in own for s in inside)
    return (taken and not clause.role("it")) or any(s.has("choice", "location") for s in clause.spans)


def _ordered(order: Gathered, clause: Clause) -> bool:
    """Whether it can only be about what was just ordered and can still be taken back: "make it decaf"."""
    turned = clause.verb == "change" or clause.role("copula", "amending", "correcting", "past")
    return turned and not order.context.lines and order.context.undoable and bool(order.context.done_lines)


def _again(order: Gathered, clause: Clause, target: Target, wishes: Wishes) -> None:
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


def _skus_in_focus(order: Gathered) -> list[str]:
    lines = {c.id for c in targets.by_focus("", order.context).lines}
    return [line.sku for line in order.context.lines if line.id in lines]
