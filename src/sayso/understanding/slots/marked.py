"""What the marked samples of a manifest teach the reading of slots: "a table for {people: four of us} at {time: 7}"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sayso.manifest.specs import IntentSpec, SlotSpec
from sayso.understanding.slots.spots import Readers, find_spots, traits
from sayso.understanding.slots.spotter import Sample, Setting, Spotter, learn
from sayso.understanding.words import Token, tokens

READ = frozenset(("date", "party", "person", "first_name", "last_name"))
"""Types of slots that are read here; beside one of type date, those of type time too."""
_NAMES = ("person", "first_name", "last_name")


def spotted_slots(slots: Mapping[str, SlotSpec]) -> dict[str, str]:
    """The slots that are read here: name -> type."""
    dated = any(s.type == "date" for s in slots.values())
    return {s.name: s.type for s in slots.values() if s.type in READ or (dated and s.type == "time")}


def compile_spotters(specs: Mapping[str, IntentSpec], readers: Mapping[str, Readers]) -> dict[str, Spotter]:
    """What the marked samples of each intent teach; intents without any are read by the rules alone."""
    found: dict[str, Spotter] = {}
    for intent in specs.values():
        slots = spotted_slots(intent.slots)
        samples = list(_samples(intent, slots, readers)) if slots else []
        if samples:
            found[intent.name] = learn(samples, slots)
    return found


def _samples(intent: IntentSpec, slots: Mapping[str, str], readers: Mapping[str, Readers]) -> Iterator[Sample]:
    for language, texts in intent.marked.items():
        yield from (_sample(text, (), slots, readers[_base(language, readers)]) for text in texts)
    for slot in intent.slots.values():
        for language, texts in slot.answers.items():
            yield from (_sample(text, (slot.type,), slots, readers[_base(language, readers)]) for text in texts)


def _base(language: str, readers: Mapping[str, Readers]) -> str:
    base = language.partition("-")[0]
    return base if base in readers else ""


_MARK = re.compile(r"\{\s*(\w+(?:\s*\+\s*\w+)*)\s*(?::\s*([^{}]*?)\s*)?\}")


def _sample(text: str, asked: Sequence[str], slots: Mapping[str, str], readers: Readers) -> Sample:
    """A marked utterance as what it teaches. One phrase may be the value of two slots: "{date+time: in an hour}"."""
    said, marks = "", []
    for n, piece in enumerate(_pieces(text)):
        name, words = piece
        if name and words:
            marks.append((name, len(said), len(said) + len(words)))
        said += words if n or words else ""
    setting = setting_of(tokens(said), asked, slots, readers, frozenset())
    values: dict[tuple[int, int], str] = {}
    for name, start, end in marks:
        inside = [n for n, t in enumerate(setting.toks) if t.key and t.start >= start and t.end <= end]
        if inside:
            at = (inside[0], inside[-1] + 1)
            values[at] = "+".join(sorted(part.strip() for part in name.split("+")))
    return Sample(setting, values)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text in order as (slot or "", words)."""
    end = 0
    for match in _MARK.finditer(text):
        yield "", text[end : match.start()]
        yield match.group(1), match.group(2) or ""
        end = match.end()
    yield "", text[end:]


def setting_of(
    toks: Sequence[Token], asked: Sequence[str], slots: Mapping[str, str], readers: Readers, named: Iterable[int]
) -> Setting:
    """What is known of an utterance. `named`: the tokens that name something of the merchant's and so are no name."""
    things = {id(toks[n]) for n in named}
    names = bool(set(_NAMES) & set(slots.values()))
    spots = find_spots(
        toks,
        readers,
        lambda t: 2 if id(t) in things else readers.ordinary(t),
        any(type in _NAMES for type in asked),
    )
    kept = tuple(s for s in spots if names or s.kind not in ("first", "last", "word", "person"))
    return Setting(toks, [traits(t, readers) for t in toks], kept, asked)
