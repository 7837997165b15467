"""A small coffee bar, and a conversation that answers every action as an obliging host would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import get_args

import pytest

from sayso.dialogue import Input, TurnBegin, considered, first_state, talking
from sayso.manifest.specs import Artefact, ChoiceValue, IntentSpec, Location, MerchantSpec, Opening, SkillSpec, SlotSpec
from sayso.model import action
from sayso.model.action import IO, Result, Speak
from sayso.model.basket import Priced, Proposal
from sayso.model.catalog import Catalog, OptionGroup, OptionValue, Product
from sayso.model.command import Command
from sayso.model.money import Money
from sayso.model.state import State

COMMANDS = get_args(Command)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ALWAYS = {day: (Opening(time(0, 0), time(23, 59)),) for day in range(1, 8)}


def product(sku: str, **more: object) -> Product:
    return Product(sku, {"en": sku, "nl": sku}, 300, "coffee", options=("size", "milk", "syrup"), **more)  # type: ignore[arg-type]


def group(name: str, kind: str, *values: str) -> OptionGroup:
    made = {v: OptionValue(v, {"en": v, "nl": v}) for v in values}
    return OptionGroup(name, {"en": name, "nl": name}, made, kind, max_count=4)


def location(name: str) -> Location:
    return Location(name, {"en": name, "nl": name}, f"{name} 1", "Europe/Amsterdam", 52.0, 4.0, ALWAYS)


@pytest.fixture
def specs() -> Artefact:
    products = {p.sku: p for p in (product("latte", defaults={"milk": "whole"}), product("mocha"), product("muffin"))}
    options = {
        g.id: g
        for g in (
            group("size", "one", "small", "large"),
            group("milk", "one", "whole", "oat"),
            group("syrup", "many", "vanilla"),
        )
    }
    service = SlotSpec(
        "service", "choice", default="to_go", values={v: ChoiceValue(v, {"en": v}) for v in ("here", "to_go")}
    )
    store = SlotSpec("store", "location", {"en": "Where?"}, why={"en": "To bring it there."}, required=True)
    order = IntentSpec("order", "coffee", "purchase", "read_back", "add", {}, {"store": store, "service": service})
    usual = IntentSpec("usual", "coffee", "purchase", "read_back", "usual", {})
    day = SlotSpec("day", "time", {"en": "When?"}, required=True)
    visit = IntentSpec("visit", "coffee", "booking", "read_back", "book", {}, {"day": day, "store": store})
    shift = IntentSpec("shift", "coffee", "booking", "read_back", "move", {}, {"day": day})
    fits = IntentSpec("fits", "coffee", "read", "none", "advise", {}, {"day": day})
    intents = {each.id: each for each in (order, usual, visit, shift, fits)}
    skill = SkillSpec("coffee", "1", "order", {}, intents, {}, examples={"en": ("a latte",)})
    places = {name: location(name) for name in ("dam", "park")}
    merchant = MerchantSpec("bar", {"en": "Bar"}, ("en", "nl"), "EUR", "NL", "Europe/Amsterdam", places, ("coffee",))
    return Artefact("d1", merchant, {"coffee": skill}, Catalog("bar", "c1", "EUR", products, options), {}, {})


@dataclass
class Talk:
    """Drives `step` as the host does; `results` overrides what an action comes to."""

    specs: Artefact
    state: State
    now: datetime = NOW
    results: dict[type, Result] = field(default_factory=dict)
    asked: list[IO] = field(default_factory=list)
    answer: Callable[[IO], Result] | None = None
    """How the host answers, where it is not obliging."""
    said: list[Speak] = field(default_factory=list)

    def turn(self, *given: Input) -> list[str]:
        """One turn; the keys of what was said."""
        commands = tuple(g for g in given if isinstance(g, COMMANDS))
        events = tuple(g for g in given if not isinstance(g, COMMANDS))
        turn = talking(self.state, (TurnBegin(), *considered(commands, self.state), *events), self.specs, self.now)
        try:
            asked, self.state = next(turn)
            while True:
                self.asked.append(asked)
                answered = self.answer(asked) if self.answer else self.results.get(type(asked))
                asked, self.state = turn.send(answered or self.obliging(asked))
        except StopIteration as ended:
            self.state, self.said = ended.value.state, list(ended.value.speaks)
        return [s.key for s in self.said]

    def obliging(self, act: IO) -> Result:
        match act:
            case action.Check():
                return action.Checked(act.lines)
            case action.Propose():
                return action.Proposed(self.proposal(act), {})
            case action.Commit():
                until = (self.now + timedelta(minutes=5)).isoformat()
                return action.Committed("e1", act.proposal.intent, "done", "o1", until)
            case action.Revert():
                return action.Reverted(act.effect, {})
            case action.Undoable():
                return action.Refused((action.Trouble("undo.too_late" if self.state.done else "undo.nothing"),))
            case action.Recall():
                return action.Recalled(self.state.lines, {})
            case action.Ask():
                return action.Answered((Speak("answer"),))
            case action.HandOver():
                return action.HandedOver({})
            case _:
                return action.Noted()

    def proposal(self, act: action.Propose) -> Proposal:
        each = Money(300, "EUR")
        lines = tuple(Priced(line, each, each * line.quantity) for line in act.lines)
        digest = repr((act.lines, sorted(act.slots.items())))
        total = Money(sum(p.total.minor for p in lines), "EUR")
        name, until = f"p{len(self.asked)}", self.now + timedelta(minutes=10)
        return Proposal(name, digest, "coffee", act.intent, lines, act.slots, total, until, "c1")

    @property
    def pending(self) -> str:
        return self.state.topic.pending.kind if self.state.topic.pending else ""

    def basket(self) -> list[tuple[str, int, tuple[str, ...]]]:
        return [
            (line.sku, line.quantity, tuple(f"{c.group}={c.value}" for c in line.options)) for line in self.state.lines
        ]

    def did(self, kind: type) -> list[IO]:
        return [act for act in self.asked if isinstance(act, kind)]


@pytest.fixture
def talk(specs: Artefact) -> Talk:
    return Talk(specs, replace(first_state(specs), greeted=True))
