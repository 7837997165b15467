"""What of a customer may be remembered, by the manifests: options and slots that say `remember: true`, and allergens.

A like is about a thing of the merchant's rather than about one intent's slot: who likes a store likes it for coffee and
for an appointment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from sayso.manifest.specs import Artefact, IntentSpec, SlotSpec
from sayso.model.fact import Fact, Named, Param, Row, Said
from sayso.model.preference import Like, Preference

SHARED = frozenset({"location", "staff"})
"""Types of slot whose like holds for every skill."""

WORDS = frozenset({"text", "person", "first_name", "last_name", "postcode", "address"})
"""Types of slot whose value is the customer's own words: told once, it holds."""


def about_of(intent: IntentSpec, slot: SlotSpec) -> str:
    """What a like of this slot is about, "" where the manifest lets none be remembered."""
    if not slot.remember or slot.secret:
        return ""
    return slot.type if slot.type in SHARED else f"slot/{intent.skill}/{slot.name}"


def slots_of(artefact: Artefact) -> Iterator[tuple[str, IntentSpec, SlotSpec]]:
    """(about, intent, slot) of every slot that may be remembered."""
    for skill in artefact.skills.values():
        for intent in skill.intents.values():
            for slot in intent.slots.values():
                if about := about_of(intent, slot):
                    yield about, intent, slot


def offered(artefact: Artefact, like: Like) -> bool:
    """Does the merchant, as published now, let this be remembered and have it?"""
    about, value = like.about, like.value
    kind, _, rest = about.partition("/")
    if kind == "allergen":
        return rest in artefact.merchant.allergens
    if kind == "option":
        group = artefact.catalog.options.get(rest)
        return group is not None and group.remember and value in group.values
    found = [slot for each, _, slot in slots_of(artefact) if each == about]
    if kind in SHARED:
        return bool(found) and value in getattr(artefact.merchant, {"location": "locations", "staff": "staff"}[kind])
    return any(slot.type in WORDS or value in slot.values for slot in found)


def told(artefact: Artefact, like: Like) -> Param:
    """The value as it is told."""
    kind, _, rest = like.about.partition("/")
    if kind in ("option", "allergen"):
        return Named(kind, f"{rest}/{like.value}" if kind == "option" else rest)
    if kind in SHARED:
        return Named(kind, like.value)
    choices = ((i, s) for about, i, s in slots_of(artefact) if about == like.about and like.value in s.values)
    found = next(choices, None)
    if found is None:
        return Said(like.value)
    intent, slot = found
    return Named("choice", f"{intent.name.replace('.', '/')}/{slot.name}/{like.value}")


def defaults(intent: IntentSpec, known: Mapping[str, Preference], artefact: Artefact) -> dict[str, str]:
    """Slot -> the value that the customer likes, for slots of this intent that let it be remembered."""
    found: dict[str, str] = {}
    for slot in intent.slots.values():
        liked = known.get(about_of(intent, slot))
        if liked is not None and offered(artefact, liked.like):
            found[slot.name] = liked.like.value
    return found


def preference_row(kept: Preference, artefact: Artefact) -> Row:
    """What is remembered and where it comes from, for the reply `memory.entry`."""
    like = kept.like
    kind, _, rest = like.about.partition("/")
    topic = Named("group", rest) if kind == "option" else ()
    zone = ZoneInfo(artefact.merchant.zone)
    return Row(
        {
            "kind": _word(like, kind if kind != "slot" else rest.rpartition("/")[2]),
            "topic": topic,
            "value": told(artefact, like),
            "how": _word(like, kept.how),
            "words": (Said(like.words),) if like.words and kept.how == "said" else (),
            "day": Fact(kept.at.astimezone(zone).date(), "preferences", like.about),
            "channel": _word(like, kept.channel),
        }
    )


def _word(like: Like, word: str) -> Fact:
    return Fact(word, "preferences", like.about)
