"""When a person will answer: within the merchant's `answer_within` while it is open, else at the next opening.

A promise must hold. Where an opening ends before `answer_within` has passed, nobody can be counted on to answer in it,
so the next opening is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sayso import Fact, HandOver, Location, Params, SkillSpec, Turn, local, next_opening, window_at

DEFAULT_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Promise:
    """`open`: "yes", "soon" (closing before it could be kept), "no", "unknown"; `when` None only for "unknown"."""

    open: str
    when: datetime | None

    def params(self, turn: Turn, task: str, reason: str) -> Params:
        """The Facts of the reply."""
        moment = Fact(local(self.when, turn.merchant.zone), "task", task) if self.when else ()
        return {
            "when": moment,
            "open": Fact(self.open, "hours", turn.merchant.id),
            "reason": Fact(reason, "task", task),
        }


def within(skill: SkillSpec) -> timedelta:
    """The manifest's `answer_within`, in minutes."""
    minutes = skill.settings.get("answer_within", DEFAULT_MINUTES)
    return timedelta(minutes=int(minutes) if isinstance(minutes, int | str) else DEFAULT_MINUTES)


def answer_by(turn: Turn, asked: HandOver, within: timedelta) -> Promise:
    """The promise of the place that the conversation is about, else of whichever place can answer first."""
    places = turn.merchant.locations
    chosen = [places[value] for value in asked.slots.values() if value in places]
    return min((_promise(place, turn.now, within) for place in chosen or places.values()), key=_first, default=UNKNOWN)


UNKNOWN = Promise("unknown", None)
RANK = {"yes": 0, "soon": 1, "no": 2, "unknown": 3}


def _first(promise: Promise) -> tuple[bool, float, int]:
    when = promise.when
    return when is None, when.timestamp() if when else 0.0, RANK[promise.open]


def _promise(place: Location, now: datetime, within: timedelta) -> Promise:
    window, opening = window_at(place, now), next_opening(place, now)
    if window is not None and now + within <= window.closes:
        return Promise("yes", now + within)
    if opening is None:
        return UNKNOWN
    return Promise("no" if window is None else "soon", opening.opens)
