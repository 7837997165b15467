"""What every driver's store is tested with: the store itself, a clock that tests set, and turns to write."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from sayso.manifest.specs import Artefact, Location, MerchantSpec
from sayso.model.basket import Line, Order, Priced, Proposal
from sayso.model.catalog import Catalog, Product
from sayso.model.effect import Effect
from sayso.model.event import Event, Utterance
from sayso.model.message import Message
from sayso.model.money import Money
from sayso.model.state import State, Topic
from sayso.model.trace import Trace
from sayso.model.writes import Outgoing, WriteSet
from sayso.store import Store, open_store
from sayso.store.migrate import migrate_sqlite
from sayso.store.open import FILE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment

    async def sleep_until(self, moment: datetime) -> None:
        self.moment = max(self.moment, moment)


@dataclass
class Writer:
    """Makes events and the turns that answer them; ids count up."""

    clock: SetClock
    ids: count[int] = field(default_factory=lambda: count(1))

    def event(self, conversation: str = "anna", text: str = "a latte", **more: Any) -> Event:
        given = {"id": f"e{next(self.ids)}", "merchant": "bar", "channel": "web", "account": "", **more}
        return Event(conversation=conversation, at=self.clock.now(), body=given.pop("body", Utterance(text)), **given)

    def state(self, **more: Any) -> State:
        return State("en", Topic("t1", "bar"), **more)

    def turn(
        self, event: Event, version: int = 0, says: str = "Sure.", before: State | None = None, **more: Any
    ) -> WriteSet:
        turn = f"turn-{event.id}"
        state = more.pop("state", None) or self.state(serial=version + 1)
        now = self.clock.now()
        trace = Trace(turn, event, before or self.state(), now, "seed", "specs", "catalog", ())
        outgoing = more.pop("outgoing", (Outgoing(f"m-{event.id}", Message(says)),))
        return WriteSet(event, event.key, version, state, trace, outgoing=outgoing, **more)

    def proposal(self, id: str = "p1") -> Proposal:
        euro = Money(350, "EUR")
        line = Priced(Line("l1", "latte"), euro, euro)
        return Proposal(
            id, f"digest-{id}", "s", "order", (line,), {}, euro, self.clock.now() + timedelta(minutes=10), "v1"
        )

    def order(self, id: str = "o1", customer: str = "anna", **more: Any) -> Order:
        return Order(
            id,
            more.pop("number", f"A-{id}"),
            "bar",
            "bar/web//anna",
            customer,
            self.proposal(),
            self.clock.now(),
            **more,
        )

    def effect(self, id: str = "f1", state: str = "done", **more: Any) -> Effect:
        given = {"key": f"key-{id}", **more}
        return Effect(
            id, "bar", "bar/web//anna", "anna", "s", "order", state, proposal="p1", at=self.clock.now(), **given
        )


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def make(clock: SetClock) -> Writer:
    return Writer(clock)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """`fresh(folder)`: a data folder with a database that is migrated already, which takes half a second."""
    master = tmp_path_factory.mktemp("master") / FILE
    migrate_sqlite(master)

    def folder(at: Path) -> Path:
        at.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(master, at / FILE)
        return at

    return folder


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated PostgreSQL database of this test alone; "" for the file in the data folder."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("new_database"))


@pytest.fixture
async def store(
    database_url: str, tmp_path: Path, clock: SetClock, fresh: Callable[[Path], Path]
) -> AsyncIterator[Store]:
    """An open store; every driver runs every test."""
    ids = count(1)
    folder = tmp_path / "data" if database_url else fresh(tmp_path / "data")
    async with open_store(folder, clock, lambda: f"c{next(ids)}", database_url=database_url) as opened:
        yield opened


@pytest.fixture
def artefact() -> Artefact:
    """A bar with a muffin that is counted, 5 of it at each of two places, and a latte that is not."""
    dam = Location("dam", {"en": "Dam"}, "Dam 1", "Europe/Amsterdam", 52.37, 4.89, {})
    merchant = MerchantSpec(
        "bar",
        {"en": "Bar"},
        ("en",),
        "EUR",
        "NL",
        "Europe/Amsterdam",
        {"dam": dam, "oost": replace(dam, id="oost")},
        (),
    )
    products = {
        "muffin": Product("muffin", {"en": "muffin"}, 250, "cake", stocked=True, opening_stock=5),
        "latte": Product("latte", {"en": "latte"}, 350, "coffee"),
    }
    return Artefact("digest-1", merchant, {}, Catalog("bar", "v1", "EUR", products, {}), {}, {}, b"\x00trained")


@pytest.fixture
async def stocked(store: Store, artefact: Artefact) -> Store:
    """A store with five muffins at each place."""
    await store.artefacts.publish(artefact)
    return store
