"""Real coffee orders (Taskmaster-4), replayed through the host's own `understand` and `step`, with no model.

The menu becomes a merchant by manifest (YAML and CSV through the real loader; coffee.yaml holds what the menu does
not); each dialogue's customer turns are said to a whole host; the open basket at the end, or the last order, is
compared with the gold as the data's own scorer does (drink, quantity, attributes, add-ons; notes are not compared).

Left out of the menu: entries offered fewer than four times, options, and other entries with "Tea" behind them. A gold
drink such as "latte-9311" or a misspelling is read as the menu name in it or nearest to it, a missing one as the menu
name that the customer wrote; gold values and add-ons likewise. TEST or DATA holds the dialogues and the menu.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import difflib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sayso.model.basket import Line
from sayso.testing.chat import Chat, Hosted
from sayso.testing.clock import SetClock
from sayso.testing.hosting import host, publish

ROOT = Path(__file__).resolve().parent.parent
ADDONS, SERVICE, UNSAID = "addons", "Order Type", {"hot", "caff"}
Item = tuple[str, int, tuple[tuple[str, str], ...], tuple[str, ...]]


def groups_of(menu: Mapping[str, Any]) -> dict[str, list[str]]:
    """The menu's attributes and add-ons; what it holds a few times is another spelling."""
    found = {g: list(values) for g, values in menu["attributes"].items() if g != SERVICE and max(values.values()) > 60}
    return {**found, ADDONS: [name for name, seen in menu[ADDONS].items() if seen > 60]}


def write_merchant(folder: Path, menu: Mapping[str, Any]) -> list[str]:
    """The merchant's files; returns its drinks."""
    bar, groups = YAML(typ="safe").load(Path(__file__).with_suffix(".yaml")), groups_of(menu)
    no_drinks = {*bar["not_drinks"], *(v for values in groups.values() for v in values)}
    drinks = [name for name, seen in menu["items"].items() if seen >= 4 and name not in no_drinks]
    drinks = [name for name in drinks if name.removesuffix(" Tea") == name or name.removesuffix(" Tea") not in drinks]
    options: dict[str, Any] = {slug(g): {"name": {"en": g}, "kind": "one", "spoken": "with"} for g in groups}
    options[ADDONS] |= bar[ADDONS]
    for group, values in groups.items():
        others = {v: bar["synonyms"].get(v, []) for v in values}
        options[slug(group)]["values"] = {slug(v): {"name": {"en": v}, "synonyms": {"en": others[v]}} for v in values}
    bar["merchant"]["catalog"]["options"] = options
    folder.mkdir(parents=True)
    YAML().dump(bar["merchant"], folder / "merchant.yaml")
    (folder / "answers.yaml").write_text("schema: sayso/answers/1\nanswers: {}\n")
    with (folder / "catalog.csv").open("w", newline="") as file:
        rows = csv.DictWriter(file, [*bar["row"], "options", "sku", "name_en", "description_en"])
        rows.writeheader()
        for name in drinks:
            own = {"sku": slug(name), "name_en": name, "description_en": menu["descriptions"].get(name, "")}
            rows.writerow({**bar["row"], "options": " ".join(options), **own})
    return drinks


def norm(text: object) -> str:
    """Words alone, lower case: as the data's scorer compares."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w%.:+#-]+", " ", str(text).lower())).strip(" .")


def slug(name: str) -> str:
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return word if word[0].isalpha() else f"v{word}"


def near(said: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known name inside `said`, the longest first, else the one that is spelt most like it."""
    text = norm(re.sub(r"[-_ ]+\d{3,5}$", "", said).replace("-", " "))
    names = {norm(n): n for n in sorted(known, key=len, reverse=True)}
    inside = next((n for key, n in names.items() if re.search(rf"\b{re.escape(key)}\b", text)), "")
    return norm(inside or next((names[m] for m in difflib.get_close_matches(text, names, 1, cutoff)), said))


def gold_of(dialogue: Mapping[str, Any], drinks: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[Item]:
    said, found = " ".join(t["text"] for t in dialogue["turns"] if t["speaker"] == "user"), []
    for item in dialogue["gold"]["items"]:
        values = {norm(k): near(v, groups.get(k, ()), 0.5) for k, v in (item.get("attributes") or {}).items()}
        addons = sorted(near(a, groups[ADDONS], 0.4) for a in item.get("addons") or ())
        drink = near(item.get("drink") or said, drinks, 0.75)
        found.append((drink, int(item.get("quantity") or 1), tuple(sorted(values.items())), tuple(addons)))
    return sorted(found)


def said_of(lines: Iterable[Line], names: Mapping[str, str]) -> list[Item]:
    found = []
    for line in lines:
        said = sorted((c.group, names[c.value]) for c in line.options if c.count and c.value not in UNSAID)
        attributes = tuple(sorted((names[group], value) for group, value in said if group != ADDONS))
        addons = tuple(value for group, value in said if group == ADDONS)
        found.append((names[line.sku], line.quantity, attributes, addons))
    return sorted(found)


async def replay(hosted: Hosted, dialogue: Mapping[str, Any]) -> Sequence[Line]:
    """What the customer ends with: the open basket, or the last order."""
    chat = Chat(hosted, "tm4", language="en", conversation=dialogue["id"])
    for turn in dialogue["turns"]:
        if turn["speaker"] == "user":
            await chat.say(turn["text"])
    placed = [p.line for p in chat.order.proposal.lines] if chat.order else ()
    return (chat.state.lines or placed) if chat.answer else ()


async def run(folder: Path, dialogues: Sequence[Mapping[str, Any]]) -> tuple[list[Sequence[Line]], float]:
    published = await asyncio.to_thread(publish, folder / "manifests", ROOT / "skills", folder / "data", only="tm4")
    async with host(published, folder / "host", SetClock(datetime(2026, 11, 23, 9, tzinfo=UTC))) as hosted:
        began = time.process_time()
        return [await replay(hosted, d) for d in dialogues], time.process_time() - began


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--limit", type=int, default=0)
    arguments.add_argument("--predictions", default="", help="write what was understood, with the gold, to this file")
    chosen = arguments.parse_args()
    roots = [Path(os.environ.get(v) or ROOT.parent / "shared" / "data") for v in ("TEST", "DATA")]
    patterns = ("tm4_coffee*.jsonl", "coffee_bar_menu_tm4.json")
    file, menu_file = (next(f for r in roots for f in sorted(r.rglob(p))) for p in patterns)
    every, menu = [json.loads(x) for x in file.read_text().splitlines() if x.strip()], json.loads(menu_file.read_text())
    dialogues = every[:: len(every) // chosen.limit] if chosen.limit else every
    with tempfile.TemporaryDirectory() as folder:
        drinks, groups = write_merchant(Path(folder) / "manifests" / "tm4", menu), groups_of(menu)
        lines, seconds = asyncio.run(run(Path(folder), dialogues))
    names = {slug(n): norm(n) for n in (*drinks, *groups, *(v for values in groups.values() for v in values))}
    pairs = [(d, gold_of(d, drinks, groups), said_of(said, names)) for d, said in zip(dialogues, lines, strict=True)]
    if chosen.predictions:
        rows = ({"id": d["id"], "turns": d["turns"], "gold": g, "got": s, "right": g == s} for d, g, s in pairs)
        Path(chosen.predictions).write_text("\n".join(map(json.dumps, rows)))
    parts = {"all_right": "id", "all_right_grounded": "gold_grounded", "all_right_unseen": "unseen_scenario"}
    right = {part: [g == s for d, g, s in pairs if d.get(field)] for part, field in parts.items()}
    turns = sum(t["speaker"] == "user" for d in dialogues for t in d["turns"])
    shares = {part: round(sum(of) / len(of), 4) for part, of in right.items() if of}
    print(json.dumps({**shares, "dialogues": len(pairs), "turn_cpu_ms": round(1000 * seconds / max(turns, 1), 3)}))


if __name__ == "__main__":
    main()
