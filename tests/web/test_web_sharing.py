"""A host among several: it hears what others did, and finds in the rows what no notice told."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from sayso.host import Assembled, assemble
from sayso.host.ports import Posted
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import Artefact
from sayso.model.basket import Line, Order, Priced, Proposal
from sayso.model.command import Understood
from sayso.model.effect import ConsentSet, OrderPlaced
from sayso.model.event import Event, Opened, Proof
from sayso.model.money import Money
from sayso.model.state import State, Topic
from sayso.model.writes import WriteSet
from sayso.people.history import PERSONALISE
from sayso.skill.kinds import fulfilments, kinds
from sayso.store import Store, open_store
from sayso.store.relay import payloads
from sayso.store.statements import Statement
from sayso.testing.clock import SetClock
from sayso.testing.postgres import Server
from sayso.web.sharing import Sharing, index_missing

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Letters:
    """An embedder of letter pairs."""

    name: str = "letters"

    def encode(self, texts: Sequence[str]) -> Any:
        return np.stack([self.one(text) for text in texts]) if texts else np.zeros((0, 64), np.float32)

    def one(self, text: str) -> Any:
        row = np.zeros(64, np.float32)
        for pair in zip(text.lower(), text.lower()[1:], strict=False):
            row[crc32("".join(pair).encode()) % 64] += 1
        return row / (np.linalg.norm(row) or 1)


class Quiet:
    """Understands nothing."""

    async def understand(self, *_: Any) -> Understood:
        return Understood(())


@dataclass
class House:
    """One of the hosts."""

    store: Store
    running: Assembled
    sharing: Sharing


@pytest.fixture(scope="module")
def artefact() -> Artefact:
    return compile_artefact(load_tree(ROOT / "manifests", ROOT / "skills").merchants["coffee_bar"])


@pytest.fixture
async def hosts(postgres_server: Server, tmp_path: Path, artefact: Artefact) -> AsyncIterator[list[House]]:
    """Two hosts on one database; nothing runs in the background."""
    url, clock, made = await postgres_server.create(), SetClock(NOW), []
    async with AsyncExitStack() as stack:
        for number in range(2):
            opening = open_store(tmp_path / f"data{number}", clock, database_url=url)
            store = await stack.enter_async_context(opening)
            assert store.relay is not None
            running = assemble(
                inbox=store.inbox,
                turns=store.turns,
                ledger=store.ledger,
                people=store.people,
                links=store.links,
                jobs=store.jobs,
                artefacts=store.artefacts,
                understanding=Quiet(),
                bind=partial(fulfilments, known=kinds(), folder=ROOT / "skills"),
                clock=clock,
                leases=store.leases,
                beyond=store.relay.tell,
            )
            made.append(House(store, running, Sharing(store, running, Letters(), store.relay)))
        await made[0].store.artefacts.publish(artefact)
        yield made
    await postgres_server.drop(url)


def event(id: str = "e1", at: datetime = NOW) -> Event:
    return Event(id, "coffee_bar", "web", "", "anna", at, Opened(), language="en")


async def test_who_watches_here_sees_what_was_said_through_another_host(hosts: list[House]) -> None:
    """By looking at the rows, once; no notice is needed."""
    one, two = hosts
    async with two.running.feed.watch(event().key) as notices:
        answer = await one.running.handle(event())
        await two.sharing.look()
        await two.sharing.look()
        assert await anext(notices) == answer.messages[-1]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(notices), 0.05)


async def test_a_notice_arrives_without_looking(hosts: list[House]) -> None:
    """LISTEN and NOTIFY carry it from host to host; a host does not hear itself."""
    one, two = hosts
    assert one.store.relay is not None
    following = [asyncio.create_task(house.sharing.follow()) for house in hosts]
    try:
        async with two.running.feed.watch(event().key) as notices, asyncio.timeout(20):
            answer = await one.running.handle(event())
            heard = asyncio.ensure_future(anext(notices))
            while not (await asyncio.wait({heard}, timeout=0.2))[0]:  # Until both listen.
                one.store.relay.tell(event().key, answer.messages[-1].seq)
            assert heard.result() == answer.messages[-1]
    finally:
        for task in following:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def test_a_merchant_that_was_published_elsewhere_is_renewed(hosts: list[House], artefact: Artefact) -> None:
    """What was loaded and built from the last artefact is forgotten."""
    one, two = hosts
    assert (await two.running.library.current("coffee_bar")).artefact.digest == artefact.digest
    products = {"latte": replace(artefact.catalog.products["latte"], sku="latte")}
    newer = replace(artefact, digest="newer", catalog=replace(artefact.catalog, products=products))
    await one.store.artefacts.publish(newer)
    await two.sharing.look()
    assert (await two.running.library.current("coffee_bar")).artefact.digest == "newer"
    found = await two.store.vectors.vectors_for("coffee_bar").search("catalog", Letters().one("latte"), 9)
    assert [candidate.id for candidate in found] == ["latte"]


async def test_only_what_lies_long_is_taken_over(hosts: list[House]) -> None:
    """An event that its host may still be at is left to it."""
    one, two = hosts
    await one.store.inbox.accept(event("old", NOW - timedelta(minutes=1)))
    await one.store.inbox.accept(event("new", NOW))
    await two.sharing.look()
    assert [left.id for left in await one.store.inbox.unanswered()] == ["new"]


async def test_an_event_that_arrives_at_both_hosts_is_handled_once(hosts: list[House]) -> None:
    """The second joins the turn that runs at the first, and tells its stored answer."""
    answers = await asyncio.gather(*(house.running.handle(event()) for house in hosts))
    assert sorted(answer.duplicate for answer in answers) == [False, True]
    assert answers[0].messages == answers[1].messages
    assert [m.seq for m in await hosts[0].store.turns.messages(event().key)] == [m.seq for m in answers[0].messages]


async def test_a_host_that_lost_its_lease_tells_the_other_ones_answer(hosts: list[House]) -> None:
    """It stood still, another went on: its write conflicts, and it reads what is stored instead of writing again."""
    one, two = hosts
    apply, told = type(one.store.turns).apply, []

    class Late:
        """Turns whose first write comes after another host's."""

        def __getattr__(self, name: str) -> Any:
            return getattr(one.store.turns, name)

        async def apply(self, writes: Any) -> Sequence[Posted]:
            if not told:
                await one.store.database.run(Statement("UPDATE leases SET until = 0"))  # type: ignore[attr-defined]
                told.append(await two.running.handle(event()))
            return await apply(one.store.turns, writes)

    one.running.handle.turns = Late()  # type: ignore[attr-defined]
    answer = await one.running.handle(event())
    assert answer.duplicate and answer.messages == told[0].messages and answer.turn == told[0].turn


async def test_vectors_are_built_again_after_their_disk_is_lost(tmp_path: Path, artefact: Artefact) -> None:
    """From the rows, and only where they are missing."""
    clock = SetClock(NOW)
    async with open_store(tmp_path / "data", clock) as store:
        await store.artefacts.publish(artefact)
        assert await index_missing(store, Letters()) == 1 and await index_missing(store, Letters()) == 0
    shutil.rmtree(tmp_path / "data" / "vectors")
    async with open_store(tmp_path / "data", clock) as store:
        assert await index_missing(store, Letters()) == 1
        found = await store.vectors.vectors_for("coffee_bar").search("catalog", Letters().one("latte"), 1)
        assert found[0].id


async def test_what_customers_ordered_is_remembered_again_after_its_disk_is_lost(
    tmp_path: Path, artefact: Artefact
) -> None:
    """Of those who agree to it now, and of nobody else."""
    clock = SetClock(NOW)
    latte = Line("l1", "latte")
    euro = Money(350, "EUR")
    offer = Proposal("p1", "d", "s", "order", (Priced(latte, euro, euro),), {}, euro, NOW, "v1")
    async with open_store(tmp_path / "data", clock) as store:
        await store.artefacts.publish(artefact)
        for name, wishes in {"anna": [True], "bob": [True, False], "carl": []}.items():
            came = Event(name, "coffee_bar", "web", "", name, NOW, Opened(), Proof("linked", "coffee_bar", name))
            customer = (await store.people.identify(came)).id
            await store.inbox.accept(came)
            order = Order(f"o-{name}", f"A-{name}", "coffee_bar", came.key, customer, offer, NOW)
            changes = (OrderPlaced(order), *(ConsentSet("coffee_bar", customer, PERSONALISE, w, "t") for w in wishes))
            state = State("en", Topic("t", "coffee_bar"))
            await store.turns.apply(WriteSet(came, came.key, 0, state, None, changes=changes))
            if name == "anna":
                anna = customer
        await index_missing(store, Letters())
    shutil.rmtree(tmp_path / "data" / "vectors")
    async with open_store(tmp_path / "data", clock) as store:
        await index_missing(store, Letters())
        found = await store.history.near("coffee_bar", anna, Letters().one("latte"), 9)
        assert [one.id for one in found] == ["o-anna"]
        assert await store.people.consenting("coffee_bar", PERSONALISE) == (anna,)


def test_notices_stay_small() -> None:
    """PostgreSQL takes 8,000 bytes; a key that is longer by itself is left to those who look at the rows."""
    many = {f"bar/web//{number:040d}": number for number in range(1_000)} | {"x" * 9_000: 1}
    made = list(payloads("own", many, {"bar"}))
    assert max(len(payload) for payload in made) < 8_000
    assert sum(payload.count("bar/web//") for payload in made) == 1_000 and '"bar"' in made[-1]
