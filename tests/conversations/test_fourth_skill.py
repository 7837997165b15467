"""The how-to for a skill of one's own, done literally: its commands are run and its files are written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "authors" / "fourth-skill.md"
BLOCK = re.compile(r"(?:^`(?P<path>[\w./]+)`\n\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def steps() -> Iterator[tuple[str, str]]:
    """("run", command) and (path, text), in the order of the page."""
    for block in BLOCK.finditer(GUIDE.read_text("utf-8")):
        if block["path"]:
            yield block["path"], block["text"]
        elif block["kind"] == "console":
            yield from (("run", line[2:]) for line in block["text"].splitlines() if line.startswith("$ "))


def run(command: str, folder: Path) -> str:
    """What the command told. It must end well."""
    program, *arguments = shlex.split(command)
    assert program == "sayso", command
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAYSO_")}
    done = subprocess.run(
        [sys.executable, "-m", "sayso.cli", *arguments],
        cwd=folder,
        env=kept,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_the_guide_can_be_followed_to_the_letter(tmp_path: Path) -> None:
    """From an empty folder to a published merchant with a skill of one's own."""
    told = []
    for what, text in steps():
        if what == "run":
            told.append((text, run(text, tmp_path)))
        else:
            assert (tmp_path / what).is_file(), f"{what} should be there from the scaffold"
            (tmp_path / what).write_text(text, "utf-8")
    assert [command for command, _ in told][-1] == "sayso publish corner_shop"
    checks = [out for command, out in told if command == "sayso check"]
    assert all("0 faults" in out and "corner_shop" in out for out in checks) and len(checks) == 2
    tests = [out for command, out in told if command.startswith("sayso test")]
    assert all(", 0 otherwise" in out for out in tests) and len(tests) == 2
