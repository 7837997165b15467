"""The event stream: what was said, then what happens, without a gap or a double."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from sayso.channels.web import conversation_key
from sayso.model.event import Proof
from sayso.web import stream
from sayso.web.config import Config
from sayso.web.parts import Parts, Site
from sayso.web.rate import Rate
from sayso.web.tokens import Signer

KEY = conversation_key("bar", "c")


@pytest.fixture
def site(memory: Any) -> Site:
    async def publish(merchant: str) -> str:
        return ""

    parts = Parts(
        handle=memory,
        feed=memory,
        turns=memory,
        ledger=memory,
        artefacts=memory,
        clock=memory.clock,
        secrets=("s",),
        publish=publish,
        customer=lambda spec, token: Proof(),
        vouch=lambda spec, name: "",
    )
    return Site(Config(), parts, Signer(("s",)), Rate(100), Rate(100))


async def take(events: AsyncIterator[bytes], count: int) -> list[int]:
    """The seqs of the next `count` messages."""
    found: list[int] = []
    async for event in events:
        if event.startswith(b"id: "):
            found.append(orjson.loads(event.partition(b"data: ")[2])["seq"])
        if len(found) == count:
            break
    return found


async def test_it_begins_with_what_is_stored(site: Site, memory: Any) -> None:
    """Every message after the position comes first."""
    for words in ("one", "two", "three"):
        memory.post(KEY, words)
    assert await take(stream.events(site, "bar", "c", 1), 2) == [2, 3]


async def test_it_goes_on_with_what_happens(site: Site, memory: Any) -> None:
    """A message that is posted while it is followed comes once."""
    memory.post(KEY, "one")
    events = stream.events(site, "bar", "c", 0)
    assert await take(events, 1) == [1]
    memory.post(KEY, "two")
    assert await take(stream.events(site, "bar", "c", 1), 1) == [2]


async def test_a_message_between_reading_and_following_is_not_lost_or_doubled(site: Site, memory: Any) -> None:
    """The feed is watched before the store is read, so both may bring a message; it comes once."""
    read = memory.messages

    async def late(conversation: str, after: int = 0, limit: int = 200) -> Any:
        if not memory.rows.get(KEY):
            memory.post(KEY, "just now")
        return await read(conversation, after, limit)

    memory.messages = late
    following = asyncio.ensure_future(take(stream.events(site, "bar", "c", 0), 2))
    for _ in range(20):
        await asyncio.sleep(0)
    memory.post(KEY, "later")
    assert await following == [1, 2]


async def test_what_the_feed_jumped_over_is_fetched(site: Site, memory: Any) -> None:
    """A message that the feed did not tell comes from the store, in its place."""
    following = asyncio.ensure_future(take(stream.events(site, "bar", "c", 0), 3))
    for _ in range(20):
        await asyncio.sleep(0)
    memory.silent = True
    memory.post(KEY, "unheard")
    memory.post(KEY, "unheard too")
    memory.silent = False
    memory.post(KEY, "heard")
    assert await following == [1, 2, 3]


async def test_more_than_a_page_is_read_on(site: Site, memory: Any) -> None:
    """A long transcript comes whole."""
    for number in range(stream.PAGE + 5):
        memory.post(KEY, str(number))
    assert await take(stream.events(site, "bar", "c", 0), stream.PAGE + 5) == list(range(1, stream.PAGE + 6))


async def test_it_ends_when_the_host_drains(site: Site) -> None:
    """A host that ends lets its streams go, so that clients turn to another."""
    site.draining.set()
    events = [event async for event in stream.events(site, "bar", "c", 0)]
    assert events[-1].startswith(b"event: bye")


async def test_typing_is_told(site: Site, memory: Any) -> None:
    """A running turn shows as typing."""
    events = stream.events(site, "bar", "c", 0)
    assert (await anext(events)).startswith(b"retry")
    told = asyncio.ensure_future(anext(events))
    for _ in range(20):
        await asyncio.sleep(0)
    from sayso.host.ports import Typing

    memory._tell(KEY, Typing(True))
    assert await told == b'event: typing\ndata: {"on":true}\n\n'
    await events.aclose()


async def test_a_quiet_stream_shows_that_it_lives(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies cut connections that are silent."""
    monkeypatch.setattr(stream, "KEEPALIVE_S", 0)
    events = stream.events(site, "bar", "c", 0)
    assert (await anext(events)).startswith(b"retry")
    assert await anext(events) == b": still here\n\n"
    await events.aclose()
