"""A merchant's forms, compiled from its published intents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sayso.manifest.specs import Artefact, SkillSpec, SlotSpec
from sayso.model.text import pick
from sayso.understanding.schemas.speech import Speech, load_speech, stem
from sayso.understanding.words import keys


@dataclass(frozen=True, slots=True)
class Field:
    """A slot as it is looked for. `kind`: "date", "clock", "flag", "choice", "count", "sum", "grade", "sort", "place",
    "name". `names`: stems of its name; `cues`: those of name and description, with what means the same; `ends`: "from",
    "to" or both, where it is one end of something. `values`: the words of a value -> its id, the longest first."""

    name: str
    kind: str
    names: frozenset[str]
    cues: frozenset[str]
    ends: frozenset[str]
    values: Mapping[tuple[str, ...], str]
    wanted: bool
    """Some intent of the form requires it."""
    telling: frozenset[str] = frozenset()
    """Of a yes-or-no property: the stems that speak of it."""
    spoken: bool = False
    """Its value is kept as it was said, also a number."""
    spot: bool = False
    """Of a place: a certain one to go to, which nothing is looked up by."""
    told: bool = False
    """We tell it, it is not said by the customer."""


@dataclass(frozen=True, slots=True)
class Form:
    """A skill whose slots are explained in words. `intents`: name -> its slots; `heads`: stems of what it is about."""

    skill: str
    fields: Mapping[str, Field]
    intents: Mapping[str, frozenset[str]]
    required: Mapping[str, frozenset[str]]
    acts: Mapping[str, bool]
    """Whether an intent does something, rather than look something up."""
    heads: frozenset[str]
    words: frozenset[str]
    """What it may be known by: also its slots' names and values."""
    tells: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """An intent's slots with those that it tells."""
    main: str = ""
    """The slot that names what the form is about: the hotel, the song."""


@dataclass(frozen=True, slots=True)
class Forms:
    """All forms of a merchant by skill, and the words they are read with."""

    forms: Mapping[str, Form]
    speech: Speech

    def of(self, intent: str) -> Form | None:
        """The form that an intent ("skill.intent") belongs to."""
        return self.forms.get(intent.partition(".")[0])


def compile_forms(artefact: Artefact) -> Forms | None:
    """The forms among a merchant's skills; None when it has none."""
    skills = [s for s in artefact.skills.values() if _open(s)]
    if not skills:
        return None
    speech = load_speech(artefact.merchant.languages)
    return Forms({skill.id: _form(skill, speech) for skill in skills}, speech)


def _open(skill: SkillSpec) -> bool:
    return any(slot.about for intent in skill.intents.values() for slot in intent.slots.values())


def _form(skill: SkillSpec, speech: Speech) -> Form:
    slots: dict[str, SlotSpec] = {}
    wanted: set[str] = set()
    for intent in skill.intents.values():
        for name, slot in intent.slots.items():
            slots[name] = slot if not slot.told else slots.get(name, slot)
            wanted.update((name,) if slot.required else ())
    fields = _paired({name: _field(slot, speech, name in wanted) for name, slot in slots.items()})
    looked_up = {
        s.name for i in skill.intents.values() if i.effect in ("none", "read") for s in i.slots.values() if s.required
    }
    fields = {n: replace(f, spot=f.kind == "place" and n not in looked_up) for n, f in fields.items()}
    titles = [*skill.titles.values(), *(t for i in skill.intents.values() for t in i.titles.values())]
    heads = frozenset(stem(w) for t in titles for w in keys(t)) - speech.single("empty")
    fields = {n: replace(f, telling=f.telling - speech.spread(heads - f.names)) for n, f in fields.items()}
    return Form(
        skill.id,
        fields,
        {i.name: frozenset(s.name for s in i.slots.values() if not s.told) for i in skill.intents.values()},
        {i.name: frozenset(s.name for s in i.slots.values() if s.required) for i in skill.intents.values()},
        {i.name: i.effect not in ("none", "read") for i in skill.intents.values()},
        heads,
        heads.union(*(f.names | {stem(w) for v in f.values for w in v} for f in fields.values())),
        {i.name: frozenset(i.slots) for i in skill.intents.values()},
        next((f.name for f in fields.values() if f.kind == "name" and f.wanted and {"name", "title"} & f.names), ""),
    )


def _paired(fields: dict[str, Field]) -> dict[str, Field]:
    """Of two slots of one kind of which one is an end of a way, the other is the other end."""
    for end in tuple(fields.values()):
        twins = [f for f in fields.values() if f.kind == end.kind and f is not end and f.values == end.values]
        if end.ends and len(twins) == 1 and not twins[0].ends and end.kind in ("choice", "date", "place"):
            other = frozenset({"from", "to"}) - end.ends
            fields[twins[0].name] = replace(twins[0], ends=other)
    return fields


_TYPES = {"date": "date", "clock": "clock", "flag": "flag", "choice": "choice", "number": "count"}
_KINDS = ("grade", "count", "sum", "sort", "place", "title")


def _field(slot: SlotSpec, speech: Speech, wanted: bool) -> Field:
    names = frozenset(stem(w) for w in slot.name.split("_")) - speech.single("empty")
    about = [w for text in slot.about.values() for w in keys(text)]
    told = names | (frozenset(stem(w) for w in about) - speech.single("empty"))
    kind = _TYPES.get(slot.type) or _text_kind(names, about, speech)
    if kind == "count" and names:
        told = names  # its description speaks of all that is counted: "number of the movie tickets"
    ends = frozenset(end for end in ("from", "to") if _end(end, slot, about, speech))
    return Field(
        slot.name,
        kind,
        names,
        speech.spread(told),
        ends if len(ends) == 1 else _named_end(slot, speech),
        dict(sorted(_values(slot, speech), key=lambda v: -len(v[0]))),
        wanted,
        speech.spread(n for n in names if n not in speech.single("weak")) if slot.type == "flag" else frozenset(),
        spoken=slot.type == "text",
        told=slot.told,
    )


def _text_kind(names: frozenset[str], about: list[str], speech: Speech) -> str:
    """What a text is of: its name tells before its description, its last word before the first."""
    for words in (sorted(names), about):
        for kind in _KINDS:
            if any(stem(w) in {stem(p) for p in speech.single(kind)} for w in words):
                return "name" if kind == "title" else kind
    return "name"


def _end(end: str, slot: SlotSpec, about: list[str], speech: Speech) -> bool:
    name = slot.name.split("_")
    return speech.within(end, name) or speech.within(end, [w for w in about if w not in speech.single("vague")])


def _named_end(slot: SlotSpec, speech: Speech) -> frozenset[str]:
    name = slot.name.split("_")
    return frozenset(end for end in ("from", "to") if speech.within(end, name))


def _values(slot: SlotSpec, speech: Speech) -> Iterator[tuple[tuple[str, ...], str]]:
    for value in slot.values.values():
        for text in (*value.names.values(), *(s for each in value.synonyms.values() for s in each)):
            words = keys(text)
            for other in speech.values.get(" ".join(words), ()):
                yield other, value.id
            yield words, value.id


def title(slot: SlotSpec, language: str) -> str:
    """What a slot holds, in words."""
    return pick(slot.about, language)
