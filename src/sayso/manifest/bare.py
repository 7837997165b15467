"""The skills that every merchant has: what it says about itself from its rows, and a person who can be asked for.

A merchant that lists a skill of these kinds gives them utterances, settings and words of its own. One that does not is
served by the bare kind, so that hours, places, its answers and a person are there from the first day.
"""

from __future__ import annotations

from collections.abc import Mapping

from sayso.manifest.specs import SkillSpec

KINDS = ("answer", "hand_over")


def with_bare(listed: Mapping[str, SkillSpec]) -> dict[str, SkillSpec]:
    """The listed skills, then a bare one for each kind that none of them has."""
    known = {spec.fulfilment for spec in listed.values()}
    bare = (SkillSpec(kind, "1.0.0", kind, {}, {}, {}) for kind in KINDS if kind not in known)
    return {**listed, **{spec.id: spec for spec in bare if spec.id not in listed}}
