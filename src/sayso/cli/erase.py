"""`sayso erase MERCHANT CUSTOMER`: forget a customer, and tell what was erased, what was kept, and why."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sayso.cli.options import DATA, Json

if TYPE_CHECKING:
    from sayso.people.erase import Receipt


def erase(
    merchant: Annotated[str, typer.Argument(help="The merchant's id.")],
    customer: Annotated[str, typer.Argument(help="The customer's id, as the merchant vouches with it.")],
    export: Annotated[Path | None, typer.Option(help="Write all that is known to this JSON file first.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Only export; erase nothing.")] = False,
    data: Annotated[Path, typer.Option(envvar="SAYSO_DATA", help="Data folder of the host.")] = DATA,
    as_json: Json = False,
) -> None:
    """Erase a customer: rows, vectors, conversations, traces, queued messages. What the law keeps, keeps no name."""
    if keep and export is None:
        raise typer.BadParameter("--keep needs --export FILE")
    receipt = asyncio.run(_erase(merchant, customer, data, export, keep))
    if receipt is None:
        typer.echo(f"{export}: all that is known of {customer}; nothing was erased")
        return
    typer.echo(json.dumps(asdict(receipt), default=str) if as_json else told(receipt))


async def _erase(merchant: str, customer: str, data: Path, export: Path | None, keep: bool) -> Receipt | None:
    """Raises SaysoError when a host has the folder open: it must be stopped, or share a database."""
    from sayso.store import open_store
    from sayso.web.wire import SystemClock

    database, chroma = os.environ.get("SAYSO_DATABASE_URL", ""), os.environ.get("SAYSO_CHROMA_URL", "")
    async with open_store(data, SystemClock(), database_url=database, chroma_url=chroma) as store:
        if export is not None:
            known = await store.privacy.export(merchant, customer)
            await asyncio.to_thread(_write, export, known)
        return None if keep else await store.privacy.erase(merchant, customer)


def _write(path: Path, known: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(known, ensure_ascii=False, indent=1), "utf-8")


def told(receipt: Receipt) -> str:
    """The receipt for a person."""
    lines = [f"{receipt.id}  {receipt.at:%Y-%m-%d %H:%M} UTC  {receipt.merchant}", "erased:"]
    lines += [f"  {count:>6}  {what}" for what, count in receipt.erased.items()]
    lines += ["kept:", *(f"  {what}: {why}" for what, why in receipt.kept.items())]
    return "\n".join(lines)
