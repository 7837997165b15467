"""What a skill's manifest and its merchant's catalog call things: phrases to attribute values and option values."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import files

from sayso import Catalog, IntentSpec

TOKEN = re.compile(r"€|\d+(?:[.,]\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)*")
MARKS = re.compile(r"[,;:.!?()\n]")
ANY = "any"
"""The value of a choice that means: no preference."""
LONGEST = 5
ENDINGS = ("en", "es", "e", "s", "n")
TYPO_FROM, TYPO = 6, 0.85
"""From how many letters on a word may be misspelt, and how like the right one it must then be."""


SWAP_FROM = 4
"""From how many letters on two neighbours of a word may stand the wrong way round: "shrit"."""


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists that ship (`words.toml`)."""

    negations: frozenset[str]
    but: frozenset[str]
    every: frozenset[str]
    at_most: frozenset[tuple[str, ...]]
    joins: frozenset[str]
    ors: frozenset[str]
    turns: frozenset[str]
    excess: frozenset[str]
    degrees: frozenset[str]
    between: frozenset[str]
    money: frozenset[str]
    before_size: frozenset[str]
    articles: frozenset[str]
    stock: frozenset[str]
    cheaper: frozenset[str]
    cheap: frozenset[str]
    dear: frozenset[str]
    lighter: frozenset[str]
    darker: frozenset[str]
    light: frozenset[str]
    dark: frozenset[str]
    having: frozenset[str]
    qualities: frozenset[str]
    other: frozenset[str]
    colour: frozenset[str]
    empty: frozenset[str]
    numbers: Mapping[str, int]


NAMES = {"not": "negations"}
"""Lists that are called otherwise in the file than here."""


def shipped() -> Words:
    data = tomllib.loads(files("sayso.skill.advice").joinpath("words.toml").read_text("utf-8"))
    at_most = frozenset(tuple(phrase.split()) for phrase in data.pop("at_most"))
    numbers = data.pop("numbers")
    lists = {NAMES.get(name, name): frozenset(words) for name, words in data.items()}
    return Words(at_most=at_most, numbers=numbers, **lists)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A value of an attribute (`kind` "attribute") or of an option group ("option"), `of` is the attribute or group; or
    a whole category of the catalog ("category")."""

    kind: str
    of: str
    value: str
    strict: bool = False
    """A number or a letter: it counts only where it is announced ("size 42")."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Stemmed phrases and what they mean; `groups`: what announces a value of an option group."""

    phrases: Mapping[tuple[str, ...], tuple[Meaning, ...]]
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    kind: str = ""
    """The attribute that says what kind of thing it is: the first choice that the intent declares."""
    kinds: frozenset[str] = frozenset()
    """The stems of what the kinds of things are called themselves: "jas" is any coat, "parka" is not."""
    letters: frozenset[str] = frozenset()
    """Single words that are long enough to be misspelt."""

    def at(self, stems: Sequence[str], place: int, least: int = 1) -> tuple[tuple[Meaning, ...], int]:
        """What the longest phrase at a place means, and how many words it has; ((), 0) when there is none."""
        for size in range(min(LONGEST, len(stems) - place), least - 1, -1):
            if found := self.phrases.get(tuple(stems[place : place + size])):
                return found, size
        if least == 1 and len(stems[place]) >= TYPO_FROM:
            for near in get_close_matches(stems[place], self.letters, 1, TYPO):
                return self.phrases[(near,)], 1
        if least == 1 and len(stems[place]) >= SWAP_FROM:
            for near in _swapped(stems[place]):
                if found := self.phrases.get((near,)):
                    return found, 1
        return (), 0


def _swapped(word: str) -> Iterator[str]:
    """The words with two inner neighbours the other way round."""
    return (word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(1, len(word) - 1) if word[n] != word[n + 1])


def vocabulary(intent: IntentSpec, catalog: Catalog) -> Vocabulary:
    """Every name and synonym, in all languages at once."""
    found: dict[tuple[str, ...], dict[Meaning, None]] = {}
    for phrase, meaning in (*_attributes(intent), *_options(catalog)):
        if key := stems(tokens(phrase)):
            found.setdefault(key, {})[meaning] = None
    for phrase, meaning in _categories(catalog):
        if (key := stems(tokens(phrase))) and key not in found:
            found[key] = {meaning: None}
    groups = {
        id: frozenset(stem for name in _names(group.names, group.synonyms) for stem in stems(tokens(name)))
        for id, group in catalog.options.items()
    }
    kind = kind_of_thing(intent)
    values = intent.slots[kind].values.values() if kind else ()
    kinds = frozenset(stem for value in values for name in value.names.values() for stem in stems(tokens(name)))
    letters = frozenset(key[0] for key in found if len(key) == 1 and len(key[0]) >= TYPO_FROM)
    return Vocabulary({key: tuple(each) for key, each in found.items()}, groups, kind, kinds, letters)


def kind_of_thing(intent: IntentSpec) -> str:
    """The attribute that says what kind of thing is wanted: the first choice that the intent declares."""
    return next((slot.name for slot in intent.slots.values() if slot.type == "choice"), "")


def _attributes(intent: IntentSpec) -> Iterator[tuple[str, Meaning]]:
    for slot in intent.slots.values():
        for value in slot.values.values():
            for name in _names(value.names, value.synonyms):
                yield name, Meaning("attribute", slot.name, value.id)


def _options(catalog: Catalog) -> Iterator[tuple[str, Meaning]]:
    for group in catalog.options.values():
        for value in group.values.values():
            for name in _names(value.names, value.synonyms):
                yield name, Meaning("option", group.id, value.id, strict=len(name) < 3)


def _categories(catalog: Catalog) -> Iterator[tuple[str, Meaning]]:
    """The names of categories that are one word: "Shoes"."""
    for id, names in catalog.categories.items():
        for name in names.values():
            if len(tokens(name)) == 1:
                yield name, Meaning("category", "", id)


def _names(names: Mapping[str, str], synonyms: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    yield from names.values()
    for others in synonyms.values():
        yield from others


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text, folded; amounts stay whole."""
    return tuple(TOKEN.findall(fold(text)))


def tokens_and_marks(text: str) -> tuple[tuple[str, ...], frozenset[int]]:
    """The words of a text, and the places of those that stand after a comma, a full stop or the like."""
    folded, end = fold(text), 0
    words: list[str] = []
    marks = set[int]()
    for found in TOKEN.finditer(folded):
        if MARKS.search(folded[end : found.start()]):
            marks.add(len(words))
        words.append(found[0])
        end = found.end()
    return tuple(words), frozenset(marks)


def fold(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("-", " "))
    return "".join(character for character in spread if not unicodedata.combining(character))


def stems(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(stem(word) for word in words)


def stem(word: str) -> str:
    """A word without the endings of plurals and adjectives: "laarzen", "matte", "boots". Rough, the same for all."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou" else word
