"""How a language is spoken: word classes, numbers and whole phrases, read from `phrases/<language>.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from sayso.understanding.dictionary import ordinary
from sayso.understanding.forms import compiled, expanded, joined
from sayso.understanding.words import keys

LONGEST = 80
"""Letters of the longest global phrase."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One language. Phrases are joined keys ("id like" is "idlike"), so that words may be written apart or together.

    roles: key -> word classes; numbers, vague amounts and ordinals: key -> value; says: key -> global phrases
    ("cancel", "undo", ...); hints: question -> its opening patterns; common: words no spelling correction touches."""

    language: str
    roles: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    common: frozenset[str]
    plurals: tuple[str, ...]
    says: Mapping[str, tuple[str, ...]]
    questions: Mapping[str, tuple[str, ...]]
    agreement: Mapping[str, tuple[str, ...]]
    """How agreement is said: key -> classes of its grammar (agreement.py); "~" before a key without double letters."""
    hesitant: tuple[str, ...]
    emergencies: tuple[str, ...]
    alarms: tuple[tuple[str, ...], ...]
    """Parts of the body, and what happens to them that is an emergency."""
    allergies: tuple[str, ...]
    languages: Mapping[str, str]
    times: Mapping[str, tuple[str, ...]]
    calendar: Mapping[str, tuple[tuple[str, ...], ...]]
    """Weekdays, months, days from today, parts of a day, those of today, next week and the weekend."""
    samples: Mapping[str, tuple[str, ...]]
    parties: Mapping[str, frozenset[str]]
    """How people say how many come: phrase, its words with single spaces -> classes (parties.py)."""
    unable: Mapping[str, frozenset[str]]
    """What says that a time does not suit: phrase -> "before" or "after" the time."""
    persons: Mapping[str, frozenset[str]]
    """How people give a name: phrase -> classes (persons.py)."""
    recommending: tuple[str, ...]
    """Phrases that ask what is good: what is named beside them is not ordered."""
    prefacing: frozenset[str]
    """What only announces that something will be asked."""
    absence: str
    """ "No" before a thing that is left out."""
    counting: Mapping[str, tuple[str, ...]]
    """How a number of what is in the basket is said anew (counting.py)."""
    comparing: tuple[str, ...]
    """Phrases that compare with what was just shown: "cheaper", "another colour"."""
    judging: Mapping[str, tuple[str, ...]]
    """How it is asked what a thing that was shown is: verbs ("opening"), and how things differ ("differing")."""
    compounds: bool
    """Nouns are written together, the head last: "appelsap" is a juice."""
    finding: Mapping[str, tuple[str, ...]]
    """How something is looked for ("strong", "weak" openings) and within which price ("most", "cheapest", "dearest");
    "free": what makes an allergen's name its absence."""
    traits: Mapping[str, tuple[str, ...]]
    """A tag of a merchant's rows -> how customers say it."""
    ordinary: frozenset[str] = frozenset()
    """The words of its dictionary that are often used: not to be taken for a misspelt name."""
    nothing: tuple[str, ...] = ()
    """Words that say nothing about what is looked for ("something", "for")."""
    exaggerating: tuple[str, ...] = ()
    """What only sounds like an emergency: "dying for a coffee"."""
    borrowed: frozenset[str] = frozenset()
    """Words of other languages that are said in this one without going on in theirs."""
    minded: tuple[str, ...] = ()
    """How somebody says that they want something else after all: "I changed my mind"."""
    talk: frozenset[str] = frozenset()
    """Words of time and of the conversation itself: never how a thing is made."""
    wh: frozenset[str] = frozenset()
    """Words that a question begins with."""
    others: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Small words of languages that have no pack: language -> folded words."""
    holidays: Mapping[str, str] = field(default_factory=dict)
    """Name of a holiday, spaced -> its fixed day, "12-25"."""
    may: frozenset[str] = frozenset()
    """Verbs that a question begins with."""
    homophones: Mapping[str, str] = field(default_factory=dict)
    """Digits that are written for words that sound so."""
    lacking: Mapping[str, str] = field(default_factory=dict)
    """Endings that leave a thing out, and the words that say so by themselves."""
    asking: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """How a question begins: "after" which words, "before" which question words, which "subjects" stand behind its verb
    and, where any verb asks, which of those may be "objects" too and which words are "joining" a clause to one."""
    memory: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """How something is said to hold for good, or to be forgotten (keeping.py): phrases, in parts that stand apart."""
    remembered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Type or name of a slot -> what customers call it: "my store"."""
    forms: re.Pattern[str] | None = None
    """More ways to say the global phrases: a key that it matches in full says what its group is called."""

    def said(self, key: str) -> str:
        """The global phrase that a whole utterance is, "" for none."""
        if found := self.says.get(key):
            return found[0]
        match = self.forms.fullmatch(key) if self.forms and 0 < len(key) <= LONGEST else None
        return match.lastgroup or "" if match else ""


def spaced(phrase: str) -> str:
    """The folded words of a phrase with single spaces, and one at either end, for searching in a text."""
    return f" {' '.join(keys(phrase))} "


def load(languages: Iterable[str]) -> tuple[Pack, ...]:
    """The packs of those `languages` that have one; "nl-BE" is served by "nl". Reads package data."""
    bases = dict.fromkeys(language.partition("-")[0] for language in languages)
    folder = files("sayso.understanding") / "phrases"
    found = ((base, folder / f"{base}.yaml") for base in bases)
    others = _others((folder / "others.yaml").read_text("utf-8"))
    return tuple(_pack(base, file.read_text("utf-8"), others) for base, file in found if file.is_file())


def _others(text: str) -> dict[str, frozenset[str]]:
    from ruamel.yaml import YAML

    raw: dict[str, Any] = YAML(typ="safe", pure=False).load(text)
    return {language: frozenset(key for word in words for key in keys(str(word))) for language, words in raw.items()}


def _pack(language: str, text: str, others: Mapping[str, frozenset[str]]) -> Pack:
    from ruamel.yaml import YAML

    raw: dict[str, Any] = YAML(typ="safe", pure=False).load(text)
    numbers = {joined(str(k)): int(v) for k, v in raw["numbers"].items()}
    says = {what: tuple(map(str, phrases)) for what, phrases in raw.get("says", {}).items()}
    return Pack(
        language=language,
        roles=_inverted({**raw["roles"], "vague": raw["vague"]}),
        numbers={**_compounds(numbers, raw.get("number_joint", "")), **numbers},
        ordinals={joined(str(k)): int(v) for k, v in raw["ordinals"].items()},
        common=frozenset(joined(str(word)) for word in raw["common"]),
        plurals=tuple(raw["plurals"]),
        ordinary=ordinary(language),
        says=_inverted(says),
        questions={k: tuple(map(spaced, map(str, v))) for k, v in raw.get("questions", {}).items()},
        agreement=_agreement(raw),
        hesitant=tuple(spaced(str(p)) for p in raw.get("hesitant", ())),
        emergencies=tuple(spaced(str(p)) for p in raw.get("emergencies", ())),
        alarms=tuple(tuple(spaced(str(p)) for p in raw["alarms"][kind]) for kind in ("parts", "signs")),
        allergies=tuple(spaced(str(p)) for p in raw.get("allergies", ())),
        languages={joined(str(p)): tag for tag, phrases in raw.get("languages", {}).items() for p in phrases},
        times={k: tuple(" ".join(keys(str(p))) for p in v) for k, v in raw.get("times", {}).items()},
        calendar={k: tuple(tuple(" ".join(keys(str(p))) for p in ps) for ps in v) for k, v in raw["calendar"].items()},
        nothing=tuple(map(str, raw.get("nothing", ()))),
        exaggerating=tuple(spaced(str(p)) for p in raw.get("exaggerating", ())),
        minded=tuple(spaced(str(p)) for p in raw.get("minded", ())),
        talk=frozenset(joined(str(word)) for word in raw.get("talk", ())),
        borrowed=frozenset(joined(str(word)) for word in raw.get("borrowed", ())),
        wh=frozenset(map(str, raw.get("wh", ()))),
        others=others,
        holidays={spaced(str(name)): str(day) for name, day in raw.get("holidays", {}).items()},
        may=frozenset(map(str, raw.get("may", ()))),
        homophones={str(digit): str(word) for digit, word in raw.get("homophones", {}).items()},
        lacking={str(ending): str(word) for ending, word in raw.get("lacking", {}).items()},
        asking={kind: frozenset(map(str, words)) for kind, words in raw.get("asking", {}).items()},
        forms=compiled(raw.get("says_patterns", {})),
        compounds=bool(raw.get("compounds", False)),
        finding={k: tuple(map(spaced, map(str, v))) for k, v in raw.get("finding", {}).items()},
        traits={k: tuple(map(spaced, map(str, v))) for k, v in raw.get("traits", {}).items()},
        samples={k: tuple(map(str, v)) for k, v in {**says, **raw.get("samples", {})}.items()},
        parties=_phrases(raw.get("parties", {})),
        memory={k: tuple(_parts(str(phrase)) for phrase in v) for k, v in raw.get("memory", {}).items()},
        remembered={k: tuple(map(spaced, map(str, v))) for k, v in raw.get("remembered", {}).items()},
        unable=_phrases(raw.get("unable", {})),
        persons=_phrases(raw.get("persons", {})),
        recommending=tuple(map(spaced, map(str, raw.get("recommending", ())))),
        prefacing=frozenset(" ".join(keys(str(p))) for p in raw.get("prefacing", ())),
        absence=str(raw.get("absence", "no")),
        counting={k: tuple(" ".join(keys(str(p))) for p in v) for k, v in raw.get("counting", {}).items()},
        judging={k: tuple(map(spaced, map(str, v))) for k, v in raw.get("judging", {}).items()},
        comparing=tuple(map(spaced, map(str, raw.get("comparing", ())))),
    )


def _parts(phrase: str) -> tuple[str, ...]:
    """The parts of a phrase that has words of the customer's between them: "geen * meer"."""
    return tuple(map(spaced, phrase.split("*")))


def _phrases(classes: Mapping[str, Iterable[Any]]) -> dict[str, frozenset[str]]:
    """class -> phrases turned into phrase -> classes."""
    found: dict[str, frozenset[str]] = {}
    for name, phrases in classes.items():
        for phrase in map(str, phrases):
            key = " ".join(keys(phrase)) or phrase
            found[key] = found.get(key, frozenset()) | {name}
    return found


def _agreement(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The classes of the grammar of agreement, with yes and no; single words also with letters drawn out."""
    found = _inverted({**raw.get("agreement", {}), "yes": raw.get("yes", ()), "no": raw.get("no", ())})
    for side, patterns in raw.get("patterns", {}).items():
        for key in expanded(patterns):
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), side)))
    short = {"~" + re.sub(r"(.)\1+", r"\1", key): kinds for key, kinds in found.items() if {"yes", "no"} & {*kinds}}
    return {**short, **found}


def _compounds(numbers: Mapping[str, int], joint: str) -> dict[str, int]:
    """Numbers as Dutch writes them: "eenentwintig"."""
    units = {k: v for k, v in numbers.items() if 0 < v < 10}
    tens = {k: v for k, v in numbers.items() if 20 <= v < 100 and v % 10 == 0}
    return {u + joint + t: units[u] + tens[t] for u in units for t in tens} if joint else {}


def _inverted(classes: Mapping[str, Iterable[Any]]) -> dict[str, tuple[str, ...]]:
    """class -> phrases turned into key -> classes, in the order of the file."""
    found: dict[str, tuple[str, ...]] = {}
    for name, phrases in classes.items():
        for phrase in phrases:
            key = _key(str(phrase))
            if name not in found.get(key, ()):
                found[key] = (*found.get(key, ()), name)
    return found


def _key(phrase: str) -> str:
    return phrase if phrase in ("&", "+") else joined(phrase)


def numeral(key: str, packs: Iterable[Pack]) -> int:
    """A number that is written as one word ("tweehonderdvijfentwintig"), 0 for any other word."""
    if not any(word in key for word, _ in _LARGE):
        return 0
    return next((n for pack in packs if (n := _parsed(key, pack.numbers))), 0)


_LARGE = (("duizend", 1000), ("thousand", 1000), ("honderd", 100), ("hundred", 100))


def _parsed(key: str, numbers: Mapping[str, int]) -> int:
    if not key or key in numbers:
        return numbers.get(key, 0)
    for word, worth in _LARGE:
        before, found, after = key.partition(word)
        if not found:
            continue
        times = _parsed(before, numbers) if before else 1
        rest = _parsed(after.removeprefix("en"), numbers) or _parsed(after, numbers) if after else 0
        return times * worth + rest if times and (rest or not after) else 0
    return 0
