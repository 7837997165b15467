"""The whole host, a channel and its platform: webhooks in three times and out of order, calls out, once each."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from sayso.channels.contract import Call
from sayso.web import Config, create_app
from sayso.web.calling import Caller
from sayso.web.wire import wire

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    "COFFEE_BAR_WHATSAPP_NUMBER": "106540352242922",
    "COFFEE_BAR_META_SECRET": "shh-it-is-a-secret",
    "COFFEE_BAR_META_VERIFY": "verify",
    "COFFEE_BAR_WHATSAPP_TOKEN": "EAAG-token",
}
pytestmark = pytest.mark.slow


class Noon:
    """A Monday at noon in Amsterdam, when the coffee bar is open; waits are over when something else happens."""

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 11, 0, tzinfo=UTC)

    async def sleep_until(self, moment: datetime) -> None:
        await asyncio.Event().wait()


@dataclass
class Graph:
    """A server that takes messages as the platform's does: with a token, one by one, each with an id."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    broken: int = 0
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    url: str = ""
    serving: set[Any] = field(default_factory=set)

    @property
    def said(self) -> list[str]:
        return [text for each in self.sent if (text := words(each))]

    async def until(self, count: int) -> None:
        """Wait until so many messages were taken."""
        async with self.arrived:
            await asyncio.wait_for(self.arrived.wait_for(lambda: len(self.said) >= count), 20)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving.add(asyncio.current_task())
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                sizes = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
                body = json.loads(await reader.readexactly(int(sizes[0].split(b":")[1])))
                if self.broken and words(body):
                    async with self.arrived:
                        self.broken -= 1
                        self.arrived.notify_all()
                    return
                async with self.arrived:
                    self.sent.append(body)
                    self.arrived.notify_all()
                good = b"bearer eaag-token" in head.lower()
                told = {"messages": [{"id": f"wamid.{len(self.sent)}"}]} if good else {"error": {"code": 190}}
                answer = json.dumps(told).encode()
                status = b"200 OK" if good else b"401 Unauthorized"
                writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(answer), answer))
                await writer.drain()
        except asyncio.IncompleteReadError:
            return
        finally:
            writer.close()


def words(body: dict[str, Any]) -> str:
    """The words of a message; "" of a mere notice."""
    if "status" in body:
        return ""
    kind = body.get("type", "")
    found = body.get(kind, {})
    text: str = found.get("body", {}).get("text", "") if kind == "interactive" else found.get("body", "")
    return text or kind


@asynccontextmanager
async def graph() -> AsyncIterator[Graph]:
    made = Graph()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    async with server:
        made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield made
        await asyncio.gather(*made.serving)


@asynccontextmanager
async def running(folder: Path, platform: Graph) -> AsyncIterator[Any]:
    """A host with the coffee bar whose calls reach the platform on this machine."""
    config = Config(data=folder, manifests=ROOT / "manifests", skills=ROOT / "skills", environment=ENVIRONMENT)
    parts = await wire(config, Noon())
    if not await parts.artefacts.current("coffee_bar"):
        await parts.publish("coffee_bar")
    async with httpx.AsyncClient() as client:
        caller = Caller(client)

        async def send(call: Call) -> Any:
            path = httpx.URL(call.url).raw_path.decode()
            return await caller(replace(call, url=platform.url + path))

        assert parts.outbox is not None
        parts.outbox.send = send
        async with create_app(config, replace(parts, call=send)).test_app() as app:
            yield app.test_client()


def webhook(*values: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """A signed webhook with messages or statuses."""
    about = {"metadata": {"phone_number_id": ENVIRONMENT["COFFEE_BAR_WHATSAPP_NUMBER"]}}
    changes = [{"field": "messages", "value": {"messaging_product": "whatsapp", **about, **value}} for value in values]
    body = json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}).encode()
    digest = hmac.new(ENVIRONMENT["COFFEE_BAR_META_SECRET"].encode(), body, hashlib.sha256).hexdigest()
    return body, {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}


def message(id: str, text: str, sender: str = "31612345678") -> dict[str, Any]:
    said = {"from": sender, "id": id, "timestamp": "1795431600", "type": "text", "text": {"body": text}}
    return {"messages": [said]}


def status(id: str, state: str, to: str = "31612345678") -> dict[str, Any]:
    return {"statuses": [{"id": id, "status": state, "timestamp": "1795431601", "recipient_id": to}]}


async def post(client: Any, *values: dict[str, Any]) -> int:
    body, headers = webhook(*values)
    answer = await client.post("/v1/channels/whatsapp/coffee_bar", data=body, headers=headers)
    return int(answer.status_code)


async def settled(client: Any) -> str:
    """The metrics once nothing waits any more."""
    async with asyncio.timeout(20):
        while True:
            counts = (await (await client.get("/metrics")).get_data()).decode()
            if "sayso_outbox_messages{" not in counts:
                return counts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("delivered") / "data"


async def test_three_deliveries_of_each_webhook_are_one_answer(folder: Path) -> None:
    """In parallel: each message has one turn, each answer is sent once, in order; statuses count."""
    async with graph() as platform, running(folder, platform) as client:
        thrice = [message("wamid.in1", "hello"), message("wamid.in1", "hello"), message("wamid.in1", "hello")]
        assert set(await asyncio.gather(*(post(client, each) for each in thrice))) == {200}
        await platform.until(1)
        assert set(await asyncio.gather(*(post(client, message("wamid.in2", "a latte")) for _ in range(3)))) == {200}
        await platform.until(3)
        sent = [f"wamid.{n + 1}" for n, body in enumerate(platform.sent) if words(body)]
        told = [status(id, state) for state in ("read", "delivered", "sent") for id in sent]
        assert set(await asyncio.gather(*(post(client, each) for each in told * 3))) == {200}
        counts = await settled(client)
    greeting, question, place = platform.said
    assert "Pip" in greeting and "latte" in question and "location" in place
    assert 'sayso_deliveries_total{channel="whatsapp",state="read"} 3.0' in counts
    assert "sayso_outbox_messages{" not in counts and "sayso_outbox_attention{" not in counts, "nothing waits"


async def test_what_was_on_its_way_when_the_host_ended_is_found_by_the_next(folder: Path) -> None:
    """The platform hung up without an answer: nobody knows; the next host does not send it again, staff see it."""
    async with graph() as platform:
        platform.broken = 1
        async with running(folder, platform) as client:
            await post(client, message("wamid.in9", "hello", "31687654321"))
            async with platform.arrived:
                await asyncio.wait_for(platform.arrived.wait_for(lambda: not platform.broken), 20)
        async with running(folder, platform) as client:
            counts = (await (await client.get("/metrics")).get_data()).decode()
            assert 'sayso_outbox_attention{channel="whatsapp"} 1.0' in counts
        assert platform.said == []
