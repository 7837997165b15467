"""Serving and ending: nothing that runs is cut off."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from quart import Quart

from sayso.errors import SaysoError
from sayso.web.serve import run

pytestmark = pytest.mark.slow
BASE = "/v1/merchants/bar/conversations"


async def test_sigterm_lets_a_turn_finish_and_ends_the_streams(
    make_app: Callable[..., Quart], config: Any, memory: Any
) -> None:
    """Told to end, the host says that it is not ready, finishes its turn, lets its streams go, and ends."""
    settings = replace(config, port=0, drain_s=5)
    at: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(run(make_app(settings=settings), settings, at.set_result))
    async with httpx.AsyncClient(base_url=await at) as client:
        made = (await client.post(BASE, json={})).json()
        path, held = f"{BASE}/{made['id']}", {"Authorization": f"Bearer {made['token']}"}
        memory.hold, memory.begun = asyncio.Event(), asyncio.Event()
        event = {"id": "event-0001", "type": "text", "text": "hello"}
        answered = asyncio.create_task(client.post(f"{path}/events", json=event, headers=held))
        await memory.begun.wait()
        async with client.stream("GET", f"{path}/stream", headers=held) as stream:
            os.kill(os.getpid(), signal.SIGTERM)
            told = b"".join([part async for part in stream.aiter_bytes()])
        assert b"event: bye" in told
        memory.hold.set()
        assert (await answered).json()["messages"][0]["text"] == "You said: hello"
    await serving


async def test_a_port_in_use_is_told(make_app: Callable[..., Quart], config: Any) -> None:
    """The second host says which port, and what to do."""
    settings = replace(config, port=0)
    at: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(run(make_app(settings=settings), settings, at.set_result))
    taken = replace(config, port=int((await at).rpartition(":")[2]))
    with pytest.raises(SaysoError, match="cannot listen"):
        await run(make_app(settings=taken), taken, lambda url: None)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
