"""What the README promises is what the code has."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from sayso.cli.app import COMMANDS
from sayso.web.config import table

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_configuration_table_is_the_codes() -> None:
    """The table of settings is the one that the configuration renders."""
    written = README.split("<!-- settings -->\n")[1].split("<!-- /settings -->")[0]
    assert written.strip() == table().strip(), "paste what sayso.web.config.table() renders"


def test_every_dependency_has_its_line() -> None:
    """Each run-time dependency is in the table with its reason, and nothing else is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[\[<>=]", line)[0] for line in project["dependencies"]}
    rows = README.split("| package |")[1].split("\n\n")[0].splitlines()[2:]
    told = {name.strip() for row in rows for name in row.split("|")[1].split(",")}
    assert told == needed


def test_every_command_is_described() -> None:
    """Each command of the command line is in the README."""
    assert [name for name in COMMANDS if f"`sayso {name}" not in README] == []


def test_every_link_leads_somewhere() -> None:
    """Links to files of the repository exist."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
