"""How many, said anew of what is in the basket: "one less", "leave it at two", "er mag er eentje af"."""

from __future__ import annotations

from sayso.model.basket import Line
from sayso.model.command import Candidate, Change, Command, Evidence, Item, Remove, Target
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.spans import Reading, Span

_BESIDE = (
    "filler", "stop", "it", "want", "definite", "small", "with", "correcting", "amending", "negation", "of", "and",
)  # fmt: skip
_MOST = 7
"""Words of more than this say something else."""


def recount(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """The change of a number, where nothing else is said; nothing where nothing is there to be counted."""
    said = [s for s in reading.spans if s.key]
    numbers = [s for s in said if s.number]
    if not context.lines or len(numbers) != 1 or len(said) > _MOST or "?" in reading.text:
        return ()
    words = " ".join(t.key for t in reading.tokens if t.key)
    for kind, make in (("fewer", _fewer), ("staying", _staying)):
        if phrase := _phrase(words, kind, lexicon):
            rest = [s for s in said if s is not numbers[0] and not _of(s, phrase, reading) and not s.role(*_BESIDE)]
            return () if rest else (make(numbers[0].number or 1, reading, context),)
    return ()


def _phrase(words: str, kind: str, lexicon: Lexicon) -> str:
    """The longest phrase of a kind that is said."""
    phrases = (p for pack in lexicon.packs for p in pack.counting.get(kind, ()))
    return max((p for p in phrases if f" {p} " in f" {words} "), key=len, default="")


def _of(span: Span, phrase: str, reading: Reading) -> bool:
    return all(t.key in phrase.split() for t in reading.tokens[span.start : span.end] if t.key)


def _fewer(number: int, reading: Reading, context: Context) -> Remove:
    """So many of what was touched last where it holds more, of the only line that does, else of any: to be asked."""
    by_id = {line.id: line for line in context.lines}
    focus = [by_id[id] for id in context.focus if id in by_id][:1]
    several = [line for line in (*focus, *context.lines) if line.quantity > number]
    lines: list[Line] = several[:1] if focus and several[:1] == focus else several
    found = {line.id: line for line in lines} or by_id
    count = number if several else None
    target = Target(reading.text, tuple(map(Candidate, found)), count)
    return Remove(target, Evidence(reading.text, "local"))


def _staying(number: int, reading: Reading, context: Context) -> Change:
    known = {line.id for line in context.lines}
    lines = [id for id in context.focus if id in known][:1] or list(known)
    target = Target(reading.text, tuple(map(Candidate, lines)))
    return Change(target, Item(reading.text, quantity=number), Evidence(reading.text, "local"))
