"""The restaurant of the understanding bench: rows of Restaurant-8k as the marked samples of one skill by manifest."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import Artefact
from sayso.understanding import train
from sayso.understanding.context import Embedder

TYPES = {"date": "date", "time": "time", "people": "party", "first_name": "first_name", "last_name": "last_name"}
_PROMPTS = {
    "date": "For which day?", "time": "At what time?", "people": "For how many?",
    "first_name": "What is your first name?", "last_name": "And your last name?",
}  # fmt: skip
_CATALOG = "sku,category,name_en,price,vat,withdrawal,allergens\ngift_card,gifts,Gift card,25.00,low,food,none\n"


def hashed(id: str) -> int:
    """A number that depends on the id alone."""
    return int(hashlib.sha256(id.encode()).hexdigest()[:8], 16)


def asked(requested: Sequence[str]) -> str:
    """The one slot that is asked: the one that is asked again, else the first."""
    return requested[-1] if requested[-1] in requested[:-1] else requested[0]


def chosen(rows: Sequence[Mapping[str, Any]], most: int) -> list[Mapping[str, Any]]:
    """At most `most` rows, in the order of their hashes, of each combination of slots the root of its share."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: hashed(r["id"])):
        groups[tuple(sorted({s["name"] for s in row["slots"]}))].append(row)
    weights = {names: len(group) ** 0.5 for names, group in groups.items()}
    places = ((names, n) for names, group in groups.items() for n in range(len(group)))
    ranked = sorted(((n + 0.5) / weights[names], names, n) for names, n in places)
    return [groups[names][n] for _, names, n in ranked[:most]]


def marked(row: Mapping[str, Any]) -> str:
    """The text of a row with its values marked; of values that share words the longest one."""
    text = str(row["text"]).replace("{", "(").replace("}", ")")
    end, found = 0, ""
    spans: dict[tuple[int, int], list[str]] = defaultdict(list)
    for slot in row["slots"]:
        spans[slot["start"], slot["end"]].append(slot["name"])
    for (start, stop), names in sorted(spans.items(), key=lambda item: (item[0][0], -item[0][1])):
        if start >= end:
            found += f"{text[end:start]}{{{'+'.join(sorted(names))}: {text[start:stop]}}}"
            end = stop
    return found + text[end:]


def publish(rows: Sequence[Mapping[str, Any]], folder: Path, embedder: Embedder) -> Artefact:
    """A restaurant whose samples are `rows`, checked and published."""
    slots: dict[str, Any] = {n: {"type": t, "required": True, "prompt": {"en": _PROMPTS[n]}} for n, t in TYPES.items()}
    for name, texts in _answers(rows).items():
        slots[name]["answers"] = {"en": texts}
    book = {
        "effect": "booking", "say_so": "read_back", "undo": "PT1H", "title": {"en": "Book a table"},
        "utterances": {"en": ["I would like to book a table", *(marked(r) for r in rows if not r["requested_slots"])]},
        "slots": slots,
    }  # fmt: skip
    skill = {
        "schema": "sayso/skill/1", "id": "table", "version": "1.0.0", "title": {"en": "A table"},
        "fulfilment": {"kind": "python", "entry_point": "skill:table"}, "intents": {"book": book},
    }  # fmt: skip
    merchant = {
        "schema": "sayso/merchant/1", "id": "table", "name": {"en": "Restaurant"}, "languages": ["en"],
        "currency": "GBP", "country": "GB", "zone": "UTC", "persona": {"name": "Host", "formal": False},
        "support_phone": "+442000000000", "emergency": {"en": "Call 999."}, "payments": ["counter"], "allergens": {},
        "identity": {"secret": "env:TABLE_SECRET"}, "vat": {"low": "9 %"}, "withdrawal": {"food": {"en": "None."}},
        "limits": {"max_quantity": 20, "max_amount": "250.00"}, "answers": "answers.yaml",
        "locations": {"here": {"name": {"en": "Restaurant"}, "address": "High Street 1",
            "hours": {"mon-sun": "00:00-23:59"}, "coordinates": {"latitude": 51.5, "longitude": 0.1}}},
        "catalog": {"source": "catalog.csv", "categories": {"gifts": {"en": "Gifts"}}, "options": {}},
        "skills": {"table": {}}, "channels": {"web": {}}, "replies": {},
    }  # fmt: skip
    files = {"skills/table/skill.yaml": skill, "manifests/table/merchant.yaml": merchant}
    for path, content in ((folder / name, content) for name, content in files.items()):
        path.parent.mkdir(parents=True, exist_ok=True)
        YAML().dump(content, path)
    (folder / "manifests/table/answers.yaml").write_text("schema: sayso/answers/1\nanswers: {}\n")
    (folder / "manifests/table/catalog.csv").write_text(_CATALOG)
    loaded = load_tree(folder / "manifests", folder / "skills")
    if "table" not in loaded.merchants:
        raise SystemExit("\n".join(f"{f.file}:{f.line}: {f.what}" for f in loaded.faults))
    return compile_artefact(loaded.merchants["table"], lambda bare: train(bare, embedder))


def _answers(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["requested_slots"]:
            found[asked(row["requested_slots"])].append(marked(row))
    return found
