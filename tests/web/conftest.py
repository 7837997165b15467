"""A whole web application on a host in memory: it answers by simple rules and keeps what a store would keep."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from quart import Quart
from quart.typing import TestClientProtocol as Client

from sayso.errors import Unauthorised
from sayso.host.ports import Answer, Listed, Posted, Typing, listed
from sayso.manifest.specs import Artefact, ChannelSpec, Location, MerchantSpec, Persona
from sayso.model.basket import Order
from sayso.model.catalog import Catalog, OptionGroup, OptionValue, Product
from sayso.model.command import Evidence, Say
from sayso.model.event import Event, Opened, Pressed, Proof, Utterance
from sayso.model.message import Action, Card, Message, Picture
from sayso.model.state import State, Topic
from sayso.model.trace import Trace
from sayso.web import Config, Parts, create_app

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ADMIN = "a" * 40


@dataclass
class SetClock:
    """A clock that a test sets."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    async def sleep_until(self, moment: datetime) -> None:
        self.at = max(self.at, moment)


def product(sku: str, name: str, name_nl: str) -> Product:
    return Product(sku=sku, names={"en": name, "nl": name_nl}, category="coffee", price=350)


def artefact(merchant: str = "bar", **settings: str) -> Artefact:
    """A small published merchant."""
    place = Location("dam", {"en": "Dam Square", "nl": "de Dam"}, "Dam 1", "Europe/Amsterdam", 52.37, 4.89, {})
    spec = MerchantSpec(
        id=merchant,
        names={"en": "Corner <Bar>", "nl": "Hoek <Bar>"},
        languages=("en", "nl"),
        currency="EUR",
        country="NL",
        zone="Europe/Amsterdam",
        locations={"dam": place},
        skills=("order_coffee",),
        persona=Persona("Noor"),
        channels=(ChannelSpec("web", "", settings),),
        support_phone="+31200000000",
    )
    milk = OptionGroup(
        "milk", {"en": "milk", "nl": "melk"}, {"oat": OptionValue("oat", {"en": "oat milk", "nl": "havermelk"})}
    )
    products = {"latte": product("latte", "Latte", "Latte"), "mocha": product("mocha", "Mocha", "Mokka")}
    catalog = Catalog("bar", version="1", currency="EUR", products=products, options={"milk": milk})
    return Artefact("d1", spec, {}, catalog, {}, {})


@dataclass
class Memory:
    """A host in memory: `Handle`, `Feed`, `Turns`, `Ledger` and `Artefacts` of host/ports.py."""

    merchants_: dict[str, Artefact] = field(default_factory=lambda: {"bar": artefact()})
    rows: dict[str, list[Posted]] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    watchers: dict[str, set[asyncio.Queue[Posted | Typing]]] = field(default_factory=dict)
    switched: set[str] = field(default_factory=set)
    switches_by: list[str] = field(default_factory=list)
    clock: SetClock = field(default_factory=SetClock)
    hold: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    silent: bool = False
    breaks: bool = False

    loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, event: Event) -> Answer:
        self.loop = asyncio.get_running_loop()
        if self.breaks:
            raise RuntimeError("a secret thing that the customer said")
        known = self.answers.get(event.id)
        if known:
            return Answer(known.messages, known.turn, known.state, duplicate=True)
        self.events.append(event)
        self._tell(event.key, Typing(True))
        self.begun.set()
        if self.hold:
            await self.hold.wait()
        turn = f"t{len(self.events)}"
        if words := said(event):
            self._post(event.key, event.id, Message(words, language="en"), turn, "customer")
        posted = [self._post(event.key, f"{turn}.{i}", one, turn) for i, one in enumerate(answer_to(event))]
        self._tell(event.key, Typing(False))
        answer = Answer(tuple(posted), turn, State("en", Topic("main", event.merchant)))
        self.answers[event.id] = answer
        return answer

    @asynccontextmanager
    async def watch(self, conversation: str) -> AsyncIterator[AsyncIterator[Posted | Typing]]:
        queue: asyncio.Queue[Posted | Typing] = asyncio.Queue()
        self.watchers.setdefault(conversation, set()).add(queue)

        async def follow() -> AsyncIterator[Posted | Typing]:
            while True:
                yield await queue.get()

        try:
            yield follow()
        finally:
            self.watchers[conversation].discard(queue)

    async def messages(self, conversation: str, after: int = 0, limit: int = 200) -> Sequence[Posted]:
        return [row for row in self.rows.get(conversation, []) if row.seq > after][:limit]

    async def trace(self, turn: str) -> Trace | None:
        made = (trace(event, i) for i, event in enumerate(self.events, 1))
        return next((each for each in made if each.turn == turn), None)

    async def traces(self, conversation: str, limit: int = 50) -> Sequence[Trace]:
        return [trace(event, i) for i, event in enumerate(self.events, 1) if event.key == conversation][-limit:]

    async def order(self, merchant: str, order: str) -> Order | None:
        return None

    async def switches(self, merchant: str) -> frozenset[str]:
        return frozenset(self.switched)

    async def switch(self, merchant: str, name: str, on: bool, by: str) -> None:
        self.switches_by.append(by)
        (self.switched.add if on else self.switched.discard)(name)

    async def current(self, merchant: str) -> Artefact | None:
        return self.merchants_.get(merchant)

    async def merchants(self) -> Sequence[str]:
        return sorted(self.merchants_)

    async def listed(self) -> Sequence[Listed]:
        return [listed(self.merchants_[merchant].merchant) for merchant in sorted(self.merchants_)]

    def post(self, conversation: str, text: str) -> Posted:
        """A message that nobody asked for: a proactive one."""
        return self._post(conversation, f"p{len(self.rows.get(conversation, []))}", Message(text), "push")

    def _post(self, key: str, id: str, message: Message, turn: str, author: str = "bot") -> Posted:
        rows = self.rows.setdefault(key, [])
        posted = Posted(len(rows) + 1, id, message, turn, self.clock.now(), author)
        rows.append(posted)
        self._tell(key, posted)
        return posted

    def _tell(self, key: str, happened: Posted | Typing) -> None:
        if not self.silent:
            for queue in self.watchers.get(key, ()):
                queue.put_nowait(happened)


def said(event: Event) -> str:
    """What the transcript shows of the customer's event."""
    match event.body:
        case Utterance(text):
            return text
        case Pressed(token, label):
            return label or token
    return ""


def answer_to(event: Event) -> list[Message]:
    """A compound message for a greeting and for "latte"; an echo for the rest."""
    if isinstance(event.body, Opened):
        return [Message("Hello, I'm Noor.\nWhat would you like?", actions=(Action("reply", "Menu", "tok-menu"),))]
    words = said(event).lower()
    if "nederlands" in words:
        return [Message("Goed, we gaan verder in het Nederlands.", language="nl")]
    if "latte" in words or "tok-menu" in words or "menu" in words:
        picture = Picture("images/latte.svg", "A latte in a glass")
        cards = [Card("Latte", "Espresso and steamed milk, € 3.50", picture, (Action("reply", "Order", "tok-latte"),))]
        if "menu" in words:
            cards.append(
                Card("Mocha", "With chocolate", None, (Action("url", "Read more", "https://example.org/mocha"),))
            )
        yes = (Action("reply", "Yes", "tok-yes"), Action("reply", "No", "tok-no"))
        return [Message("One latte to go at Dam Square, € 3.50. Shall I order it?", cards=tuple(cards), actions=yes)]
    return [Message(f"You said: {words}")]


def trace(event: Event, number: int) -> Trace:
    command = Say("greeting", Evidence(said(event), "local", 0.9))
    state = State("en", Topic("main", event.merchant))
    return Trace(
        f"t{number}", event, state, NOW + timedelta(seconds=number), "s", "d1", "1", (command,), ("local",), took_ms=1.5
    )


def customer(spec: MerchantSpec, token: str) -> Proof:
    """Tokens of the tests are "good:<name>"."""
    if not token.startswith("good:"):
        raise Unauthorised("this customer token is not signed by the merchant", where="/customer_token")
    return Proof("linked", spec.id, token.removeprefix("good:"))


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    pictures = tmp_path / "manifests" / "bar" / "images"
    pictures.mkdir(parents=True)
    (pictures / "latte.svg").write_text(SVG)
    (tmp_path / "manifests" / "bar" / "merchant.yaml").write_text("secret: 1")
    return Config(manifests=tmp_path / "manifests", demo=True, admin_key=ADMIN, rate=10_000, rate_opened=10_000)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#a9805b"/></svg>'


@pytest.fixture
def make_app(memory: Memory, config: Config) -> Callable[..., Quart]:
    """Makes the application, with other settings or parts where a test needs them."""

    def make(host: Memory = memory, settings: Config = config, **parts: Any) -> Quart:
        async def publish(merchant: str) -> str:
            return "d2"

        known: Mapping[str, Any] = {
            "handle": host,
            "feed": host,
            "turns": host,
            "ledger": host,
            "artefacts": host,
            "clock": host.clock,
            "secrets": ("s" * 32,),
            "publish": publish,
            "customer": customer,
            "vouch": lambda spec, name: f"good:{name}",
        }
        return create_app(settings, Parts(**{**known, **parts}))

    return make


@pytest.fixture
def client(make_app: Callable[..., Quart]) -> Client:
    return make_app().test_client()


class Live:
    """The application on a real port, in a thread: it can be ended and started again with the same host behind it."""

    def __init__(self, make: Callable[[], Awaitable[Quart]], port: int = 0) -> None:
        self._make = make
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.port = port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._server = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        while self._server is None or not self._server.started:
            self._thread.join(0.01)
            assert self._thread.is_alive(), "the server did not start"
        self.port = self._server.servers[0].sockets[0].getsockname()[1]

    async def _serve(self) -> None:
        app = await self._make()
        settings = uvicorn.Config(app, host="127.0.0.1", port=self.port, log_config=None, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(settings)
        await self._server.serve()

    def stop(self) -> None:
        """End the server; what the host kept stays."""
        if self._server and self._thread:
            self._server.force_exit = self._server.should_exit = True
            self._thread.join(10)


@pytest.fixture
def start_live() -> Iterator[Callable[[Callable[[], Awaitable[Quart]]], Live]]:
    """Starts an application on a real port; ends it after the test."""
    begun: list[Live] = []

    def start(make: Callable[[], Awaitable[Quart]]) -> Live:
        begun.append(Live(make))
        begun[-1].start()
        return begun[-1]

    yield start
    for server in begun:
        server.stop()


@pytest.fixture
def live(make_app: Callable[..., Quart], start_live: Callable[..., Live]) -> Live:
    async def make() -> Quart:
        return make_app()

    return start_live(make)
