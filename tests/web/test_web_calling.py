"""Calls to platforms, over real connections on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from sayso.channels.contract import Call, NotSent, Upstream
from sayso.web.calling import MOST, Caller

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def platform(answer: bytes, read: bool = True) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that answers every request with these bytes and hangs up; its address and what it was sent."""
    sent: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent.append(await reader.read(65536))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", sent


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with httpx.AsyncClient() as client:
        yield Caller(client)


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Thing: here\r\n\r\n{}"


async def test_a_call_is_made_as_it_is(caller: Caller) -> None:
    """Method, headers and body reach the platform; its answer comes back."""
    async with platform(OK) as (url, sent):
        status, headers, body = await caller(Call("POST", f"{url}/send?x=1", {"X-Key": "k"}, b"words"))
    assert (status, headers["x-thing"], body) == (200, "here", b"{}")
    assert sent[0].startswith(b"POST /send?x=1 ")
    assert sent[0].lower().count(b"x-key: k") == 1
    assert sent[0].endswith(b"words")


async def test_a_redirect_is_not_followed(caller: Caller) -> None:
    """What an access token was sent to is where the merchant's manifest says, and nowhere else."""
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    async with platform(answer) as (url, sent):
        status, _, _ = await caller(Call("POST", url))
    assert (status, len(sent)) == (302, 1)


async def test_nobody_there_is_surely_not_sent(caller: Caller) -> None:
    """The connection was refused before a byte was sent."""
    async with platform(OK) as (url, _):
        pass
    with pytest.raises(NotSent):
        await caller(Call("POST", url))


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", b"nonsense\r\n\r\n"])
async def test_a_connection_that_breaks_tells_nothing(caller: Caller, answer: bytes) -> None:
    """The request went out: it may have been acted on."""
    async with platform(answer) as (url, sent):
        with pytest.raises(Upstream) as broken:
            await caller(Call("POST", url, body=b"words"))
    assert not isinstance(broken.value, NotSent)
    assert sent


async def test_an_endless_answer_is_cut(caller: Caller) -> None:
    """No more is read than is of use."""
    async with platform(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (3 * MOST)) as (url, _):
        _, _, body = await caller(Call("POST", url))
    assert len(body) == MOST


@pytest.mark.parametrize(
    "url", ["http://platform.example/send", "ftp://platform.example", "/send", "http://[", "https://"]
)
async def test_nothing_goes_out_in_the_clear(caller: Caller, url: str) -> None:
    """A call holds an access token: without TLS it goes to this machine only."""
    with pytest.raises(NotSent):
        await caller(Call("POST", url))
