"""The bicycle workshop in a whole host on a real store; a test says what was meant, in commands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from sayso.host import Assembled, assemble
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import Artefact
from sayso.model.basket import Order
from sayso.model.command import Candidate, Command, Evidence, Fill, Say, Start, Understood, Yes
from sayso.model.event import Event, Proof, Utterance
from sayso.model.message import Message
from sayso.skill.kinds import fulfilments, kinds
from sayso.store import Store, open_store
from sayso.testing.clock import SetClock
from sayso.understanding.context import Context

ROOT = Path(__file__).parents[3]
GIVEN = Evidence("", "given")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Nine o'clock in Utrecht."""


def book(**slots: str) -> tuple[Command, ...]:
    return start("book", **slots)


def start(intent: str, **slots: str) -> tuple[Command, ...]:
    return (Start((Candidate(f"book_appointment.{intent}"),), GIVEN), *fill(**slots))


def fill(**slots: str) -> tuple[Command, ...]:
    return tuple(Fill(name, (Candidate(value),), GIVEN) for name, value in slots.items())


YES = (Yes(GIVEN),)
UNDO = (Say("undo", GIVEN),)


@dataclass
class Meant:
    """Implements `Understanding`: the commands that the test laid down under the event's words."""

    commands: dict[str, tuple[Command, ...]] = field(default_factory=dict)

    async def understand(self, event: Event, context: Context, artefact: Artefact, deadline: float) -> Understood:
        assert isinstance(event.body, Utterance)
        return Understood(self.commands[event.body.text], stages=("local",))


@dataclass
class House:
    """The host and its store. Each customer has a conversation of the same name."""

    host: Assembled
    store: Store
    clock: SetClock
    meant: Meant
    artefact: Artefact
    serial: int = 0

    async def say(self, *commands: Command, who: str = "anna", **more: object) -> Message:
        """One turn; what was answered."""
        self.serial += 1
        words = f"w{self.serial}"
        self.meant.commands[words] = commands
        given: dict[str, object] = {"language": "en", "voice": False, "channel": "web"} | more
        event = Event(
            id=f"e{self.serial}",
            merchant="workshop",
            account="workshop",
            conversation=who,
            at=self.clock.now(),
            body=Utterance(words),
            **given,  # type: ignore[arg-type]
        )
        answer = await self.host.handle(event)
        return answer.messages[-1].message

    async def orders(self, who: str = "anna") -> list[Order]:
        state, _ = await self.store.turns.load(f"workshop/web/workshop/{who}")
        assert state is not None
        return list(await self.store.ledger.orders("workshop", state.customer))

    async def used(self, resource: str) -> dict[str, int]:
        """Capacity that is taken or held, by grain, without empty rows."""
        found = await self.store.ledger.used("workshop", resource, "2000", "2100")
        return {grain: units for grain, units in found.items() if units}

    async def all_used(self) -> dict[str, dict[str, int]]:
        names = [f"staff/{id}" for id in self.artefact.merchant.staff] + ["place/lombok/fitting"]
        return {name: found for name in names if (found := await self.used(name))}


@pytest.fixture(scope="session")
def workshop() -> Artefact:
    return compile_artefact(load_tree(ROOT / "manifests", ROOT / "skills").merchants["workshop"])


@asynccontextmanager
async def opened(artefact: Artefact, folder: Path, now: datetime = MONDAY) -> AsyncIterator[House]:
    clock, meant = SetClock(now), Meant()
    async with open_store(folder, clock) as store:
        await store.artefacts.publish(artefact)
        host = assemble(
            inbox=store.inbox,
            turns=store.turns,
            ledger=store.ledger,
            people=store.people,
            links=store.links,
            jobs=store.jobs,
            artefacts=store.artefacts,
            understanding=meant,
            bind=partial(fulfilments, known=kinds(), folder=ROOT / "skills"),
            clock=clock,
        )
        yield House(host, store, clock, meant, artefact)


@pytest_asyncio.fixture
async def house(workshop: Artefact, tmp_path: Path) -> AsyncIterator[House]:
    async with opened(workshop, tmp_path / "data") as made:
        yield made


LINKED = Proof("linked", "workshop", "anna")
