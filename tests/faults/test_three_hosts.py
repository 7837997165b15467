"""Three hosts on one PostgreSQL: any of them goes on with a conversation, and one that dies takes nothing with it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest

from sayso.testing.postgres import Server

BENCH = Path(__file__).resolve().parents[2] / "bench"
pytestmark = pytest.mark.slow


@dataclass
class Chat:
    """One customer, who speaks to whichever host she is sent to."""

    client: httpx.AsyncClient
    hosts: list[Any]
    path: str
    token: str
    serial: int = 0

    async def say(self, host: int, words: str, event: str = "") -> dict[str, Any]:
        """Say it to a host; the same event may be sent again, to any."""
        self.serial += 1
        body = {"id": event or f"event-{self.serial:06d}", "type": "text", "text": words}
        url = f"{self.hosts[host].url}{self.path}/events"
        answer = await self.client.post(url, json=body, headers=self.held, timeout=30)
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    @property
    def held(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    async def told(self, host: int) -> list[dict[str, Any]]:
        """The transcript, as a host tells it."""
        answer = await self.client.get(f"{self.hosts[host].url}{self.path}/messages", headers=self.held)
        found: list[dict[str, Any]] = answer.raise_for_status().json()["messages"]
        return found

    async def hears(self, host: int, after: int) -> dict[str, Any]:
        """The first message after a position, from a stream that is opened at a host."""
        url = f"{self.hosts[host].url}{self.path}/stream?after={after}"
        async with self.client.stream("GET", url, headers=self.held, timeout=30) as stream:
            self.listening.set()
            async for line in stream.aiter_lines():
                if line.startswith("data: ") and '"seq"' in line:
                    found: dict[str, Any] = json.loads(line[6:])
                    return found
        raise AssertionError("the stream ended")

    def __post_init__(self) -> None:
        self.listening = asyncio.Event()


@pytest.fixture
async def chat(postgres_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chat]:
    """Three real processes, and a conversation that was opened at the first."""
    monkeypatch.syspath_prepend(str(BENCH))
    running = import_module("running")
    shared = await postgres_server.create()
    running.write_merchant(tmp_path)
    hosts = [running.Host(tmp_path, f"data{number}", shared) for number in range(3)]
    async with httpx.AsyncClient() as client:
        try:
            for host in hosts:
                host.start()
                await host.ready(client)
            base = f"/v1/merchants/{running.MERCHANT}/conversations"
            made = (await client.post(hosts[0].url + base, json={"language": "en"}, timeout=30)).json()
            yield Chat(client, hosts, f"{base}/{made['id']}", made["token"])
        finally:
            for host in hosts:
                host.stop()
            sys.modules.pop("running", None)
    await postgres_server.drop(shared)


async def test_a_conversation_goes_from_host_to_host(chat: Chat) -> None:
    """Each goes on where the last one stopped; a repeated event is told the stored answer; watchers at another host
    see it; what a host that was killed had accepted is answered once."""
    await chat.say(0, "two lattes to go please")
    watching = asyncio.create_task(chat.hears(2, after=(await chat.told(1))[-1]["seq"]))
    await chat.listening.wait()
    changed = await chat.say(1, "make one of the two large", "event-changed")
    heard = await asyncio.wait_for(watching, 20)
    assert heard["seq"] > 3 and heard["text"] in {message["text"] for message in await chat.told(0)}
    assert await chat.say(2, "make one of the two large", "event-changed") == changed

    at_once = [chat.say(host, "and a blueberry muffin", "event-at-once") for host in (0, 1, 2)]
    first, *others = await asyncio.gather(*at_once)
    assert all(other["messages"] == first["messages"] for other in others)

    killed = asyncio.create_task(chat.say(0, "yes", "event-yes-00"))
    async with asyncio.timeout(20):
        while not await chat.hosts[1].rows("SELECT 1 FROM inbox WHERE native LIKE '%/event-yes-00'"):
            pass  # It is accepted: from here on nothing may lose it.
    chat.hosts[0].kill()
    with suppress(httpx.HTTPError):
        await killed
    placed, again = await asyncio.gather(*(chat.say(host, "yes", "event-yes-00") for host in (1, 2)))
    assert placed["messages"] == again["messages"]
    told = await chat.told(1)
    assert told == await chat.told(2) and [message["seq"] for message in told] == list(range(1, len(told) + 1))
    assert [m["text"] for m in told if m["author"] == "customer"].count("yes") == 1
    assert [row[0] for row in await chat.hosts[1].rows("SELECT count(*) FROM orders")] == [1]


async def test_what_nobody_sends_again_is_answered_by_another_host(chat: Chat) -> None:
    """A host died with an event in its hands and its customer waits: a host that lives finds it and answers."""
    await chat.say(0, "a latte to go")
    rows = await chat.hosts[0].rows("SELECT body FROM inbox ORDER BY at DESC LIMIT 1")
    body = json.loads(rows[0][0]) | {"id": "left-lying", "at": "2020-01-01T00:00:00+00:00"}
    chat.hosts[0].kill()
    native, last = chat.path.rpartition("/")[2], (await chat.told(1))[-1]["seq"]
    watching = asyncio.create_task(chat.hears(2, after=last))
    await chat.listening.wait()
    await chat.hosts[1].rows(
        "INSERT INTO inbox (merchant, channel, account, native, conversation, seq, at, body) "
        f"SELECT merchant, channel, account, 'left-lying', conversation, 3, 1, '{json.dumps(body)}' FROM inbox "
        f"WHERE native <> 'left-lying' AND conversation LIKE '%{native}' LIMIT 1 RETURNING 1"
    )
    await asyncio.wait_for(watching, 30)
    assert await chat.hosts[1].rows("SELECT 1 FROM inbox WHERE native = 'left-lying' AND answered_at > 0")
    assert (await chat.told(2))[-1]["author"] == "bot"


def test_hosts_are_killed_in_the_middle_of_orders() -> None:
    """The benchmark's run in small, on three hosts: nothing acknowledged is lost, nothing is done twice."""
    command = [sys.executable, str(BENCH / "kill.py"), "--conversations", "16", "--kills", "4", "--seed", "5"]
    environment = {**os.environ, "STORE": "postgres"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=environment)
    if "NoPostgres" in done.stderr:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["hosts"] == 3 and found["kills"] >= 1 and found["orders"] == found["conversations"] == 16
    assert (found["lost"], found["doubled"]) == (0, 0)
