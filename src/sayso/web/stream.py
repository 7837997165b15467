"""Server-sent events of one conversation: what the store has after a position, then what happens, without a gap or a
double.

The feed is watched before the store is read, so nothing falls between the two; a message that comes from both is
known by its `seq`, and a `seq` that was jumped over is fetched from the store.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import orjson

from sayso.channels.web import conversation_key, render
from sayso.host.ports import Posted, Typing
from sayso.web.parts import Site

KEEPALIVE_S = 15.0
"""Shorter than the idle time of common proxies (30 s and more)."""
PAGE = 200
RETRY_MS = 1000


async def events(site: Site, merchant: str, conversation: str, after: int) -> AsyncGenerator[bytes, None]:
    """The stream, until the host drains or the client goes away."""
    key = conversation_key(merchant, conversation)
    site.metrics.streams.inc()
    try:
        async with site.parts.feed.watch(key) as live:
            yield b"retry: %d\n\n" % RETRY_MS
            async for posted in stored(site, key, after):
                yield message(posted, merchant, conversation)
                after = posted.seq
            async for happened in _until_drained(site, live):
                match happened:
                    case None:
                        yield b": still here\n\n"
                    case Typing(on):
                        yield _event("typing", {"on": on})
                    case Posted(seq) if seq > after:
                        # Reading from the store also fills what the feed jumped over.
                        async for posted in stored(site, key, after):
                            yield message(posted, merchant, conversation)
                            after = posted.seq
                    case _:
                        continue
            yield _event("bye", {})
    finally:
        site.metrics.streams.dec()


async def stored(site: Site, key: str, after: int) -> AsyncIterator[Posted]:
    """Every stored message with a higher seq."""
    while page := await site.parts.turns.messages(key, after, PAGE):
        for posted in page:
            yield posted
            after = posted.seq
        if len(page) < PAGE:
            return


def message(posted: Posted, merchant: str, conversation: str) -> bytes:
    """A message as an event; its `id` is where a client resumes."""
    return b"id: %d\n%b" % (posted.seq, _event("message", render(posted, merchant, conversation)))


def _event(name: str, data: object) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), orjson.dumps(data))


async def _until_drained(site: Site, live: AsyncIterator[Posted | Typing]) -> AsyncIterator[Posted | Typing | None]:
    """What happens, and None when nothing did for a while. Ends when the host drains."""
    drain: asyncio.Future[Any] = asyncio.ensure_future(site.draining.wait())
    following: asyncio.Future[Any] | None = None
    try:
        while not site.draining.is_set():
            # A read that is under way is kept over a keepalive: cancelling it would end the feed.
            following = following or asyncio.ensure_future(anext(live))
            done, _ = await asyncio.wait({following, drain}, timeout=KEEPALIVE_S, return_when=asyncio.FIRST_COMPLETED)
            if following not in done:
                if not done:
                    yield None
                continue
            try:
                happened = following.result()
            except StopAsyncIteration:
                return
            following = None
            yield happened
    finally:
        for task in filter(None, (drain, following)):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
                await task
