"""`sayso restore FILE`: what `sayso backup` saved, into an empty data folder or database."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.options import DATA, Json


def restore(
    file: Annotated[Path, typer.Argument(help="What `sayso backup` wrote.")],
    data: Annotated[Path, typer.Option(envvar="SAYSO_DATA", help="Data folder to bring back.")] = DATA,
    as_json: Json = False,
) -> None:
    """Bring a store back, into an empty data folder or the empty database that SAYSO_DATABASE_URL names. It may have
    been saved from either. Vectors are built again when the host starts."""
    from sayso.store.backup import restore as bring_back

    saved = asyncio.run(bring_back(file, data, os.environ.get("SAYSO_DATABASE_URL", "")))
    if as_json:
        print(json.dumps({"file": str(file), **asdict(saved)}))
        return
    print(f"{saved.conversations} conversations and {saved.orders} orders are back as they were on {saved.made}")
