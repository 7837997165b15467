"""The whole host with its platforms: webhooks three times, out of order, in parallel; one effect and one answer each.

Platforms that are called get their answer by a call; those that take it in the response get the same one every time.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import random
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from sayso.channels.contract import Account, Call, Request, Response
from sayso.host.access import Access
from sayso.model.event import Event
from sayso.testing.clock import SetClock
from sayso.web import Config, create_app
from sayso.web.wire import wire

ROOT = Path(__file__).parents[2]
PUBLIC = "https://bots.example"
PATIENCE_S = 120
"""How long a test waits for what happens in a fraction of a second, however busy the machine is."""
PASSWORD = "a-long-enough-password"
pytestmark = pytest.mark.slow


@cache
def environment() -> Mapping[str, str]:
    """The coffee bar's secrets; RCS has a service account with a key of its own."""
    return {
        "COFFEE_BAR_TELEGRAM_TOKEN": "5768337691:AAH5",
        "COFFEE_BAR_TELEGRAM_SECRET": "a-word",
        "COFFEE_BAR_LINE_USER": "U" + "0" * 32,
        "COFFEE_BAR_LINE_SECRET": "shh",
        "COFFEE_BAR_LINE_TOKEN": "long-lived",
        "COFFEE_BAR_SMS_NUMBER": "+31970000000",
        "COFFEE_BAR_PHONE_NUMBER": "+31970000001",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "t" * 32,
        "COFFEE_BAR_WECHAT_APP": "wx0123456789abcdef",
        "COFFEE_BAR_WECHAT_TOKEN": "a-word",
        "COFFEE_BAR_WECHAT_KEY": "k" * 42 + "A",
        "COFFEE_BAR_WECHAT_SECRET": "shh",
        "COFFEE_BAR_RCS_AGENT": "bar@rbm.goog",
        "COFFEE_BAR_RCS_CLIENT_TOKEN": "a-word",
        "COFFEE_BAR_RCS_KEY": service_account(),
        "COFFEE_BAR_LEX_KEY": PASSWORD,
        "COFFEE_BAR_ASSISTANT_KEY": PASSWORD,
        "COFFEE_BAR_DIALOGFLOW": PASSWORD,
    }


def service_account() -> str:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    made = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return json.dumps({"type": "service_account", "client_email": "bar@p.example", "private_key": made.decode()})


def stand_in(channel: str) -> ModuleType:
    """The stand-in of a channel's tests."""
    name = f"stand_in_{channel}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / "channels" / channel / "stand_in.py")
        assert spec and spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


class Tokens:
    """Google's server of access tokens."""

    def takes(self, call: Call) -> tuple[int, Mapping[str, str], bytes]:
        return 200, {}, json.dumps({"access_token": "ya29.token", "expires_in": 3600}).encode()


@dataclass
class Line:
    """What the host calls: the stand-ins, behind one way to make a call. Each call takes two seconds, so that nobody is
    written to too fast."""

    clock: SetClock
    parts: Any = None
    merchant: Any = None
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
            await asyncio.wait_for(self.arrived.wait_for(lambda: len(told(stand)) >= count), PATIENCE_S)

    def account(self, name: str) -> Account:
        spec = next(spec for spec in self.merchant.channels if spec.name == name)
        return Account(self.merchant, spec, environment(), PUBLIC)


def told(stand: Any) -> list[Any]:
    """The messages that arrived."""
    found: list[Any] = stand.shown if hasattr(stand, "shown") else stand.sent
    return found


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[Any, Line]]:
    """A host with the coffee bar whose calls reach the stand-ins."""
    config = Config(
        data=folder,
        manifests=ROOT / "manifests",
        skills=ROOT / "skills",
        public_url=PUBLIC,
        environment=environment(),
    )
    clock = SetClock(datetime(2026, 11, 23, 11, 0, tzinfo=UTC))
    parts = await wire(config, clock)
    if not await parts.artefacts.current("coffee_bar"):
        await parts.publish("coffee_bar")
    found = await parts.artefacts.current("coffee_bar")
    assert parts.outbox is not None and found is not None
    line = Line(clock, parts, found.merchant)
    parts.outbox.send = line
    parts.outbox.access = Access(line, clock)
    made = {host: _called(line, *where) for host, where in CALLED.items()}
    line.stands = {**made, "oauth2.googleapis.com": Tokens()}
    handle = parts.handle

    async def handled(event: Event) -> Any:
        return await handle(replace(event, deadline_s=PATIENCE_S))

    parts = replace(parts, call=line, handle=handled, access=parts.outbox.access)
    async with create_app(config, parts).test_app() as app:
        yield app.test_client(), line


def _called(line: Line, channel: str, folder: str, name: str) -> Any:
    more = {"now": line.clock.now()} if channel == "wechat" else {}
    return getattr(stand_in(folder), name)(line.parts.reach.channels.get(channel), line.account(channel), **more)


CALLED = {
    "api.telegram.org": ("telegram", "telegram", "Bot"),
    "api.line.me": ("line", "line", "Friend"),
    "api.twilio.com": ("sms", "sms", "Telephone"),
    "europe-rcsbusinessmessaging.googleapis.com": ("rcs", "rcs", "Handset"),
    "api.weixin.qq.com": ("wechat", "wechat", "WeChat"),
}
"""Host of a platform that is called -> channel, folder and name of its stand-in."""


async def deliver(client: Any, requests: Sequence[Request]) -> list[Response]:
    """Each request three times, shuffled, at once; the answers."""
    thrice = [request for request in requests for _ in range(3)]
    random.Random(7).shuffle(thrice)

    async def post(request: Request) -> Response:
        parts = urlsplit(request.url)
        query = parts.query or urlencode(request.query)
        path = parts.path + (f"?{query}" if query else "")
        answer = await client.post(path, data=request.body, headers=dict(request.headers))
        return Response(await answer.get_data(), answer.status_code, answer.content_type)

    return list(await asyncio.gather(*map(post, thrice)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stands") / "data"


@pytest.mark.parametrize("host", sorted(CALLED))
async def test_an_order_is_made_once(host: str, folder: Path) -> None:
    """Words, a button, a question, then all of it anew: each delivered three times; one answer each, one order."""
    async with running(folder) as (client, line):
        stand = line.stands[host]
        said = [stand.says("one latte to go at Dam Square please")]
        assert statuses(await deliver(client, said)) == {200}
        await line.until(stand, 1)
        said.append(agreed(stand))
        assert statuses(await deliver(client, said)) == {200}
        await line.until(stand, 2)
        said.append(stand.says("what is the status of my order?"))
        assert statuses(await deliver(client, said)) == {200}
        await line.until(stand, 3)
        await asyncio.sleep(0)
        assert len(told(stand)) == 3
        assert await orders(line, stand) == 1


def statuses(answers: Sequence[Response]) -> set[int]:
    return {answer.status for answer in answers}


def agreed(stand: Any) -> Request:
    """The customer takes the yes below the last message: its button, or its number."""
    yes = next((value for label, value in shown(told(stand)[-1]) if label in AGREES), "")
    numbered = re.search(rf"(\d+)\W+(?:{'|'.join(AGREES)})\b", str(told(stand)[-1]))
    found: Request | None = stand.presses(yes) if yes else stand.says(numbered.group(1) if numbered else "yes")
    assert found is not None
    return found


AGREES = ("Yes", "Yes, place it", "Place order")
PRESSED = ("callback_data", "data", "postbackData", "id")
"""What brings a button back, on one platform or another."""


def shown(made: Any) -> Iterator[tuple[str, str]]:
    """The buttons of a message: what each shows and brings back."""
    if isinstance(made, dict):
        value = next((made[name] for name in PRESSED if isinstance(made.get(name), str)), "")
        if value:
            yield made.get("text") or made.get("label") or made.get("content", ""), value
    inside = made.values() if isinstance(made, dict) else made if isinstance(made, list) else ()
    for each in inside:
        yield from shown(each)


def key_of(stand: Any) -> str:
    return "/".join(("coffee_bar", stand.channel.name, stand.account.id, stand.customer))


async def orders(line: Line, stand: Any) -> int:
    """How many orders the conversation has."""
    state, _ = await line.parts.turns.load(key_of(stand))
    assert state is not None
    return len({done.order for done in state.done if done.order})


def _bot(line: Line) -> Any:
    return stand_in("lex").Bot(line.parts.reach.channels.get("lex"), line.account("lex"))


def _flow(line: Line) -> Any:
    return stand_in("lex").Flow(line.parts.reach.channels.get("lex"), line.account("lex"))


def _caller(line: Line) -> Any:
    return stand_in("twilio_voice").Caller(line.parts.reach.channels.get("twilio_voice"), line.account("twilio_voice"))


def _program(line: Line) -> Any:
    return stand_in("assistants").OpenAiClient(line.parts.reach.channels.get("openai"), line.account("openai"))


def _home(line: Line) -> Any:
    account = line.account("home_assistant")
    return stand_in("assistants").Agent(line.parts.reach.channels.get("home_assistant"), account)


def _session(edition: str, telephone: bool) -> Callable[[Line], Any]:
    def made(line: Line) -> Any:
        account = line.account(f"dialogflow_{edition}")
        return stand_in("dialogflow").session(edition, None, account, telephone)

    return made


ANSWERED: Mapping[str, Callable[[Line], Any]] = {
    "lex": _bot,
    "a contact flow": _flow,
    "twilio_voice": _caller,
    "openai": _program,
    "home_assistant": _home,
    "dialogflow_cx": _session("cx", False),
    "dialogflow_cx, a call": _session("cx", True),
    "dialogflow_es": _session("es", False),
}
"""Platforms that take the answer in the response: how each stand-in is made."""


@pytest.mark.parametrize("name", sorted(ANSWERED))
async def test_an_order_is_answered_once(name: str, folder: Path) -> None:
    """Each turn comes three times at once, and again after every later one: the same bytes each time, one order."""
    async with running(folder) as (client, line):
        stand, asked = ANSWERED[name](line), []
        for does in (stand.opens, "one latte to go at Dam Square please", "yes", "what is the status of my order?"):
            request = stand.says(does) if isinstance(does, str) else does()
            if request is None:  # Nobody opens a conversation there without words.
                continue
            first, *others = await deliver(client, [request])
            assert [(each.status, each.body) for each in others] == [(200, first.body)] * 2
            assert stand.hears(first) == ""
            asked.append((request, first.body))
            for earlier, told in asked:
                assert {each.body for each in await deliver(client, [earlier])} == {told}
        assert await orders(line, stand) == 1
        posted = [each for each in await line.parts.turns.messages(key_of(stand)) if each.author != "customer"]
        assert len(posted) == len(asked)
