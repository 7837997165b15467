"""What is not to be done: "don't cancel my appointment", "verzet mijn afspraak maar niet" begin nothing.

A negation that leads to what begins an intent, over words of no weight, takes it back; so does one behind it, where
what stands is moved or cancelled and nothing that could be refused follows. A question ("can't I move it?") takes back
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sayso.model.command import Start
from sayso.understanding.asking import asks
from sayso.understanding.context import Context
from sayso.understanding.items.heads import mark
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.scopes import LONGEST, begun
from sayso.understanding.slots.slots import Mentions, typed_words
from sayso.understanding.spans import Reading, Span

_DENYING = ("negation", "declined")
_STANDING = ("cancel", "move")
"""Operations on what stands already."""
_WEIGHTLESS = ("want", "into", "filler", "let")


def left_alone(found: Mentions, started: Start | None, lexicon: Lexicon, context: Context) -> bool:
    """Whether what `started` begins, or what would be begun without a negation, is not to be done."""
    if not any(s.role(*_DENYING) and not s.named for s in found.reading.spans) or asks(found.reading.text, lexicon):
        return False
    if started is None:
        return any(_parted(part, found, lexicon, context) for part in _parts(found.reading))
    return any(_taken_back(part, found, started, lexicon, context) for part in _parts(found.reading))


def _parts(reading: Reading) -> Iterator[list[Span]]:
    part: list[Span] = []
    for span in reading.spans:
        if mark(reading, span) or span.role("but"):
            yield part
            part = []
        else:
            part.append(span)
    yield part


def _taken_back(part: Sequence[Span], found: Mentions, started: Start, lexicon: Lexicon, context: Context) -> bool:
    names = {c.id for c in started.intents}
    standing = any(lexicon.intents.specs[name].operation in _STANDING for name in names)
    for n, span in enumerate(part):
        if not span.role(*_DENYING) or span.named:
            continue
        after = list(part[n + 1 :])
        while after and after[0].role(*_WEIGHTLESS) and not after[0].named:
            after.pop(0)
        if after and after[0].start not in {t.start for t in found.times} and _leads(after, names, found, lexicon):
            return True
        plain = not any(s.named or s.has("staff") or s.start in {t.start for t in found.times} for s in part[n + 1 :])
        if standing and plain and _begins(part[:n], names, found, lexicon, context):
            return True
    return False


def _leads(part: Sequence[Span], names: set[str], found: Mentions, lexicon: Lexicon) -> bool:
    """Whether the very first of these words begin one of those intents."""
    words = typed_words(Mentions(replace(found.reading, spans=tuple(part)), found.times), lexicon)
    heads = (" ".join(words[:size]) for size in range(1, LONGEST + 1))
    return any(names.intersection(lexicon.intents.inside.get(head, ())) for head in heads)


def _parted(part: Sequence[Span], found: Mentions, lexicon: Lexicon, context: Context) -> bool:
    """Whether a negation stands inside what would cancel or move ("zeg mijn afspraak niet af")."""
    kept = [s for s in part if s.named or not s.role(*_DENYING)]
    specs = lexicon.intents.specs
    standing = {name for name, spec in specs.items() if spec.operation in _STANDING}
    return len(kept) < len(part) and bool(standing) and _begins(kept, standing, found, lexicon, context)


def _begins(part: Sequence[Span], names: set[str], found: Mentions, lexicon: Lexicon, context: Context) -> bool:
    """Whether these words by themselves begin one of those intents."""
    reading = replace(found.reading, spans=tuple(part))
    words = typed_words(Mentions(reading, found.times), lexicon) if part else []
    start = begun(words, reading.text, lexicon.intents, context) if words else None
    return start is not None and any(c.id in names for c in start.intents)
