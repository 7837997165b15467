"""The merchant's fixed answer to an emergency is what is said."""

from __future__ import annotations

from pathlib import Path

from sayso.manifest.load import load_tree

ROOT = Path(__file__).parents[3]


def test_the_merchants_emergency_text_is_the_reply() -> None:
    """What merchant.yaml says under `emergency` overlays the base reply in each of its languages."""
    draft = load_tree(ROOT / "manifests", ROOT / "skills").merchants["coffee_bar"]
    assert {tag: reply.text for tag, reply in draft.replies["emergency"].items()} == dict(draft.merchant.emergency)
