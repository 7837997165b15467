"""Joint goal accuracy as the data's own scorer counts it, and which services are held back from tuning."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def held_back(service: str) -> bool:
    """A third of the services, by a hash of the name without its number, so that kin are on one side."""
    kin = service.rpartition("_")[0] or service
    return int(hashlib.sha256(kin.encode()).hexdigest(), 16) % 3 == 0


def norm(text: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[^\w%.:+#-]+", " ", str(text).lower())).strip(" .")


def same(gold: Sequence[str], said: str | None) -> bool:
    return said is not None and any(norm(g) == norm(said) for g in gold)


def alike(gold: Sequence[str], said: str | None) -> float:
    """1 for the same, else the likeness of the words in order of the alphabet."""
    if said is None or same(gold, said):
        return float(said is not None)
    key = lambda text: " ".join(sorted(norm(text).split()))  # noqa: E731
    return max(difflib.SequenceMatcher(None, key(g), key(said)).ratio() for g in gold)


def misses(gold: Mapping[str, Sequence[str]], said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(slot, kind of miss) of a frame."""
    for slot, values in gold.items():
        if not same(values, said.get(slot)):
            yield slot, "missing" if slot not in said else "wrong"
    yield from ((slot, "extra") for slot in said if slot not in gold)


def figures(pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, float]:
    """The figures over (gold turn, predicted turn)."""
    tally: Counter[str] = Counter()
    for gold, said in pairs:
        got = {f["service"]: f for f in said["frames"]}
        for frame in gold["frames"]:
            mine = got.get(frame["service"], {})
            _count(tally, frame, mine)
    shares = {
        f"jga_{g}{x}": tally[f"{g}{x}"] / tally[f"{g}.n"]
        for g in ("unseen", "seen", "all", "heldback", "tuned")
        for x in ("", "_fuzzy")
        if tally[f"{g}.n"]
    }
    tp, wrong = 2 * tally["req.hit"], tally["req.gold"] + tally["req.said"]
    shares["avg_goal_accuracy"] = tally["slots.right"] / max(1, tally["slots.n"])
    shares["active_intent"] = tally["intent"] / max(1, tally["all.n"])
    shares["requested_f1"] = tp / max(1, wrong)
    return {name: round(share, 4) for name, share in shares.items()} | {"frames": tally["all.n"]}


def _count(tally: Counter[str], frame: Mapping[str, Any], mine: Mapping[str, Any]) -> None:
    gold, said = frame["state"]["slot_values"], mine.get("slot_values") or {}
    right = not any(True for _ in misses(gold, said))
    fuzzy = 1.0 if set(said) <= set(gold) else 0.0
    for slot, values in gold.items():
        fuzzy *= alike(values, said.get(slot))
        tally["slots.right"] += same(values, said.get(slot))
        tally["slots.n"] += 1
    sets = ["all", "unseen" if frame.get("unseen") else "seen"]
    sets.append("heldback" if held_back(frame["service"]) else "tuned")
    for name in sets:
        tally[name] += right
        tally[f"{name}_fuzzy"] += fuzzy  # type: ignore[assignment]
        tally[f"{name}.n"] += 1
    tally["intent"] += mine.get("active_intent") == frame["state"]["active_intent"]
    want, asked = frame["state"]["requested_slots"], mine.get("requested_slots") or []
    tally["req.hit"] += len(set(want) & set(asked))
    tally["req.gold"] += len(want)
    tally["req.said"] += len(asked)
