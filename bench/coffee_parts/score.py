"""Gold and result as the data's own scorer compares them, and the shares that are right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coffee_parts.options import ADDONS, GROUPS
from sayso.model.basket import Line

Item = tuple[str, int, tuple[tuple[str, str], ...], tuple[str, ...]]


def norm(text: object) -> str:
    """Words alone, lower case: as the data's scorer compares."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w%.:+#-]+", " ", str(text).lower())).strip(" .")


def slug(name: str) -> str:
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return word if word[0].isalpha() else f"v{word}"


def near(said: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known name inside `said`, the longest first, else the one that is spelt most like it."""
    text = norm(re.sub(r"[-_ ]+\d{3,5}$", "", said).replace("-", " "))
    names = sorted(known, key=len, reverse=True)
    inside = next((n for n in names if re.search(rf"\b{re.escape(norm(n))}\b", text)), "")
    by_norm = {norm(n): n for n in names}
    return inside or next((by_norm[m] for m in difflib.get_close_matches(text, by_norm, 1, cutoff)), said)


def gold_of(dialogue: Mapping[str, Any], drinks: Sequence[str]) -> list[Item]:
    said = " ".join(t["text"] for t in dialogue["turns"] if t["speaker"] == "user")
    found = []
    for item in dialogue["gold"]["items"]:
        values = ((k, v, near(v, GROUPS.get(k, ()), 0.5)) for k, v in (item.get("attributes") or {}).items())
        addons = (near(a, ADDONS, 0.4) for a in item.get("addons") or ())
        drink = near(item.get("drink") or said, drinks, 0.75)
        attributes = tuple(sorted((norm(k), norm(v)) for k, _, v in values))
        found.append((norm(drink), int(item.get("quantity") or 1), attributes, tuple(sorted(map(norm, addons)))))
    return sorted(found)


def said_of(lines: Iterable[Line], names: Mapping[str, str]) -> list[Item]:
    found = []
    for line in lines:
        options = [c for c in line.options if c.count and c.value not in ("hot", "caff")]
        attributes = tuple(sorted((norm(names[c.group]), norm(names[c.value])) for c in options if c.group != "addons"))
        addons = tuple(sorted(norm(names[c.value]) for c in options if c.group == "addons"))
        found.append((norm(names[line.sku]), line.quantity, attributes, addons))
    return sorted(found)


def shares(pairs: Sequence[tuple[Mapping[str, Any], list[Item], list[Item]]]) -> dict[str, float]:
    def share(of: Sequence[bool]) -> float:
        return round(sum(of) / max(len(of), 1), 4)

    found = {
        "all_right": share([g == s for _, g, s in pairs]),
        "all_right_grounded": share([g == s for d, g, s in pairs if d.get("gold_grounded")]),
        "orders_only": share([g == s for d, g, s in pairs if g]),
        "do_nothing": share([not g for _, g, _ in pairs]),
    }
    unseen = [g == s for d, g, s in pairs if d.get("unseen_scenario")]
    return {**found, **({"all_right_unseen": share(unseen)} if unseen else {})}
