"""What loading gives: one merchant's manifests, checked and resolved, not yet trained or published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sayso.manifest.faults import Fault
from sayso.manifest.specs import Answer, MerchantSpec, Replies, SkillSpec
from sayso.model.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Draft:
    """`folder` holds the merchant's pictures; `left_out` are skills with faults, which it does without."""

    merchant: MerchantSpec
    skills: Mapping[str, SkillSpec]
    catalog: Catalog
    answers: Mapping[str, Answer]
    replies: Replies
    folder: Path
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """`merchants` that have no faults of their own, and everything that is wrong anywhere."""

    merchants: Mapping[str, Draft] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
