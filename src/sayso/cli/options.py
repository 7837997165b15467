"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.errors import NotFound


def there(folder: Path) -> Path:
    """A data folder that a host has made. Raises NotFound."""
    if not folder.is_dir():
        mend = "give the host's with --data or SAYSO_DATA"
        raise NotFound("there is no such data folder", where=str(folder), mend=mend)
    return folder


Manifests = Annotated[Path, typer.Option(envvar="SAYSO_MANIFESTS", help="Folder of merchant manifests.")]
Skills = Annotated[Path, typer.Option(envvar="SAYSO_SKILLS", help="Folder of skills.")]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output, and nothing else there.")]

HostData = Annotated[Path, typer.Option(envvar="SAYSO_DATA", help="The host's data folder; stop the host first.")]

MANIFESTS = Path("manifests")
SKILLS = Path("skills")
DATA = Path("data")
