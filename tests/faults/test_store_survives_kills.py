"""A process that is killed while it writes has lost nothing that it acknowledged."""

from __future__ import annotations

import importlib.util
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sayso.store import open_store

CHILD = Path(__file__).with_name("store_child.py")
ROUNDS = (5, 120, 333)
"""How many acknowledgements each round waits for before it kills."""


def killed_after(folder: Path, acknowledgements: int) -> dict[str, int]:
    """Starts the child, kills it after so many lines, and returns the newest acknowledged version per conversation."""
    child = subprocess.Popen([sys.executable, str(CHILD), str(folder)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    lines = [child.stdout.readline() for _ in range(acknowledgements)]
    os.kill(child.pid, signal.SIGKILL)
    lines += child.stdout.readlines()
    child.wait()
    child.stdout.close()
    whole = [line.split() for line in lines if line.endswith("\n")]
    assert len(whole) >= acknowledgements, "the child ended by itself"
    return {name: int(version) for name, version in whole}


@pytest.mark.slow
async def test_every_acknowledged_turn_is_there_after_each_kill(tmp_path: Path) -> None:
    """State, messages and traces agree; what was under way is whole or absent; the folder opens at once."""
    spec = importlib.util.spec_from_file_location("store_child", CHILD)
    assert spec is not None and spec.loader is not None
    child = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(child)
    known: dict[str, int] = {}
    for acknowledgements in ROUNDS:
        known |= killed_after(tmp_path, acknowledgements)
        async with open_store(tmp_path, child.Still()) as store:
            for name, acknowledged in known.items():
                key = f"bar/web//{name}"
                state, version = await store.turns.load(key)
                assert version >= acknowledged and state is not None and state.serial == version
                answers = [m for m in await store.turns.messages(key, limit=9999) if m.author == "bot"]
                assert [message.message.text for message in answers] == [f"answer {n}" for n in range(version)]
                assert len(await store.turns.traces(key, limit=9999)) == version
                assert [m.seq for m in await store.turns.messages(key, limit=9999)][-1] in (
                    2 * version,
                    2 * version + 1,
                )
            assert {event.id for event in await store.inbox.unanswered()} <= {
                f"{name}-{(await store.turns.load(f'bar/web//{name}'))[1]}" for name in (f"g{n}" for n in range(16))
            }
        with sqlite3.connect(tmp_path / "sayso.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
