"""Questions, and statements of an allergy: what they are about, and which rows they name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sayso.model.command import Allergy, Candidate, Evidence, Question
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.phrasing import heard
from sayso.understanding.slots.denials import denied
from sayso.understanding.spans import Reading, Span
from sayso.understanding.talk import flat
from sayso.understanding.words import Token

_ORDER = ("why", "order", "duration", "basket", "options", "allergens", "price", "places", "hours", "menu", "product")
"""The kinds of question, the more telling openings first."""
_NAMES = {
    "price": ("product", "part", "category", "option", "choice"),
    "product": ("product", "part", "category", "option", "group"),
    "duration": ("product", "part"),
    "options": ("group", "option", "product", "part"),
    "allergens": ("product", "part", "allergen"),
    "menu": ("category", "product", "part", "group"),
    "hours": ("location",),
    "places": ("location",),
}


def read_question(reading: Reading, spans: Sequence[Span], lexicon: Lexicon) -> Question | None:
    """The question that a sentence asks, if it asks one."""
    aside = (s for s in spans if (s.has("product") and s.score < 1) or _courtesy(s))
    unsaid = {n for s in aside for n in range(s.start, s.end)}
    told = range(spans[0].start, spans[-1].end) if spans else range(0)
    toks = [reading.tokens[n] for n in told if n not in unsaid]
    said, words = flat(toks), reading.words(spans)
    begin = _opening(reading, spans)
    opening = flat(reading.tokens[spans[begin].start : spans[-1].end]) if begin < len(spans) else ""
    asked = "?" in words
    led = begin < len(spans) and opens(reading, spans[begin])
    if any(phrase in said for pack in lexicon.packs for phrase in pack.recommending):
        return Question("open", (), Evidence(words, "local"), words)
    openings = _heard(said, lexicon)
    for about in _ORDER:
        if any(_asks(text, phrase, asked, led) for text in (said, opening) for phrase in openings.get(about, ())):
            if about == "allergens" and not asked and _described(spans):
                continue
            if about in ("price", "hours", "product", "allergens") and _weak(said, about, lexicon) and _wanted(spans):
                continue
            return _question(about, _beside(_asked(reading, spans), about, openings[about]), words, lexicon)
    if opening and opens(reading, spans[begin]) and not _wanted(spans[begin:]):
        of = _asked(reading, spans)
        about = "product" if _ids("product", of, lexicon) else "open"
        return _question(about, of, words, lexicon) if about == "product" or asked else None
    return None


def _courtesy(span: Span) -> bool:
    """A condition that asks nothing: "if you have it"."""
    return span.role("filler") and not span.named and span.end - span.start > 1


def _beside(spans: Sequence[Span], about: str, phrases: Sequence[str]) -> Sequence[Span]:
    """What is said beside the words that ask for a price: in "hoeveel ben ik kwijt" nothing is lost."""
    if about != "price":
        return spans
    asking = {word for phrase in phrases if phrase.count(" ") > 2 for word in phrase.split()}
    return [s for s in spans if s.key not in asking]


def _asked(reading: Reading, spans: Sequence[Span]) -> list[Span]:
    """The spans without the things that the question is not about: "what do you have that is no tea"."""
    things = (s for s in spans if s.has("product", "category", "part") and not s.has("option", "allergen"))
    gone = [s for s in things if denied(reading, s.start)]
    return [s for s in spans if s not in gone]


def _described(spans: Sequence[Span]) -> bool:
    """ "A lactose-free latte": what could ask about an allergen is how a thing is wished."""
    return any(a.has("option") and b.has("product") for a, b in pairwise(spans))


def _heard(said: str, lexicon: Lexicon) -> dict[str, list[str]]:
    """The phrases of questions that are in `said`, per kind: looked for by their first words."""
    found: dict[str, list[str]] = {}
    for word in set(said.split()):
        for about, phrase in lexicon.asking.get(word, ()):
            if phrase in said:
                found.setdefault(about, []).append(phrase)
    return found


_WH = ("what", "whats", "how", "which", "wat", "hoe", "welke", "welk")
_LEAD = ("filler", "want", "stop", "and", "but", "into", "it")


def opens(reading: Reading, span: Span) -> bool:
    """Whether a span is a question word."""
    asking = reading.tokens[span.start].key in _WH and not span.named and not span.role("want")
    return asking and not (span.role("measure") and _some(reading, span))


def _some(reading: Reading, span: Span) -> bool:
    """Whether "wat" is some of a thing: "wat kaneel erbij", with no verb to ask with."""
    rest = [s for s in reading.spans if s.start >= span.end and s.key]
    noun = bool(rest) and rest[0].has("option", "group") and not rest[0].has("product")
    return noun and "?" not in reading.text and not any(s.role("stop", "want") and not s.named for s in rest)


def _opening(reading: Reading, spans: Sequence[Span]) -> int:
    """Where a sentence really begins: after "hi, can you tell me" and the like."""
    for n, span in enumerate(spans):
        if opens(reading, span) or not (not span.key or (span.role(*_LEAD) and not span.named)):
            return n
    return len(spans)


def _asks(said: str, phrase: str, asked: bool, led: bool) -> bool:
    """A phrase of several words asks anywhere, one of two after a question word (`led`); a single word at the
    beginning, in few words, or before "?"."""
    if phrase not in said:
        return False
    return phrase.count(" ") > (2 if led else 3) or said.startswith(phrase) or asked or said.count(" ") <= 5


_WEAK = ("is", "are", "does", "if", "open", "you")


def _weak(said: str, about: str, lexicon: Lexicon) -> bool:
    """Whether only weak words make it a question: a single word, or "is the ..."."""
    if about == "allergens":
        return True
    phrases = _heard(said, lexicon).get(about, ())
    return all(p.count(" ") <= 2 or p.split()[0] in _WEAK for p in phrases)


def _wanted(spans: Sequence[Span]) -> bool:
    """Whether a sentence rather asks for a thing: "I'd like a latte at the price of ..."."""
    return any(s.role("want") for s in spans) and any(s.has("product") for s in spans)


def _question(about: str, spans: Sequence[Span], words: str, lexicon: Lexicon) -> Question:
    if about in ("product", "open", "menu") and _of_allergens(spans):
        about = "allergens"
    ids = _ids(about, spans, lexicon)
    if about == "product" and not ids and any(s.has("location") for s in spans):
        about, ids = "places", _ids("places", spans, lexicon)
    elif (about == "product" and ids and all("/" in c.id for c in ids)) or (
        about == "menu" and ids and _ids("options", spans, lexicon) == ids
    ):
        about = "options"
    return Question(about, ids, Evidence(words, "local"), words)


def _of_allergens(spans: Sequence[Span]) -> bool:
    """Whether only an allergen is named: "are there nuts in it", "zit er iets met soja bij"."""
    named = [s for s in spans if s.named and not s.has("location")]
    return any(s.has("allergen") for s in named) and not any(_sold(s) for s in named)


def _sold(span: Span) -> bool:
    """Whether a span names something of the catalog; what is an allergen by its whole name only with a whole name."""
    kinds = ("product", "part", "category", "option", "group", "choice")
    return any(s.kind in kinds and (s.score >= 1 or not span.has("allergen")) for s in span.senses)


def _ids(about: str, spans: Sequence[Span], lexicon: Lexicon) -> tuple[Candidate, ...]:
    """What is named, the kinds that fit the question best first; part of a name counts when nothing better does."""
    for kind in _NAMES.get(about, ()):
        least = 0.6 if kind == "part" and any(s.has("option") for s in spans) else 0.45
        found = tuple(c for span in spans for c in span.ids(kind) if c.score > least)
        if found:
            named = tuple({c.id: c for c in found}.values())
            return (*named, *_with_options(named, spans, lexicon)) if about == "price" and kind == "product" else named
    return ()


def _with_options(products: Sequence[Candidate], spans: Sequence[Span], lexicon: Lexicon) -> tuple[Candidate, ...]:
    """What the product is priced with: "how much is a large cappuccino with almond milk"."""
    said = (c for span in spans if not span.has("product") for c in span.ids("option")[:1])
    allowed = lexicon.catalog.allowed
    pairs = ((c, *c.id.partition("/")[::2]) for c in said)
    return tuple(c for c, group, value in pairs if any(v.id == value for v in allowed(products[0].id, group)))


def read_allergy(
    reading: Reading, spans: Sequence[Span], lexicon: Lexicon, within: Sequence[Span] = ()
) -> Allergy | None:
    """ "I'm allergic to nuts": a constraint, not a wish. A question about them is not one. `within`: only there."""
    toks = [t for s in within for t in reading.tokens[s.start : s.end]] if within else reading.tokens
    said, words = flat(toks), reading.text
    compound = _compound(toks, lexicon)
    if not compound and not any(heard(said, lexicon.cues["allergy"])):
        return None
    found = tuple(dict.fromkeys((*compound, *(c.id for span in spans for c in span.ids("allergen")))))
    found = found or _single(toks, lexicon)
    personal = any(f" {w} " in said for w in ("i", "im", "my", "me", "ik", "mijn", "we", "son", "daughter"))
    if "?" in words and not personal:
        return None
    return Allergy(found, Evidence(words, "local"))


_ALLERGY = ("allergie", "allergisch", "intolerantie", "intolerant", "allergy", "intolerance")


def _single(toks: Sequence[Token], lexicon: Lexicon) -> tuple[str, ...]:
    """Allergens in the singular: "a nut allergy"."""
    keys = [t.key + ending for t in toks if t.key for ending in sorted(lexicon.endings)]
    return tuple(dict.fromkeys(s.id for key in keys for s in lexicon.names.get(key, ()) if s.kind == "allergen"))


def _compound(toks: Sequence[Token], lexicon: Lexicon) -> tuple[str, ...]:
    """Allergens in one word with their allergy: "notenallergie", "lactose-intolerant"."""
    stems = (t.key.removesuffix(end) for t in toks for end in _ALLERGY if t.key.endswith(end) and t.key != end)
    return tuple(s.id for stem in stems for s in lexicon.names.get(stem, ()) if s.kind == "allergen")
