"""Questions about things that were shown: "is the first one waterproof?", "what's the difference between those?".

Only which things are asked about is concluded here; what there is to tell is read from the rows by the skill that
showed them.
"""

from __future__ import annotations

from sayso.model.command import Candidate, Evidence, Question
from sayso.understanding.context import Context
from sayso.understanding.items.refining import search_of
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.questions import opens
from sayso.understanding.spans import Reading, Span
from sayso.understanding.talk import flat

MOST_COMPARED = 3
_SMALL = ("filler", "and", "but", "or", "of", "article", "definite", "it")


def judged(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Question, ...]:
    """The question whether one of what was shown is something, or how some of it differ."""
    if not context.listed or not search_of(lexicon):
        return ()
    return _compared(reading, lexicon, context) or _asked(reading, lexicon, context)


def _compared(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Question, ...]:
    said = flat(reading.tokens)
    if not any(phrase in said for pack in lexicon.packs for phrase in pack.judging.get("differing", ())):
        return ()
    found = _places(reading, context)
    named = [c.id for s in reading.spans if s.sure for c in s.ids("product")[:1] if c.id in context.listed]
    skus = tuple(dict.fromkeys((*found, *named)))
    skus = skus if len(skus) > 1 else context.listed
    return _question("compare", skus, reading) if len(skus) > 1 else ()


def _asked(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Question, ...]:
    """ "Is it waterproof?": a verb that asks of a thing, what points at one, and more."""
    said = [s for s in reading.spans if s.key]
    if any(opens(reading, s) for s in said):
        return ()
    verb = next((n for n, s in enumerate(said) if not _points(s)), len(said))
    if verb + 1 >= len(said) or not _says("opening", reading, said[verb], lexicon):
        return ()
    if _says("there", reading, said[verb + 1], lexicon):
        return ()  # "is there a longer one?" looks for another
    rest = said[verb + 1 :]
    pointing = [s for s in (*said[:verb], *rest) if s.ordinal is not None or s.role("it")]
    telling = [s for s in rest if not (s.ordinal is not None or _small(s))]
    asked = _points(rest[0]) or (said[:verb] and "?" in reading.text)
    if not telling or not pointing or not asked:
        return ()
    return _question("trait", _meant(reading, context), reading)


def _says(what: str, reading: Reading, span: Span, lexicon: Lexicon) -> bool:
    key = reading.tokens[span.start].key
    return any(f" {key} " in pack.judging.get(what, ()) for pack in lexicon.packs)


def _points(span: Span) -> bool:
    return span.ordinal is not None or _small(span)


def _small(span: Span) -> bool:
    return span.role(*_SMALL) and not span.named


def _meant(reading: Reading, context: Context) -> tuple[str, ...]:
    """Those at the places that are said; else the one that was told of last; else all."""
    if places := _places(reading, context):
        return places
    told = len(context.mentioned) == 1 and context.mentioned[0] in context.listed
    return context.mentioned if told else context.listed


def _places(reading: Reading, context: Context) -> tuple[str, ...]:
    numbers = (s.ordinal for s in reading.spans if s.ordinal is not None)
    indexes = (n - 1 if n > 0 else len(context.listed) + n for n in numbers)
    return tuple(dict.fromkeys(context.listed[n] for n in indexes if 0 <= n < len(context.listed)))


def _question(about: str, skus: tuple[str, ...], reading: Reading) -> tuple[Question, ...]:
    ids = tuple(Candidate(sku) for sku in skus[:MOST_COMPARED])
    return (Question(about, ids, Evidence(reading.text, "local"), reading.text),)
