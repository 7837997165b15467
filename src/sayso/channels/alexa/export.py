"""The skill package that Amazon is given: interaction models and a skill manifest, from an artefact. Pure.

Its address ends in the name of its models (`Aims.id`), so that the host knows what Amazon has when it is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sayso.channels.alexa.limits import ExportLimits
from sayso.channels.alexa.model import aims_of, interaction_model
from sayso.channels.alexa.naming import LOCALES, invocation_name, served_languages, settings_of, speaks
from sayso.channels.alexa.render import LOCATION_SCOPE
from sayso.channels.alexa.samples import normal
from sayso.errors import Theirs
from sayso.manifest.specs import Artefact, IntentSpec
from sayso.model.text import pick

JSON = dict[str, Any]

INTERFACES = ("ALEXA_PRESENTATION_APL", "CAN_FULFILL_INTENT_REQUEST")
"""What the skill uses beside speech."""
EVENTS = ("SKILL_DISABLED", "SKILL_ACCOUNT_LINKED")
"""What Amazon tells about the skill itself."""
SELLS = ("purchase", "booking")
"""Effects of intents that a skill for children may not have."""


def skill_package(
    artefact: Artefact, endpoint: str, limits: ExportLimits, languages: Sequence[str] = ()
) -> Mapping[str, JSON]:
    """The files of an ASK package, by path. `languages`: those that are exported; none given: all that Alexa has.

    Raises errors.Theirs when Alexa or the merchant lacks one that is given, Alexa has none of them, or the invocation
    name or endpoint is not allowed.
    """
    chosen = tuple(_chosen(artefact, language) for language in languages) or served_languages(artefact)
    models = {
        f"skill-package/interactionModels/custom/{locale}.json": model
        for language in chosen
        for model in (interaction_model(artefact, language, limits),)
        for locale in LOCALES[language]
    }
    address = f"{endpoint.rstrip('/')}/{aims_of(artefact, limits).id}"
    return {"skill-package/skill.json": skill_manifest(artefact, address, chosen), **models}


def _chosen(artefact: Artefact, language: str) -> str:
    if language not in artefact.merchant.languages:
        raise Theirs(
            f"{artefact.merchant.id} does not speak {language!r}",
            where="merchant.yaml /languages",
            mend=f"export one of {', '.join(artefact.merchant.languages)}",
            code="language",
        )
    return speaks(language)


def child_directed(artefact: Artefact) -> bool:
    """The skill is for children: it sells nothing, and asks for no position."""
    return settings_of(artefact).get("child_directed") is True


def _intents(artefact: Artefact) -> Iterator[IntentSpec]:
    return (intent for skill in artefact.skills.values() for intent in skill.intents.values())


def skill_manifest(artefact: Artefact, endpoint: str, languages: Sequence[str] = ()) -> JSON:
    """`skill.json`: how the skill is published and where it is served. Raises errors.Theirs for a bad endpoint, or a
    skill for children that sells."""
    address = urlsplit(endpoint)
    if address.scheme != "https" or not address.hostname or address.port not in (None, 443):
        raise Theirs(
            f"Alexa calls only https addresses on port 443, not {endpoint!r}",
            where="endpoint",
            mend="give the public address of this host, such as https://shop.example/v1/alexa/coffee_bar",
            code="endpoint",
        )
    locales = {
        locale: _listing(artefact, language)
        for language in languages or served_languages(artefact)
        for locale in LOCALES[language]
    }
    sells = any(intent.effect in SELLS for intent in _intents(artefact))
    child = child_directed(artefact)
    if child and sells:
        raise Theirs(
            "a skill for children sells nothing on Alexa",
            where="merchant.yaml /channels/alexa/child_directed",
            mend="leave the skills that sell or book to another merchant, or drop child_directed",
            code="child_directed",
        )
    here = {"uri": endpoint, "sslCertificateType": "Trusted"}
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
            "apis": {"custom": {"endpoint": here, "interfaces": [{"type": each} for each in INTERFACES]}},
            "permissions": [] if child else [{"name": LOCATION_SCOPE}],
            "events": {"endpoint": here, "subscriptions": [{"eventName": each} for each in EVENTS]},
            "privacyAndCompliance": {
                "allowsPurchases": sells,
                "usesPersonalInfo": True,
                "isChildDirected": child,
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
