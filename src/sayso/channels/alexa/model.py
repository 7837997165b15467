"""The interaction model of one language: what Alexa listens for, from an artefact. Pure.

The words of a customer must reach the host whole, and Alexa's language model gives slots, not words. So three kinds of
intents are made from a skill's utterances, each sample used once:

* without free wording ("my usual at {store}"): the skill's own intent, with typed slots;
* with free wording ("can I get {items}"): a `Say_...` intent that spells the words around the slot, as Alexa accepts a
  phrase slot only within a carrier phrase and keeps that phrase to itself; what follows a phrase is part of the phrase;
* free wording alone ("{items}"): the bare `Say`, whose slot type lists the catalog; Alexa also fills it with what only
  sounds like an entry.

What none of them catches comes as AMAZON.FallbackIntent, without words. Once something was asked, `Answer` takes the
words that follow, whatever they are: directives aim at it, and at the skills' own intents, through the model's dialog
(see `dialog`). The rules for names and samples are those of Amazon's console (facts and sources in
docs/channels/alexa.md).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any

from sayso.channels.alexa.dialog import WISHES, Aims, Target
from sayso.channels.alexa.intents import ANSWER, BUILT_IN, PHRASE, SAY, WISH, say_name
from sayso.channels.alexa.limits import ExportLimits
from sayso.channels.alexa.naming import LOCALES, invocation_name, speaks
from sayso.channels.alexa.samples import SLOT, Samples, normal
from sayso.channels.names import spell
from sayso.manifest.specs import Artefact, IntentSpec, SlotSpec
from sayso.model.text import pick

JSON = dict[str, Any]

_TYPES: Mapping[str, str] = {
    "time": "AMAZON.TIME",
    "clock": "AMAZON.TIME",
    "number": "AMAZON.NUMBER",
    "party": "AMAZON.NUMBER",
    "date": "AMAZON.DATE",
    "location": "Location",
    "staff": "Staff",
}
_OWN = frozenset({"choice", "product"})
"""Types of slots whose values are the slot's own. A slot of any other type holds free wording."""
_LISTS = frozenset({"location", "choice", "staff"})
"""Types of slots whose values are all known: what they are answered with is recognised best as one of them."""


def interaction_model(artefact: Artefact, language: str, limits: ExportLimits) -> JSON:
    """The interaction model of one language.

    Raises errors.Theirs when Alexa lacks the language, or the invocation name breaks Amazon's rules.
    """
    speaks(language)
    model = _model(artefact, language, limits)
    model["languageModel"]["invocationName"] = invocation_name(artefact, language)
    return {"interactionModel": model}


def aims_of(artefact: Artefact, limits: ExportLimits) -> Aims:
    """What directives may aim at in the models that are exported for the artefact."""
    served = (language for language in artefact.merchant.languages if language in LOCALES)
    return Aims({language: _targets(_model(artefact, language, limits)) for language in served})


def _targets(model: JSON) -> dict[str, Target]:
    return {
        intent["name"]: Target(
            tuple(slot["name"] for slot in intent["slots"]),
            frozenset(slot["name"] for slot in intent["slots"] if slot["elicitationRequired"]),
            intent["confirmationRequired"],
        )
        for intent in model.get("dialog", {}).get("intents", ())
    }


def _model(artefact: Artefact, language: str, limits: ExportLimits) -> JSON:
    """The model without its invocation name."""
    samples = Samples(limits.max_samples_per_intent)
    types = [type_ for type_ in _types(artefact, language, limits) if type_["values"]]
    known = frozenset(type_["name"] for type_ in types)
    own = [(intent, _skill_intent(intent, language, samples, known)) for intent in _intents(artefact)]
    filled = [(intent, made) for intent, made in own if made["samples"]]
    own_words = words().get(language, {})
    answers = [_answer_intent(samples.fresh(own_words["answer"]))] if own_words else []
    said = [_say_intent(sample) for sample in _carried(artefact, language, samples)]
    bare = {"name": SAY, "slots": [{"name": WISH, "type": WISHES}], "samples": [f"{{{WISH}}}"]}
    built_in = [{"name": name, "samples": []} for name in BUILT_IN]
    used = {slot["type"] for _, made in filled for slot in made["slots"]} | {WISHES}
    spoken = {
        "intents": [*built_in, *(made for _, made in filled), *answers, *said, bare],
        "types": [type_ for type_ in types if type_["name"] in used],
        "modelConfiguration": {"fallbackIntentSensitivity": {"level": "LOW"}},
    }
    return {"languageModel": spoken, **_dialog(filled, language, own_words)} if own_words else {"languageModel": spoken}


def _answer_intent(samples: list[str]) -> JSON:
    return {"name": ANSWER, "slots": [{"name": PHRASE, "type": "AMAZON.SearchQuery"}], "samples": samples}


def _dialog(filled: list[tuple[IntentSpec, JSON]], language: str, own: Mapping[str, Any]) -> JSON:
    """The dialog and its prompts. Every turn comes to the host (`SKILL_RESPONSE`), which asks in its own words: the
    prompts are there because Amazon wants some."""
    prompts = {f"Elicit.{ANSWER}.{PHRASE}": own["elicit"]}
    intents = [_dialog_intent(ANSWER, {PHRASE: "AMAZON.SearchQuery"}, {PHRASE: f"Elicit.{ANSWER}.{PHRASE}"}, "")]
    for intent, made in filled:
        there = {slot["name"] for slot in made["slots"]}
        asked_from = (slot for slot in intent.slots.values() if slot.type in _LISTS and not slot.told)
        lists = {spell(slot.name): slot for slot in asked_from if spell(slot.name) in there}
        asked = {name: f"Elicit.{made['name']}.{name}" for name in lists}
        confirm = f"Confirm.{made['name']}" if intent.say_so == "read_back" else ""
        if asked or confirm:
            intents.append(_dialog_intent(made["name"], {s["name"]: s["type"] for s in made["slots"]}, asked, confirm))
            prompts |= {id: _prompt(lists[name], language) or own["elicit"] for name, id in asked.items()}
            prompts |= {confirm: own["confirm"]} if confirm else {}
    return {
        "dialog": {"delegationStrategy": "SKILL_RESPONSE", "intents": intents},
        "prompts": [{"id": id, "variations": [{"type": "PlainText", "value": said}]} for id, said in prompts.items()],
    }


def _dialog_intent(name: str, slots: Mapping[str, str], asked: Mapping[str, str], confirm: str) -> JSON:
    return {
        "name": name,
        "delegationStrategy": "SKILL_RESPONSE",
        "confirmationRequired": bool(confirm),
        "prompts": {"confirmation": confirm} if confirm else {},
        "slots": [
            {
                "name": slot,
                "type": type_,
                "elicitationRequired": slot in asked,
                "confirmationRequired": False,
                "prompts": {"elicitation": asked[slot]} if slot in asked else {},
            }
            for slot, type_ in slots.items()
        ],
    }


def _prompt(slot: SlotSpec, language: str) -> str:
    """The slot's own question without what is filled in at run time; "" where nothing is left of it."""
    said = re.sub(r"[:,]?\s*\{[^{}]*\}", "", slot.prompts.get(language, "")).strip()
    return "" if set("{}") & set(said) else said


def _intents(artefact: Artefact) -> Iterator[IntentSpec]:
    return (intent for skill in artefact.skills.values() for intent in skill.intents.values())


def _skill_intent(intent: IntentSpec, language: str, samples: Samples, known: frozenset[str]) -> JSON:
    """A skill's intent with the samples that hold no free wording; its slots: theirs, and those asked from a list. What
    has nothing to choose from (`known`: types that have) is left out: Amazon takes no empty type."""
    none = {slot.name for slot in intent.slots.values() if not _wordy(slot) and not _has(intent, slot, known)}
    utterances = [s for s in _utterances(intent, language) if not _free(intent, s) and not none & set(SLOT.findall(s))]
    kept = samples.fresh(SLOT.sub(lambda m: f"{{{spell(m[1])}}}", s) for s in utterances)
    used = {name for sample in kept for name in re.findall(r"\{([A-Za-z_]+)\}", sample)}
    slots = [
        {"name": spell(slot.name), "type": _slot_type(intent, slot)}
        for slot in intent.slots.values()
        if spell(slot.name) in used or (slot.type in _LISTS and not slot.told and slot.name not in none)
    ]
    return {"name": spell(intent.name), "slots": slots, "samples": kept}


def _has(intent: IntentSpec, slot: SlotSpec, known: frozenset[str]) -> bool:
    name = _slot_type(intent, slot)
    return name.startswith("AMAZON.") or name in known


def _utterances(intent: IntentSpec, language: str) -> list[str]:
    """The intent's samples in Alexa's alphabet; one with a secret slot is left out: a secret is asked, never given."""
    secret = {name for name, slot in intent.slots.items() if slot.secret or slot.type == "secret"}
    texts = (normal(sample, language) for sample in intent.utterances.get(language, ()))
    return [text for text in texts if text and not secret & set(SLOT.findall(text))]


def _free(intent: IntentSpec, sample: str) -> bool:
    return any(_wordy(intent.slots[name]) for name in SLOT.findall(sample) if name in intent.slots)


def _wordy(slot: SlotSpec) -> bool:
    return slot.type not in _TYPES and slot.type not in _OWN


def _slot_type(intent: IntentSpec, slot: SlotSpec) -> str:
    return _TYPES.get(slot.type) or f"{spell(intent.name)}_{spell(slot.name)}"


def _carried(artefact: Artefact, language: str, samples: Samples) -> list[str]:
    """Samples with free wording within a carrier phrase: the skills' own, then the language's."""
    own = (
        _phrase(intent, sample)
        for intent in _intents(artefact)
        for sample in _utterances(intent, language)
        if _free(intent, sample)
    )
    return samples.fresh(sample for sample in (*own, *carriers().get(language, ())) if sample)


def _phrase(intent: IntentSpec, sample: str) -> str:
    """`sample` with its free slot as the phrase; "" when nothing carries it, or another slot comes first.

    Two slots cannot follow a phrase in Alexa, so "{items} at {store}" becomes one phrase.
    """
    slots = list(SLOT.finditer(sample))
    first = slots[0]
    if not _wordy(intent.slots[first[1]]):
        return ""
    after = sample[first.end() :] if len(slots) == 1 else ""
    return f"{sample[: first.start()]}{{{PHRASE}}}{after}" if (sample[: first.start()] + after).strip() else ""


def _say_intent(sample: str) -> JSON:
    return {
        "name": say_name(sample),
        "slots": [{"name": PHRASE, "type": "AMAZON.SearchQuery"}],
        "samples": [sample],
    }


def carriers() -> Mapping[str, list[str]]:
    """Carrier phrases per language, from `carriers.toml`."""
    return tomllib.loads(files(__package__).joinpath("carriers.toml").read_text(encoding="utf-8"))


def words() -> Mapping[str, Mapping[str, Any]]:
    """The channel's own words per language, from `words.toml`."""
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def _types(artefact: Artefact, language: str, limits: ExportLimits) -> list[JSON]:
    """The slot types: places, people, the values of choices and products, and the catalog for the bare wish."""
    places, people = artefact.merchant.locations.values(), artefact.merchant.staff.values()
    types = [
        _type(_TYPES["location"], ((p.id, p.names, p.synonyms) for p in places), language, limits),
        _type(_TYPES["staff"], ((p.id, p.names, p.synonyms) for p in people), language, limits),
    ]
    for intent in _intents(artefact):
        for slot in intent.slots.values():
            if slot.type in _OWN:
                types.append(_type(_slot_type(intent, slot), _values(slot, artefact), language, limits))
    return [*types, _type(WISHES, _wishes(artefact), language, limits)]


def _values(slot: SlotSpec, artefact: Artefact) -> Iterator[Named]:
    """What a slot of its own type may hold."""
    if slot.type == "choice":
        return ((v.id, v.names, v.synonyms) for v in slot.values.values())
    products = artefact.catalog.products.values()
    return ((p.sku, p.names, p.synonyms) for p in products if not slot.categories or p.category in slot.categories)


Named = tuple[str, Mapping[str, str], Mapping[str, tuple[str, ...]]]


def _wishes(artefact: Artefact) -> Iterator[Named]:
    catalog = artefact.catalog
    yield from ((p.sku, p.names, p.synonyms) for p in catalog.products.values())
    yield from (
        (f"{group.id}/{v.id}", v.names, v.synonyms) for group in catalog.options.values() for v in group.values.values()
    )
    yield from ((place.id, place.names, place.synonyms) for place in artefact.merchant.locations.values())
    yield from ((person.id, person.names, person.synonyms) for person in artefact.merchant.staff.values())


def _type(name: str, values: Iterable[Named], language: str, limits: ExportLimits) -> JSON:
    seen: set[str] = set()
    entries: list[JSON] = []
    for id, names, synonyms in values:
        words = [normal(word, language) for word in (pick(names, language), *synonyms.get(language, ()))]
        fresh = [w for w in dict.fromkeys(words) if w and w not in seen and len(w) <= limits.max_slot_value]
        if fresh and len(seen) + len(fresh) <= limits.max_slot_values:
            seen.update(fresh)
            entries.append({"id": id, "name": {"value": fresh[0], "synonyms": fresh[1:]}})
    return {"name": name, "values": entries}
