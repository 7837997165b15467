"""A whole host on a real store, with an understanding that a test scripts: words to commands by a table."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from sayso.host import Assembled, assemble
from sayso.host.ports import Answer
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import Artefact
from sayso.model.command import (
    Add,
    Candidate,
    Command,
    Evidence,
    Fill,
    Item,
    NotUnderstood,
    Say,
    Stale,
    Understood,
    Yes,
)
from sayso.model.event import Body, Event, Pressed, Proof, Recognised, Utterance
from sayso.skill.kinds import fulfilments, kinds
from sayso.store import Store, open_store
from sayso.testing.clock import SetClock
from sayso.understanding.context import Context

ROOT = Path(__file__).parents[3]
GIVEN = Evidence("", "given")
TABLE: dict[str, Command] = {
    "latte": Add((Item("latte", (Candidate("latte"),)),), GIVEN),
    "dam": Fill("store", (Candidate("dam"),), GIVEN),
    "yes": Yes(GIVEN),
    "undo": Say("undo", GIVEN),
    "bye": Say("goodbye", GIVEN),
    "person": Say("person", GIVEN),
}


def command(word: str) -> Command | None:
    """A word of the table, or "sku:quantity"."""
    sku, colon, quantity = word.partition(":")
    if colon:
        return Add((Item(sku, (Candidate(sku),), int(quantity)),), GIVEN)
    return TABLE.get(word)


@dataclass
class Scripted:
    """Implements `Understanding`: one word, one command. `before` runs first, to be slow or to fail."""

    before: Callable[[], Awaitable[None]] | None = None
    heard: list[str] = field(default_factory=list)

    async def understand(self, event: Event, context: Context, artefact: Artefact, deadline: float) -> Understood:
        if self.before:
            await self.before()
        if isinstance(event.body, Pressed):
            shown = {s.token: s.command for s in context.shown}
            return Understood((shown.get(event.body.token, Stale(GIVEN)),), stages=("given",))
        assert isinstance(event.body, Utterance | Recognised)
        self.heard.append(event.body.text)
        found = tuple(c for c in map(command, event.body.text.split()) if c) or (NotUnderstood(event.body.text, GIVEN),)
        return Understood(found, stages=("local",))


@dataclass
class House:
    """The host and its store, with one customer's side of a conversation."""

    host: Assembled
    store: Store
    clock: SetClock
    understanding: Scripted
    artefact: Artefact
    serial: int = 0

    def event(self, body: Body | str, **more: object) -> Event:
        self.serial += 1
        body = Utterance(body) if isinstance(body, str) else body
        given: dict[str, object] = {"id": f"e{self.serial}", "conversation": "c1", "channel": "web", "voice": False}
        given |= more
        return Event(
            merchant="coffee_bar",
            account="web",
            at=self.clock.now(),
            body=body,
            language="en",
            **given,  # type: ignore[arg-type]
        )

    async def say(self, body: Body | str, **more: object) -> Answer:
        return await self.host.handle(self.event(body, **more))


@pytest.fixture(scope="session")
def artefact() -> Artefact:
    return compile_artefact(load_tree(ROOT / "manifests", ROOT / "skills").merchants["coffee_bar"])


@pytest_asyncio.fixture
async def house(artefact: Artefact, tmp_path: Path, rows_url: str) -> AsyncIterator[House]:
    clock, understanding = SetClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)), Scripted()
    async with open_store(tmp_path / "data", clock, database_url=rows_url) as store:
        await store.artefacts.publish(artefact)
        host = assemble(
            inbox=store.inbox,
            turns=store.turns,
            ledger=store.ledger,
            people=store.people,
            links=store.links,
            jobs=store.jobs,
            artefacts=store.artefacts,
            understanding=understanding,
            bind=partial(fulfilments, known=kinds(), folder=ROOT / "skills"),
            clock=clock,
            leases=store.leases,
        )
        yield House(host, store, clock, understanding, artefact)


LINKED = Proof("linked", "bar", "anna")
