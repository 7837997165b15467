"""`sayso erase` and its export, on a data folder."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sayso.cli.app import root
from sayso.errors import NotFound
from sayso.model.event import Event, Proof, Utterance
from sayso.store import open_store
from sayso.testing.clock import SetClock

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder in which anna has said hello."""

    async def speak() -> None:
        async with open_store(tmp_path / "data", SetClock(NOW)) as store:
            proof = Proof("linked", "bar", "anna")
            event = Event("e1", "bar", "web", "bar", "c1", NOW, Utterance("hello there"), proof=proof)
            await store.people.identify(event)
            await store.inbox.accept(event)

    asyncio.run(speak())
    return tmp_path / "data"


def run(*arguments: str) -> str:
    done = CliRunner().invoke(root(), ["erase", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_everything_is_exported_then_erased(data: Path, tmp_path: Path) -> None:
    """With a receipt; afterwards there is nobody to erase."""
    file = tmp_path / "anna.json"
    told = run("bar", "anna", "--export", str(file), "--data", str(data))
    assert json.loads(file.read_text("utf-8"))["conversations"][0]["messages"][0]["text"] == "hello there"
    assert "1  customers" in told and "receipt" in told
    with pytest.raises(NotFound, match="no customer"):
        run("bar", "anna", "--data", str(data))


def test_an_export_alone_erases_nothing(data: Path, tmp_path: Path) -> None:
    """It can be erased afterwards."""
    run("bar", "anna", "--export", str(tmp_path / "a.json"), "--keep", "--data", str(data))
    receipt = json.loads(run("bar", "anna", "--data", str(data), "--json"))
    assert receipt["erased"]["inbox"] == 1 and receipt["merchant"] == "bar"
