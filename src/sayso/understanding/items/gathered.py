"""What has been gathered so far from one utterance: drafts of items, and edits of lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sayso.model.command import Command, Evidence, Item, Target
from sayso.understanding.context import Context
from sayso.understanding.items.clauses import Clause, Segment
from sayso.understanding.items.wishes import Wishes, read_wishes
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.spans import Reading, Span


@dataclass(slots=True)
class Gathered:
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
    instead: Target | None = None
    """The lines that the next thing comes instead of."""
    leading: tuple[Span, ...] = ()
    """Wishes that came before the thing they are for: "an iced, caramel mocha"."""

    def wishes(self, spans: Sequence[Span], skus: Sequence[str], denied: bool = False) -> Wishes:
        """What `spans` wish; `denied`: of what is to be left out."""
        return read_wishes(spans, self.reading, self.lexicon, skus, denied)

    def evidence(self, spans: Sequence[Span], score: float = 1.0) -> Evidence:
        return Evidence(self.reading.words(spans), "local", score)


def uncounted(segment: Segment) -> list[Span]:
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


def without(order: Gathered, wishes: Wishes, clause: Clause) -> Item:
    """The change that leaves out what was wished away; what the catalog cannot map stays a note with its verb."""
    words = order.reading.words(clause.spans)
    return Item(words, options=wishes.options, removed=wishes.removed, notes=(words,) if wishes.notes else ())
