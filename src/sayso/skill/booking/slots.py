"""The slots of an appointment by what they mean, whatever an intent calls them; and the skill's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sayso import Candidate, Params, Trouble, Turn

ANYONE = "@any"
SOONEST = "@asap"
AMONG = "@among:"
"""Before the ids of those who are left when somebody was refused."""
ROLES = {"product": "service", "location": "location", "time": "time", "staff": "staff", "address": "address"}
DEFAULTS = {
    "days_ahead": 60,
    "lead_minutes": 60,
    "every_minutes": 30,
    "free_cancel_hours": 24,
    "late_cancel_percent": 0,
    "reminder_hours": 24,
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the slots say. `names` maps "service", "location", "time", "staff", "address" to the intent's own slot
    names; `values` holds what was said, under the same words."""

    intent: str
    operation: str
    names: Mapping[str, str]
    values: Mapping[str, str]
    refused: Mapping[str, str] = field(default_factory=dict)
    """Under the same words, what was wished for and could not be had as it was said."""

    def value(self, role: str) -> str:
        return self.values.get(role, "")

    @property
    def staff(self) -> str:
        """Who is asked for by name; "" for whoever is free."""
        said = self.value("staff")
        return "" if said == ANYONE or said.startswith(AMONG) else said

    def takes(self, staff: str) -> bool:
        """Whether somebody will do: whoever was asked for, one of those that are left, or anybody."""
        said = self.value("staff")
        if said.startswith(AMONG):
            return staff in said[len(AMONG) :].split(",")
        return said in ("", ANYONE, staff)

    def trouble(self, key: str, role: str, options: tuple[str, ...] = (), params: Params | None = None) -> Trouble:
        """What stands in the way, with the slot to ask again where the intent has it."""
        return Trouble(key, params or {}, slot=self.names.get(role, ""), options=tuple(map(Candidate, options)))


def wishes(turn: Turn, intent: str, slots: Mapping[str, str], refused: Mapping[str, str] | None = None) -> Wishes:
    """The slots of an intent by role."""
    spec = turn.skill.intents[intent.rpartition(".")[2]]
    names: dict[str, str] = {}
    for name, slot in spec.slots.items():
        if slot.type in ROLES:
            names.setdefault(ROLES[slot.type], name)
    values = {role: slots[name] for role, name in names.items() if slots.get(name)}
    before = {role: refused[name] for role, name in names.items() if refused and refused.get(name)}
    return Wishes(spec.name, spec.operation, names, values, before)


def setting(turn: Turn, name: str) -> int:
    return int(turn.skill.settings.get(name, DEFAULTS[name]))


def hours(turn: Turn, name: str) -> timedelta:
    return timedelta(hours=setting(turn, name))


def minutes(turn: Turn, name: str) -> timedelta:
    return timedelta(minutes=setting(turn, name))
