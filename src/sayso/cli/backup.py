"""`sayso backup FILE`: every row as it is at one moment, in one file. The host may run meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.options import DATA, Json


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not be there.")],
    data: Annotated[Path, typer.Option(envvar="SAYSO_DATA", help="Data folder of the host.")] = DATA,
    as_json: Json = False,
) -> None:
    """Save all rows to one file: of the data folder, or of the database that SAYSO_DATABASE_URL names. The file holds
    customers' data and the host's secret, and is not encrypted."""
    from sayso.store.backup import backup as save

    saved = asyncio.run(save(data, os.environ.get("SAYSO_DATABASE_URL", ""), file))
    if as_json:
        print(json.dumps({"file": str(file), **asdict(saved)}))
        return
    size = file.stat().st_size / 1e6
    print(f"{file}: {saved.conversations} conversations, {saved.orders} orders, {size:.1f} MB; keep it safe")
