"""What a fulfilment is given and what it returns: data only. The host calls; a skill writes nothing itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sayso.manifest.specs import Artefact, MerchantSpec, SkillSpec
from sayso.model.action import (
    Answered,
    Ask,
    Check,
    Checked,
    Commit,
    Committed,
    HandedOver,
    HandOver,
    Propose,
    Proposed,
    Recall,
    Recalled,
    Refused,
    Reverted,
    Wanting,
)
from sayso.model.catalog import Catalog
from sayso.model.effect import Change, Effect
from sayso.model.preference import Preference
from sayso.model.writes import Job
from sayso.people.history import Past
from sayso.skill.rows import Rows

Near = Callable[[str, Collection[str]], Awaitable[Mapping[str, float]]]
"""How near products of the merchant are to words that describe one, in letters and in meaning: sku -> score, the best
first; only the skus that are given are ranked. From 0.25 on one is likely to be meant by itself. Never raises."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a handler may know and read. `rows` reads this merchant's rows only; `seed` is the source of ids
    (`new_id`), so that a turn can be replayed. `now` is aware, UTC."""

    now: datetime
    seed: str
    artefact: Artefact
    skill: SkillSpec
    rows: Rows
    language: str
    conversation: str
    customer: str = ""
    assurance: str = "anonymous"
    consents: frozenset[str] = frozenset()
    voice: bool = False
    latitude: float | None = None
    longitude: float | None = None
    past: Past | None = None
    """What this customer had before; only for one who is verified and consents to `personalise`."""
    likes: tuple[Preference, ...] = ()
    """What this customer likes, with where it comes from; only for one who is verified and consents to it."""
    near: Near | None = None
    """Search in the catalog; None where nothing can search."""

    @property
    def merchant(self) -> MerchantSpec:
        return self.artefact.merchant

    @property
    def catalog(self) -> Catalog:
        return self.artefact.catalog


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a handler did: the result for the dialogue, the changes to rows and the jobs that the turn's WriteSet will
    carry. `effect` is the new or advanced effect."""

    result: Proposed | Committed | Reverted | Refused | HandedOver
    changes: tuple[Change, ...] = ()
    jobs: tuple[Job, ...] = ()
    dropped: tuple[str, ...] = ()
    effect: Effect | None = None


class Fulfilment(Protocol):
    """A bound skill. `local`: commit and undo only change rows of this host, so they run inside the turn's own
    transaction; otherwise the host stores the confirmed effect first."""

    @property
    def local(self) -> bool: ...

    async def check(self, turn: Turn, action: Check) -> Checked: ...

    async def propose(self, turn: Turn, action: Propose) -> Outcome: ...

    async def commit(self, turn: Turn, action: Commit, key: str) -> Outcome: ...

    async def undo(self, turn: Turn, effect: Effect, changes: tuple[Change, ...]) -> Outcome: ...

    async def recall(self, turn: Turn, action: Recall) -> Recalled | Refused: ...

    async def ask(self, turn: Turn, action: Ask) -> Answered | Wanting | None: ...

    async def hand_over(self, turn: Turn, action: HandOver) -> Outcome | None:
        """A task for a person; None when the skill hands nothing over."""
        ...
