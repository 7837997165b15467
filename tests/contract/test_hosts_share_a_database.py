"""Hosts on one PostgreSQL: nothing is sold twice, made twice or claimed twice, whoever is first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import Conflict
from sayso.model.effect import CapacityMoved, Held, StockMoved
from sayso.model.event import Proof
from sayso.model.writes import Job
from sayso.store import Store, open_store
from sayso.store.leases import RowLeases
from sayso.store.postgres import Postgres


@pytest.fixture
async def hosts(new_database: str, tmp_path: Path, clock: Any, artefact: Any) -> AsyncIterator[list[Store]]:
    """Two stores on one database, with five muffins."""
    ids = count(1)
    async with (
        open_store(tmp_path / "one", clock, lambda: f"c{next(ids)}", database_url=new_database) as one,
        open_store(tmp_path / "two", clock, lambda: f"c{next(ids)}", database_url=new_database) as two,
    ):
        await one.artefacts.publish(artefact)
        yield [one, two]


async def _turns(hosts: list[Store], make: Any, number: int, change: Any) -> list[Any]:
    """As many conversations at once, at either host, with a change each; None or the conflict of each."""

    async def turn(at: int) -> Any:
        store, event = hosts[at % 2], make.event(f"guest{at}")
        await store.inbox.accept(event)
        await store.turns.apply(make.turn(event, changes=(change(at),)))

    return await asyncio.gather(*(turn(at) for at in range(number)), return_exceptions=True)


@pytest.mark.parametrize(
    "change",
    [
        lambda at: StockMoved("bar", "dam", "muffin", -1, "sold"),
        lambda at: Held("bar", f"p{at}", "stock/dam/muffin", "", 1, _LATER),
        lambda at: Held("bar", f"p{at}", "queue/dam", "2026-11-23T09:00", 1, _LATER, 5),
        lambda at: CapacityMoved("bar", "queue/dam", "2026-11-23T09:00", 1, 5),
        lambda at: (
            CapacityMoved("bar", "queue/dam", "2026-11-23T09:00", 1, 5)
            if at % 3
            else Held("bar", f"p{at}", "queue/dam", "2026-11-23T09:00", 1, _LATER, 5)
        ),
    ],
    ids=["stock", "hold on stock", "hold on capacity", "capacity", "both"],
)
async def test_no_more_is_given_than_there_is(hosts: list[Store], make: Any, change: Any) -> None:
    """Of forty who want five, five get one; the others conflict and leave nothing."""
    results = await _turns(hosts, make, 40, change)
    assert sum(result is None for result in results) == 5
    assert {type(result) for result in results} == {type(None), Conflict}
    assert {result.what for result in results if result} <= {"stock", "capacity"}


async def test_turns_that_take_the_same_things_in_any_order_all_end(hosts: list[Store], make: Any) -> None:
    """Locks are taken in one order: nobody waits in a circle."""
    two = (StockMoved("bar", "dam", "muffin", 1, "a"), StockMoved("bar", "oost", "muffin", 1, "b"))

    async def turn(at: int) -> None:
        store, event = hosts[at % 2], make.event(f"guest{at}")
        await store.inbox.accept(event)
        await store.turns.apply(make.turn(event, changes=two if at % 3 else two[::-1]))

    await asyncio.gather(*(turn(at) for at in range(30)))
    assert await hosts[0].ledger.stock("bar", "dam", ["muffin"]) == {"muffin": 35}


async def test_a_customer_who_comes_in_twice_at_once_is_one(hosts: list[Store], make: Any) -> None:
    """The second finds what the first made."""
    event = make.event(proof=Proof("linked", "bar", "anna"))
    found = await asyncio.gather(*(hosts[at % 2].people.identify(event) for at in range(12)))
    assert len({customer.id for customer in found}) == 1


async def test_an_event_that_comes_in_twice_at_once_is_stored_once(hosts: list[Store], make: Any) -> None:
    """One of them is new, and positions have no gap."""
    events = [make.event() for _ in range(5)]
    arrivals = await asyncio.gather(*(hosts[at % 2].inbox.accept(event) for at in range(4) for event in events))
    assert sum(arrival.new for arrival in arrivals) == 5
    assert [posted.seq for posted in await hosts[0].turns.messages("bar/web//anna")] == [1, 2, 3, 4, 5]


async def test_of_two_turns_on_one_version_one_is_written(hosts: list[Store], make: Any) -> None:
    """The fencing version: the other conflicts, whatever it thinks it holds."""
    events = [make.event(), make.event()]
    for event in events:
        await hosts[0].inbox.accept(event)
    writes = [host.turns.apply(make.turn(event)) for host, event in zip(hosts, events, strict=True)]
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert [result.what for result in results if isinstance(result, Conflict)] == ["version"]


async def test_a_job_is_claimed_by_one_host(hosts: list[Store], make: Any, clock: Any) -> None:
    """They share what is due; a claim ends after a minute."""
    event = make.event()
    await hosts[0].inbox.accept(event)
    jobs = tuple(Job(f"j{n}", "bar", "make_order", clock.now(), "bar/web//anna") for n in range(20))
    await hosts[0].turns.apply(make.turn(event, jobs=jobs))
    claims = await asyncio.gather(*(hosts[at % 2].jobs.due(clock.now(), 4) for at in range(8)))
    assert sorted(job.id for claim in claims for job in claim) == sorted(job.id for job in jobs)
    clock.moment += timedelta(minutes=1)
    assert len(await hosts[1].jobs.due(clock.now())) == 20


async def test_what_another_host_published_is_found(hosts: list[Store], artefact: Any) -> None:
    """Asking once is enough; the new one holds from then on."""
    one, two = hosts
    assert await two.artefacts.current("bar") == artefact and await two.artefacts.moved() == []
    await one.artefacts.publish(replace(artefact, digest="digest-2"))
    assert await two.artefacts.current("bar") == artefact
    assert await two.artefacts.moved() == ["bar"] and await two.artefacts.moved() == []
    assert (await two.artefacts.current("bar")).digest == "digest-2"  # type: ignore[union-attr]


class Order:
    """Who was in the lease, in order."""

    def __init__(self) -> None:
        self.inside, self.most, self.said = 0, 0, list[str]()

    async def hold(self, host: Store, name: str) -> None:
        async with host.leases.hold("bar/web//anna"):
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.said.append(name)
            await host.database.run(_statement("SELECT 1"))  # Others have the time to come in, if they can.
            self.inside -= 1


async def test_one_at_a_time_holds_a_conversation(hosts: list[Store]) -> None:
    """Within a host and between hosts; another conversation does not wait."""
    order = Order()
    async with asyncio.timeout(30), hosts[0].leases.hold("bar/web//bob"):
        await asyncio.gather(*(order.hold(hosts[at % 2], str(at)) for at in range(12)))
    assert order.most == 1 and len(order.said) == 12


async def test_the_lease_of_a_host_that_died_ends(hosts: list[Store]) -> None:
    """Others wait as long as it would have lasted, and its version moves on."""
    assert isinstance(hosts[0].database, Postgres) and isinstance(hosts[1].database, Postgres)
    dead, alive = RowLeases(hosts[0].database, "dead", 0.3), RowLeases(hosts[1].database, "alive")
    holding = dead.hold("bar/web//anna")
    await holding.__aenter__()
    async with asyncio.timeout(20), alive.hold("bar/web//anna"):
        await holding.__aexit__(None, None, None)  # It wakes up and lets go of what it no longer has.
        rows = await hosts[0].database.run(_statement("SELECT holder, version, until > 0 FROM leases"))
    assert rows == [("alive", 2, True)]


async def test_a_lease_is_renewed_while_it_is_held(hosts: list[Store], monkeypatch: pytest.MonkeyPatch) -> None:
    """A long turn is not interrupted."""
    monkeypatch.setattr("sayso.store.leases.RENEW_S", 0.05)
    assert isinstance(hosts[0].database, Postgres)
    leases = RowLeases(hosts[0].database, "busy", 0.4)
    renewing = asyncio.create_task(leases.renew_forever())
    async with leases.hold("bar/web//anna"):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0), hosts[1].leases.hold("bar/web//anna"):
                raise AssertionError("two hold it")
    renewing.cancel()


def _statement(sql: str) -> Any:
    from sayso.store.statements import Statement

    return Statement(sql)


def _later() -> Any:
    from datetime import UTC, datetime

    return datetime(2030, 1, 1, tzinfo=UTC)


_LATER = _later()
