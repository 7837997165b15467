"""What `sayso check` finds by walking through every dialogue of a merchant, where its manifests are without faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sayso.channels.profiles import profiles
from sayso.channels.registry import Channels
from sayso.dialogue.checker import PROFILES, Profile, checkable, walked
from sayso.manifest.draft import Draft
from sayso.manifest.faults import Fault
from sayso.manifest.publish import compile_artefact
from sayso.manifest.read import read_yaml
from sayso.manifest.specs import Artefact

MEND = "see docs/dialogue.md; a required slot needs a value that can be said, and a prompt that asks for it"


def unreachable(merchants: Mapping[str, Draft], skills: Path) -> Iterator[Fault]:
    """A fault for each thing that a manifest promises and no conversation can come to."""
    told: set[tuple[str, str]] = set()
    channels = Channels()
    for draft in merchants.values():
        specs = compile_artefact(draft)
        least = fewest(specs, channels)
        for intent in checkable(specs):
            if intent.effect in ("none", "read"):
                continue
            for wrong in walked(specs, intent, least).wrong:
                if (intent.name, wrong) not in told:
                    told.add((intent.name, wrong))
                    source = read_yaml(skills / intent.skill / "skill.yaml")
                    what = f"{intent.name} of {specs.merchant.id} cannot be talked through ({wrong})"
                    yield source.fault(("intents", intent.id), what, MEND, "unreachable")


def fewest(specs: Artefact, channels: Channels) -> Profile:
    """The channel of the merchant's on which least can be done: what is reached on it is reached on the others."""
    own = profiles(channels, (each.name for each in specs.merchant.channels))
    return min(own or PROFILES, key=lambda each: (each.picks, not each.silence, each.locates))
