"""What there is that is like this: "anything vegan?", "what do you have under 5 euro", "welke taart is zonder noten".

The constraints become ids of a question about the menu, and whoever answers reads the rows: `@without:<allergen>`,
`@tag:<tag>`, `@said:<trait>` (no row is tagged so: the products that say it of themselves follow as skus),
`@not:<category or sku>`, `@most:<minor units>`, `@cheapest`, `@dearest`, an option's "group/value". Categories and skus
among the ids say where to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sayso.model.catalog import Product
from sayso.model.command import Candidate, Evidence, Question
from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.phrasing import heard
from sayso.understanding.questions import opens
from sayso.understanding.slots.denials import denied
from sayso.understanding.spans import Reading, Span
from sayso.understanding.talk import flat
from sayso.understanding.words import Token, fold, keys

FILTER = "@"
_AMOUNT = re.compile(r"\d+(?:[.,]\d{1,2})?")
_WORD = re.compile(r"\w+")
_REACH = 4
"""Words between a negation and what it denies, at most."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    reading: Reading
    spans: Sequence[Span]
    lexicon: Lexicon
    tokens: tuple[Token, ...]
    said: str

    def hears(self, *kinds: str) -> str:
        """The longest phrase of those kinds that is said, "" for none."""
        found = (phrase for kind in kinds for phrase in heard(self.said, self.lexicon.cues.get(kind, {})))
        return max(found, key=len, default="")


def read_filter(reading: Reading, spans: Sequence[Span], lexicon: Lexicon, context: Context) -> Question | None:
    """The question what there is that meets the constraints in `spans`, if they ask for it."""
    toks = reading.tokens[spans[0].start : spans[-1].end] if spans else ()
    sentence = _Sentence(reading, spans, lexicon, toks, flat(toks))
    found = _constraints(sentence) if _seeks(sentence, context) and not _left_open(sentence) else ()
    if not found:
        return None
    words = reading.words(spans)
    scope = _scope(sentence)
    return Question("menu", tuple(map(Candidate, dict.fromkeys((*found, *scope)))), Evidence(words, "local"), words)


def _seeks(sentence: _Sentence, context: Context) -> bool:
    """Whether something is looked for rather than ordered, or asked about one thing: "do you have ...", "anything
    ..."; a constraint on its own where there is nothing that it could change."""
    said = sentence.said
    if any(heard(said, sentence.lexicon.cues["allergy"])):
        return False
    if sentence.hears("strong") or _parted(sentence):
        return True
    if any(s.has("product") and s.sure and not denied(sentence.reading, s.start) for s in sentence.reading.spans):
        return False  # "een latte, wat kaneel erbij"
    if sentence.hears("weak", "cheapest", "dearest"):
        return True
    return not context.lines and context.pending is None and not any(_apart(s, sentence) for s in sentence.spans)


def _parted(sentence: _Sentence) -> bool:
    """Whether a sentence begins and ends as one that looks for something: "laat taart zien"."""
    words = sentence.said.split()
    pairs = (p.split() for pack in sentence.lexicon.packs for p in pack.finding.get("parted", ()))
    return any(words[:1] == [first] and last in words[2:] for first, last in pairs)


def _apart(span: Span, sentence: _Sentence) -> bool:
    """A word that says more than a constraint and the courtesy around it."""
    if span.role("article") and not span.named:
        return True  # "a tea without milk" is one
    if not span.key or span.named or not (span.content or span.number is not None or _spoken(span)):
        return False
    phrases = (
        p for pack in sentence.lexicon.packs for m in (pack.traits, pack.finding) for ps in m.values() for p in ps
    )
    return not any(f" {span.key} " in phrase for phrase in phrases)


def _spoken(span: Span) -> bool:
    return span.role("want", "stop") and not span.role("and")


def _constraints(sentence: _Sentence) -> tuple[str, ...]:
    found = [*_without(sentence), *_traits(sentence), *_price(sentence), *_options(sentence), *_but(sentence)]
    return tuple(dict.fromkeys(found))


def _without(sentence: _Sentence) -> Iterator[str]:
    """Allergens that are denied: "without nuts", "nut free", "glutenvrij"."""
    lexicon, words = sentence.lexicon, [t.key for t in sentence.tokens]
    free = {p.strip() for pack in lexicon.packs for p in pack.finding.get("free", ())}
    for n, word in enumerate(words):
        following = words[n + 1] if n + 1 < len(words) else ""
        stem = next((word.removesuffix(end) for end in free if word.endswith(end) and len(word) > len(end) + 1), "")
        denied = _allergen(word, lexicon) if following in free else _allergen(stem, lexicon) if stem else ""
        if word in free and lexicon.is_role(following, "of"):
            yield from (f"{FILTER}without:{a}" for a in _denied(words[n + 2 :], lexicon))
        elif denied:
            yield f"{FILTER}without:{denied}"
        elif lexicon.is_role(word, "negation"):
            yield from (f"{FILTER}without:{a}" for a in _denied(words[n + 1 :], lexicon))


def _denied(words: Sequence[str], lexicon: Lexicon) -> Iterator[str]:
    """The allergens that a negation reaches: "without any milk, eggs or nuts"."""
    at, idle = 0, 0
    while at < len(words) and idle < _REACH:
        size = next((n for n in (3, 2, 1) if _allergen("".join(words[at : at + n]), lexicon)), 0)
        if size:
            yield _allergen("".join(words[at : at + size]), lexicon)
        elif idle and not lexicon.is_role(words[at], "and", "or", "article", "definite", "with", "filler", "kind"):
            return
        at, idle = at + (size or 1), 1 if size else idle + 1


def _but(sentence: _Sentence) -> Iterator[str]:
    """Kinds and things that are left out: "any tea except green tea", "something cold but no juice". A word that stands
    for more than the merchant's rows of that name ("coffee") leaves out none of them."""
    for span in sentence.spans:
        named = span.has("category", "product", "part") and not span.has("option", "allergen")
        if not named or span.role("kind") or not denied(sentence.reading, span.start):
            continue
        kinds = tuple(c.id for c in span.ids("category"))
        yield from (f"{FILTER}not:{id}" for id in kinds or _things(span))


def _left_open(sentence: _Sentence) -> bool:
    """Whether more is refused than rows can tell: "something warm but no coffee"."""
    wide = (s for s in sentence.spans if s.role("kind") and s.has("product") and not s.has("category"))
    return any(denied(sentence.reading, s.start) for s in wide)


def _things(span: Span) -> Iterator[str]:
    return (c.id for kind in ("product", "part") for c in span.ids(kind) if c.score > (0.6 if span.sure else 0.45))


def _allergen(word: str, lexicon: Lexicon) -> str:
    """The allergen that a word names, in the singular as well."""
    forms = (word, *(word + ending for ending in sorted(lexicon.endings) if len(word) > 2))
    senses = (s for form in forms for s in lexicon.names.get(form, ()))
    return next((s.id for s in senses if s.kind == "allergen"), "")


def _traits(sentence: _Sentence) -> Iterator[str]:
    """What a thing is like, as rows are tagged; words that are part of a product's name do not count."""
    named = [s for s in sentence.spans if s.has("product") and s.end - s.start > 1 and s.score == 1.0]
    taken = {t.key for s in named for t in sentence.reading.tokens[s.start : s.end]}
    said = flat(t for t in sentence.tokens if t.key not in taken)
    products = sentence.lexicon.catalog.products.values()
    tags = {tag for p in products for tag in p.tags}
    for pack in sentence.lexicon.packs:
        for trait, phrases in pack.traits.items():
            if not any(p in said and not _denies(said, p, sentence.lexicon) for p in phrases):
                continue
            if trait in tags:
                yield f"{FILTER}tag:{trait}"
            else:
                yield f"{FILTER}said:{trait}"
                spoken = tuple(_phrases(sentence, trait))
                yield from (p.sku for p in products if _says(p, spoken))
    known = {trait for pack in sentence.lexicon.packs for trait in pack.traits}
    yield from (f"{FILTER}tag:{tag}" for tag in sorted(tags - known) if _is_said(said, tag, sentence))


def _is_said(said: str, tag: str, sentence: _Sentence) -> bool:
    phrase = f" {tag.replace('_', ' ')} "
    return phrase in said and not _denies(said, phrase, sentence.lexicon)


def _denies(said: str, phrase: str, lexicon: Lexicon) -> bool:
    """ "not warm"."""
    before = said[: said.index(phrase)].split()[-2:]
    adverb = len(before) > 1 and not lexicon.is_role(before[-1], "and", "or", "with", "article", "definite")
    reach = before if adverb and not lexicon.content(before[-1]) else before[-1:]
    return any(lexicon.is_role(word, "negation") for word in reach)


def _phrases(sentence: _Sentence, trait: str) -> Iterator[str]:
    for pack in sentence.lexicon.packs:
        yield from pack.traits.get(trait, ())


def _says(product: Product, phrases: Sequence[str]) -> bool:
    """Whether a product's name, other names or description say one of those."""
    texts = (*product.names.values(), *(s for ss in product.synonyms.values() for s in ss))
    folded = " | ".join(fold(text) for text in (*texts, *product.descriptions.values()))
    likely = [phrase for phrase in phrases if phrase.split()[0] in folded]
    return bool(likely) and any(phrase in said for said in map(_spaced, folded.split(" | ")) for phrase in likely)


def _spaced(text: str) -> str:
    return f" {' '.join(_WORD.findall(text))} "


def _price(sentence: _Sentence) -> Iterator[str]:
    """A greatest price, or the least and the most that anything costs."""
    if phrase := sentence.hears("most"):
        after = sentence.reading.text[_end(sentence, phrase) :]
        amount = _AMOUNT.search(after[:24])
        said = [n for t in keys(after[:40])[:4] if (n := _spelt(t, sentence.lexicon))]
        minor = round(float(amount.group().replace(",", ".")) * 100) if amount else said[0] * 100 if said else 0
        if minor:
            yield f"{FILTER}most:{minor}"
    yield from (f"{FILTER}{kind}" for kind in ("cheapest", "dearest") if sentence.hears(kind))


def _end(sentence: _Sentence, phrase: str) -> int:
    """Where a phrase ends in the text."""
    words, toks = phrase.split(), [t for t in sentence.tokens if t.key]
    places = (n for n in range(len(toks)) if [t.key for t in toks[n : n + len(words)]] == words)
    return toks[next(places) + len(words) - 1].end


def _spelt(key: str, lexicon: Lexicon) -> int:
    return next((pack.numbers[key] for pack in lexicon.packs if key in pack.numbers), 0)


def _options(sentence: _Sentence) -> Iterator[str]:
    """Options that something can be had with: "which drinks are decaf", "wat kan er met havermelk"."""
    lexicon, said = sentence.lexicon, sentence.said
    if any(phrase in said for pack in lexicon.packs for phrase in pack.questions.get("price", ())):
        return  # what the option itself costs is asked
    traits = {p for pack in lexicon.packs for ps in pack.traits.values() for p in ps if p in said}
    free = {p.strip() for pack in lexicon.packs for p in pack.finding.get("free", ())}
    for n, span in enumerate(sentence.spans):
        words = flat(sentence.reading.tokens[span.start : span.end])
        absent = any(w.endswith(tuple(free)) or lexicon.is_role(w, "negation") for w in words.split())
        following = sentence.spans[n + 1].key if n + 1 < len(sentence.spans) else ""
        told = words in traits or following in free or span.has("allergen") or absent
        denied = any(s.role("negation") and not s.named for s in sentence.spans[max(0, n - 2) : n])
        if (best := span.ids("option")[:1]) and not told and not denied and _looked_for(sentence, n):
            yield best[0].id


def _looked_for(sentence: _Sentence, n: int) -> bool:
    """ "Which teas have oat milk" looks among things; "do you have oat milk" asks for the option itself, and "do you
    have a latte with oat milk" for one thing."""
    before = sentence.spans[:n]
    asked = (b for a, b in pairwise(before) if opens(sentence.reading, a))
    if any(s.has("product") for s in before):
        return any(s.has("product", "part", "category") for s in asked)
    things = {p.strip() for pack in sentence.lexicon.packs for p in pack.finding.get("things", ())}
    return any(s.has("category", "part") or s.role("kind") or s.key in things for s in before)


def _scope(sentence: _Sentence) -> Iterator[str]:
    """Where to look: categories, or the products whose names the words are in."""
    for span in sentence.spans:
        if span.has("option", "allergen") or not (span.has("category") or span.sure):
            continue
        if denied(sentence.reading, span.start):
            continue
        yield from (c.id for c in span.ids("category"))
        if not span.has("category"):
            yield from _things(span)
