"""`sayso unrecognised MERCHANT`: what customers said that was not understood, and what to write so that it is."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.options import DATA, HostData, Json, there
from sayso.testing.clock import ShiftedClock

if TYPE_CHECKING:
    from sayso.store.unheard import Missed


def unrecognised(
    merchant: Annotated[str, typer.Argument(help="The merchant's id.")],
    days: Annotated[int, typer.Option(min=1, help="How many days back.")] = 30,
    most: Annotated[int, typer.Option(min=1, help="How many different ones.")] = 50,
    data: HostData = DATA,
    as_json: Json = False,
) -> None:
    """Tell what was not understood, or hardly: how often, what was nearest, and the line that teaches it."""
    found = asyncio.run(_found(merchant, days, most, there(data)))
    print(json.dumps([each.plain() for each in found], ensure_ascii=False) if as_json else told(found))


async def _found(merchant: str, days: int, most: int, data: Path) -> Sequence[Missed]:
    from sayso.store import open_store

    clock = ShiftedClock()
    async with open_store(data, clock, database_url=os.environ.get("SAYSO_DATABASE_URL", "")) as store:
        return await store.unheard.found(merchant, clock.now() - timedelta(days=days), most)


def told(found: Sequence[Missed]) -> str:
    """For a person: the line, and below it where it may belong."""
    if not found:
        return "everything was understood"
    return "\n".join(f"{each.line}\n    # {_about(each)}" for each in found)


def _about(missed: Missed) -> str:
    nearest = ", ".join(f"{c.id} {c.score:.2f}" for c in missed.nearest) or "nothing"
    often = "once" if missed.times == 1 else f"{missed.times} times"
    return f"{missed.language}, {often}, last {missed.last:%Y-%m-%d}; nearest: {nearest}"
