"""`sayso run`: serve the published merchants, and say where to talk to them."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sayso.web.config import Config


def run(
    host: Annotated[str, typer.Option(help="Address to listen on; SAYSO_HOST, else 127.0.0.1.")] = "",
    port: Annotated[int | None, typer.Option(help="Port, 0 for a free one; SAYSO_PORT, else 8080.")] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder; SAYSO_DATA, else ./data.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Publish every merchant at start and show traces.")] = False,
) -> None:
    """Serve the published merchants: web chat, API, Alexa. Everything else is configured by the environment."""
    from sayso.web.config import read
    from sayso.web.serve import serve

    given = {"SAYSO_HOST": host, "SAYSO_PORT": port, "SAYSO_DATA": data, "SAYSO_DEMO": "1" if demo else ""}
    config = read({**os.environ, **{name: str(value) for name, value in given.items() if value not in ("", None)}})
    asyncio.run(serve(config, _progress, lambda url: print(_where(config, url), flush=True)))


def _progress(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def _where(config: Config, url: str) -> str:
    """What a person who just started it wants to know."""
    lines = [f"sayso is listening on {url}"]
    if config.demo:
        lines += [f"  talk to it   {url}/", f"  terminal     sayso chat {_first(config.manifests)}"]
    return "\n".join([*lines, f"  the API      {url}/v1/openapi.json", "  stop with    Ctrl-C"])


def _first(manifests: Path) -> str:
    """The first merchant of the manifests, for the example."""
    found = sorted(path.parent.name for path in manifests.glob("*/merchant.yaml"))
    return found[0] if found else "MERCHANT"
