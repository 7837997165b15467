"""What is looked for, told more closely while a list of it is shown: "in black?", "anything cheaper", "not leather".

Only that it is said of the list is concluded here; what it comes to is read from the rows by the skill that searches.
"""

from __future__ import annotations

from sayso.model.command import Candidate, Evidence, Start
from sayso.understanding.asking import asks
from sayso.understanding.context import Context
from sayso.understanding.items.heads import verb
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.spans import Reading, Span
from sayso.understanding.talk import flat

_WEAK = ("filler", "want", "it", "definite", "article", "stop", "and", "but", "with", "amending", "small", "restate")
_MOST = 7
"""Telling words of more than this are a wish of their own."""


def refined(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Start, ...]:
    """The search that is begun again with what these words add to it; nothing where they pick, order or ask other
    things."""
    search = search_of(lexicon) if context.sought else ""
    if not search:
        return ()
    said = [s for s in reading.spans if s.key]
    telling = [s for s in said if _says(s)]
    if not telling or len(telling) > _MOST or any(_elsewhere(s, lexicon, search) for s in telling):
        return ()
    if not (_compares(reading, lexicon) or any(_quality(s, lexicon, search) for s in telling)):
        return ()
    if not (_open(reading, lexicon) or all(_quality(s, lexicon, search) for s in telling)):
        return ()
    return (Start((Candidate(search),), Evidence(reading.text, "local")),)


def search_of(lexicon: Lexicon) -> str:
    """The intent that looks for what is described, and takes all the words."""
    specs = lexicon.intents.specs.values()
    found = (i.name for i in specs if i.operation in ("find", "advise") and any(s.whole for s in i.slots.values()))
    return next(found, "")


def _says(span: Span) -> bool:
    return span.named or span.ordinal is not None or not span.role(*_WEAK)


def _elsewhere(span: Span, lexicon: Lexicon, search: str) -> bool:
    """It names a thing, a kind of thing or a place, orders, or counts."""
    if span.has("location", "category") or (span.has("product") and span.sure) or _kind(span, lexicon, search):
        return True
    return bool(verb(span)) or span.role("past", "same") or span.ordinal is not None


def _kind(span: Span, lexicon: Lexicon, search: str) -> bool:
    """A value of the first choice that the search declares: the kind of thing."""
    slots = lexicon.intents.specs[search].slots.values()
    first = next((slot.name for slot in slots if slot.type == "choice"), "")
    return any(s.kind == "choice" and s.id.startswith(f"{first}/") for s in span.senses)


def _quality(span: Span, lexicon: Lexicon, search: str) -> bool:
    """What a thing can be like: an option, a value that the search asks for, a word of products' names."""
    if span.has("option", "part"):
        return True
    slots = lexicon.intents.specs[search].slots
    return any(s.kind == "choice" and s.id.partition("/")[0] in slots for s in span.senses)


def _open(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether it is left open which: asked, "something ...", "another ...", a comparison, a refusal."""
    words = {t.key for t in reading.tokens if t.key}
    weak = {w.strip() for pack in lexicon.packs for w in pack.finding.get("weak", ())}
    open_ = any(s.role("other", "another", "negation", "degree") and not s.named for s in reading.spans)
    return open_ or asks(reading.text, lexicon) or bool(words & weak) or _compares(reading, lexicon)


def _compares(reading: Reading, lexicon: Lexicon) -> bool:
    """ "Cheaper", "another colour", "other ones"."""
    said = flat(reading.tokens)
    return any(phrase in said for pack in lexicon.packs for phrase in pack.comparing)
