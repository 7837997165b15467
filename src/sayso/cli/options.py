"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Manifests = Annotated[Path, typer.Option(envvar="SAYSO_MANIFESTS", help="Folder of merchant manifests.")]
Skills = Annotated[Path, typer.Option(envvar="SAYSO_SKILLS", help="Folder of skills.")]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output, and nothing else there.")]

MANIFESTS = Path("manifests")
SKILLS = Path("skills")
DATA = Path("data")
