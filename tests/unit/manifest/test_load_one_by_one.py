"""Merchants loaded one after another, or one alone: a host of a thousand need not hold them all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sayso.manifest.load import load_each, load_one, load_tree

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def manifests(tmp_path: Path) -> Path:
    """The coffee bar, and a merchant that has faults."""
    folder = tmp_path / "manifests"
    shutil.copytree(ROOT / "manifests" / "coffee_bar", folder / "coffee_bar", ignore=shutil.ignore_patterns("tests"))
    (folder / "broken").mkdir()
    (folder / "broken" / "merchant.yaml").write_text("id: other\n", encoding="utf-8")
    return folder


def test_what_all_share_comes_first_and_then_each_merchant(manifests: Path) -> None:
    """In the order of their folders; None for one with faults, which come with it."""
    first, *each = load_each(manifests, ROOT / "skills")
    assert first[0] is None
    assert [draft and draft.merchant.id for draft, _ in each] == [None, "coffee_bar"]
    assert each[0][1]


def test_one_after_another_is_the_same_as_all_together(manifests: Path) -> None:
    """The same drafts, and the same faults in the same order."""
    tree = load_tree(manifests, ROOT / "skills")
    each = list(load_each(manifests, ROOT / "skills"))
    assert {draft.merchant.id: draft for draft, _ in each if draft} == tree.merchants
    assert tuple(fault for _, own in each for fault in own) == tree.faults


def test_one_merchant_is_loaded_without_the_others(manifests: Path) -> None:
    """Neither it nor its neighbour's faults are there."""
    one = load_one(manifests, ROOT / "skills", "coffee_bar")
    assert list(one.merchants) == ["coffee_bar"]
    assert not [fault for fault in one.faults if "broken" in fault.file]


def test_a_merchant_that_is_not_there_is_none(manifests: Path) -> None:
    """No draft, and no faults of its own."""
    assert not load_one(manifests, ROOT / "skills", "nobody").merchants
