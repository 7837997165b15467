"""Writes turns until it is killed; prints each conversation's version once the store has acknowledged it."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from sayso.model.event import Event, Utterance
from sayso.model.message import Message
from sayso.model.state import State, Topic
from sayso.model.trace import Trace
from sayso.model.writes import Outgoing, WriteSet
from sayso.store import Store, open_store

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Still:
    def now(self) -> datetime:
        return NOW

    async def sleep_until(self, moment: datetime) -> None:
        raise NotImplementedError


async def converse(store: Store, name: str) -> None:
    version = (await store.turns.load(f"bar/web//{name}"))[1]
    while True:
        event = Event(f"{name}-{version}", "bar", "web", "", name, NOW, Utterance(f"wish {version}"))
        arrival = await store.inbox.accept(event)
        state = State("en", Topic("t", "bar"), serial=version + 1)
        trace = Trace(f"turn-{event.id}", event, arrival.state or state, NOW, "s", "d", "c", ())
        said = (Outgoing(f"m-{event.id}", Message(f"answer {version}")),)
        await store.turns.apply(WriteSet(event, event.key, arrival.version, state, trace, outgoing=said))
        version += 1
        sys.stdout.write(f"{name} {version}\n")
        sys.stdout.flush()


async def main(folder: Path) -> None:
    async with open_store(folder, Still()) as store:
        await asyncio.gather(*(converse(store, f"g{number}") for number in range(16)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
