"""The slots of an order by what they mean, whatever an intent calls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sayso import Candidate, IntentSpec, Location, Named, Trouble, Turn, nearest

ASAP = "@asap"
DELIVERY = "delivery"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the slots say. `names` maps "location", "time", "postcode", "service", "address" to the intent's own slot
    names; `values` holds what was said, under the same words."""

    intent: str
    names: Mapping[str, str]
    values: Mapping[str, str]

    @property
    def service(self) -> str:
        return self.values.get("service", "")

    @property
    def delivered(self) -> bool:
        return self.service == DELIVERY

    @property
    def time(self) -> str:
        return self.values.get("time") or ASAP

    @property
    def asap(self) -> bool:
        return self.time == ASAP

    def choice(self, value: str) -> Named:
        """A service by its name."""
        return Named("choice", f"{self.intent.replace('.', '/')}/{self.names.get('service', 'service')}/{value}")

    def slot(self, role: str) -> str:
        return self.names.get(role, role)


def wishes(turn: Turn, intent: str, slots: Mapping[str, str]) -> Wishes:
    """The slots of an intent by role: location, time and postcode by their type, service and address by their name."""
    spec = _intent(turn, intent)
    names: dict[str, str] = {}
    for name, slot in (spec.slots if spec else {}).items():
        role = slot.type if slot.type in ("location", "time", "postcode") else name
        names.setdefault(role, name)
    values = {role: slots[name] for role, name in names.items() if slots.get(name)}
    return Wishes(spec.name if spec else intent, names, values)


def _intent(turn: Turn, intent: str) -> IntentSpec | None:
    """The intent itself where it has slots of its own, else the skill's `add`."""
    found = turn.skill.intents.get(intent.rpartition(".")[2])
    if found is not None and any(slot.type == "location" for slot in found.slots.values()):
        return found
    return next((spec for spec in turn.skill.intents.values() if spec.operation == "add"), found)


def chosen_location(turn: Turn, wish: Wishes) -> Location | None:
    """The location that was named or follows; None when it has to be asked."""
    places = turn.merchant.locations
    said = wish.values.get("location", "")
    if said == "@nearest" and turn.latitude is not None and turn.longitude is not None:
        return next(iter(nearest(places.values(), turn.latitude, turn.longitude)), None)
    if said in places:
        return places[said]
    return next(iter(places.values())) if len(places) == 1 else None


def ask_location(turn: Turn, wish: Wishes) -> Trouble:
    return Trouble("order.where", slot=wish.slot("location"), options=candidates(*turn.merchant.locations))


def candidates(*ids: str) -> tuple[Candidate, ...]:
    return tuple(Candidate(id) for id in ids)
