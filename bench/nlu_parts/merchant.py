"""A merchant whose one skill has the intents of a data set: the files that an author would write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nlu_parts.data import Task

SKILL = "asked"
_DAYS = {"mon-sun": "00:00-23:59"}


def slug(name: str) -> str:
    return "i_" + re.sub(r"\W+", "_", name).strip("_").lower()


def names_of(task: Task) -> dict[str, str]:
    """ "skill.intent" -> the data's own name."""
    return {f"{SKILL}.{slug(row['intent'])}": row["intent"] for row in task.train}


def title(name: str) -> str:
    """An intent's name in words, as an author would title it: AddToPlaylist, weather/find, card_arrival."""
    return " ".join(re.sub(r"([a-z])([A-Z])", r"\1 \2", name).replace("_", " ").replace("/", " ").split())


def write(folder: Path, task: Task) -> None:
    """The manifests below `folder`."""
    from ruamel.yaml import YAML

    languages = sorted({row.get("lang", task.language) for row in task.train}, key=lambda tag: tag != task.language)
    yaml = YAML()
    yaml.width = 4000
    merchant, skill = folder / "manifests" / "nlu", folder / "skills" / SKILL
    merchant.mkdir(parents=True)
    skill.mkdir(parents=True)
    yaml.dump(_merchant(task, languages), merchant / "merchant.yaml")
    yaml.dump(_skill(task, languages), skill / "skill.yaml")
    (merchant / "answers.yaml").write_text("schema: sayso/answers/1\nanswers: {}\n")
    heads = ["sku", "category", *(f"name_{tag}" for tag in languages), "price", "vat", "withdrawal"]
    row = ["thing", "things", *("Qwxz" for _ in languages), "1.00", "low", "things"]  # a catalog is never empty
    (merchant / "catalog.csv").write_text(",".join(heads) + "\n" + ",".join(row) + "\n")


def _all(languages: list[str], text: str) -> dict[str, str]:
    return dict.fromkeys(languages, text)


def _texts(rows: Any, languages: list[str], language: str) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {tag: {} for tag in languages}
    for row in rows:
        text = re.sub(r"[{}]", " ", row["text"])[:400].strip()
        if text:
            found[row.get("lang", language)].setdefault(text)
    return {tag: list(texts) for tag, texts in found.items() if texts}


def _merchant(task: Task, languages: list[str]) -> dict[str, Any]:
    return {
        "schema": "sayso/merchant/1", "id": "nlu", "name": _all(languages, "Anything"), "languages": languages,
        "currency": "EUR", "country": "NL", "zone": "UTC", "persona": {"name": "Any", "formal": False},
        "support_phone": "+31205550100", "emergency": _all(languages, "Call 112."), "payments": ["counter"],
        "identity": {"secret": "env:NLU_SECRET"}, "vat": {"low": "9 %"}, "answers": "answers.yaml",
        "withdrawal": {"things": _all(languages, "None.")},
        "locations": {"here": {"name": _all(languages, "Qwxz"), "address": "Street 1", "hours": _DAYS,
            "coordinates": {"latitude": 52.0, "longitude": 4.0}}},
        "catalog": {"source": "catalog.csv", "categories": {"things": _all(languages, "Qwxz")}, "options": {}},
        "skills": {SKILL: {}}, "channels": {"web": {}},
        **({"out_of_scope": _texts(task.outside, languages, task.language)} if task.outside else {}),
    }  # fmt: skip


def _skill(task: Task, languages: list[str]) -> dict[str, Any]:
    intents = sorted({row["intent"] for row in task.train})
    return {
        "schema": "sayso/skill/1", "id": SKILL, "version": "1.0.0", "title": _all(languages, "Anything"),
        "fulfilment": {"kind": "python", "entry_point": "skill:skill"},
        "intents": {
            slug(name): {
                "operation": "any", "effect": "read", "say_so": "none", "title": _all(languages, title(name)),
                "utterances": _texts([r for r in task.train if r["intent"] == name], languages, task.language),
            }
            for name in intents
        },
    }  # fmt: skip
