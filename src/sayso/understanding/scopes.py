"""Which intent an utterance is about, and so which slots its words can fill: no skill's words leak into another's.

An utterance begins an intent when it holds what is telling in one of the intent's samples: the sample as a whole, a
stretch of it with a word of its own ("someone come by"), or three words beside a slot ("do you have time {service}").
Slots count by their type, so that "book a make-over Saturday" is "book {service} {time}".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sayso.manifest.specs import Artefact, IntentSpec, SlotSpec
from sayso.model.command import Candidate, Evidence, Start
from sayso.understanding.context import Context
from sayso.understanding.words import keys

LONGEST = 9
"""The longest sample, in words and slots, that is looked for inside an utterance."""
_SLOT = re.compile(r"\{(\w+)\}")
_BESIDE = frozenset(
    (
        "a",
        "an",
        "the",
        "my",
        "your",
        "at",
        "on",
        "for",
        "to",
        "in",
        "by",
        "with",
        "een",
        "de",
        "het",
        "mijn",
        "je",
        "om",
        "op",
        "bij",
        "voor",
        "naar",
        "met",
        "aan",
    )
)
"""Small words that may stand before a slot or not."""

Closed = Mapping[str, Mapping[str, tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Scope:
    """The slots that words can fill. `intent` is "" when none is in progress; `lines`: things are put in a basket."""

    intent: str
    slots: Mapping[str, SlotSpec]
    lines: bool

    def of(self, *types: str) -> SlotSpec | None:
        """The first slot of one of those types."""
        return next((s for s in self.slots.values() if s.type in types), None)


@dataclass(frozen=True, slots=True)
class Intents:
    """A merchant's intents, compiled. `inside`, `whole`: telling stretches of samples, and samples that say nothing
    special, by their words joined -> intents; `bookable`: category -> the intent that books it; `sells`: the intent
    that fills a basket."""

    specs: Mapping[str, IntentSpec]
    inside: Mapping[str, tuple[str, ...]]
    whole: Mapping[str, tuple[str, ...]]
    bookable: Mapping[str, str]
    sells: str
    choices: frozenset[str]
    """The slots of type choice that samples speak of."""

    def scope(self, context: Context, begun: str = "") -> Scope:
        """The scope of an utterance that begins `begun`, or goes on with what is in progress."""
        pending = context.pending.intent if context.pending else ""
        name = next((n for n in (begun, pending, context.intent, self.sells) if n in self.specs), "")
        slots = self.specs[name].slots if name else {}
        lines = name == "" or any(s.type == "lines" for s in slots.values())
        # Whatever sells knows the slots of the basket, also when "my usual" is in progress.
        if name and self.sells and self.specs[name].effect == "purchase" and not lines:
            slots, lines = {**self.specs[self.sells].slots, **slots}, True
        return Scope("" if name == self.sells and name not in (begun, pending, context.intent) else name, slots, lines)


def compile_intents(
    artefact: Artefact, plain: frozenset[str], common: frozenset[str], polite: frozenset[str]
) -> Intents:
    """The intents of an artefact. `plain`: words of the closed classes; `common`: ordinary words."""
    specs = {i.name: i for skill in artefact.skills.values() for i in skill.intents.values()}
    sells = next((n for n, i in specs.items() if any(s.type == "lines" for s in i.slots.values())), "")
    inside: dict[str, tuple[str, ...]] = {}
    whole: dict[str, tuple[str, ...]] = {}
    for intent in specs.values():
        if artefact.skills[intent.skill].fulfilment == "order":
            continue
        for sample in (s for texts in intent.utterances.values() for s in texts):
            parts = list(_abstract(sample, intent))
            for stretch in _stretches(parts, plain, common, polite):
                _note(inside, stretch, intent.name)
            _note(whole, [p for part in parts for p in part], intent.name)
    kinds = {i.name: artefact.skills[i.skill].fulfilment for i in specs.values()}
    slots = (s for n, i in specs.items() if kinds[n] != "order" for s in i.slots.values())
    return Intents(
        specs, inside, whole, _bookable(specs), sells, frozenset(s.name for s in slots if s.type == "choice")
    )


def _note(found: dict[str, tuple[str, ...]], words: Sequence[str], intent: str) -> None:
    key = " ".join(words)
    if key and intent not in found.get(key, ()):
        found[key] = (*found.get(key, ()), intent)


def _bookable(specs: Mapping[str, IntentSpec]) -> dict[str, str]:
    """What an intent books: the first one that must know it."""
    found: dict[str, str] = {}
    for intent in specs.values():
        slot = next((s for s in intent.slots.values() if s.type == "product" and s.required), None)
        if intent.effect == "booking" and slot:
            found = {**dict.fromkeys(slot.categories or ("",), intent.name), **found}
    return found


def _abstract(sample: str, intent: IntentSpec) -> Iterator[list[str]]:
    """A sample's parts between commas: its words, with slots as their types."""
    for part in re.split(r"[,.;!?]", sample):
        found: list[str] = []
        for n, piece in enumerate(_SLOT.split(part)):
            if n % 2:
                spec = intent.slots.get(piece)
                while found and found[-1] in _BESIDE:
                    found.pop()
                found.append(f"<{spec.type if spec else 'text'}>")
            else:
                found.extend(keys(piece))
        yield found


def _stretches(
    parts: Iterable[list[str]], plain: frozenset[str], common: frozenset[str], polite: frozenset[str]
) -> Iterator[list[str]]:
    """What is telling in a sample."""
    for part in parts:
        cuts = [-1, *(n for n, w in enumerate(part) if w[0] == "<"), len(part)]
        for low, high in pairwise(cuts):
            piece = _bare(part[low + 1 : high], polite)
            own = [w for w in piece if w not in plain]
            if own and (len(piece) > 1 or own[0] not in common):
                yield piece
            literal = part[low + 1 : high]
            if len(literal) > 2 and high < len(part):
                yield [*literal, part[high]]
            if len(literal) > 2 and low >= 0:
                yield [part[low], *literal]


def _bare(words: list[str], polite: frozenset[str]) -> list[str]:
    """Words without politeness and small words at their ends."""
    start, stop = 0, len(words)
    while start < stop and (words[start] in polite or words[start] in _BESIDE):
        start += 1
    while stop > start and (words[stop - 1] in polite or words[stop - 1] in _BESIDE):
        stop -= 1
    return words[start:stop]


def begun(words: Sequence[str], text: str, intents: Intents, context: Context) -> Start | None:
    """The intent that an utterance begins; `words` are its words with slots as their types ("<time>")."""
    said: list[str] = []
    for word in words:
        while word[0] == "<" and said and said[-1] in _BESIDE:
            said.pop()
        said.append(word)
    for size in range(min(LONGEST, len(said)), 0, -1):
        for at in range(len(said) - size + 1):
            if found := intents.inside.get(" ".join(said[at : at + size])):
                return _start(found, text, 0.9)
    fresh = context.intent not in intents.specs and context.pending is None
    found = intents.whole.get(" ".join(said), ()) if fresh else ()
    return _start(found, text, 0.85) if found else None


def _start(names: Sequence[str], text: str, score: float) -> Start:
    return Start(tuple(Candidate(name, score) for name in names), Evidence(text, "local", score))
