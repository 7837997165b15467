"""Real coffee orders (Taskmaster-4), replayed through the host's own `understand` and `step`, with no model.

The menu becomes a merchant by manifest (YAML and CSV through the real loader); each dialogue's customer turns are said
to a whole host; the open basket at the end, or the last order, is compared with the gold as the data's own scorer does
(drink, quantity, attributes, add-ons; notes are not compared). What the assistant said in the data is not used.

Normalised, and nothing else: menu entries that were offered fewer than four times, that are no drink but an option, or
that are another entry with "Tea" behind it, are left out; a gold drink such as "latte-9311", "I'd like a latte" or a
misspelling is read as the menu name in it or nearest to it, a missing one as the menu name that the customer wrote;
gold values and add-ons likewise.

    make bench-coffee TEST=folder          `TEST` holds tm4_coffee*.jsonl and, or `DATA` does, coffee_bar_menu_tm4.json
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from coffee_parts.options import ADDONS, GROUPS, OPTIONS
from coffee_parts.score import gold_of, said_of, shares, slug
from sayso.model.basket import Line
from sayso.testing.chat import Chat, Hosted
from sayso.testing.clock import SetClock
from sayso.testing.hosting import Published, host, publish

ROOT = Path(__file__).resolve().parent.parent


def write_merchant(folder: Path, menu: Mapping[str, Any]) -> dict[str, str]:
    """The merchant's files; returns the names behind the ids."""
    drinks = [name for name, seen in menu["items"].items() if seen >= 4 and name not in OPTIONS]
    drinks = [name for name in drinks if name.removesuffix(" Tea") == name or name.removesuffix(" Tea") not in drinks]
    options: dict[str, Any] = {
        slug(group): {"name": {"en": group}, "kind": "one", "spoken": "with", "values": _values(values)}
        for group, values in GROUPS.items()
    }
    options["addons"] = {
        "name": {"en": "sweetener"}, "synonyms": {"en": ["sweeteners", "syrup", "flavor", "add-on"]}, "kind": "many",
        "max_count": 4, "spoken": "with", "values": _values(ADDONS),
    }  # fmt: skip
    days = {"mon-sun": "00:00-23:59"}
    merchant = {
        "schema": "sayso/merchant/1", "id": "tm4", "name": {"en": "Coffee bar"}, "languages": ["en"],
        "currency": "USD", "country": "US", "zone": "UTC", "persona": {"name": "Bar", "formal": False},
        "support_phone": "+15550100", "emergency": {"en": "Call 911."}, "payments": ["counter"], "allergens": {},
        "identity": {"secret": "env:TM4_SECRET"}, "vat": {"low": "9 %"}, "withdrawal": {"food": {"en": "None."}},
        "limits": {"max_quantity": 20, "max_amount": "250.00"}, "answers": "answers.yaml",
        "locations": {"bar": {"name": {"en": "Coffee bar"}, "address": "Mall 1", "hours": days,
            "coordinates": {"latitude": 52.0, "longitude": 4.0}, "services": ["here", "to_go"],
            "queue": {"capacity": 100000, "slot_minutes": 5, "lead_minutes": 4, "horizon_slots": 36}}},
        "catalog": {"source": "catalog.csv", "categories": {"drinks": {"en": "Drinks"}}, "options": options},
        "skills": {"order_coffee": {}}, "channels": {"web": {}}, "replies": {},
    }  # fmt: skip
    folder.mkdir(parents=True)
    YAML().dump(merchant, folder / "merchant.yaml")
    (folder / "answers.yaml").write_text("schema: sayso/answers/1\nanswers: {}\n")
    with (folder / "catalog.csv").open("w", newline="") as file:
        rows = csv.DictWriter(
            file, ["sku", "category", "name_en", "price", "options", "allergens", "vat", "withdrawal", "description_en"]
        )
        rows.writeheader()
        for name in drinks:
            about = menu["descriptions"].get(name, "")
            row = {"sku": slug(name), "category": "drinks", "name_en": name, "price": "3.00", "vat": "low"}
            rest = {"allergens": "none", "withdrawal": "food", "options": " ".join(options)}
            rows.writerow({**row, **rest, "description_en": about})
    values = [v for group in (*GROUPS.values(), ADDONS) for v in group]
    return {slug(name): name for name in (*drinks, *GROUPS, *values)}


def _values(values: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {slug(v): {"name": {"en": v}, **({"synonyms": {"en": list(o)}} if o else {})} for v, o in values.items()}


async def replay(hosted: Hosted, dialogue: Mapping[str, Any]) -> Sequence[Line]:
    """What the customer ends with: the open basket, or the last order."""
    chat = Chat(hosted, "tm4", language="en", conversation=dialogue["id"])
    for turn in dialogue["turns"]:
        if turn["speaker"] == "user":
            await chat.say(turn["text"])
    if chat.answer is None:
        return ()
    return chat.state.lines or ([p.line for p in chat.order.proposal.lines] if chat.order else ())


async def run(published: Published, folder: Path, dialogues: Sequence[Mapping[str, Any]]) -> tuple[list[Any], float]:
    async with host(published, folder, SetClock(datetime(2026, 11, 23, 9, tzinfo=UTC))) as hosted:
        began = time.process_time()
        lines = [await replay(hosted, d) for d in dialogues]
        return lines, time.process_time() - began


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--limit", type=int, default=0)
    arguments.add_argument("--wrong", default="", help="write the dialogues that are not right to this file")
    chosen = arguments.parse_args()
    roots = [Path(os.environ[v]) for v in ("TEST", "DATA") if os.environ.get(v)] or [ROOT.parent / "shared" / "data"]
    patterns = ("tm4_coffee*.jsonl", "coffee_bar_menu_tm4.json")
    file, menu_file = (next((f for r in roots for f in sorted(r.rglob(p))), None) for p in patterns)
    if file is None or menu_file is None:
        raise SystemExit(f"no tm4_coffee*.jsonl and coffee_bar_menu_tm4.json below {', '.join(map(str, roots))}")
    dialogues = [json.loads(line) for line in file.read_text().splitlines() if line.strip()]
    dialogues = dialogues[:: len(dialogues) // chosen.limit] if chosen.limit else dialogues
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        names = write_merchant(folder / "manifests" / "tm4", json.loads(menu_file.read_text()))
        published = publish(folder / "manifests", ROOT / "skills", folder / "data", only="tm4")
        lines, seconds = asyncio.run(run(published, folder / "host", dialogues))
    drinks = [p.names["en"] for p in published.merchants["tm4"].catalog.products.values()]
    pairs = [(d, gold_of(d, drinks), said_of(said, names)) for d, said in zip(dialogues, lines, strict=True)]
    if chosen.wrong:
        wrong = [{"id": d["id"], "turns": d["turns"], "gold": g, "got": s} for d, g, s in pairs if g != s]
        Path(chosen.wrong).write_text("\n".join(map(json.dumps, wrong)))
    turns = sum(t["speaker"] == "user" for d in dialogues for t in d["turns"])
    print(
        json.dumps({**shares(pairs), "dialogues": len(pairs), "turn_cpu_ms": round(1000 * seconds / max(turns, 1), 3)})
    )


if __name__ == "__main__":
    main()
