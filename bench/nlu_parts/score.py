"""Accuracy with and without what is out of scope, and how well the score tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def accuracy(gold: Sequence[Row], said: Sequence[Row]) -> dict[str, float]:
    """Over everything, over what is in scope, how much is out of scope, and how much of that was told."""
    right = [g["intent"] == s["intent"] for g, s in zip(gold, said, strict=True)]
    inside = [r for g, r in zip(gold, right, strict=True) if g["intent"] != "oos"]
    outside = [r for g, r in zip(gold, right, strict=True) if g["intent"] == "oos"]
    return {
        "accuracy": _share(right),
        "in_scope": _share(inside),
        "oos_share": round(len(outside) / max(len(gold), 1), 4),
        "oos_recall": _share(outside),
    }


def auroc(gold: Sequence[Row], said: Sequence[Row]) -> float:
    """How often a sentence in scope scores above one that is not (ties count half); 0 when there is only one kind."""
    order = sorted(range(len(said)), key=lambda n: said[n]["score"])
    ranks, start = [0.0] * len(said), 0
    while start < len(order):
        end = start
        while end < len(order) and said[order[end]]["score"] == said[order[start]]["score"]:
            end += 1
        for n in order[start:end]:
            ranks[n] = (start + end + 1) / 2
        start = end
    inside = [n for n, row in enumerate(gold) if row["intent"] != "oos"]
    outside = len(gold) - len(inside)
    if not inside or not outside:
        return 0.0
    above = sum(ranks[n] for n in inside) - len(inside) * (len(inside) + 1) / 2
    return round(above / (len(inside) * outside), 4)


def _share(right: Sequence[bool]) -> float:
    return round(sum(right) / len(right), 4) if right else 0.0
