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
ANY = "any"
"""The value of a choice that means: no preference."""
LONGEST = 5
ENDINGS = ("en", "es", "e", "s", "n")
TYPO_FROM, TYPO = 6, 0.85
"""From how many letters on a word may be misspelt, and how like the right one it must then be."""


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists that ship (`words.toml`)."""

    negations: frozenset[str]
    but: frozenset[str]
    every: frozenset[str]
    at_most: frozenset[tuple[str, ...]]
    between: frozenset[str]
    money: frozenset[str]
    before_size: frozenset[str]
    articles: frozenset[str]
    cheaper: frozenset[str]
    other: frozenset[str]
    colour: frozenset[str]
    empty: frozenset[str]
    numbers: Mapping[str, int]


def shipped() -> Words:
    data = tomllib.loads(files("sayso.skill.advice").joinpath("words.toml").read_text("utf-8"))
    return Words(
        negations=frozenset(data["not"]),
        but=frozenset(data["but"]),
        every=frozenset(data["every"]),
        at_most=frozenset(tuple(phrase.split()) for phrase in data["at_most"]),
        between=frozenset(data["between"]),
        money=frozenset(data["money"]),
        before_size=frozenset(data["before_size"]),
        articles=frozenset(data["articles"]),
        cheaper=frozenset(data["cheaper"]),
        other=frozenset(data["other"]),
        colour=frozenset(data["colour"]),
        empty=frozenset(data["empty"]),
        numbers=data["numbers"],
    )


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
        return (), 0


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
    letters = frozenset(key[0] for key in found if len(key) == 1 and len(key[0]) >= TYPO_FROM)
    return Vocabulary({key: tuple(each) for key, each in found.items()}, groups, letters)


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
