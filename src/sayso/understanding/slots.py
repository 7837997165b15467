"""Slot values that are mentioned anywhere in an utterance: a store, to go or for here, a time, a postcode."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sayso.manifest.specs import SlotSpec
from sayso.model.command import Candidate, Evidence, Fill
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.spans import Reading, Span
from sayso.understanding.times import find_times
from sayso.understanding.words import fold

_POSTCODE = re.compile(r"\b([1-9]\d{3})\s?([a-z]{2})\b")


def pending_slot(context: Context, lexicon: Lexicon) -> SlotSpec | None:
    """The slot that the pending question asks for."""
    if context.pending is None or context.pending.kind != "slot":
        return None
    return lexicon.slots.get(context.pending.slot)


def read_slots(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[tuple[Fill, ...], tuple[Span, ...]]:
    """The values that were said, and the spans that are left for the items."""
    asked = pending_slot(context, lexicon)
    taken: set[int] = set()
    fills = [*_times(reading, lexicon, context, asked, taken)]
    for i, span in enumerate(reading.spans):
        if not taken.intersection(range(span.start, span.end)):
            fills.extend(_mentioned(reading, i, lexicon, asked, taken))
    fills.extend(_postcodes(reading, lexicon, context, taken))
    left = tuple(s for s in reading.spans if not taken.intersection(range(s.start, s.end)))
    return _one_each(fills), left


def _one_each(fills: Sequence[Fill]) -> tuple[Fill, ...]:
    """One value a slot: the last one said, for people correct themselves."""
    return tuple({fill.slot: fill for fill in fills}.values())


def _times(
    reading: Reading, lexicon: Lexicon, context: Context, asked: SlotSpec | None, taken: set[int]
) -> Iterator[Fill]:
    slot = next((s.name for s in lexicon.slots.values() if s.type == "time"), "")
    about_time = asked is not None and asked.type == "time"
    if not slot:
        return
    for when in find_times(reading.tokens, lexicon.packs, reading.language, context.now, about_time):
        spans = [s for s in reading.spans if s.start >= when.start and s.end <= when.end]
        following = next((s for s in reading.spans if s.start >= when.end), None)
        thing = following is not None and following.has("product", "part", "category", "option")
        counts = thing and spans and spans[-1].number is not None
        if counts and not about_time:
            continue
        taken.update(range(when.start, when.end))
        yield Fill(slot, (Candidate(when.value),), Evidence(reading.words(spans), "local"))


def _mentioned(reading: Reading, i: int, lexicon: Lexicon, asked: SlotSpec | None, taken: set[int]) -> Iterator[Fill]:
    span = reading.spans[i]
    places, choices = span.ids("location"), span.ids("choice")
    if not (places or choices) or _another_meaning(reading, i):
        return
    start = i
    while start and reading.spans[start - 1].role("with", "definite", "into", "add", "article") and start > i - 2:
        if reading.spans[start - 1].named:
            break
        start -= 1
    taken.update(range(reading.spans[start].start, span.end))
    evidence = Evidence(reading.words((span,)), "local", span.score)
    if choices:
        slot = choices[0].id.partition("/")[0]
        ids = tuple(Candidate(c.id.partition("/")[2], c.score) for c in choices if c.id.partition("/")[0] == slot)
        yield Fill(slot, ids, evidence)
    elif name := next((s.name for s in lexicon.slots.values() if s.type == "location"), ""):
        yield Fill(name, places, evidence)


def _another_meaning(reading: Reading, i: int) -> bool:
    """Whether the words mean something else here: a product, or "take out the muffin"."""
    span, following = reading.spans[i], reading.spans[i + 1 : i + 2]
    if span.has("product", "option") or (i and reading.spans[i - 1].role("negation")):
        return True
    return span.role("remove") and any(f.role("definite", "it") for f in following)


def _postcodes(reading: Reading, lexicon: Lexicon, context: Context, taken: set[int]) -> Iterator[Fill]:
    slot = next((s.name for s in lexicon.slots.values() if s.type == "postcode"), "")
    hit = _POSTCODE.search(fold(reading.text)) if slot else None
    if not hit:
        return
    start, end = hit.span()
    folded_same = len(fold(reading.text)) == len(reading.text)
    if folded_same:
        taken.update(n for n, t in enumerate(reading.tokens) if t.start < end and t.end > start)
    yield Fill(slot, (Candidate(f"{hit.group(1)}{hit.group(2).upper()}"),), Evidence(hit.group(), "local"))


def read_name(reading: Reading, spans: Sequence[Span], lexicon: Lexicon) -> tuple[Fill | None, tuple[Span, ...]]:
    """The name for the order ("name is Bram", "for Jessica"), where an intent has a slot for it; and what is left."""
    slot = next((s for s in lexicon.slots.values() if s.type == "text" and s.name == "name"), None)
    for i, span in enumerate(spans if slot else ()):
        led = span.role("naming")
        if not (led or span.key in ("for", "voor")) or i + 1 >= len(spans):
            continue
        said = [s for s in spans[i + 1 : i + 3] if _proper(reading, s, led)]
        if slot is not None and said and said[0] is spans[i + 1]:
            said = said if len(said) == 1 or said[1] is spans[i + 2] else said[:1]
            fill = Fill(slot.name, (Candidate(reading.words(said)),), Evidence(reading.words((span, *said)), "local"))
            return fill, (*spans[:i], *spans[i + 1 + len(said) :])
    return None, tuple(spans)


def _proper(reading: Reading, span: Span, led: bool) -> bool:
    """Whether a span can be somebody's name: an unknown word, or any word with a capital where a name is announced."""
    word = reading.tokens[span.start].text
    if not word[:1].isalpha() or span.sure:
        return False
    return not span.senses or (led and (word[:1].isupper() or span.content))
