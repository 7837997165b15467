"""`sayso preview`: a page with a merchant's conversations on all its channels, side by side."""

from __future__ import annotations

import asyncio
import base64
import mimetypes
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote

import typer

from sayso.cli.options import MANIFESTS, SKILLS, Manifests, Skills

if TYPE_CHECKING:
    from sayso.manifest.specs import Artefact
    from sayso.testing.goldens import Golden
    from sayso.testing.preview import Frame, Scene

MOST = 8
"""Conversations on the page."""


def preview(
    merchant: Annotated[str, typer.Argument(help="The merchant's id, as in manifests/<id>.")],
    only: Annotated[str, typer.Option("--only", "-k", help="Conversations whose id contains these words.")] = "",
    channel: Annotated[list[str] | None, typer.Option(help="These channels instead of the merchant's own.")] = None,
    out: Annotated[Path, typer.Option(help="Where the page is written.")] = Path("preview.html"),
    manifests: Manifests = MANIFESTS,
    skills: Skills = SKILLS,
) -> None:
    """Show a merchant's recorded conversations on each of its channels, as a page to open in a browser."""
    from sayso.testing.goldens import find, load
    from sayso.testing.preview import chosen

    paths = find([folder for folder in (manifests, skills) if folder.exists()])
    every = [golden for path in paths for golden in load(path) if only.casefold() in golden.id.casefold()]
    goldens = chosen(every, merchant, MOST)
    if not goldens:
        raise typer.BadParameter(f"no recorded conversation of {merchant!r} has {only!r} in its id", param_hint="-k")
    artefact, shown = asyncio.run(_scenes(merchant, goldens, manifests, skills))
    out.write_text(page(artefact, shown, channel or (), manifests), encoding="utf-8")
    typer.echo(f"{len(shown)} conversations on {out}: open it in a browser")


async def _scenes(
    merchant: str, goldens: Sequence[Golden], manifests: Path, skills: Path
) -> tuple[Artefact, list[Scene]]:
    from sayso.testing.hosting import publish
    from sayso.testing.preview import record

    with tempfile.TemporaryDirectory(prefix="sayso-preview-") as folder:
        published = await asyncio.to_thread(publish, manifests, skills, Path(folder) / "published", only=merchant)
        scenes = []
        for number, golden in enumerate(goldens, start=1):
            if sys.stderr.isatty():
                print(f"\r\x1b[K{number}/{len(goldens)}  {golden.id}"[:110], end="", file=sys.stderr, flush=True)
            scenes.append(await record(golden, published, Path(folder) / str(number)))
        return published.merchants[merchant], scenes


def page(artefact: Artefact, scenes: Sequence[Scene], channels: Sequence[str], manifests: Path) -> str:
    """The page, whole in one file: style and pictures inside it, no script."""
    from jinja2 import Environment

    from sayso.channels.registry import Channels
    from sayso.model.text import pick
    from sayso.testing.preview import frames

    known = Channels()
    if unknown := [name for name in channels if known.capabilities(name) is None]:
        raise typer.BadParameter(f"there is no channel {unknown[0]!r}; known are {', '.join(known.all())}")
    shown = [(scene, frames(scene, artefact, known, channels)) for scene in scenes]
    below = files("sayso.cli").joinpath("pages")
    style = files("sayso.web").joinpath("static", "base.css").read_text("utf-8")
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        below.joinpath("preview.html").read_text("utf-8")
    )
    name = pick(artefact.merchant.names, artefact.merchant.languages[0])
    return template.render(
        name=name,
        scenes=shown,
        style=style + below.joinpath("preview.css").read_text("utf-8"),
        pictures=_pictures([frame for _, each in shown for frame in each], manifests),
    )


def _pictures(frames: Sequence[Frame], manifests: Path) -> Mapping[str, str]:
    """Each picture as data, by its address in the frames."""
    from sayso.testing.preview import pictures

    found: dict[str, str] = {}
    for address, below in pictures(frames).items():
        path = manifests / unquote(below)
        if path.is_file():
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            found[address] = f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
    return found
