"""A merchant's words, compiled: every way to name a product, an option, a place, in all languages at once.

An entry is keyed by its folded words joined without spaces, so that "haver melk", "havermelk" and "Haver-melk" are one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sayso.manifest.specs import Artefact, SlotSpec
from sayso.model.catalog import Catalog, OptionGroup, Product, Synonyms
from sayso.model.text import Translations
from sayso.understanding.packs import Pack
from sayso.understanding.packs import load as load_packs
from sayso.understanding.phrasing import Cues, cues
from sayso.understanding.scopes import Intents, compile_intents
from sayso.understanding.slots.clocks import Terms, compile_terms
from sayso.understanding.slots.marked import compile_spotters
from sayso.understanding.slots.spots import Readers, compile_readers
from sayso.understanding.slots.spotter import Spotter
from sayso.understanding.slots.times import Timely, compile_timely
from sayso.understanding.words import keys

WINDOW = 8
"""The longest name in words that is matched."""


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that words can mean. kind: "product", "part" (part of a product's name), "category", "option" (id is
    "group/value"), "group", "location", "staff", "choice" (id is "slot/value"), "allergen", "role" (a word class),
    "number", "ordinal" (`value`), "common" (an ordinary word). `value` of an option:
    how many of it one thing may have."""

    kind: str
    id: str
    score: float = 1.0
    value: int = 0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What understanding knows of one published merchant. `names`: catalog, places, choices; `closed`: per language,
    the word classes; `sounds`: phonetic key -> keys, for spelling and speech recognition."""

    artefact: Artefact
    packs: tuple[Pack, ...]
    names: Mapping[str, tuple[Sense, ...]]
    closed: Mapping[str, Mapping[str, tuple[Sense, ...]]]
    sounds: Mapping[str, tuple[str, ...]]
    slots: Mapping[str, SlotSpec]
    polite: frozenset[str]
    endings: frozenset[str]
    """Plural endings: a word that is only an ending does not end a name ("sojamelk en")."""
    utterances: Mapping[str, str]
    """An intent's own utterances that have no slots: key -> "skill.intent"."""
    recalls: Mapping[str, str]
    """How an earlier order is asked for again, courtesy left out: key -> "skill.intent"."""
    terms: Terms
    """The words of time that schemas of other services are read with."""
    timely: Timely
    """The words of time."""
    asking: Mapping[str, tuple[tuple[str, str], ...]]
    """First word -> (kind of question, phrase that asks it)."""
    intents: Intents
    skeletons: Mapping[str, tuple[str, ...]]
    """Consonants of a name -> such names: "lrge" is "large"."""
    readers: Mapping[str, Readers]
    """Language -> what finds days, clocks, parties and names of people in it; "" for any."""
    spotters: Mapping[str, Spotter]
    """Intent -> what its marked samples teach about its slots."""

    cues: Mapping[str, Cues]
    """Kind of phrase -> its phrases: what is looked for in all that is said."""
    lengths: Mapping[int, tuple[str, ...]]
    """Letters of a phonetic key -> such keys: what is misspelt is looked for among those of about its length."""
    contested: Mapping[str, Mapping[str, frozenset[str]]]
    """Choices ("slot/value") that intents name differently: choice -> intent -> its own names for it."""

    def names_choice(self, key: str, choice: str, intent: str) -> bool:
        """Whether `intent` calls that choice so: slots of the same name may stand for other things elsewhere."""
        return key in self.contested.get(choice, {}).get(intent, (key,))

    @property
    def catalog(self) -> Catalog:
        return self.artefact.catalog

    def known(self, key: str) -> bool:
        """Whether a word is a name or an ordinary word of one of the languages."""
        return key in self.names or any(key in closed for closed in self.closed.values())

    def content(self, key: str) -> bool:
        """Whether a word has a meaning of its own."""
        return key in self.names or not self.classed(key)

    def classed(self, key: str) -> bool:
        """Whether a word is a name, or of a class of words with no meaning of their own."""
        senses = (s for closed in self.closed.values() for s in closed.get(key, ()))
        return key in self.names or any(s.kind != "common" for s in senses)

    def is_role(self, word: str, *roles: str) -> bool:
        """Whether a word is of one of those classes in some language."""
        senses = (s for closed in self.closed.values() for s in closed.get(word, ()))
        return any(s.kind == "role" and s.id in roles for s in senses)


@dataclass(frozen=True, slots=True)
class Tongues:
    """What languages bring, the same for every merchant that speaks them. `plain`: words of the closed classes;
    `common`: ordinary words."""

    packs: tuple[Pack, ...]
    closed: Mapping[str, Mapping[str, tuple[Sense, ...]]]
    polite: frozenset[str]
    endings: frozenset[str]
    terms: Terms
    timely: Timely
    asking: Mapping[str, tuple[tuple[str, str], ...]]
    plain: frozenset[str]
    common: frozenset[str]
    readers: Mapping[str, Readers]
    cues: Mapping[str, Cues]


def compile_tongues(languages: tuple[str, ...]) -> Tongues:
    """What `languages` bring. Reads the package's phrase files."""
    packs = load_packs(languages)
    closed = {pack.language: _closed(pack) for pack in packs}
    known = (_polite(closed), _endings(packs), compile_terms(packs), compile_timely(packs), _asking(packs))
    readers = {language: compile_readers(packs, language) for language in ("", *closed)}
    return Tongues(packs, closed, *known, *_plain(closed), readers, _cues(packs))


def _cues(packs: Iterable[Pack]) -> dict[str, Cues]:
    """Phrases that are looked for in all that is said, by kind; parts of the body and their alarms by language."""
    found: dict[str, list[str]] = defaultdict(list)
    for pack in packs:
        alarms = dict(zip((f"part/{pack.language}", f"sign/{pack.language}"), pack.alarms, strict=True))
        fixed = {
            "emergency": pack.emergencies,
            "allergy": pack.allergies,
            "hesitant": pack.hesitant,
            "minded": pack.minded,
            **alarms,
        }
        for kind, phrases in (*fixed.items(), *pack.finding.items()):
            found[kind].extend(phrases)
    return {kind: cues(phrases) for kind, phrases in found.items()}


def _asking(packs: Iterable[Pack]) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for about, phrase in ((a, p) for pack in packs for a, phrases in pack.questions.items() for p in phrases):
        first = phrase.split()[0]
        found[first] = (*found.get(first, ()), (about, phrase))
    return found


def compile_lexicon(artefact: Artefact, tongues: Tongues | None = None) -> Lexicon:
    """The lexicon of an artefact; pure where its languages are given."""
    tongues = tongues or compile_tongues(artefact.merchant.languages)
    closed = tongues.closed
    endings = {pack.language: pack.plurals for pack in tongues.packs}
    found: dict[str, dict[tuple[str, str], Sense]] = defaultdict(dict)
    joined = {pack.language for pack in tongues.packs if pack.compounds}
    absent = tuple(p.strip() for pack in tongues.packs for p in pack.finding.get("free", ()))
    for phrase, language, sense in (*_entries(artefact), *_compound_heads(artefact.catalog, joined)):
        if sense.score < 1.0 and (_absence(keys(phrase), absent) or _dangling(keys(phrase), closed)):
            continue
        for words in _variants(keys(phrase), endings.get(language.partition("-")[0], ())):
            if sense.score == 1.0 or not _ordinary(words, closed, sense.score > 0.6):
                _put(found, "".join(words), sense)
    names = _ranked(found)
    sounds = _sounds(names)
    intents = compile_intents(artefact, tongues.plain, tongues.common, tongues.polite)
    return Lexicon(
        artefact,
        tongues.packs,
        names,
        closed,
        sounds,
        _slots(artefact),
        tongues.polite,
        tongues.endings,
        _utterances(artefact),
        _recalls(artefact, tongues),
        tongues.terms,
        tongues.timely,
        tongues.asking,
        intents,
        _skeletons(names),
        tongues.readers,
        compile_spotters(intents.specs, tongues.readers),
        tongues.cues,
        _by_length(sounds),
        _contested(artefact, endings),
    )


def _absence(words: Sequence[str], absent: tuple[str, ...]) -> bool:
    """Whether part of a name says only what is not in it: "sugar free" of a "sugar free cola", or "free cola"."""
    return bool(words) and (words[0] in absent or words[-1].endswith(absent))


def _dangling(words: Sequence[str], closed: Mapping[str, Mapping[str, tuple[Sense, ...]]]) -> bool:
    """Whether part of a name ends with what leads to the rest of it: "tune-up at" of a "tune-up at home"."""
    senses = (s for senses in closed.values() for s in senses.get(words[-1], ())) if len(words) > 1 else ()
    return any(s.kind == "role" and s.id == "small" for s in senses)


def _contested(artefact: Artefact, endings: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for intent in (i for skill in artefact.skills.values() for i in skill.intents.values()):
        for slot in intent.slots.values():
            for value in slot.values.values():
                entries = _named(value.names, value.synonyms, Sense("choice", value.id))
                said = ((keys(phrase), endings.get(tag.partition("-")[0], ())) for phrase, tag, _ in entries)
                called = frozenset("".join(words) for name, ends in said for words in _variants(name, ends))
                found[f"{slot.name}/{value.id}"][intent.name] = called
    return {choice: intents for choice, intents in found.items() if len({*intents.values()}) > 1}


def _ranked(found: Mapping[str, Mapping[tuple[str, str], Sense]]) -> dict[str, tuple[Sense, ...]]:
    """The senses of each key, best first; a name and its plurals share theirs."""
    shared: dict[tuple[int, ...], tuple[Sense, ...]] = {}
    ranked = ((key, tuple(sorted(senses.values(), key=lambda s: -s.score))) for key, senses in found.items())
    return {key: shared.setdefault(tuple(map(id, senses)), senses) for key, senses in ranked}


_COURTESY = "can could you i id would like to want ik wil kun kan je u mij me"


def _polite(closed: Mapping[str, Mapping[str, tuple[Sense, ...]]]) -> frozenset[str]:
    """Words that may stand around a phrase without changing it."""
    entries = (item for senses in closed.values() for item in senses.items())
    return frozenset(key for key, senses in entries if any(s.id in ("filler", "want") for s in senses)) | frozenset(
        _COURTESY.split()
    )


def _plain(closed: Mapping[str, Mapping[str, tuple[Sense, ...]]]) -> tuple[frozenset[str], frozenset[str]]:
    """Words of the closed classes, and ordinary words."""
    entries = [item for senses in closed.values() for item in senses.items()]
    common = frozenset(key for key, senses in entries if all(s.kind == "common" for s in senses))
    return frozenset(key for key, _ in entries) - common, common


def _endings(packs: Iterable[Pack]) -> frozenset[str]:
    return frozenset(ending for pack in packs for ending in pack.plurals)


def _utterances(artefact: Artefact) -> dict[str, str]:
    intents = [i for skill in artefact.skills.values() for i in skill.intents.values()]
    said = ((u, i.name) for i in intents for us in i.utterances.values() for u in us if "{" not in u)
    found: dict[str, str] = {}
    for utterance, name in said:
        found.setdefault("".join(keys(utterance)), name)  # the merchant names first what answers first
    return found


_RECALLING = ("usual", "last")
_BARE = 7
"""Letters that a phrase has at least when the courtesy around it is left out."""


def _recalls(artefact: Artefact, tongues: Tongues) -> dict[str, str]:
    intents = (i for skill in artefact.skills.values() for i in skill.intents.values() if i.operation in _RECALLING)
    said = ((i.name, keys(u)) for i in intents for us in i.utterances.values() for u in us if "{" not in u)
    polite, found = tongues.polite, dict[str, str]()
    for name, words in said:
        for start in range(_leading(words, polite) + 1):
            for stop in range(len(words), len(words) - _leading(words[::-1], polite) - 1, -1):
                key = "".join(words[start:stop])
                if len(key) >= _BARE and stop - start > 1 and any(_recalling(w, tongues) for w in words[start:stop]):
                    found.setdefault(key, name)
    return found


def _recalling(word: str, tongues: Tongues) -> bool:
    """Whether a word says that it was before: no small word ("you know what"), unless it says "the same"."""
    roles = {s.id for closed in tongues.closed.values() for s in closed.get(word, ()) if s.kind == "role"}
    return not roles or bool(roles & {"same", "another", "plain"})


def _leading(words: tuple[str, ...], polite: frozenset[str]) -> int:
    return next((n for n, word in enumerate(words) if word not in polite), len(words))


def _ordinary(words: tuple[str, ...], closed: Mapping[str, Mapping[str, tuple[Sense, ...]]], strong: bool) -> bool:
    """Whether words say nothing by themselves ("with", "two"): what is left of a longer name must mean something. The
    mere beginning of a name (not `strong`) is no common word either: "black" is not yet "black tea"."""
    kinds = ("role", "number", "ordinal") if strong else ("role", "number", "ordinal", "common")
    return all(
        word.isdigit() or any(s.kind in kinds for c in closed.values() for s in c.get(word, ())) for word in words
    )


def _put(found: dict[str, dict[tuple[str, str], Sense]], key: str, sense: Sense) -> None:
    known = found[key].get((sense.kind, sense.id)) if key else sense
    if known is None or known.score < sense.score:
        found[key][sense.kind, sense.id] = sense


def _entries(artefact: Artefact) -> Iterator[tuple[str, str, Sense]]:
    """Every (phrase, language, sense) of a merchant."""
    catalog, merchant = artefact.catalog, artefact.merchant
    yield from _product_entries(catalog)
    heads = {keys(name)[-1:] for p in catalog.products.values() for name in _phrases(p.names, p.synonyms)}
    for group in catalog.options.values():
        yield from _option_entries(group, heads)
    for category, names in catalog.categories.items():
        yield from _named(names, {}, Sense("category", category))
    for location in merchant.locations.values():
        sense = Sense("location", location.id)
        yield from _named(location.names, location.synonyms, sense)
        for name in location.names.values():
            for word in keys(name):
                if len(word) >= 3 and _distinct(word, location.id, artefact):
                    yield word, merchant.languages[0], Sense("location", location.id, 0.8)
        if street := re.match(r"[^\d,]{4,}", location.address):
            yield street.group(), merchant.languages[0], sense
    for slot in _every_slot(artefact):
        for value in slot.values.values():
            yield from _named(value.names, value.synonyms, Sense("choice", f"{slot.name}/{value.id}"))
    for member in merchant.staff.values():
        yield from _named(member.names, member.synonyms, Sense("staff", member.id))
    for allergen, names in merchant.allergens.items():
        yield from _named(names, merchant.allergen_synonyms.get(allergen, {}), Sense("allergen", allergen))


def _distinct(word: str, location: str, artefact: Artefact) -> bool:
    """Whether a word is in the names of one location only."""
    others = (x for x in artefact.merchant.locations.values() if x.id != location)
    return not any(word in keys(text) for other in others for text in (*other.names.values(), other.address))


def _named(names: Translations, synonyms: Synonyms, sense: Sense) -> Iterator[tuple[str, str, Sense]]:
    for language, name in names.items():
        yield name, language, sense
    for language, others in synonyms.items():
        for other in others:
            yield other, language, sense


def _product_entries(catalog: Catalog) -> Iterator[tuple[str, str, Sense]]:
    for product in catalog.products.values():
        for phrase, language, sense in _named(product.names, product.synonyms, Sense("product", product.sku)):
            yield phrase, language, sense
            words = keys(phrase)
            for n in range(1, len(words)):
                # The end of a name is its head ("blueberry muffin" is a muffin); its beginning is a weaker hint.
                yield " ".join(words[n:]), language, Sense("part", product.sku, 0.7)
                yield " ".join(words[:n]), language, Sense("part", product.sku, 0.5)


HEAD = 4
"""Letters of a compound's head, at least; fewer where it is written by itself somewhere."""


def _compound_heads(catalog: Catalog, languages: Collection[str]) -> Iterator[tuple[str, str, Sense]]:
    """What compounds of one category have in common at their end: "appelsap" and "wortelsap" are both "sap"."""
    for language in languages:
        named = [(p, keys(n)) for p in catalog.products.values() for n in _said_in(p, language)]
        alone = {key for _, words in named for key in words}
        shared: dict[tuple[str, str], set[str]] = defaultdict(set)
        for product, words in named:
            for size in range(3, len(words[-1]) - 2 if words else 0):
                if size >= HEAD or words[-1][-size:] in alone:
                    shared[product.category, words[-1][-size:]].add(product.sku)
        longer = {(c, head[1:]): len(skus) for (c, head), skus in sorted(shared.items(), key=lambda x: len(x[1]))}
        for (category, head), skus in shared.items():
            if len(skus) > 1 and (head in alone or len(skus) > longer.get((category, head), 0)):
                yield from ((head, language, Sense("part", sku, 0.65)) for sku in sorted(skus))


def _said_in(product: Product, language: str) -> Iterator[str]:
    tags = [tag for tag in product.names if tag.partition("-")[0] == language]
    for tag in tags:
        yield product.names[tag]
        yield from product.synonyms.get(tag, ())


def _option_entries(group: OptionGroup, products: set[tuple[str, ...]]) -> Iterator[tuple[str, str, Sense]]:
    yield from _named(group.names, group.synonyms, Sense("group", group.id))
    nouns = {keys(name)[-1:] for name in _phrases(group.names, group.synonyms)}
    heads = [keys(name)[-1:] for value in group.values.values() for name in value.names.values()]
    shared = nouns | {head for head in heads if heads.count(head) > 1}
    for value in group.values.values():
        sense = Sense("option", f"{group.id}/{value.id}", value=group.max_count if group.kind == "many" else 1)
        for phrase, language, _ in _named(value.names, value.synonyms, sense):
            yield phrase, language, sense
            words = keys(phrase)
            if len(words) > 1 and words[-1:] in shared and words[-2:-1] not in products:
                # "oat milk" may be said "oat": the noun that the values share goes without saying.
                yield " ".join(words[:-1]), language, replace(sense, score=0.9)


def _phrases(names: Translations, synonyms: Synonyms) -> Iterable[str]:
    yield from names.values()
    for others in synonyms.values():
        yield from others


def _slots(artefact: Artefact) -> dict[str, SlotSpec]:
    """The slots of all intents by name; intents of a skill that share a slot declare it alike."""
    return {slot.name: slot for slot in _every_slot(artefact)}


def _every_slot(artefact: Artefact) -> Iterator[SlotSpec]:
    for skill in artefact.skills.values():
        for intent in skill.intents.values():
            yield from intent.slots.values()


def _variants(words: tuple[str, ...], endings: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A name and its plurals ("lattes", "cups of tea", "strawberries", "muffins", "broodjes")."""
    yield words
    if not words:
        return
    for ending in endings:
        yield (*words[:-1], words[-1] + ending)
    if words[-1].endswith("y"):
        yield (*words[:-1], words[-1][:-1] + "ies")
    elif words[-1].endswith("e"):
        yield (*words[:-1], words[-1] + "s")
    for place, word in enumerate(words[1:-1], 1):
        if word in ("of", "with", "met", "van"):
            yield (*words[: place - 1], words[place - 1] + "s", *words[place:])


def _closed(pack: Pack) -> dict[str, tuple[Sense, ...]]:
    found: dict[str, list[Sense]] = defaultdict(list)
    for key, value in pack.numbers.items():
        found[key].append(Sense("number", "", value=value))
    for key, value in pack.ordinals.items():
        found[key].append(Sense("ordinal", "", value=value))
    for key, roles in pack.roles.items():
        found[key].extend(Sense("role", role) for role in roles)
    for key in pack.common:
        found[key].append(Sense("common", ""))
    return {key: tuple(senses) for key, senses in found.items()}


_FOLDS = (("ph", "f"), ("qu", "kw"), ("ck", "k"), ("tch", "ch"), ("ch", "k"), ("c", "k"), ("x", "ks"), ("z", "s"))


def sound(key: str) -> str:
    """A rough phonetic key: how a word may be misheard or misspelt in English or Dutch."""
    for old, new in (*_FOLDS, ("y", "i"), ("ij", "ei")):
        key = key.replace(old, new)
    return re.sub(r"(.)\1+", r"\1", key)


_VOWELS = re.compile(r"(?<!^)[aeiouy]")


def skeleton(key: str) -> str:
    """A word's first letter and consonants."""
    return _VOWELS.sub("", key)


def _skeletons(names: Mapping[str, tuple[Sense, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, senses in names.items():
        named = senses[0].kind in ("product", "option", "group")
        if named and 4 <= len(key) <= 10 and key.isalpha() and len(bones := skeleton(key)) >= 3:
            found[bones] = (*found.get(bones, ()), key)
    return found


def _sounds(names: Mapping[str, tuple[Sense, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, senses in names.items():
        if len(key) >= 4 and senses[0].kind not in ("part", "staff") and not key.isdigit():
            found[sound(key)] = (*found.get(sound(key), ()), key)
    return found


def _by_length(sounds: Iterable[str]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    for heard in sounds:
        found[len(heard)].append(heard)
    return {length: tuple(heard) for length, heard in found.items()}
