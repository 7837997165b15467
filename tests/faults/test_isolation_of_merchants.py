"""Nothing of one merchant is readable from another: every door and every port, with the benchmark's probes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from shutil import copytree, ignore_patterns
from types import ModuleType
from typing import Any

import pytest

from sayso.store import ledger
from sayso.store.vectors import VectorIndex
from sayso.testing.clock import SetClock
from sayso.web import Config
from sayso.web.wire import wire

ROOT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
pytestmark = pytest.mark.slow


@pytest.fixture
def probes(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The benchmark's probes as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    yield import_module("hosts_parts.probes")


@pytest.fixture
async def made(probes: ModuleType, tmp_path: Path, rows_url: str) -> list[Any]:
    """Three merchants that were made up, published into a data folder."""
    skills = tmp_path / "skills" / "order_coffee"
    copytree(ROOT / "skills" / "order_coffee", skills, ignore=ignore_patterns("tests"))
    found: list[Any] = import_module("hosts_parts.merchants").write(tmp_path / "manifests", 3, products=20)
    folders = Config(data=tmp_path / "data", manifests=tmp_path / "manifests", skills=tmp_path / "skills")
    parts = await wire(replace(folders, database=rows_url, demo=True), SetClock(NOON))
    await parts.close()
    return found


async def test_no_door_and_no_port_shows_anything_of_another_merchant(
    probes: ModuleType, made: list[Any], tmp_path: Path, rows_url: str
) -> None:
    """Another's tokens, keys, buttons, accounts, ids and words, between every two of three merchants."""
    found = await probes.probe(tmp_path, made, SetClock(NOON), rows_url)
    assert found.leaks == []
    assert found.asked > 800


async def test_the_probes_find_a_store_that_forgets_the_merchant(
    probes: ModuleType, made: list[Any], tmp_path: Path, rows_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where orders and vectors are read without their merchant, the same probes say so."""
    any_merchant = ledger.ORDER.replace("merchant = ?", "merchant <> ?")
    monkeypatch.setattr(ledger, "ORDER", any_merchant)
    monkeypatch.setattr(VectorIndex, "vectors_for", _one_for_all(VectorIndex.vectors_for, made[0].id))
    found = await probes.probe(tmp_path, made, SetClock(NOON), rows_url)
    assert any(leak.startswith(f"order of {made[0].id} at {made[1].id}") for leak in found.leaks)
    assert any(leak.startswith(f"row in catalog of {made[0].id} at {made[1].id}") for leak in found.leaks)


def _one_for_all(right: Callable[..., Any], id: str) -> Callable[..., Any]:
    """Everybody gets the handle of one merchant."""
    return lambda self, merchant: right(self, id)
