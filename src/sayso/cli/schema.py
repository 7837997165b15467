"""`sayso schema`: the JSON Schemas that editors complete and check manifests with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.manifest.faults import did_you_mean
from sayso.manifest.schema import NAMES, schema_text


def schema(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)}; all of them by default.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Write NAME.schema.json files into this folder.")] = None,
) -> None:
    """Show one JSON Schema, or write them all into a folder."""
    if name and name not in NAMES:
        raise typer.BadParameter(f"there is no schema {name!r}: {did_you_mean(name, NAMES)}")
    if out is None and not name:
        typer.echo("\n".join(f"{known}.schema.json" for known in NAMES))
        typer.echo("Show one with `sayso schema NAME`, write all with `sayso schema --out FOLDER`.", err=True)
    elif out is None:
        typer.echo(schema_text(name), nl=False)
    else:
        write(out, (name,) if name else NAMES)


def write(folder: Path, names: tuple[str, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        path = folder / f"{name}.schema.json"
        path.write_text(schema_text(name), "utf-8")
        typer.echo(str(path))
