"""What points at a list that was shown before: "the first one after all", "what does the second one cost?"."""

from __future__ import annotations

from dataclasses import replace

from sayso.model.basket import Line
from sayso.model.command import Candidate, Change, Evidence, Item, Question, Target
from sayso.understanding.context import Context
from sayso.understanding.questions import opens
from sayso.understanding.spans import Reading, Span

_THINGS = ("price", "product", "options", "allergens")
"""Questions about one thing."""
_BESIDE = (
    "filler", "definite", "want", "it", "article", "restate", "with", "add", "of", "change", "stop", "amending",
    "correcting", "instead", "other", "and", "but",
)  # fmt: skip
"""What is said beside a place in a list, and not which."""


def later(reading: Reading) -> Reading:
    """A reading from where a place in a list is taken back for another: "the second, or no, the first"."""
    places = [n for n, s in enumerate(reading.spans) if s.ordinal is not None]
    if len(places) < 2:
        return reading
    between = range(places[-2] + 1, places[-1])
    cut = next((n for n in reversed(between) if reading.spans[n].role("correcting", "amending")), None)
    return reading if cut is None else replace(reading, spans=reading.spans[cut + 1 :])


def rechosen(reading: Reading, context: Context) -> tuple[Change, ...]:
    """Another of the list that a line was picked from, its question answered: "actually, make it the first one"."""
    line = next((x for x in _lines(context) if x.sku in context.listed), None)
    open_ = context.pending is not None and context.pending.kind == "product"
    spans = later(reading).spans
    telling = [s for s in spans if s.key and not _beside(s)]
    amending = any(s.role("amending", "correcting", "instead", "change") and s.key for s in reading.spans)
    place = _place(telling[0], context) if len(telling) == 1 else None
    if line is None or open_ or not amending or place is None or "?" in reading.text:
        return ()
    sku = context.listed[place]
    if sku == line.sku:
        return ()
    target = Target(reading.text, (Candidate(line.id),))
    return (Change(target, Item(reading.text, (Candidate(sku),)), Evidence(reading.text, "local")),)


def _beside(span: Span) -> bool:
    """A word that says not which: one of the small ones, or a sound ("hm")."""
    sound = not span.senses and len(span.key) < 4
    return sound or (span.ordinal is None and not span.named and span.role(*_BESIDE))


def _lines(context: Context) -> list[Line]:
    by_id = {line.id: line for line in context.lines}
    return [by_id[id] for id in context.focus if id in by_id]


def _place(span: Span, context: Context) -> int | None:
    """The index in the list that an ordinal stands for."""
    number = span.ordinal
    if not number or abs(number) > len(context.listed):
        return None
    return number - 1 if number > 0 else len(context.listed) + number


def pointed_at(reading: Reading, context: Context) -> bool:
    """Whether something is asked about one of a list: "what sizes does the first come in"."""
    asking = "?" in reading.text or any(opens(reading, s) for s in reading.spans)
    return asking and any(_place(s, context) is not None for s in reading.spans)


def pointed(question: Question, reading: Reading, context: Context) -> Question:
    """A question about one thing that is only pointed at: by its place, or as the only one that was shown or named."""
    if question.about not in _THINGS or any(c.id in context.listed for c in question.ids):
        return question
    places = [p for s in reading.spans if s.ordinal is not None and (p := _place(s, context)) is not None]
    if len(places) == 1:
        return replace(question, ids=(Candidate(context.listed[places[0]]), *question.ids))
    if question.ids:
        return question
    about = context.mentioned or context.sought
    if len(about) == 1 and any(s.role("it") for s in reading.spans) and question.about != "product":
        return replace(question, ids=(Candidate(about[0]),))
    return question
