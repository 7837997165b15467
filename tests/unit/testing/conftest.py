"""A host of a dozen lines that answers as it is told, for the tests of what talks to hosts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso.host.ports import Answer, Posted
from sayso.manifest.specs import Artefact, MerchantSpec
from sayso.model.basket import Chosen, Line, Order, Priced, Proposal
from sayso.model.catalog import Catalog, Product
from sayso.model.command import Add, Candidate, Evidence, Item, Say
from sayso.model.event import Event
from sayso.model.message import Action, Message, Shown
from sayso.model.money import Money
from sayso.model.state import Done, Frame, Pending, State, Topic
from sayso.model.trace import Trace
from sayso.testing.chat import Hosted
from sayso.testing.clock import SetClock

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATTE = Product("latte", {"en": "latte"}, 350, "coffee", options=("size", "milk"), defaults={"size": "medium"})
MERCHANT = MerchantSpec("bar", {"en": "Bar"}, ("en",), "EUR", "NL", "Europe/Amsterdam", {}, ("order",))
ARTEFACT = Artefact("d", MERCHANT, {}, Catalog("bar", "v1", "EUR", {"latte": LATTE}, {}), {}, {})
LINE = Line("l1", "latte", 2, (Chosen("size", "medium"), Chosen("milk", "oat")), ("extra napkin",))
PROPOSAL = Proposal(
    "p1",
    "digest",
    "order",
    "order.add",
    (Priced(LINE, Money(350, "EUR"), Money(700, "EUR")),),
    {"store": "dam"},
    Money(700, "EUR"),
    NOW + timedelta(minutes=10),
    "v1",
)
ORDER = Order("o1", "A7", "bar", "c", "", PROPOSAL, NOW)
SAID = Message("Two lattes, € 7,00. Yes?", "Two lattes, seven euros. Yes?")
EMPTY = State("en", Topic("t", "bar"))
WORDS = Evidence("two lattes", "local", 0.9)


@dataclass
class FakeHost:
    """Remembers events; answers with `message` and `state`; its one order and its jobs are what the test sets."""

    message: Message = SAID
    state: State = EMPTY
    order_row: Order = ORDER
    events: list[Event] = field(default_factory=list)
    jobs: list[datetime] = field(default_factory=list)
    ran: list[datetime] = field(default_factory=list)
    pushed: list[Posted] = field(default_factory=list)
    clock: SetClock = field(default_factory=lambda: SetClock(NOW))

    async def __call__(self, event: Event) -> Answer:
        self.events.append(event)
        posted = Posted(len(self.events), f"m{len(self.events)}", self.message, f"turn{len(self.events)}", event.at)
        return Answer((posted,), posted.turn, self.state)

    async def load(self, conversation: str) -> tuple[State | None, int]:
        return (self.state, len(self.events)) if self.events else (None, 0)

    async def messages(self, conversation: str, after: int = 0, limit: int = 200) -> Sequence[Posted]:
        return [posted for posted in self.pushed if posted.seq > after]

    async def order(self, merchant: str, order: str) -> Order | None:
        return self.order_row if order == self.order_row.id else None

    async def trace(self, turn: str) -> Trace | None:
        commands = (Add((Item("two lattes", (Candidate("latte"),), 2),), WORDS), Say("thanks", WORDS))
        return Trace(turn, self.events[-1], self.state, NOW, "s", "d", "v1", commands, ("given", "local"))

    async def due(self) -> datetime | None:
        return min(self.jobs, default=None)

    async def work(self) -> None:
        self.ran += [job for job in self.jobs if job <= self.clock.now()]
        self.jobs = [job for job in self.jobs if job > self.clock.now()]


@pytest.fixture
def fake() -> FakeHost:
    """A host that answers as it is told."""
    return FakeHost()


@pytest.fixture
def hosted(fake: FakeHost) -> Hosted:
    """The fake as a conversation's holder sees it."""
    ports: Any = fake
    return Hosted(fake, ports, ports, {"bar": ARTEFACT}, fake.clock, fake.due, fake.work)


@pytest.fixture
def confirming(fake: FakeHost) -> FakeHost:
    """The fake with a basket read back and two buttons."""
    actions: Sequence[Action] = (Action("reply", "Yes", "tok-yes"), Action("url", "Menu", "/menu"))
    shown = Shown("tok-yes", "Yes", Say("thanks", WORDS))
    fake.message = Message(fake.message.text, fake.message.speech, actions=tuple(actions), expects_reply=True)
    fake.state = State(
        "en",
        Topic("t", "bar", frames=(Frame("order.add", "d", {"service": "to_go"}),), pending=Pending("confirm")),
        lines=(LINE,),
        proposal=PROPOSAL,
        shown=(shown,),
    )
    return fake


@pytest.fixture
def placed(fake: FakeHost) -> FakeHost:
    """The fake after the yes."""
    fake.state = State("en", Topic("t", "bar"), done=(Done("e1", "order.add", "o1"),))
    return fake
