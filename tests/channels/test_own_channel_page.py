"""The page for authors of channels: its package works, as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sayso.channels.registry import loaded

PAGE = Path(__file__).parents[2] / "docs" / "authors" / "channel.md"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The files of the page: limits.toml, the module, the test."""
    toml, module, _, test = re.findall(r"```(?:toml|python)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "sayso_pigeon").mkdir()
    (tmp_path / "sayso_pigeon" / "limits.toml").write_text(toml)
    (tmp_path / "sayso_pigeon" / "__init__.py").write_text(module)
    (tmp_path / "test_pigeon.py").write_text(test)
    return tmp_path


def test_the_pages_package_is_a_channel(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry loads it by the entry point of the page."""
    monkeypatch.syspath_prepend(str(package))
    assert re.search(r'^pigeon = "sayso_pigeon:channel"$', PAGE.read_text(), re.MULTILINE)
    assert loaded("pigeon", "sayso_pigeon:channel").capabilities.text == 280
    monkeypatch.delitem(sys.modules, "sayso_pigeon")


@pytest.mark.slow
def test_the_pages_test_passes(package: Path) -> None:
    """As its author runs it."""
    path = os.pathsep.join([str(package), *filter(None, [os.environ.get("PYTHONPATH", "")])])
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_pigeon.py"]
    done = subprocess.run(
        line,
        cwd=package,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout and "failed" not in done.stdout
