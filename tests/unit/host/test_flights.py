"""Single flight: one making for all who ask at the same time."""

from __future__ import annotations

import asyncio

import pytest

from sayso.host.flights import Flights


class Maker:
    """Makes a number each time it is asked, when `go` is set; fails when told to."""

    def __init__(self) -> None:
        self.made = 0
        self.fails = False
        self.go = asyncio.Event()

    async def make(self) -> int:
        self.made += 1
        number = self.made
        await self.go.wait()
        if self.fails:
            raise ValueError(number)
        return number


async def test_all_who_ask_at_once_get_the_same() -> None:
    """Sixteen ask, one is made."""
    flights, maker = Flights[int](), Maker()
    waiting = [asyncio.create_task(flights.once("a", maker.make)) for _ in range(16)]
    maker.go.set()
    assert await asyncio.gather(*waiting) == [1] * 16


async def test_names_do_not_wait_for_each_other() -> None:
    """Each name has a making of its own."""
    flights, maker = Flights[int](), Maker()
    maker.go.set()
    made = await asyncio.gather(flights.once("a", maker.make), flights.once("b", maker.make))
    assert list(made) == [1, 2]


async def test_one_who_is_cut_off_does_not_end_it() -> None:
    """Cancelling who asked first leaves the making to the others."""
    flights, maker = Flights[int](), Maker()
    first = asyncio.create_task(flights.once("a", maker.make))
    second = asyncio.create_task(flights.once("a", maker.make))
    await asyncio.sleep(0)
    first.cancel()
    maker.go.set()
    assert await second == 1


async def test_an_error_is_told_to_all_and_not_kept() -> None:
    """Who waits hears it; who asks later has it made anew."""
    flights, maker = Flights[int](), Maker()
    maker.go.set()
    maker.fails = True
    told = await asyncio.gather(*(flights.once("a", maker.make) for _ in range(2)), return_exceptions=True)
    assert [type(one) for one in told] == [ValueError, ValueError]
    maker.fails = False
    assert await flights.once("a", maker.make) == 2


@pytest.mark.filterwarnings("error")
async def test_what_is_made_is_not_kept() -> None:
    """Who asks after it was made has it made again: keeping is somebody else's matter."""
    flights, maker = Flights[int](), Maker()
    maker.go.set()
    assert [await flights.once("a", maker.make) for _ in range(2)] == [1, 2]
