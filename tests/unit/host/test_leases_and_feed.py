"""One turn at a time in a conversation; notices to whoever watches."""

from __future__ import annotations

import asyncio

from sayso.host.feed import MOST_WAITING, LiveFeed
from sayso.host.leases import Leases
from sayso.host.ports import Typing


async def test_turns_of_one_conversation_never_interleave() -> None:
    """A second holder waits for the first, whatever either awaits in between."""
    leases, log = Leases(), []

    async def turn(name: str) -> None:
        async with leases.hold("c"):
            log.append(f"{name} begins")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            log.append(f"{name} ends")

    await asyncio.gather(*(turn(n) for n in "abc"))
    assert log == [f"{n} {what}" for n in "abc" for what in ("begins", "ends")]
    assert len(leases) == 0


async def test_turns_of_two_conversations_run_side_by_side() -> None:
    """A lease is on one conversation only."""
    leases, inside = Leases(), asyncio.Barrier(2)

    async def turn(conversation: str) -> None:
        async with leases.hold(conversation):
            await inside.wait()

    await asyncio.wait_for(asyncio.gather(turn("a"), turn("b")), 5)


async def test_a_lease_is_freed_when_its_turn_fails() -> None:
    leases = Leases()
    try:
        async with leases.hold("c"):
            raise ValueError
    except ValueError:
        pass
    async with leases.hold("c"):
        assert len(leases) == 1
    assert len(leases) == 0


async def test_a_watcher_hears_its_conversation_only() -> None:
    feed = LiveFeed()
    async with feed.watch("a") as notices:
        feed.tell("b", Typing(True))
        feed.tell("a", Typing(False))
        assert await anext(notices) == Typing(False)


async def test_a_watcher_that_falls_behind_is_let_go() -> None:
    """A slow page reads the store instead; the host does not fill its memory for it."""
    feed = LiveFeed()
    async with feed.watch("a") as notices:
        for _ in range(MOST_WAITING + 5):
            feed.tell("a", Typing(True))
        heard = [notice async for notice in notices]
    assert len(heard) == MOST_WAITING - 1
