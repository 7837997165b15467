"""`sayso publish`: check, compile and publish merchants, into a data folder or through a running host.

A running host has its data folder locked: then SAYSO_URL and SAYSO_ADMIN_KEY name it, and it publishes from its own
folders of manifests.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sayso.cli.check import told
from sayso.cli.options import DATA, MANIFESTS, SKILLS, Json, Manifests, Skills
from sayso.errors import NotFound, SaysoError, Theirs, Upstream
from sayso.manifest.draft import Draft, Loaded
from sayso.manifest.faults import Fault, did_you_mean
from sayso.manifest.load import load_each, load_one

if TYPE_CHECKING:
    from sayso.host.ports import Artefacts

SECONDS = 120.0
"""How long a host may take: training a large catalog takes many seconds."""


def publish(
    merchants: Annotated[list[str] | None, typer.Argument(help="Ids of merchants.")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every merchant.")] = False,
    manifests: Manifests = MANIFESTS,
    skills: Skills = SKILLS,
    data: Annotated[Path, typer.Option(envvar="SAYSO_DATA", help="Data folder of the host.")] = DATA,
    url: Annotated[str, typer.Option(envvar="SAYSO_URL", help="A running host; it publishes then.")] = "",
    as_json: Json = False,
) -> None:
    """Check, compile and publish merchants. Exit status 1 when one has faults."""
    chosen, faults = _all(manifests, skills) if everyone else _named(merchants or (), manifests, skills)
    if not chosen and not faults:
        raise typer.BadParameter("name a merchant, or give --all")
    faults = [] if url else faults
    if faults:
        typer.echo(json.dumps({"faults": [str(fault) for fault in faults]}) if as_json else told(faults, ()), err=True)
        raise typer.Exit(1)
    if url:
        key = os.environ.get("SAYSO_ADMIN_KEY", "")
        digests = {merchant: ask_host(url, key, merchant) for merchant in chosen}
    else:
        digests = asyncio.run(_publish_here(chosen, everyone, manifests, skills, data))
    typer.echo(json.dumps(digests) if as_json else "\n".join(f"{id}  {digest}" for id, digest in digests.items()))


def _all(manifests: Path, skills: Path) -> tuple[list[str], list[Fault]]:
    """Every merchant without faults, and all faults: one is enough to refuse. Of many merchants only one at a time is
    in memory."""
    chosen: list[str] = []
    faults: list[Fault] = []
    for draft, own in load_each(manifests, skills):
        chosen += [draft.merchant.id] if draft else []
        faults += own
    return chosen, faults


def _named(merchants: Sequence[str], manifests: Path, skills: Path) -> tuple[list[str], list[Fault]]:
    """These merchants, and the faults that stand in their way: their own, and those of their skills."""
    found: list[Fault] = []
    for merchant in merchants:
        if not (manifests / merchant / "merchant.yaml").is_file():
            mend = did_you_mean(merchant, [path.name for path in manifests.glob("*/")])
            raise NotFound(f"there is no merchant {merchant!r}", where=str(manifests), mend=mend)
        loaded = load_one(manifests, skills, merchant)
        folders = _folders(merchant, loaded, manifests, skills)
        found += [fault for fault in loaded.faults if any(Path(fault.file).is_relative_to(at) for at in folders)]
    return list(merchants), list(dict.fromkeys(found))


def _folders(merchant: str, loaded: Loaded, manifests: Path, skills: Path) -> list[Path]:
    draft: Draft | None = loaded.merchants.get(merchant)
    # A merchant that did not load may use any skill: then all of theirs are told.
    used = [skills / skill for skill in draft.left_out] if draft else [skills]
    return [manifests / merchant, *used]


async def _publish_here(
    chosen: Sequence[str], everyone: bool, manifests: Path, skills: Path, data: Path
) -> dict[str, str]:
    """Publish into a data folder that no host has open; of `everyone` only those whose manifests have changed. Raises
    SaysoError when a host has it open."""
    from sayso.web.config import read
    from sayso.web.wire import wire

    # A demo publishes everyone as it starts.
    config = replace(read(os.environ), data=data, manifests=manifests, skills=skills, demo=everyone)
    parts = await wire(config, tell=_progress)
    try:
        if everyone:
            return {merchant: await _digest(parts.artefacts, merchant) for merchant in chosen}
        return {merchant: await parts.publish(merchant) for merchant in chosen}
    finally:
        await parts.close()


async def _digest(artefacts: Artefacts, merchant: str) -> str:
    found = await artefacts.current(merchant)
    return found.digest if found else ""


def _progress(line: str) -> None:
    typer.echo(f"  {line}", err=True)


def ask_host(url: str, key: str, merchant: str) -> str:
    """Have the host at `url` publish a merchant from its own manifests; returns the artefact's digest.

    Raises Theirs with what the host refused, Upstream when it cannot be reached."""
    import httpx

    if not key:
        raise Theirs("no admin key", where="SAYSO_ADMIN_KEY", mend="Set it to the key that the host was started with.")
    target = f"{url.rstrip('/')}/v1/admin/merchants/{merchant}/publish"
    try:
        answer = httpx.post(target, json={}, headers={"Authorization": f"Bearer {key}"}, timeout=SECONDS)
    except httpx.HTTPError as error:
        mend = "Start the host, mend SAYSO_URL, or unset it to publish into a data folder."
        raise Upstream(f"the host does not answer: {type(error).__name__}", where=url, mend=mend) from error
    said = _body(answer)
    if answer.is_success:
        return str(said.get("digest", ""))
    raise _refused(answer.status_code, said, target)


def _body(answer: Any) -> Mapping[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _refused(status: int, said: Mapping[str, Any], target: str) -> SaysoError:
    faults = [
        f"{each.get('file')}:{each.get('line')}: {each.get('what')}\n  mend: {each.get('mend')}"
        for each in said.get("errors", ())
        if isinstance(each, Mapping)
    ]
    what = str(said.get("detail") or said.get("title") or f"the host answered {status}")
    return Theirs("\n".join([what, *faults]), where=target, mend=str(said.get("mend", "")), status=status)
