"""The skill package that Amazon is given: interaction models and a skill manifest, from an artefact. Pure.

The words of a customer must reach the host whole, and Alexa's language model gives slots, not words. So three kinds of
intents are made from a skill's utterances, each sample used once:

* without free wording ("my usual at {store}"): the skill's own intent, with typed slots;
* with free wording ("can I get {items}"): a `Say_...` intent that spells the words around the slot, as Alexa accepts a
  phrase slot only within a carrier phrase and keeps that phrase to itself; what follows a phrase is part of the phrase;
* free wording alone ("{items}"): the bare `Say`, whose slot type lists the catalog; Alexa also fills it with what only
  sounds like an entry.

What none of them catches comes as AMAZON.FallbackIntent, without words. The rules for names and samples are those of
Amazon's console (facts and sources in docs/alexa.md).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from num2words import num2words

from sayso.channels.alexa.intents import BUILT_IN, PHRASE, SAY, WISH, say_name
from sayso.channels.alexa.limits import ExportLimits
from sayso.channels.names import spell
from sayso.errors import Theirs
from sayso.manifest.specs import Artefact, IntentSpec, SlotSpec
from sayso.model.text import pick

JSON = dict[str, Any]

LOCALES: Mapping[str, tuple[str, ...]] = {
    "ar": ("ar-SA",),
    "de": ("de-DE",),
    "en": ("en-US", "en-GB", "en-AU", "en-CA", "en-IN"),
    "es": ("es-ES", "es-MX", "es-US"),
    "fr": ("fr-FR", "fr-CA"),
    "hi": ("hi-IN",),
    "it": ("it-IT",),
    "ja": ("ja-JP",),
    "pt": ("pt-BR",),
}
"""Alexa's languages. Source: Amazon, "Develop Skills in Multiple Languages"."""

_PHRASES = frozenset({"lines", "text", "postcode", "person", "first_name", "last_name"})
_TYPES: Mapping[str, str] = {
    "time": "AMAZON.TIME",
    "number": "AMAZON.NUMBER",
    "party": "AMAZON.NUMBER",
    "date": "AMAZON.DATE",
}
_LOCATION = "Location"
_WISHES = "Wish"
_LAUNCH = frozenset(
    {"run", "start", "play", "resume", "use", "launch", "ask", "open", "tell", "load", "begin", "enable"}
)
_JOINING = frozenset(
    {"to", "from", "in", "using", "with", "about", "for", "that", "by", "if", "and", "whether"}
    | {"alexa", "amazon", "echo", "computer", "skill", "app"}
)
_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_SAMPLE = re.compile(r"(?:[^\W\d_]|[ .'\-]|\{[A-Za-z_]+\})+")


def skill_package(artefact: Artefact, endpoint: str, limits: ExportLimits) -> Mapping[str, JSON]:
    """The files of an ASK package, by path. The merchant's languages that Alexa lacks are left out.

    Raises errors.Theirs when Alexa has none of them, or the invocation name or endpoint is not allowed.
    """
    models = {
        f"skill-package/interactionModels/custom/{locale}.json": interaction_model(artefact, language, limits)
        for language in served_languages(artefact)
        for locale in LOCALES[language]
    }
    return {"skill-package/skill.json": skill_manifest(artefact, endpoint), **models}


def served_languages(artefact: Artefact) -> tuple[str, ...]:
    """The merchant's languages that Alexa speaks. Raises errors.Theirs when there are none."""
    served = tuple(language for language in artefact.merchant.languages if language in LOCALES)
    return served or (_served(artefact.merchant.languages[0]),)


def _served(language: str) -> str:
    if language not in LOCALES:
        raise Theirs(
            f"Alexa does not speak {language!r}",
            where="merchant.yaml /languages",
            mend=f"export one of {', '.join(LOCALES)}; {language} stays on the merchant's other channels",
            code="language",
        )
    return language


def interaction_model(artefact: Artefact, language: str, limits: ExportLimits) -> JSON:
    """The interaction model of one language.

    Raises errors.Theirs when Alexa lacks the language, or the invocation name breaks Amazon's rules.
    """
    _served(language)
    samples = _Samples(limits.max_samples_per_intent)
    own = [_skill_intent(intent, language, samples) for intent in _intents(artefact)]
    own_filled = [intent for intent in own if intent["samples"]]
    said = [_say_intent(sample) for sample in _carried(artefact, language, samples)]
    bare = {"name": SAY, "slots": [{"name": WISH, "type": _WISHES}], "samples": [f"{{{WISH}}}"]}
    built_in = [{"name": name, "samples": []} for name in BUILT_IN]
    used = {slot["type"] for intent in own_filled for slot in intent["slots"]} | {_WISHES}
    return {
        "interactionModel": {
            "languageModel": {
                "invocationName": invocation_name(artefact, language),
                "intents": [*built_in, *own_filled, *said, bare],
                "types": [t for t in _types(artefact, language, limits) if t["name"] in used],
                "modelConfiguration": {"fallbackIntentSensitivity": {"level": "LOW"}},
            }
        }
    }


class _Samples:
    """Samples that were given out: Alexa refuses one that occurs twice, whatever its slots are called."""

    def __init__(self, most: int) -> None:
        self._most, self._seen = most, set[str]()

    def fresh(self, samples: Iterable[str]) -> list[str]:
        kept = [s for s in samples if _SAMPLE.fullmatch(s) and self._first(_SLOT.sub("{}", s))]
        return kept[: self._most]

    def _first(self, shape: str) -> bool:
        new = shape not in self._seen
        self._seen.add(shape)
        return new


def _intents(artefact: Artefact) -> Iterator[IntentSpec]:
    return (intent for skill in artefact.skills.values() for intent in skill.intents.values())


def _skill_intent(intent: IntentSpec, language: str, samples: _Samples) -> JSON:
    """A skill's intent with the samples that hold no free wording."""
    utterances = [s for s in _utterances(intent, language) if not _free(intent, s)]
    kept = samples.fresh(_SLOT.sub(lambda m: f"{{{spell(m[1])}}}", s) for s in utterances)
    used = {name for sample in kept for name in re.findall(r"\{([A-Za-z_]+)\}", sample)}
    slots = [
        {"name": spell(slot.name), "type": _slot_type(intent, slot)}
        for slot in intent.slots.values()
        if spell(slot.name) in used
    ]
    return {"name": spell(intent.name), "slots": slots, "samples": kept}


def _utterances(intent: IntentSpec, language: str) -> list[str]:
    """The intent's samples in Alexa's alphabet; one with a secret slot is left out: a secret is asked, never given."""
    secret = {name for name, slot in intent.slots.items() if slot.secret or slot.type == "secret"}
    texts = (normal(sample, language) for sample in intent.utterances.get(language, ()))
    return [text for text in texts if text and not secret & set(_SLOT.findall(text))]


def _free(intent: IntentSpec, sample: str) -> bool:
    return any(intent.slots[name].type in _PHRASES for name in _SLOT.findall(sample) if name in intent.slots)


def _slot_type(intent: IntentSpec, slot: SlotSpec) -> str:
    if slot.type == "location":
        return _LOCATION
    return _TYPES.get(slot.type) or f"{spell(intent.name)}_{spell(slot.name)}"


def _carried(artefact: Artefact, language: str, samples: _Samples) -> list[str]:
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
    slots = list(_SLOT.finditer(sample))
    first = slots[0]
    if intent.slots[first[1]].type not in _PHRASES:
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


def normal(sample: str, language: str) -> str:
    """`sample` in the alphabet of Alexa's samples: lower case, digits as words, no punctuation but that of words."""
    text = sample.lower().replace("’", "'").replace("&", " and ")
    slots = _SLOT.findall(text)
    text = re.sub(r"\d+", lambda m: f" {num2words(int(m[0]), lang=language)} ", _SLOT.sub("{}", text))
    text = " ".join(re.sub(r"[^\w{}.'\- ]|(?<!\w)[.'\-]|(?<!\b\w)\.(?!\w)", " ", text).split())
    for name in slots:
        text = text.replace("{}", f"{{{name}}}", 1)
    return text


def _types(artefact: Artefact, language: str, limits: ExportLimits) -> list[JSON]:
    """The slot types: places, the values of choices, and the catalog for the bare wish."""
    places = artefact.merchant.locations.values()
    types = [_type(_LOCATION, ((p.id, p.names, p.synonyms) for p in places), language, limits)]
    for intent in _intents(artefact):
        for slot in intent.slots.values():
            if slot.type == "choice":
                values = ((v.id, v.names, v.synonyms) for v in slot.values.values())
                types.append(_type(_slot_type(intent, slot), values, language, limits))
    return [*types, _type(_WISHES, _wishes(artefact), language, limits)]


Named = tuple[str, Mapping[str, str], Mapping[str, tuple[str, ...]]]


def _wishes(artefact: Artefact) -> Iterator[Named]:
    catalog = artefact.catalog
    yield from ((p.sku, p.names, p.synonyms) for p in catalog.products.values())
    yield from (
        (f"{group.id}/{v.id}", v.names, v.synonyms) for group in catalog.options.values() for v in group.values.values()
    )
    yield from ((place.id, place.names, place.synonyms) for place in artefact.merchant.locations.values())


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


def invocation_name(artefact: Artefact, language: str) -> str:
    """What customers call the skill: `channels.alexa.invocation_name`, else the merchant's name.

    Raises errors.Theirs when it breaks Amazon's rules for invocation names.
    """
    settings = next((c.settings for c in artefact.merchant.channels if c.name == "alexa"), {})
    given = str(settings.get(f"invocation_name_{language}") or settings.get("invocation_name") or "")
    name = given or normal(pick(artefact.merchant.names, language), language)
    if fault := _invocation_fault(name):
        raise Theirs(
            f"Alexa does not take the invocation name {name!r}: {fault}",
            where="merchant.yaml /channels/alexa/invocation_name",
            mend='choose two or more plain words, such as "corner coffee bar"',
            code="invocation_name",
        )
    return name


def _invocation_fault(name: str) -> str:
    words = name.split()
    if not re.fullmatch(r"(?:[^\W\d_]|[ .'])+", name) or name != name.lower():
        return "only lower-case letters, spaces, apostrophes and the periods of abbreviations"
    if len(words) < 2:
        return "one word alone is for registered brands"
    if bad := next((w for w in words if w in _LAUNCH or w in _JOINING), ""):
        return f"it may not contain {bad!r}"
    if len(words) == 2 and words[0] in ("a", "an", "the"):
        return "a name of two words may not begin with an article"
    return ""


def skill_manifest(artefact: Artefact, endpoint: str) -> JSON:
    """`skill.json`: how the skill is published and where it is served. Raises errors.Theirs for a bad endpoint."""
    address = urlsplit(endpoint)
    if address.scheme != "https" or not address.hostname or address.port not in (None, 443):
        raise Theirs(
            f"Alexa calls only https addresses on port 443, not {endpoint!r}",
            where="endpoint",
            mend="give the public address of this host, such as https://shop.example/v1/alexa/coffee_bar",
            code="endpoint",
        )
    locales = {
        locale: _listing(artefact, language) for language in served_languages(artefact) for locale in LOCALES[language]
    }
    purchases = any(intent.effect in ("purchase", "booking") for intent in _intents(artefact))
    return {
        "manifest": {
            "manifestVersion": "1.0",
            "publishingInformation": {
                "locales": locales,
                "isAvailableWorldwide": False,
                "distributionMode": "PUBLIC",
                "distributionCountries": [artefact.merchant.country],
                "category": "SHOPPING",
                "testingInstructions": "Nothing is ordered before the skill has read it back and you said yes.",
            },
            "apis": {"custom": {"endpoint": {"uri": endpoint, "sslCertificateType": "Trusted"}}},
            "permissions": [{"name": "alexa::devices:all:geolocation:read"}],
            "privacyAndCompliance": {
                "allowsPurchases": purchases,
                "usesPersonalInfo": True,
                "isChildDirected": False,
                "isExportCompliant": True,
                "containsAds": False,
            },
        }
    }


def _listing(artefact: Artefact, language: str) -> JSON:
    """How the skill is presented in the store of one locale."""
    called = invocation_name(artefact, language)
    wishes = [wish for skill in artefact.skills.values() for wish in skill.examples.get(language, ())]
    titles = [pick(skill.titles, language) for skill in artefact.skills.values()]
    examples = [f"Alexa, open {called}", *(f"Alexa, ask {called} for {wish}" for wish in wishes)]
    name = pick(artefact.merchant.names, language)
    return {
        "name": name,
        "summary": ", ".join(titles)[:160],
        "description": "\n".join([f"{name}: {', '.join(titles)}.", *wishes])[:4000],
        "examplePhrases": examples[:3],
        "keywords": [normal(title, language) for title in titles][:30],
    }
