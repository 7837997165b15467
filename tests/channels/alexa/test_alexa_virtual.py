"""An emulated Alexa (npm: virtual-alexa) orders from the running host, with the skill package exported for Amazon.

The emulator does not sign. Between it and the host stands a proxy in Amazon's place: it sets the time of the host's
clock into the envelope and signs the bytes with the minted chain, which this host is told to trust.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import uvicorn

from sayso.channels.alexa import Certificates, Door
from sayso.channels.alexa.export import skill_package
from sayso.testing.alexa import Chain, mint
from sayso.testing.clock import SetClock

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).parent / "virtual"
OPEN = datetime.fromisoformat("2026-11-24T10:00:00+01:00")
"""A Tuesday morning: the shop is open."""


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("no node on this machine: the emulated Alexa is a node program")
    if not (SCRIPT / "node_modules" / "virtual-alexa").is_dir():
        pytest.skip(f"virtual-alexa is not installed: npm install --prefix {SCRIPT}")
    return found


@asynccontextmanager
async def served(app):
    """The application on a free port, as it is served for real."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="on"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        assert not running.done(), running.exception()
        await asyncio.sleep(0)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def signing(chain: Chain, target: str, client: httpx.AsyncClient, clock: SetClock):
    """A proxy that signs what it is sent, as Amazon does; yields its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        body = _stamped(await reader.readexactly(length), clock.now())
        answer = await client.post(target, content=body, headers=chain.sign(body))
        lines = f"HTTP/1.1 {answer.status_code} X\r\nContent-Length: {len(answer.content)}\r\nConnection: close\r\n\r\n"
        writer.write(lines.encode() + answer.content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def _stamped(body: bytes, now: datetime) -> bytes:
    envelope = json.loads(body)
    envelope["request"]["timestamp"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(envelope).encode()


@dataclass
class Emulated:
    """The emulated Alexa: what it is told, it utters; it returns the response's words."""

    process: asyncio.subprocess.Process
    database: Path

    def orders(self) -> list[str]:
        """The states of all orders that are stored."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as rows:
            return [state for (state,) in rows.execute("SELECT state FROM orders")]

    async def __call__(self, line: str) -> dict:
        self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()
        answer = await asyncio.wait_for(self.process.stdout.readline(), 30)
        assert answer, (await self.process.stderr.read()).decode()[-2000:]
        return json.loads(answer)["response"]


@pytest.fixture
async def alexa(node, limits, tmp_path):
    """An emulated Alexa in front of the whole host: manifests, store, understanding, dialogue, web."""
    from sayso.web import create_app
    from sayso.web.config import read
    from sayso.web.wire import wire

    chain, clock = mint(OPEN), SetClock(OPEN)
    folders = {"SAYSO_MANIFESTS": str(ROOT / "manifests"), "SAYSO_SKILLS": str(ROOT / "skills")}
    config = read({"SAYSO_DATA": str(tmp_path / "data"), "SAYSO_DEMO": "1", **folders})
    async with AsyncExitStack() as stack:
        parts = await wire(config, clock)
        door = Door(Certificates(chain.fetch, [chain.root], limits.certificate), limits)
        port = await stack.enter_async_context(served(create_app(config, replace(parts, alexa=door))))
        artefact = await parts.artefacts.current("coffee_bar")
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
        url = f"http://127.0.0.1:{port}/v1/alexa/coffee_bar"
        proxy = await stack.enter_async_context(signing(chain, url, client, clock))
        model = tmp_path / "en-US.json"
        files = skill_package(artefact, "https://shop.example/v1/alexa/coffee_bar", limits.export)
        model.write_text(json.dumps(files["skill-package/interactionModels/custom/en-US.json"]))
        skill = next(channel.account for channel in artefact.merchant.channels if channel.name == "alexa")
        process = await _emulator(node, proxy, model, skill)
        yield Emulated(process, tmp_path / "data" / "sayso.db")
        process.stdin.close()
        await process.wait()


async def _emulator(node: str, proxy: str, model: Path, skill: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    command = (node, "--no-deprecation", str(SCRIPT / "talk.js"), proxy, str(model), skill)
    return await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)


def said(response: dict) -> str:
    return response["outputSpeech"]["ssml"].lower()


async def test_an_emulated_alexa_orders_changes_confirms_and_undoes(alexa):
    """The whole path by voice: greeting, order, change, yes, undo."""
    greeting = await alexa("LAUNCH")
    assert "assistant" in said(greeting) and greeting["shouldEndSession"] is False
    assert "two latte" in said(await alexa("can i get two lattes to go at dam square"))
    changed = await alexa("make one of the lattes large")
    assert "large latte" in said(changed) and changed["shouldEndSession"] is False
    assert alexa.orders() == []
    assert "your number is" in said(await alexa("yes"))
    assert alexa.orders() == ["placed"]
    assert "cancelled" in said(await alexa("undo that"))
    assert alexa.orders() == ["cancelled"]


async def test_a_basket_survives_the_end_of_a_session(alexa):
    """The conversation is the user's: what was wanted is still there when the skill is opened again."""
    await alexa("LAUNCH")
    await alexa("can i get a flat white to go at dam square")
    assert await alexa("END") == {}
    await alexa("LAUNCH")
    assert "flat white" in said(await alexa("what do i have"))
    assert "your number is" in said(await alexa("yes"))
    assert alexa.orders() == ["placed"]
