"""The name of every declared thing, in a language: what a Named in a reply is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from babel import Locale

from sayso.manifest.formats import locale_of
from sayso.manifest.specs import Artefact
from sayso.model.fact import Named
from sayso.model.text import Translations, pick

Lookup = Callable[[str], Translations]
ANYONE = "@any"
"""Of the staff: whoever is free."""


def names(artefact: Artefact, language: str) -> Callable[[Named], str]:
    """A lookup of names in `language`. A thing that is not declared (any more) is called by the last part of its
    id: an old order must stay readable after its product has gone."""
    kinds = _kinds(artefact)
    cache: dict[Named, str] = {}

    def name(named: Named) -> str:
        found = cache.get(named)
        if found is None:
            found = cache[named] = _name(named, kinds, language)
        return found

    return name


def _name(named: Named, kinds: Mapping[str, Lookup], language: str) -> str:
    if named.kind == "language":
        return _language_name(named.id, language)
    try:
        return pick(kinds[named.kind](named.id), language)
    except (KeyError, ValueError):
        return named.id.rpartition("/")[2].replace("_", " ")


def _kinds(artefact: Artefact) -> Mapping[str, Lookup]:
    merchant, catalog = artefact.merchant, artefact.catalog

    def option(id: str) -> Translations:
        group, value = id.split("/")
        return catalog.options[group].values[value].names

    def choice(id: str) -> Translations:
        skill, intent, slot, value = id.split("/")
        return artefact.skills[skill].intents[intent].slots[slot].values[value].names

    def intent(id: str) -> Translations:
        return artefact.intent(id).titles

    def staff(id: str) -> Translations:
        if id == ANYONE:
            return {tag: reply.text for tag, reply in artefact.replies["booking.anyone"].items()}
        return merchant.staff[id].names

    return {
        "product": lambda id: catalog.products[id].names,
        "option": option,
        "group": lambda id: catalog.options[id].names,
        "category": lambda id: catalog.categories[id],
        "location": lambda id: merchant.locations[id].names,
        "merchant": lambda id: merchant.names,
        "choice": choice,
        "allergen": lambda id: merchant.allergens[id],
        "staff": staff,
        "skill": lambda id: artefact.skills[id].titles,
        "intent": intent,
        "withdrawal": lambda id: merchant.withdrawal[id],
    }


def _language_name(tag: str, language: str) -> str:
    shown: Locale = locale_of(tag)
    return shown.get_display_name(language.replace("-", "_")) or tag
