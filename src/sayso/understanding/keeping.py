"""What a customer likes for good, and what they want forgotten: "I always take oat milk", "forget my size".

Theory. "Oat milk please" is of this order; only words that last make it a like: that it is to be remembered, that it is
so always or from now on, that it is mine ("my size is M"). Right after we told what we know, "I take soy now" lasts as
well. What it is comes from the same names as any wish; where nothing of it may be remembered, these are ordinary words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from sayso.manifest.liking import SHARED, WORDS, slots_of
from sayso.model.command import Command, Evidence, Forget, Keep, Question
from sayso.model.preference import Like
from sayso.understanding import questions
from sayso.understanding.asking import asks
from sayso.understanding.context import Context
from sayso.understanding.items.wishes import read_wishes
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.scopes import Scope
from sayso.understanding.slots.naming import read_name
from sayso.understanding.spans import Reading, Span
from sayso.understanding.talk import flat

_EXACT = 0.95
_SURE = 0.79
"""How well a place or a person must be named."""


def read_keeping(reading: Reading, lexicon: Lexicon, context: Context) -> tuple[Command, ...]:
    """What is to be remembered or forgotten; nothing where the words are of this order alone."""
    said = flat(reading.tokens)
    if not _any(said, "keep", "always", "own", "forget", "anymore", lexicon=lexicon) and not context.recalling:
        return ()
    if _asks(reading, lexicon):
        return ()
    evidence = Evidence(reading.text, "local")
    if _forgets(said, reading, lexicon):
        named = (*_topics(reading, lexicon), *(k.about for k in _likes(reading, lexicon)), *_denied(reading, lexicon))
        abouts = tuple(dict.fromkeys(named))
        return (Forget(abouts, evidence),) if abouts else ()
    likes = _likes(reading, lexicon)
    if likes and _lasts(said, reading, likes, lexicon, context):
        return (Keep(tuple(likes), evidence),)
    return ()


def read_onward(reading: Reading, lexicon: Lexicon, context: Context) -> Command | None:
    """The rest of what we remember: "more", "go on"."""
    said = flat(reading.tokens)
    more = any(said == phrase for (phrase, *_) in _phrases("more", lexicon))
    return next((s.command for s in context.shown if more and isinstance(s.command, Question)), None)


def names_thing(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether a thing to order is named: "my coffee" in "make my coffee large from now on" is none."""
    things = (s for s in reading.spans if s.has("product", "part") and not s.has("option", "group"))
    return any(not _mine(s, reading, lexicon) for s in things)


def _mine(span: Span, reading: Reading, lexicon: Lexicon) -> bool:
    own = {part.strip() for parts in _phrases("own", lexicon) for part in parts}
    return bool(own & {t.key for t in reading.tokens[max(0, span.start - 2) : span.start]})


def without_lasting(reading: Reading, lexicon: Lexicon) -> str:
    """What was said, without the words that say how long it holds: what is left is of this order."""
    kept, words = list(reading.tokens), flat(reading.tokens)
    phrases = [p for kind in ("keep", "always") for p in _phrases(kind, lexicon) if _heard(p, words)]
    for part in sorted((part for parts in phrases for part in parts), key=len, reverse=True):
        run = part.split()
        at = next((n for n in range(len(kept)) if [t.key for t in kept[n : n + len(run)]] == run), None)
        if at is not None:
            del kept[at : at + len(run)]
    return " ".join(t.text for t in kept)


def _any(said: str, *kinds: str, lexicon: Lexicon) -> bool:
    return any(_heard(phrase, said) for kind in kinds for phrase in _phrases(kind, lexicon))


def _phrases(kind: str, lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    return (phrase for pack in lexicon.packs for phrase in pack.memory.get(kind, ()))


def _longest(said: str, kind: str, lexicon: Lexicon) -> int:
    """Letters of the longest phrase of a kind: "don't remember my ..." is more than "remember my"."""
    return max((sum(map(len, phrase)) for phrase in _phrases(kind, lexicon) if _heard(phrase, said)), default=0)


def _heard(parts: Sequence[str], said: str) -> bool:
    """Are the parts of a phrase in what was said, one behind another?"""
    at = 0
    for part in parts:
        found = said.find(part, at)
        if found < 0:
            return False
        at = found + len(part) - 1
    return True


def _asks(reading: Reading, lexicon: Lexicon) -> bool:
    """ "Do you remember my size?" keeps nothing; "can you remember that I take oat milk?" does; "vanaf" in "vanaf nu"
    asks nothing."""
    said = flat(reading.tokens)
    led = any(said.startswith(parts[0]) for parts in _phrases("always", lexicon))
    asked = asks(reading.text, lexicon) and ("?" in reading.text or not led)
    return asked and not _any(said, "keep", "forget", lexicon=lexicon)


def _lasts(said: str, reading: Reading, likes: Sequence[Like], lexicon: Lexicon, context: Context) -> bool:
    if _any(said, "unless", lexicon=lexicon):
        return False
    if _any(said, "keep", lexicon=lexicon) or (context.recalling and _any(said, "now", "me", lexicon=lexicon)):
        return True
    if _any(said, "always", lexicon=lexicon):
        return _any(said, "me", lexicon=lexicon) or not any(s.has("product") for s in reading.spans)
    topics = _topics(reading, lexicon)
    return bool(topics) and _any(said, "is", lexicon=lexicon) and all(like.about in topics for like in likes)


def _forgets(said: str, reading: Reading, lexicon: Lexicon) -> bool:
    """ "Forget my size", "I don't take oat milk any more": of a thing of the order nothing is said."""
    if any(s.has("product") and s.score > _SURE and not s.has("option", "group") for s in reading.spans):
        return False
    if (kept := _longest(said, "keep", lexicon)) and kept >= _longest(said, "forget", lexicon):
        return False
    if _any(said, "anymore", lexicon=lexicon) and _any(said, "me", lexicon=lexicon):
        return not _any(said, "now", lexicon=lexicon)
    return _any(said, "forget", lexicon=lexicon) and _any(said, "own", "that", lexicon=lexicon)


def _topics(reading: Reading, lexicon: Lexicon) -> tuple[str, ...]:
    """What is spoken of as the customer's own: "my size", "mijn winkel", "my usual milk"."""
    found: dict[str, None] = {}
    for span in reading.spans:
        if _mine(span, reading, lexicon):
            found.update(dict.fromkeys(_called(span, reading, lexicon)))
    return tuple(found)


def _called(span: Span, reading: Reading, lexicon: Lexicon) -> Iterator[str]:
    """What a noun can be the name of: an option's group, a kind of slot."""
    known = {f"option/{g.id}" for g in lexicon.catalog.options.values() if g.remember}
    yield from (about for c in span.ids("group") if (about := f"option/{c.id}") in known)
    word = flat(reading.tokens[span.start : span.end])
    kinds = [kind for pack in lexicon.packs for kind, nouns in pack.remembered.items() if word in nouns]
    if "allergies" in kinds:
        yield "allergen/*"
    for about, _, slot in slots_of(lexicon.artefact):
        if slot.type in kinds or slot.name in kinds:
            yield about


def _likes(reading: Reading, lexicon: Lexicon) -> list[Like]:
    """The values that are named, each once; of something denied nothing is liked."""
    words = reading.text
    found: dict[str, Like] = {}
    for about, value in (*_options(reading, lexicon), *_places(reading, lexicon), *_choices(reading, lexicon)):
        found.setdefault(about, Like(about, value, words))
    for about, value in (*_names(reading, lexicon), *_allergens(reading, lexicon)):
        found.setdefault(about, Like(about, value, words))
    return list(found.values())


def _options(reading: Reading, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    groups = lexicon.catalog.options
    named = {c.id for s in reading.spans for c in s.ids("group") if groups[c.id].remember}
    exact = {c.id for s in reading.spans if not s.has("group") for c in s.ids("option")}
    wished = read_wishes(reading.spans, reading, lexicon, ())
    chosen = [c for c in wished.options if groups[c.group].remember and groups[c.group].kind == "one" and c.count]
    doubtful = (tuple(c.id.partition("/")) for d in wished.doubts for c in d.candidates)
    pairs = [(c.group, c.value) for c in chosen] + [
        (g, v) for g, _, v in doubtful if g in named and f"{g}/{v}" in exact
    ]
    for group, value in pairs:
        if groups[group].remember and (not named or group in named or len(chosen) > 1):
            yield f"option/{group}", value


def _denied(reading: Reading, lexicon: Lexicon) -> Iterator[str]:
    """What is liked no more: "I don't take oat milk any more"."""
    groups = lexicon.catalog.options
    for chosen in read_wishes(reading.spans, reading, lexicon, ()).removed:
        if groups[chosen.group].remember:
            yield f"option/{chosen.group}"


def _places(reading: Reading, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Places and people, where they may be remembered."""
    known = {about for about, _, _ in slots_of(lexicon.artefact)} & SHARED
    for before, span in pairwise((None, *reading.spans)):
        if span is None or (before is not None and before.role("negation", "instead_of")):
            continue
        for kind in sorted(known):
            best = max(span.ids(kind), key=lambda c: c.score, default=None)
            if best is not None and best.score > _SURE:
                yield kind, best.id


def _choices(reading: Reading, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    said_so = flat(reading.tokens)
    heard = (p for kind in ("keep", "always") for p in _phrases(kind, lexicon) if _heard(p, said_so))
    leading = {word for parts in heard for part in parts for word in part.split()}  # "houd er rekening mee"
    spans = [s for s in reading.spans if s.key not in leading]
    said = [c.id.partition("/") for s in spans for c in s.ids("choice") if c.score > _EXACT]
    for about, _, slot in slots_of(lexicon.artefact):
        for name, _, value in said:
            if name == slot.name and value in slot.values:
                yield about, value


def _names(reading: Reading, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """The customer's own name, where a slot of that name may be remembered."""
    for about, intent, slot in slots_of(lexicon.artefact):
        if slot.name == "name" and slot.type in WORDS:
            told, _ = read_name(reading, reading.spans, Scope(intent.name, {slot.name: slot}, False))
            if told is not None and told.values:
                yield about, told.values[0].id


def _allergens(reading: Reading, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    allergy = questions.read_allergy(reading, reading.spans, lexicon)
    for id in allergy.allergens if allergy else ():
        yield f"allergen/{id}", id
