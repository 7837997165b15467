"""The whole host with Telegram and LINE: webhooks three times, out of order, in parallel; each answer once."""

from __future__ import annotations

import asyncio
import importlib.util
import random
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest

from sayso.channels.contract import Account, Call, Request
from sayso.testing.clock import SetClock
from sayso.web import Config, create_app
from sayso.web.wire import wire

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    "COFFEE_BAR_TELEGRAM_TOKEN": "5768337691:AAH5",
    "COFFEE_BAR_TELEGRAM_SECRET": "a-word",
    "COFFEE_BAR_LINE_USER": "U" + "0" * 32,
    "COFFEE_BAR_LINE_SECRET": "shh",
    "COFFEE_BAR_LINE_TOKEN": "long-lived",
}
pytestmark = pytest.mark.slow


def stand_in(channel: str) -> ModuleType:
    """The stand-in of a channel's tests."""
    name = f"stand_in_{channel}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / "channels" / channel / "stand_in.py")
        assert spec and spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@dataclass
class Line:
    """What the host calls: the stand-ins, behind one way to make a call. Each call takes two seconds, so that nobody is
    written to too fast."""

    clock: SetClock
    stands: Mapping[str, Any] = field(default_factory=dict)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __call__(self, call: Call) -> tuple[int, Mapping[str, str], bytes]:
        stand = self.stands[urlsplit(call.url).netloc]
        async with self.arrived:
            answer: tuple[int, Mapping[str, str], bytes] = stand.takes(call)
            self.arrived.notify_all()
        asyncio.get_running_loop().call_soon(self.clock.advance, timedelta(seconds=2))
        return answer

    async def until(self, stand: Any, count: int) -> None:
        """Wait until so many messages were shown."""
        async with self.arrived:
            await asyncio.wait_for(self.arrived.wait_for(lambda: len(stand.shown) >= count), 20)


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[Any, Line]]:
    """A host with the coffee bar whose calls reach the stand-ins."""
    config = Config(data=folder, manifests=ROOT / "manifests", skills=ROOT / "skills", environment=ENVIRONMENT)
    clock = SetClock(datetime(2026, 11, 23, 11, 0, tzinfo=UTC))
    parts, line = await wire(config, clock), Line(clock)
    if not await parts.artefacts.current("coffee_bar"):
        await parts.publish("coffee_bar")
    assert parts.outbox is not None
    parts.outbox.send = line
    merchant = (await parts.artefacts.current("coffee_bar")).merchant  # type: ignore[union-attr]
    accounts = {spec.name: Account(merchant, spec, ENVIRONMENT) for spec in merchant.channels}
    channels = parts.reach.channels
    line.stands = {
        "api.telegram.org": stand_in("telegram").Bot(channels.get("telegram"), accounts["telegram"]),
        "api.line.me": stand_in("line").Friend(channels.get("line"), accounts["line"]),
    }
    async with create_app(config, replace(parts, call=line)).test_app() as app:
        yield app.test_client(), line


async def deliver(client: Any, requests: Sequence[Request]) -> set[int]:
    """Each request three times, shuffled, at once; the statuses."""
    thrice = [request for request in requests for _ in range(3)]
    random.Random(7).shuffle(thrice)

    async def post(request: Request) -> int:
        path = urlsplit(request.url).path
        return int((await client.post(path, data=request.body, headers=dict(request.headers))).status_code)

    return set(await asyncio.gather(*map(post, thrice)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stands") / "data"


@pytest.mark.parametrize("host", ["api.telegram.org", "api.line.me"])
async def test_an_order_is_made_once(host: str, folder: Path) -> None:
    """Words, a button, a yes: each delivered three times; one answer each, one order."""
    async with running(folder) as (client, line):
        stand = line.stands[host]
        assert await deliver(client, [stand.says("one latte to go at Dam Square please")]) == {200}
        await line.until(stand, 1)
        yes = next(token for label, token in shown(stand) if label in ("Yes", "Yes, place it", "Place order"))
        assert await deliver(client, [stand.presses(yes)]) == {200}
        await line.until(stand, 2)
        assert await deliver(client, [stand.says("what is the status of my order?")]) == {200}
        await line.until(stand, 3)
        await asyncio.sleep(0)
        assert len(stand.shown) == 3


def shown(stand: Any) -> list[tuple[str, str]]:
    """The buttons below the last message: what each shows and brings back."""
    found: list[tuple[str, str]] = []

    def walk(made: Any) -> None:
        if isinstance(made, dict):
            token = made.get("callback_data") or made.get("data")
            if token:
                found.append((made.get("text") or made.get("label"), token))
            for each in made.values():
                walk(each)
        for each in made if isinstance(made, list) else ():
            walk(each)

    walk(stand.shown[-1])
    return found
