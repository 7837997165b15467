"""The host is killed in the middle of orders: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench" / "kill.py"


@pytest.mark.slow
def test_killed_in_the_middle_of_orders() -> None:
    """The benchmark's run in small: real processes, real SIGKILL, every request answered in the end."""
    command = [sys.executable, str(BENCH), "--conversations", "16", "--kills", "4", "--seed", "3"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["kills"] >= 1 and found["orders"] == found["conversations"] == 16
    assert (found["lost"], found["doubled"]) == (0, 0)
