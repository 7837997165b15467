"""The name for an order: told with it ("name is Bram", "for Jessica"), corrected ("not Anna, Hannah"), or alone."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.model.command import Candidate, Evidence, Fill
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.scopes import Scope
from sayso.understanding.slots.persons import find_names, spelled
from sayso.understanding.spans import Reading, Span


def read_name(reading: Reading, spans: Sequence[Span], scope: Scope) -> tuple[Fill | None, tuple[Span, ...]]:
    """The name for the order, where the intent has a slot for it; and what is left."""
    slot = scope.slots.get("name")
    if slot is None or slot.type != "text":
        return None, tuple(spans)
    hit = _corrected(reading, spans) or _told(reading, spans)
    if hit is None:
        return None, tuple(spans)
    start, stop, said = hit
    fill = Fill(slot.name, (Candidate(reading.words(said)),), Evidence(reading.words(spans[start:stop]), "local"))
    return fill, (*spans[:start], *spans[stop:])


_Hit = tuple[int, int, Sequence[Span]]
"""From which span to which one a name is told, and the spans of the name itself."""


def _told(reading: Reading, spans: Sequence[Span]) -> _Hit | None:
    """ "name is Bram", "for Jessica Jones"; "..., not Anna" behind it says nothing more."""
    for i, span in enumerate(spans):
        led = span.role("naming")
        if not (led or span.key in ("for", "voor")) or i + 1 >= len(spans):
            continue
        said = [s for s in spans[i + 1 : i + 3] if _proper(reading, s, led)]
        if said and said[0] is spans[i + 1]:
            said = said if len(said) == 1 or said[1] is spans[i + 2] else said[:1]
            return i, _past_denied(reading, spans, i + 1 + len(said)), said
    return None


def _past_denied(reading: Reading, spans: Sequence[Span], i: int) -> int:
    """Over ", not Anna"."""
    at = i
    while at < len(spans) and (not spans[at].key or spans[at].role("but", "and")):
        at += 1
    denied = at + 1 < len(spans) and spans[at].role("negation") and _proper(reading, spans[at + 1], True)
    return at + 2 if denied else i


def _corrected(reading: Reading, spans: Sequence[Span]) -> _Hit | None:
    """ "not Anna, Hannah", "niet Anna maar Hanna": both are names and stand alone."""
    for i, span in enumerate(spans):
        if not span.role("negation") or i + 2 >= len(spans) or not _capital(reading, spans[i + 1]):
            continue
        at = i + 2
        while at < len(spans) - 1 and (not spans[at].key or spans[at].role("but", "naming") or spans[at].key in _BUT):
            at += 1
        if at > i + 2 and _capital(reading, spans[at]):
            return i, at + 1, [spans[at]]
    return None


_BUT = ("but", "maar", "its", "it", "is", "het")


def _capital(reading: Reading, span: Span) -> bool:
    return reading.tokens[span.start].text[:1].isupper() and _proper(reading, span, True)


def _proper(reading: Reading, span: Span, led: bool) -> bool:
    """Whether a span can be somebody's name: an unknown word, or any word with a capital where a name is announced."""
    word = reading.tokens[span.start].text
    if not word[:1].isalpha() or span.sure:
        return False
    return not span.senses or (led and (word[:1].isupper() or span.content))


def answered_name(reading: Reading, lexicon: Lexicon) -> str:
    """The name in an answer to the question for it: as it is spelled, or what can be a name; "" when nothing can."""
    word = next((word for _, _, word in spelled(reading.tokens)), "")
    if word:
        return word
    readers = lexicon.readers.get(reading.language, lexicon.readers[""])
    names = find_names(reading.tokens, readers.persons, readers.ordinary, asked=True)
    name = next((n for n in names if n.led), names[0] if len(names) == 1 else None)
    if name is None:
        return ""
    return reading.text[reading.tokens[name.start].start : reading.tokens[name.end - 1].end]
