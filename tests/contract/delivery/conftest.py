"""A little platform that carries messages, a channel to it, and a host's outbox between a store and both."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sayso.channels.capabilities import Capabilities
from sayso.channels.compiler import Part, Where
from sayso.channels.contract import Account, Address, Call, Inbound, NotSent, Outcome, Report, Request
from sayso.errors import NotFound, Upstream
from sayso.host.outbox import Outbox
from sayso.host.parcels import Route
from sayso.manifest.specs import ChannelSpec, MerchantSpec
from sayso.model.event import Due, Event
from sayso.model.message import Message
from sayso.model.writes import Outgoing
from sayso.store import Store

STATES = "SELECT state FROM deliveries WHERE conversation = ? ORDER BY seq, part"
CAPS = Capabilities("pigeon", "push", 40, rate_per_s=1000.0, burst=1000)


@dataclass
class Pigeon:
    """A channel of one JSON call a part. `once`: the platform tells calls apart by our id."""

    capabilities: Capabilities = CAPS
    once: bool = False
    stale: bool = False
    name: str = "pigeon"

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        return Inbound()

    def wire(self, part: Part, to: Address, account: Account) -> Call:
        said = {"to": to.native, "part": to.part, "text": part.text, "via": dict(to.via), "spent": to.spent}
        call = Call("POST", "https://pigeon.example/send", body=json.dumps(said).encode(), once=self.once)
        return replace(call, token="main", headers={"auth": "{token}"}) if self.stale else call

    def outcome(self, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
        told = json.loads(body)
        table = {200: "sent", 410: "opted_out", 422: "window", 401: "token", 429: "retry", 500: "retry"}
        state = table.get(status, "failed")
        return Outcome(state, told.get("id", ""), float(told.get("after", 0)), told.get("why", ""), str(status))


@dataclass
class Homing(Pigeon):
    """A pigeon that also knows one message for after the window, and fetches tokens."""

    def template(self, message: Message, to: Address, account: Account) -> Call | None:
        if "secret" in message.text:
            return None
        said = {"to": to.native, "part": to.part, "text": f"TEMPLATE {message.text}"}
        return Call("POST", "https://pigeon.example/send", body=json.dumps(said).encode(), once=self.once)

    def token(self, name: str, account: Account) -> Call:
        return Call("POST", f"https://pigeon.example/token/{name}")

    def token_of(self, status: int, body: bytes) -> tuple[str, float]:
        if status != 200:
            raise Upstream("no token")
        return json.loads(body)["token"], 600.0


@dataclass
class Platform:
    """`Send` to a platform that keeps what it was given. `script`: what it does with the next calls: "ok", a status,
    "lost" (nothing reaches it), "cut" (it takes the message and the answer is lost) or "hang"."""

    script: deque[Any] = field(default_factory=deque)
    down: set[str] = field(default_factory=set)
    taken: list[tuple[str, str]] = field(default_factory=list)
    calls: list[Mapping[str, Any]] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    clock: Any = None
    tokens: int = 0
    good: str = ""
    held: asyncio.Event = field(default_factory=asyncio.Event)
    _ids: dict[str, str] = field(default_factory=dict)
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def reached(self, calls: int = 0, taken: int = 0) -> None:
        """Wait until so many calls came and so many messages were taken."""
        while len(self.calls) < calls or len(self.taken) < taken:
            self._moved.clear()
            await asyncio.wait_for(self._moved.wait(), 10)

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.taken]

    async def __call__(self, call: Call) -> tuple[int, Mapping[str, str], bytes]:
        if "/token/" in call.url:
            self.tokens += 1
            self.good = f"t{self.tokens}"
            return 200, {}, json.dumps({"token": self.good}).encode()
        said = json.loads(call.body)
        self.calls.append(said)
        self.times.append(self.clock.now())
        self._moved.set()
        act = self.script.popleft() if self.script else "ok"
        if said["to"] in self.down or act == "lost":
            raise NotSent("pigeon.example cannot be reached")
        if act == "hang":
            await self.held.wait()
        if "auth" in call.headers and call.headers["auth"] != self.good:
            return 401, {}, b"{}"
        if isinstance(act, int):
            return act, {}, json.dumps({"after": 7 if act == 429 else 0, "why": "as told"}).encode()
        if not (call.once and said["part"] in self._ids):
            self._ids[said["part"]] = f"n{len(self.taken)}"
            self.taken.append((said["to"], said["text"]))
            self._moved.set()
        if act == "cut":
            raise Upstream("no answer")
        return 200, {}, json.dumps({"id": self._ids[said["part"]]}).encode()


@dataclass
class Post:
    """Writes turns whose answers go through the outbox, and makes hosts that send them."""

    store: Store
    make: Any
    platform: Platform
    channel: Any = field(default_factory=Pigeon)
    versions: dict[str, int] = field(default_factory=dict)
    steps: list[tuple[str, str]] = field(default_factory=list)

    async def say(self, *texts: str, to: str = "anna", account: str = "loft", **more: Any) -> Event:
        """A turn of the conversation that answers with these messages."""
        event: Event = self.make.event(to, channel="pigeon", account=account, **more)
        await self.store.inbox.accept(event)
        outgoing = tuple(Outgoing(f"m{event.id}{n}", Message(text), push=True) for n, text in enumerate(texts))
        version = self.versions.get(event.key, 0)
        await self.store.turns.apply(self.make.turn(event, version, outgoing=outgoing))
        self.versions[event.key] = version + 1
        return event

    async def later(self, text: str, to: str = "anna", account: str = "loft") -> Event:
        """A message that nobody asked for just now."""
        return await self.say(text, to=to, account=account, body=Due("ready_order", {}))

    def outbox(self, rows: Any = None, send: Any = None) -> Outbox:
        async def routes(merchant: str, channel: str, conversation: str) -> Route:
            if self.channel is None:
                raise NotFound("no pigeons here")
            spec = ChannelSpec(channel, conversation.split("/")[2])
            owner = MerchantSpec(merchant, {"en": "Bar"}, ("en",), "EUR", "NL", "UTC", {}, ())
            return Route(self.channel, Account(owner, spec), Where())

        return Outbox(
            rows or self.store.deliveries,
            routes,
            send or self.platform,
            self.make.clock,
            lambda channel, state: self.steps.append((channel, state)),
            lambda: 0.0,
        )

    async def run(self) -> Outbox:
        """A host sends all that is due."""
        outbox = self.outbox()
        await outbox.run_due()
        return outbox

    async def report(self, state: str, outbox: Outbox | None = None, **told: Any) -> None:
        """What the platform tells of a message."""
        report = Report(state, self.make.clock.now(), **told)
        await (outbox or self.outbox()).report("bar", "pigeon", "loft", report)

    def caps(self, **more: Any) -> None:
        self.channel.capabilities = replace(self.channel.capabilities, **more)

    def wait(self, **much: float) -> None:
        self.make.clock.moment += timedelta(**much)

    async def states(self, event: Event) -> list[str]:
        """The states of the parts of the conversation's messages, in order."""
        from sayso.store.statements import Statement

        def script() -> Any:
            rows = yield Statement(
                "SELECT state FROM deliveries WHERE conversation = ? ORDER BY seq, part", (event.key,)
            )
            return [row[0] for row in rows]

        found: list[str] = await self.store.database.read(script())
        return found


@pytest.fixture
def platform(clock: Any) -> Platform:
    return Platform(clock=clock)


@pytest.fixture
def post(store: Store, make: Any, platform: Platform) -> Post:
    return Post(store, make, platform)


@pytest.fixture
def homing() -> type[Homing]:
    return Homing
