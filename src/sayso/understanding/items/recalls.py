"""What was ordered before, asked for again and perhaps differently: "my usual but with soy", "same as before".

Which lines those are is not known here: the change is meant for all that comes back into the basket.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso.model.command import Candidate, Change, Command, Evidence, Item, Start, Target
from sayso.understanding.context import Context
from sayso.understanding.items.clauses import clauses
from sayso.understanding.items.heads import mark
from sayso.understanding.items.wishes import merged, read_wishes
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.questions import opens
from sayso.understanding.spans import Reading, Span

LONGEST = 8
"""Words of a phrase that asks for what was before."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """The commands, and the spans that speak of other things."""

    commands: tuple[Command, ...] = ()
    rest: tuple[Span, ...] = ()
    asking: bool = False
    """Its own words look like a question: "what I had last time"."""


def read_recall(reading: Reading, spans: Sequence[Span], lexicon: Lexicon, context: Context) -> Recalled:
    """What asks for an earlier order in `spans`; no commands where nothing does."""
    found = _phrase(reading, spans, lexicon, context) or _same(spans, lexicon, context)
    if found is None:
        return Recalled(rest=tuple(spans))
    intent, said = found
    left = [s for s in spans if s not in said]
    start = Start((Candidate(intent),), Evidence(reading.words(said), "local", 0.95))
    asking = any(opens(reading, s) for s in said)
    wishing, rest = _parted(reading, left)
    wishes = read_wishes(wishing, reading, lexicon, ())
    if not wishes:
        return Recalled((start,), rest, asking)
    words = reading.words(wishing)
    to = merged(Item(words), wishes, lexicon)
    return Recalled((start, Change(Target(words, (), None, True), to, Evidence(words, "local"))), rest, asking)


def _phrase(
    reading: Reading, spans: Sequence[Span], lexicon: Lexicon, context: Context
) -> tuple[str, list[Span]] | None:
    """The longest of the manifest's own words for it."""
    keys = ["".join(t.key for t in reading.tokens[s.start : s.end]) for s in spans]
    for size in range(min(LONGEST, len(spans)), 0, -1):
        for at in range(len(spans) - size + 1):
            intent = lexicon.recalls.get("".join(keys[at : at + size]))
            if (
                intent
                and _stands(reading, spans, at, at + size)
                and (not context.lines or any(_telling(s) for s in spans[at : at + size]))
            ):
                return intent, list(spans[at : at + size])
    return None


def _stands(reading: Reading, spans: Sequence[Span], start: int, stop: int) -> bool:
    """Whether the words are a thing of their own: "the usual", not "without the usual sugar"."""
    before, after = spans[start - 1] if start else None, spans[stop] if stop < len(spans) else None
    led = before is not None and before.role("negation", "with", "instead_of") and not before.named
    noun = after is not None and not mark(reading, after) and after.role("kind") and not after.named
    return not led and not noun


def _telling(span: Span) -> bool:
    """With a basket at hand "the same again" is another of what is in it, "the same as yesterday" is not."""
    return bool(span.key) and not span.role("same", "another", "filler", "want", "definite", "article")


def _same(spans: Sequence[Span], lexicon: Lexicon, context: Context) -> tuple[str, list[Span]] | None:
    """ "The same but with oat milk" where there is nothing else that it could be the same as."""
    said = [s for s in spans if s.role("same") or (s.role("another") and "again" in s.key)]
    intent = next((n for n in lexicon.recalls.values() if lexicon.intents.specs[n].operation == "last"), "")
    if not said or not intent or context.lines or context.done_lines or context.mentioned:
        return None
    return (intent, said) if not any(s.has("product", "part", "category") for s in spans) else None


def _parted(reading: Reading, spans: Sequence[Span]) -> tuple[list[Span], tuple[Span, ...]]:
    """What is wished of it, and the rest from the first other thing on: "my usual with soy and a muffin"."""
    things = (s for c in clauses(reading, spans) for s in c.segments if s.kind in ("item", "thing"))
    first = next((s.spans[0].start for s in things), None)
    if first is None:
        return list(spans), ()
    return [s for s in spans if s.start < first], tuple(s for s in spans if s.start >= first)
