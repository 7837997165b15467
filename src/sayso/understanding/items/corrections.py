"""People correct themselves while they speak ("a latte, no, a flat white") or offer a choice ("a latte or a mocha").

What corrects a draft takes its place; what stands beside it as another possibility is asked about, not ordered as well.
"""

from __future__ import annotations

from dataclasses import replace

from sayso.model.command import Candidate, Item
from sayso.understanding.items.clauses import Clause, Segment
from sayso.understanding.items.gathered import Gathered
from sayso.understanding.items.heads import mark
from sayso.understanding.spans import Span


def corrected(order: Gathered, clause: Clause, segment: Segment, item: Item) -> bool:
    """Put `item` in the place of the last draft when the words between them take that back."""
    if not order.drafts or not segment.spans:
        return False
    between = _between(order, segment)
    made = clause.verb == "change" and clause.role("it") and not segment.definite
    if not (made or _takes_back(order, between)) or any(s.role("and", "another") for s in between[-2:]):
        return False
    quantity = item.quantity if segment.number and segment.number > 1 else order.drafts[-1].quantity or item.quantity
    order.drafts[-1] = replace(item, quantity=quantity)
    return True


def either(order: Gathered, segment: Segment, item: Item) -> bool:
    """ "a latte or a cappuccino": one of the two, and dialogue asks which."""
    between = _between(order, segment)
    if not order.drafts or not any(s.role("or") for s in between[-2:]) or not item.products:
        return False
    last = order.drafts[-1]
    if not last.products or {c.id for c in last.products} & {c.id for c in item.products}:
        return False
    products = tuple(Candidate(c.id, 0.9) for c in (*last.products[:3], *item.products[:3]))
    order.drafts[-1] = replace(last, words=f"{last.words} / {item.words}", products=products)
    return True


def _between(order: Gathered, segment: Segment) -> list[Span]:
    """The spans before a segment, back to the last thing that was named."""
    start = segment.spans[0].start
    before = [s for s in order.reading.spans if s.end <= start]
    found: list[Span] = []
    for span in reversed(before):
        if span.named or span.number is not None:
            break
        found.append(span)
    return found[::-1]


def _takes_back(order: Gathered, spans: list[Span]) -> bool:
    """Whether a "no" or "I mean" stands there by itself: "no muffin" leaves out, "no, a muffin" corrects."""
    for n, span in enumerate(spans):
        if not span.role("correcting"):
            continue
        following = spans[n + 1] if n + 1 < len(spans) else None
        alone = following is None or bool(mark(order.reading, following)) or following.role("want", "filler", "article")
        if not span.role("negation") or (alone and following is not None) or _article_next(order, span):
            return True
    return False


def _article_next(order: Gathered, span: Span) -> bool:
    following = next((s for s in order.reading.spans if s.start >= span.end), None)
    return following is not None and (following.role("article") or (following.number or 0) > 0)
