"""`sayso usage [MERCHANT]`: what a merchant's days took of the language model, in turns, tokens and money."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.options import DATA, HostData, Json, there
from sayso.testing.clock import ShiftedClock

if TYPE_CHECKING:
    from sayso.store.usage import UsedDay


def usage(
    merchant: Annotated[str, typer.Argument(help="The merchant's id; all of them when it is left out.")] = "",
    since: Annotated[str, typer.Option(help="The first day, 2026-11-23.")] = "",
    data: HostData = DATA,
    as_json: Json = False,
) -> None:
    """Tell what each day took, the newest first. The cost is in the unit of SAYSO_MODEL_PRICES."""
    found = asyncio.run(_days(merchant, since, there(data)))
    print(json.dumps([asdict(each) for each in found]) if as_json else told(found))


async def _days(merchant: str, since: str, data: Path) -> Sequence[UsedDay]:
    from sayso.store import open_store

    async with open_store(data, ShiftedClock(), database_url=os.environ.get("SAYSO_DATABASE_URL", "")) as store:
        return await store.usage.days(merchant, since)


def told(days: Sequence[UsedDay]) -> str:
    """A line for each day."""
    if not days:
        return "no turn wanted the language model"
    head = f"{'day':12}{'merchant':24}{'turns':>7}{'calls':>7}{'failed':>8}{'prompt':>10}{'answers':>9}{'cost':>10}"
    lines = (
        f"{d.day:12}{d.merchant:24}{d.turns:7}{d.calls:7}{d.failed:8}{d.prompt:10}{d.completion:9}{d.cost / 1e6:10.4f}"
        for d in days
    )
    return "\n".join([head, *lines])
