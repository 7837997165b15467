"""Tokens to spans: the longest names win, what is left is tried again as a compound, then as misspelt or misheard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from sayso.model.command import Candidate
from sayso.understanding.lexicon import WINDOW, Lexicon, Sense, skeleton, sound
from sayso.understanding.packs import numeral
from sayso.understanding.words import Token

MAX_GUESSES = 48
"""Fuzzy look-ups in one utterance."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some tokens and what they can mean; no `senses`: an unknown word. `score` below 1: spelling was forgiven."""

    start: int
    end: int
    key: str
    senses: tuple[Sense, ...] = ()
    score: float = 1.0

    def ids(self, kind: str) -> tuple[Candidate, ...]:
        """What it can mean of one kind."""
        return tuple(Candidate(s.id, s.score * self.score) for s in self.senses if s.kind == kind)

    def has(self, *kinds: str) -> bool:
        for sense in self.senses:  # noqa: SIM110 (asked some hundred times of each utterance: no generator)
            if sense.kind in kinds:
                return True
        return False

    def role(self, *roles: str) -> bool:
        """Whether it is a word of one of those classes."""
        for sense in self.senses:  # noqa: SIM110
            if sense.kind == "role" and sense.id in roles:
                return True
        return False

    @property
    def number(self) -> int | None:
        return next((s.value for s in self.senses if s.kind == "number"), None)

    @property
    def ordinal(self) -> int | None:
        return next((s.value for s in self.senses if s.kind == "ordinal"), None)

    @property
    def named(self) -> bool:
        """It names something of the merchant's."""
        return self.has(*_NAMED)

    @property
    def sure(self) -> bool:
        """It names something of the merchant's by more than the beginning of a name."""
        return any(s.kind in _NAMED and s.score > 0.6 for s in self.senses)

    @property
    def countable(self) -> bool:
        """It names an option that one thing may have several of: sugars, not sizes."""
        return any(s.kind == "option" and s.value > 1 for s in self.senses)

    @property
    def content(self) -> bool:
        """A word with a meaning of its own that no class explains: it may be a modifier."""
        return not self.has("role", "number", "ordinal")


_NAMED = frozenset(("product", "part", "category", "option", "group", "location", "choice", "allergen"))


@dataclass(frozen=True, slots=True)
class Reading:
    """An utterance cut into spans: `text` is the cleaned text, `language` the pack that explains most of it."""

    text: str
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    language: str = ""

    def words(self, spans: Sequence[Span]) -> str:
        """The customer's own words from the first to the last of `spans`."""
        if not spans:
            return ""
        return self.text[self.tokens[spans[0].start].start : self.tokens[spans[-1].end - 1].end]


def read(text: str, toks: tuple[Token, ...], lexicon: Lexicon, preferred: str = "") -> Reading:
    """Cut `toks` into spans. `preferred` is the conversation's language, for words that mean different things."""
    toks = _unslipped(split_compounds(_spelt(toks, lexicon), lexicon), lexicon)
    language = _language(toks, lexicon, preferred.partition("-")[0])
    exact = _cover(toks, lexicon, language)
    return Reading(text, toks, tuple(_mend(_summed(exact), toks, lexicon)), language)


def _language(toks: tuple[Token, ...], lexicon: Lexicon, preferred: str) -> str:
    """The language whose closed classes explain most words; the conversation's own when it is a draw. What things are
    called says nothing of it."""
    said = [t.key for t in toks if t.key not in lexicon.names]
    scores = {
        language: sum(1 for key in said if key in closed) + (0.5 if language == preferred else 0)
        for language, closed in lexicon.closed.items()
    }
    return max(scores, key=lambda language: scores[language], default="")


_ODD = re.compile(r"-\d+|\d+e\d+")
"""Numbers that count nothing at a counter: how many are meant is asked."""


def senses(key: str, lexicon: Lexicon, language: str) -> tuple[Sense, ...]:
    """All senses of a key: names first, then the classes of the utterance's language, else of the others."""
    named = lexicon.names.get(key, ())
    closed = lexicon.closed.get(language, {}).get(key, ())
    if not closed:
        closed = next((c[key] for c in lexicon.closed.values() if key in c), ())
    if not closed and not named and len(key) > 9 and (value := numeral(key, lexicon.packs)):
        closed = (Sense("number", "", value=value),)
    if _ODD.fullmatch(key):
        closed = (Sense("number", "", value=0), *closed)
    if key.isdigit() and len(key) < 7:
        closed = (Sense("number", "", value=int(key)), *closed)
    return (*named, *closed)


def _cover(toks: tuple[Token, ...], lexicon: Lexicon, language: str) -> list[Span]:
    """The best cover of the tokens by known phrases: dynamic programming, long phrases weigh more than short ones."""
    best: list[tuple[float, Span | None]] = [(0.0, None)]
    for end in range(1, len(toks) + 1):
        options = [(best[s.start][0] + _weight(s), s) for s in _ending(toks, end, lexicon, language)]
        best.append(max(options, key=lambda o: o[0]))
    spans: list[Span] = []
    end = len(toks)
    while end:
        span = best[end][1]
        assert span is not None
        spans.append(span)
        end = span.start
    return spans[::-1]


def _summed(spans: list[Span]) -> list[Span]:
    """Numbers of several words as one: "one hundred and eleven", "two thousand three hundred"."""
    found: list[Span] = []
    i = 0
    while i < len(spans):
        stop, value = _number(spans, i)
        if stop > i + 1:
            key = "".join(s.key for s in spans[i:stop])
            found.append(Span(spans[i].start, spans[stop - 1].end, key, (Sense("number", "", value=value),)))
        else:
            found.append(spans[i])
        i = stop
    return found


def _number(spans: list[Span], i: int) -> tuple[int, int]:
    """Where the number ends that begins at `i`, and its value: thousands, then hundreds, tens and units."""
    thousands, rest, stop = 0, spans[i].number, i + 1
    if rest is None:
        return stop, 0
    if rest == 1000:
        thousands, rest = 1000, 0
    while stop < len(spans):
        joint = spans[stop].key in ("and", "en") and not spans[stop].named and stop + 1 < len(spans)
        span = spans[stop + joint]
        total = _sum(rest, span.number, joint) if not span.key[:1].isdigit() else None
        if span.number == 1000 and not joint and 0 < rest < 1000 and not thousands:
            thousands, rest = rest * 1000, 0
        elif total is None or (rest == 0 and not thousands):
            break
        else:
            rest = total
        stop += 1 + joint
    return stop, thousands + rest


def _sum(first: int, second: int | None, joint: bool) -> int | None:
    """What two numbers below a thousand in a row make, None when they are two numbers."""
    if second is None or not 0 < second < 1000:
        return None
    if first == 0:
        return second
    if 20 <= first < 100 and first % 10 == 0 and second < 10 and not joint:
        return first + second
    if first < 10 and second == 100 and not joint:
        return 100 * first
    return first + second if first >= 100 and first % 100 == 0 and second < 100 else None


def _ending(toks: tuple[Token, ...], end: int, lexicon: Lexicon, language: str) -> Iterator[Span]:
    """Every known phrase that ends before `end`, and the last token alone."""
    key = ""
    for start in range(end - 1, max(-1, end - 1 - WINDOW), -1):
        if toks[start].mark and start != end - 1:
            return
        key = toks[start].key + key
        joined = start < end - 1 and key.isdigit()  # "12 1015" is no number
        found = senses(key, lexicon, language) if key and not joined else ()
        if start < end - 1 and toks[end - 1].key in lexicon.endings:
            # "sojamelk en" is soy milk and something, not "sojamelken".
            found = tuple(s for s in found if s.kind not in _NAMED)
        if found or start == end - 1:
            yield Span(start, end, key, found)
        if toks[start].mark:
            return


def _weight(span: Span) -> float:
    size = span.end - span.start
    if not span.senses or not span.key:
        return 0.0
    strong = any(s.kind in _NAMED and s.score > 0.6 for s in span.senses)
    return size * size + (0.6 * size if strong else 0.3 if span.has("number", "ordinal", "role") else 0.1)


def split_compounds(toks: tuple[Token, ...], lexicon: Lexicon) -> tuple[Token, ...]:
    """Dutch compounds and run-together words taken apart: "havermelklatte" is "havermelk" and "latte"."""
    parts: list[Token] = []
    for token in toks:
        cut = None if token.mark or len(token.key) < 7 or lexicon.known(token.key) else _halves(token.key, lexicon)
        parts.extend((token,) if cut is None or len(token.text) != len(token.key) else _cut(token, cut, lexicon))
    return tuple(parts)


def _cut(token: Token, at: int, lexicon: Lexicon) -> tuple[Token, Token]:
    """The halves of a compound; an ending that leaves a thing out as the word for it: "sugarless" is "sugar free"."""
    middle, end = token.start + at, token.key[at:]
    said = next((pack.lacking[end] for pack in lexicon.packs if end in pack.lacking), end)
    return (
        Token(token.text[:at], token.key[:at], token.start, middle),
        Token(token.text[at:], said, middle, token.end),
    )


def _halves(key: str, lexicon: Lexicon) -> int | None:
    """Where to cut a word into two names, the longest first part winning."""
    for at in range(len(key) - 3, 2, -1):
        if _whole(key[:at], lexicon) and _whole(key[at:], lexicon):
            return at
    return None


def _whole(key: str, lexicon: Lexicon) -> bool:
    if any(key in pack.lacking or f" {key} " in pack.finding.get("free", ()) for pack in lexicon.packs):
        return True  # "suikervrije"
    strong = any(s.kind in ("product", "option", "category", "group") for s in lexicon.names.get(key, ()))
    return strong or any(_is_kind(c.get(key, ())) for c in lexicon.closed.values())


def _is_kind(found: tuple[Sense, ...]) -> bool:
    return any(s.kind == "role" and s.id == "kind" for s in found)


def _mend(spans: list[Span], toks: tuple[Token, ...], lexicon: Lexicon) -> Iterator[Span]:
    """Replace runs that hold an unknown word by the name they are most like, if it is like enough."""
    guesses, i = MAX_GUESSES, 0
    while i < len(spans):
        best: tuple[float, int, Span] | None = None
        for size in (1, 2, 3, 4):
            window = spans[i : i + size]
            if len(window) < size or guesses <= 0 or not _mendable(window, toks):
                continue
            guesses -= 1
            found = _like(window, lexicon)
            if found and (best is None or found.score > best[0]):
                best = (found.score, size, found)
        yield best[2] if best else spans[i]
        i += best[1] if best else 1


def _spelt(toks: tuple[Token, ...], lexicon: Lexicon) -> tuple[Token, ...]:
    """Digits that stand for a small word of what can be chosen ("2 go") as that word."""
    alike = {digit: word for pack in lexicon.packs for digit, word in pack.homophones.items()}
    if not any(t.key in alike for t in toks):
        return toks
    found = list(toks)
    for n, (token, following) in enumerate(pairwise(toks)):
        senses = lexicon.names.get(alike.get(token.key, "?") + following.key, ())
        if any(s.kind == "choice" for s in senses):
            found[n] = replace(token, key=alike[token.key])
    return tuple(found)


def _unslipped(toks: tuple[Token, ...], lexicon: Lexicon) -> tuple[Token, ...]:
    """Unknown words with two letters swapped ("wiht") or vowels left out ("lrge") read as what was meant."""
    meant = ((t, _slip(t.key, lexicon) if t.key.isalpha() and not lexicon.known(t.key) else "") for t in toks)
    return tuple(Token(t.text, word, t.start, t.end) if word else t for t, word in meant)


def _slip(key: str, lexicon: Lexicon) -> str:
    if not 3 <= len(key) <= 12:
        return ""
    swapped = sorted({key[:i] + key[i + 1] + key[i] + key[i + 2 :] for i in range(len(key) - 1)} - {key})
    swapped = [w for w in swapped if len(w) > 3]
    if word := next((w for w in swapped for closed in lexicon.closed.values() if w in closed), ""):
        return word
    names = [w for w in swapped if any(s.score > 0.6 for s in lexicon.names.get(w, ()))]
    names = names or [w for w in lexicon.skeletons.get(skeleton(key), ()) if _shortens(key, w)]
    meanings = {tuple(s.id for s in lexicon.names[w]) for w in names}
    return names[0] if len(meanings) == 1 else ""


def _shortens(key: str, word: str) -> bool:
    """Whether `key` is `word` with letters left out."""
    letters = iter(word)
    return len(key) < len(word) and all(letter in letters for letter in key)


def _noun(span: Span) -> bool:
    """The noun of a group ("milk"): part of many names, so it may stand in a misspelt one."""
    return span.has("group") and not span.has("product")


def _mendable(window: Sequence[Span], toks: tuple[Token, ...]) -> bool:
    if any(toks[s.start].mark or (s.sure and not _noun(s)) for s in window):
        return False
    nouns = any(_noun(s) for s in window)
    if not any(not s.senses or (s.named and len(window) > 1 and not nouns) for s in window):
        return False
    if window[0].has("role") or any(s.key[:1].isdigit() for s in window):
        return False
    return window[0].number is None and sum(len(s.key) for s in window) >= 4


_NEAREST = 4


def _sounding(heard: str, slack: int, lexicon: Lexicon) -> list[tuple[int, str]]:
    """The nearest phonetic keys with their distances, the catalog's first among equals. A key whose length differs by
    more than `slack` is farther than that, so only those of about the same length are compared."""
    sizes = range(len(heard) - slack, len(heard) + slack + 1)
    alike = [s for size in sizes for s in lexicon.lengths.get(size, ())]
    near = [(d, s) for s, d, _ in process.extract(heard, alike, scorer=OSA.distance, score_cutoff=slack, limit=None)]
    if len(near) <= _NEAREST:
        return near
    places = {s: n for n, s in enumerate(lexicon.sounds)}
    return sorted(near, key=lambda found: (found[0], places[found[1]]))[:_NEAREST]


_SLACK = ((12, 3), (8, 2), (5, 1), (0, 0))
"""How many letters may differ in a word of that length."""


_ALIKE = 0.84
"""How like a name's letters must be (Jaro-Winkler), however it sounds."""


def _voweled(window: Sequence[Span], key: str, lexicon: Lexicon) -> Span | None:
    """The one name that differs in how its vowels are written: "lattay", "ote milk"."""
    found = [name for name in lexicon.skeletons.get(skeleton(key), ()) if abs(_groups(name) - _groups(key)) < 2]
    alike = {name: JaroWinkler.similarity(key, name) for name in found}
    near = [name for name in found if alike[name] >= _ALIKE]
    if len(key) < 6 or len({tuple(s.id for s in lexicon.names[name]) for name in near}) != 1:
        return None
    best = max(near, key=lambda name: alike[name])
    return Span(window[0].start, window[-1].end, best, lexicon.names[best], alike[best])


def _groups(key: str) -> int:
    """How many vowels are heard, a silent one counted: a run of them is one."""
    return len(_VOWELS.findall(key))


_VOWELS = re.compile(r"[aeiouy]+")


def _word(key: str, lexicon: Lexicon) -> bool:
    """Whether it is an ordinary word of a language that is spoken here, or the plural of one."""
    return any(key in p.ordinary or any(key.removesuffix(s) in p.ordinary for s in p.plurals) for p in lexicon.packs)


def _like(window: Sequence[Span], lexicon: Lexicon) -> Span | None:
    """The name that sounds like the window's words."""
    key = "".join(s.key for s in window)
    heard = sound(key)
    slack = next(n for least, n in _SLACK if len(key) >= least) - (len(window) > 1 and len(key) > 7)
    if len(window) == 1 and heard not in lexicon.sounds and _word(key, lexicon):
        return None
    if not slack and heard not in lexicon.sounds:
        return _voweled(window, key, lexicon)
    near = _sounding(heard, slack, lexicon)
    options = [(d, -JaroWinkler.similarity(key, name), name) for d, s in near for name in lexicon.sounds[s]]
    if not options:
        return _voweled(window, key, lexicon)
    distance, alike, name = min(options)
    if distance and len(window) == 1 and _word(key, lexicon):
        return None
    near_enough = len(key) > 6 and not any(_noun(s) for s in window)  # goat milk is not oat milk
    if -alike < _ALIKE or (distance and name[0] != key[0] and not near_enough):
        return _voweled(window, key, lexicon)
    score = max(0.5, 1 - float(distance) / max(len(heard), 1)) * (0.99 if len(window) == 1 else 0.97)
    return Span(window[0].start, window[-1].end, name, lexicon.names[name], score)
