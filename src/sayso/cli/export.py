"""`sayso export`: what a platform wants to be given of a merchant, as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sayso.cli.options import MANIFESTS, SKILLS, Manifests, Skills
from sayso.errors import NotFound, Theirs
from sayso.manifest.faults import did_you_mean
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import Artefact

Files = Mapping[str, Mapping[str, Any]]


def export(
    platform: Annotated[str, typer.Argument(help="alexa")],
    merchant: Annotated[str, typer.Argument(help="The merchant's id, as in manifests/<id>.")],
    url: Annotated[str, typer.Option(envvar="SAYSO_PUBLIC_URL", help="The host's public address.")] = "",
    language: Annotated[
        list[str] | None, typer.Option(help="These languages only; all that it has by default.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder that the files are written into.")] = Path("export"),
    manifests: Manifests = MANIFESTS,
    skills: Skills = SKILLS,
) -> None:
    """Write what a platform wants to be given of a merchant. A language that it lacks is refused."""
    if platform not in PLATFORMS:
        raise typer.BadParameter(f"nothing is exported for {platform!r}: {did_you_mean(platform, tuple(PLATFORMS))}")
    files = PLATFORMS[platform](artefact(merchant, manifests, skills), url, tuple(language or ()))
    for name, content in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        typer.echo(str(path))


def artefact(merchant: str, manifests: Path, skills: Path) -> Artefact:
    """The merchant as a host would publish it. Raises NotFound, or Theirs for one with faults."""
    loaded = load_tree(manifests, skills)
    if merchant in loaded.merchants:
        return compile_artefact(loaded.merchants[merchant], lambda bare: b"")
    if (manifests / merchant).is_dir():
        raise Theirs(f"{merchant} has faults", where=str(manifests / merchant), mend="see them with sayso check")
    mend = did_you_mean(merchant, tuple(loaded.merchants))
    raise NotFound(f"there is no merchant {merchant!r}", where=str(manifests), mend=mend)


def alexa(artefact: Artefact, url: str, languages: tuple[str, ...]) -> Files:
    """The skill package, for Amazon's command line or console."""
    from sayso.channels.alexa import read_limits
    from sayso.channels.alexa.export import skill_package

    if not url:
        raise Theirs(
            "Alexa needs the address of this host",
            where="--url",
            mend="give --url https://shop.example, or set SAYSO_PUBLIC_URL",
            code="endpoint",
        )
    endpoint = f"{url.rstrip('/')}/v1/alexa/{artefact.merchant.id}"
    package = skill_package(artefact, endpoint, read_limits().export, languages)
    return {"ask-resources.json": ASK_RESOURCES, **package}


ASK_RESOURCES: Mapping[str, Any] = {
    "askcliResourcesVersion": "2020-03-31",
    "profiles": {"default": {"skillMetadata": {"src": "./skill-package"}}},
}
"""Tells Amazon's command line where the package is."""


PLATFORMS: Mapping[str, Callable[[Artefact, str, tuple[str, ...]], Files]] = {"alexa": alexa}
