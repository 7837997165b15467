"""`sayso trace`: what happened in a turn or a conversation, and why. Traces hold customers' words: staff only."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sayso.cli.options import DATA, HostData, Json, there
from sayso.errors import NotFound
from sayso.testing.clock import ShiftedClock

if TYPE_CHECKING:
    from sayso.model.trace import Trace


def trace(
    what: Annotated[str, typer.Argument(metavar="CONVERSATION|TURN", help="A turn's id, or a conversation's key.")],
    data: HostData = DATA,
    last: Annotated[int, typer.Option(help="Turns of a conversation, counted from its last.")] = 20,
    as_json: Json = False,
) -> None:
    """Tell what was said, what it was taken to mean, what was done about it, and where the time went."""
    found = asyncio.run(_find(what, there(data), last))
    if as_json:
        print(json.dumps([_plain(each) for each in found], ensure_ascii=False))
        return
    from sayso.testing.explain import explain

    print("\n\n".join(explain(each) for each in found))


async def _find(what: str, data: Path, last: int) -> Sequence[Trace]:
    from sayso.store import open_store

    async with open_store(data, ShiftedClock(), database_url=os.environ.get("SAYSO_DATABASE_URL", "")) as store:
        turn = await store.turns.trace(what)
        found = [turn] if turn else list(await store.turns.traces(what, last))
    if not found:
        mend = "give a turn's id, or a conversation's whole key: merchant/channel/account/id"
        raise NotFound(f"no turn and no conversation {what!r}", where=str(data), mend=mend)
    return sorted(found, key=lambda each: each.now)


def _plain(each: Trace) -> object:
    from sayso.store.codec import Codec

    return json.loads(Codec().dump(type(each), each))
