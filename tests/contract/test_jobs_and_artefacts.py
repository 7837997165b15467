"""Jobs come due once; artefacts are kept for ever and one is current."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sayso.host.ports import listed
from sayso.model.effect import StockMoved
from sayso.model.writes import Job
from sayso.store import Store


async def plan(store: Store, make: Any, *jobs: Job, dropped: tuple[str, ...] = ()) -> None:
    event = make.event(f"guest{next(make.ids)}")
    await store.inbox.accept(event)
    await store.turns.apply(make.turn(event, jobs=jobs, dropped=dropped))


def job(make: Any, id: str, minutes: int = 0, **payload: str) -> Job:
    return Job(
        id, "bar", "expire_proposal", make.clock.now() + timedelta(minutes=minutes), "bar/web//a", payload or None
    )


async def test_a_job_comes_due_when_its_time_has_come(store: Store, make: Any, clock: Any) -> None:
    """Not before; with all that was planned; the longest due first."""
    later, first = job(make, "a", 5, order="o1"), job(make, "b", 3)
    await plan(store, make, later, first)
    assert list(await store.jobs.due(clock.now())) == []
    assert await store.jobs.next_due() == first.due
    assert list(await store.jobs.due(later.due)) == [first, later]


async def test_planning_again_does_nothing(store: Store, make: Any, clock: Any) -> None:
    """Neither while it waits nor after it was done."""
    await plan(store, make, job(make, "a"))
    await plan(store, make, job(make, "a", 99))
    assert await store.jobs.next_due() == clock.now()
    await store.jobs.done("a")
    await plan(store, make, job(make, "a"))
    assert list(await store.jobs.due(clock.now())) == [] and await store.jobs.next_due() is None


async def test_a_dropped_job_never_comes_due_and_may_be_planned_anew(store: Store, make: Any, clock: Any) -> None:
    """Dropped and planned in one turn is a new time."""
    await plan(store, make, job(make, "a"), job(make, "b"))
    await plan(store, make, job(make, "b", 7), dropped=("a", "b"))
    assert list(await store.jobs.due(clock.now())) == []
    assert await store.jobs.next_due() == clock.now() + timedelta(minutes=7)


async def test_a_claimed_job_is_nobody_elses_until_the_claim_lapses(store: Store, make: Any, clock: Any) -> None:
    """A worker that died is replaced after a minute."""
    await plan(store, make, *(job(make, str(n)) for n in range(10)))
    claims = await asyncio.gather(*(store.jobs.due(clock.now(), limit=4) for _ in range(5)))
    assert sorted(len(claim) for claim in claims) == [0, 0, 2, 4, 4]
    assert len({job.id for claim in claims for job in claim}) == 10
    lapse = clock.now() + timedelta(minutes=1)
    assert await store.jobs.next_due() == lapse
    assert list(await store.jobs.due(lapse - timedelta(seconds=1))) == []
    await store.jobs.done("3")
    assert len(await store.jobs.due(lapse)) == 9


async def test_a_published_artefact_is_current_until_the_next(store: Store, artefact: Any) -> None:
    """Older ones can still be had by digest: traces name them."""
    assert await store.artefacts.current("bar") is None and await store.artefacts.merchants() == ()
    newer = replace(artefact, digest="digest-2", trained=b"more")
    await store.artefacts.publish(artefact)
    await store.artefacts.publish(newer)
    assert await store.artefacts.current("bar") == newer
    assert await store.artefacts.get("digest-1") == artefact and await store.artefacts.get("nothing") is None
    assert list(await store.artefacts.merchants()) == ["bar"]


async def test_the_list_of_merchants_tells_of_what_is_current(store: Store, artefact: Any) -> None:
    """In the order of their ids; and a merchant that published anew as it is now."""
    assert await store.artefacts.listed() == ()
    other = replace(artefact, digest="digest-0", merchant=replace(artefact.merchant, id="another"))
    await store.artefacts.publish(artefact)
    await store.artefacts.publish(other)
    assert await store.artefacts.listed() == (listed(other.merchant), listed(artefact.merchant))
    renamed = replace(artefact, digest="digest-2", merchant=replace(artefact.merchant, names={"en": "New"}))
    await store.artefacts.publish(renamed)
    assert [dict(one.names) for one in await store.artefacts.listed()][1] == {"en": "New"}


async def test_listing_merchants_loads_none(store: Store, artefact: Any, clock: Any) -> None:
    """Those that are spoken to keep their place in memory."""
    from sayso.store.artefacts import Artefacts
    from sayso.store.codec import Codec

    await store.artefacts.publish(artefact)
    cold = Artefacts(store.database, Codec(), clock)
    assert len(await cold.listed()) == 1
    assert not cold._loaded


async def test_an_artefact_is_read_back_whole_by_a_new_process(
    store: Store, artefact: Any, clock: Any, tmp_path: Any
) -> None:
    """Rows, not memory, hold it."""
    from sayso.store.artefacts import Artefacts
    from sayso.store.codec import Codec

    await store.artefacts.publish(artefact)
    cold = Artefacts(store.database, Codec(), clock)
    assert await cold.current("bar") == artefact and cold.current is not store.artefacts.current


async def test_publishing_again_keeps_the_stock(stocked: Store, make: Any, artefact: Any) -> None:
    """Opening stock is for new products alone."""
    event = make.event()
    await stocked.inbox.accept(event)
    await stocked.turns.apply(make.turn(event, changes=(StockMoved("bar", "dam", "muffin", -2, "sold"),)))
    await stocked.artefacts.publish(replace(artefact, digest="digest-2"))
    assert await stocked.ledger.stock("bar", "dam", ["muffin"]) == {"muffin": 3}
