"""Schemas of the data as manifests, and states of the host as frames of the data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sayso.model.state import State


def slug(name: str) -> str:
    """A name of the data as an id: "FindBus" is "find_bus"."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    found = re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")
    return found if found[:1].isalpha() else f"v{found}"


def words(name: str) -> str:
    return slug(name).replace("_", " ")


def kind(slot: Mapping[str, Any]) -> str:
    """The type of a slot, from its values, its name and its description."""
    values = slot["possible_values"]
    if slot["is_categorical"] and {v.lower() for v in values} == {"true", "false"}:
        return "flag"
    if slot["is_categorical"] and values and all(v.isdigit() and len(v) < 3 for v in values):
        return "number"
    if slot["is_categorical"]:
        return "choice"
    parts = slot["name"].split("_")
    if "date" in parts or slot["description"].lower().startswith(("date", "the date", "day of")):
        return "date"
    if "time" in parts and "duration" not in slot["description"].lower():
        return "clock"
    return "text"


def skill(service: Mapping[str, Any]) -> dict[str, Any]:
    """A service's schema as a skill manifest."""
    slots = {s["name"]: s for s in service["slots"]}
    id = slug(service["service_name"])
    intents = {slug(i["name"]): intent(i, slots) for i in service["intents"]}
    return {
        "schema": "sayso/skill/1", "id": id, "version": "1.0.0", "title": {"en": service["description"]},
        "fulfilment": {"kind": "python", "entry_point": "skill:service"},
        "examples": {"en": [i["description"] for i in service["intents"]][:3]}, "intents": intents,
    }  # fmt: skip


def intent(given: Mapping[str, Any], slots: Mapping[str, Any]) -> dict[str, Any]:
    acts = given["is_transactional"]
    names = [*given["required_slots"], *given["optional_slots"]]
    told = [n for n in given.get("result_slots", ()) if n not in names]
    asked = words(given["name"])
    return {
        "operation": slug(given["name"]), "effect": "booking" if acts else "read",
        "say_so": "read_back" if acts else "none", "title": {"en": given["description"]},
        **({"undo": "PT1H"} if acts else {}),
        "utterances": {"en": [asked, given["description"], f"I want to {asked}", f"can you {asked} for me"]},
        "slots": {n: _slot(slots[n], n in given["required_slots"]) for n in names}
        | {n: {**_slot(slots[n], False), "told": True} for n in told},
    }  # fmt: skip


def _slot(slot: Mapping[str, Any], required: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"type": kind(slot), "about": {"en": slot["description"]}}
    if required:
        found["required"] = True
    if found["type"] == "choice":
        found["values"] = {slug(v): {"name": {"en": v}} for v in slot["possible_values"]}
    found["prompt"] = {"en": f"{slot['description']}?"}
    return found


@dataclass(frozen=True, slots=True)
class Names:
    """From ids of the host to names of the data."""

    services: Mapping[str, str]
    intents: Mapping[str, str]
    values: Mapping[tuple[str, str, str], str]

    def frames(self, state: State, asked: Collection[str]) -> list[dict[str, Any]]:
        """The frames as the data writes them; the newest is last, and what was `asked` is about it."""
        return [
            {
                "service": self.services[skill],
                "active_intent": self.intents[frame.intent],
                "requested_slots": sorted(asked) if frame is state.topic.frames[-1] else [],
                "slot_values": {name: self.value(skill, name, v) for name, v in frame.slots.items()},
            }
            for frame in state.topic.frames
            for skill in [frame.intent.partition(".")[0]]
        ]

    def value(self, skill: str, slot: str, value: str) -> str:
        return "dontcare" if value == "@any" else self.values.get((skill, slot, value), value)


def names_of(schemas: Sequence[Mapping[str, Any]]) -> Names:
    """How ids were made of names."""
    return Names(
        {slug(s["service_name"]): s["service_name"] for s in schemas},
        {f"{slug(s['service_name'])}.{slug(i['name'])}": i["name"] for s in schemas for i in s["intents"]},
        {key: value for s in schemas for key, value in _values(s)},
    )


def _values(service: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], str]]:
    for slot in service["slots"]:
        for value in slot["possible_values"] if slot["is_categorical"] else ():
            yield (slug(service["service_name"]), slot["name"], slug(value)), value
            yield (slug(service["service_name"]), slot["name"], value.lower()), value


def write_merchant(folder: Path, schemas: Sequence[Mapping[str, Any]]) -> None:
    """A merchant with all services as skills."""
    days = {"mon-sun": "00:00-23:59"}
    merchant = {
        "schema": "sayso/merchant/1", "id": "sgd", "name": {"en": "Concierge"}, "languages": ["en"],
        "currency": "USD", "country": "US", "zone": "America/Los_Angeles", "persona": {"name": "Con", "formal": False},
        "support_phone": "+15550100", "emergency": {"en": "Call 911."}, "payments": ["counter"], "allergens": {},
        "identity": {"secret": "env:SGD_SECRET"}, "vat": {"low": "9 %"}, "withdrawal": {"food": {"en": "None."}},
        "limits": {"max_quantity": 20, "max_amount": "250.00"}, "answers": "answers.yaml",
        "locations": {"desk": {"name": {"en": "Desk"}, "address": "Mall 1", "hours": days,
            "coordinates": {"latitude": 37.0, "longitude": -122.0}, "services": ["here"],
            "queue": {"capacity": 100000, "slot_minutes": 5, "lead_minutes": 4, "horizon_slots": 36}}},
        "catalog": {"source": "catalog.csv", "categories": {"things": {"en": "Things"}}, "options": {}},
        "skills": {slug(s["service_name"]): {} for s in schemas}, "channels": {"web": {}}, "replies": {},
    }  # fmt: skip
    place = folder / "manifests" / "sgd"
    place.mkdir(parents=True)
    YAML().dump(merchant, place / "merchant.yaml")
    (place / "answers.yaml").write_text("schema: sayso/answers/1\nanswers: {}\n")
    (place / "catalog.csv").write_text(
        "sku,category,name_en,price,allergens,vat,withdrawal\nservice,things,Concierge service,1.00,none,low,food\n"
    )
    for schema in schemas:
        made = folder / "skills" / slug(schema["service_name"])
        made.mkdir(parents=True)
        YAML().dump(skill(schema), made / "skill.yaml")
        (made / "skill.py").write_text("from sayso import Skill\n\nservice = Skill()\n")
