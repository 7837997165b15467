"""The library: which merchants are in memory, and who loads them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from sayso.errors import NotFound
from sayso.host.library import Library
from sayso.host.ports import Listed
from sayso.manifest.specs import Artefact
from sayso.skill.api import Fulfilment


def bound(artefact: Artefact) -> Mapping[str, Fulfilment]:
    return {}


@dataclass
class Shelf:
    """Implements `Artefacts`: counts what it is asked for, and answers when `open` is set."""

    artefact: Artefact
    asked: list[str] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def current(self, merchant: str) -> Artefact | None:
        self.asked.append(merchant)
        await self.open.wait()
        if merchant == "nobody":
            return None
        return replace(self.artefact, merchant=replace(self.artefact.merchant, id=merchant))

    async def asked_for(self, times: int) -> None:
        """Wait until that many loadings have begun."""
        while len(self.asked) < times:  # noqa: ASYNC110  (what waits is the code under test)
            await asyncio.sleep(0)

    async def publish(self, artefact: Artefact) -> None:
        raise NotImplementedError

    async def get(self, digest: str) -> Artefact | None:
        raise NotImplementedError

    async def merchants(self) -> Sequence[str]:
        raise NotImplementedError

    async def listed(self) -> Sequence[Listed]:
        raise NotImplementedError


@pytest.fixture
def shelf(artefact: Artefact) -> Shelf:
    return Shelf(artefact)


async def test_first_turns_at_once_load_a_merchant_once(shelf: Shelf) -> None:
    """Sixteen turns that wait for the same merchant share one loading, and get the same artefact."""
    library = Library(shelf, bound)
    waiting = [asyncio.create_task(library.current("shop")) for _ in range(16)]
    await asyncio.sleep(0)
    shelf.open.set()
    found = await asyncio.gather(*waiting)
    assert shelf.asked == ["shop"]
    assert len({id(one) for one in found}) == 1


async def test_a_turn_that_is_cut_off_leaves_the_loading_to_the_others(shelf: Shelf) -> None:
    """Cancelling the turn that began the loading does not fail those that wait with it."""
    library = Library(shelf, bound)
    first = asyncio.create_task(library.current("shop"))
    await asyncio.sleep(0)
    second = asyncio.create_task(library.current("shop"))
    await asyncio.sleep(0)
    first.cancel()
    shelf.open.set()
    assert (await second).artefact.merchant.id == "shop"
    assert shelf.asked == ["shop"]


async def test_a_merchant_that_is_loaded_is_not_asked_for_again(shelf: Shelf) -> None:
    """The second turn finds what the first loaded."""
    library = Library(shelf, bound)
    shelf.open.set()
    assert await library.current("shop") is await library.current("shop")
    assert shelf.asked == ["shop"]


async def test_the_least_recently_used_is_let_go(shelf: Shelf) -> None:
    """Beyond the most, the merchant that was spoken to longest ago is loaded anew at its next turn."""
    library = Library(shelf, bound, most=2)
    shelf.open.set()
    for merchant in ("a", "b", "a", "c", "a", "b"):
        await library.current(merchant)
    assert shelf.asked == ["a", "b", "c", "b"]


async def test_what_is_published_during_a_loading_counts(shelf: Shelf) -> None:
    """A merchant that is forgotten while it is loaded is loaded again by the next turn."""
    library = Library(shelf, bound)
    old = asyncio.create_task(library.current("shop"))
    await shelf.asked_for(1)
    library.forget("shop")
    new = asyncio.create_task(library.current("shop"))
    await shelf.asked_for(2)
    shelf.open.set()
    assert await old is not await new
    assert await library.current("shop") is await new
    assert shelf.asked == ["shop", "shop"]


async def test_a_merchant_that_is_not_there_is_looked_for_again(shelf: Shelf) -> None:
    """A failed loading is told to whoever waits, and not remembered: it may be published meanwhile."""
    library = Library(shelf, bound)
    shelf.open.set()
    for _ in range(2):
        with pytest.raises(NotFound):
            await library.current("nobody")
    assert shelf.asked == ["nobody", "nobody"]


async def test_merchants_share_what_their_replies_have_in_common(shelf: Shelf) -> None:
    """A reply that two merchants have alike is compiled once, and is one object in memory."""
    library = Library(shelf, bound)
    shelf.open.set()
    a, b = await library.current("a"), await library.current("b")
    assert a.phrases.replies["failed"]["en"] is b.phrases.replies["failed"]["en"]
