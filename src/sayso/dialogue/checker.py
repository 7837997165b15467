"""A model checker: walks the dialogue of every intent through all that can happen, channel by channel.

Theory. What decides how a conversation goes on is little: where it stands, what is asked, which slots are filled, is
there a basket, an offer, something done. States that agree in that are one abstract state. From the beginning of an
intent the checker goes breadth-first through everything a customer may answer on a channel and everything the host may
find (it works, it is refused, something else is offered), until no new abstract state turns up. What was reached on the
way are the outcomes: agreed to with this value or that, undone, dropped, answered. A channel on which less can be
reached than the manifest promises, and a state from which a person, a cancel, help or a repeat is more than one turn
away, are findings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sayso.dialogue.imagined import results
from sayso.dialogue.moves import frame_of, place
from sayso.dialogue.step import Input, first_state
from sayso.dialogue.turn import Talked, inputs, talking
from sayso.manifest.specs import Artefact, IntentSpec, SlotSpec
from sayso.model.action import Commit, Committed, HandedOver, Reverted
from sayso.model.basket import Line
from sayso.model.command import (
    Add,
    Candidate,
    Change,
    Choose,
    Command,
    Evidence,
    Fill,
    Item,
    No,
    Say,
    Start,
    Target,
    Yes,
)
from sayso.model.event import Located, Secret, Silent, Utterance
from sayso.model.message import Shown
from sayso.model.state import State

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday at which the walk begins; every turn is a minute later."""

SPOKEN = Evidence("", "given")
LISTED = frozenset({"choice", "location", "product", "staff"})
"""Types of slots whose values the manifest lists."""

CANCELS = {
    "cancelled",
    "offer.declined",
    "offer.stands",
    "offer.undo",
    "undo.nothing",
    "undo.too_late",
    "offer.undo_order",
}
"""What is said where something is dropped, or where there is nothing to drop."""
ALIKE = 4
"""Of things that make no difference to the dialogue, such as products of a slot, so many are looked at: one more than
an ear keeps."""

BODIES = (Secret, Silent, Located)
"""What a customer does without words."""

HERE = Located(52.37, 4.89)
"""A position that is shared."""

SAMPLES = {
    "time": "2026-11-26T10:00:00+01:00",
    "date": "2026-11-26",
    "postcode": "1012AB",
    "number": "2",
    "party": "2",
    "secret": "1234",
}
"""A value of each type of slot that has no list of values."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a customer can do on a kind of channel. `picks`: how many of the options that are shown can be picked by
    their place: a screen has a button or a number for each, an ear keeps three. `silence`: it tells that nobody
    answers. `locates`: a position can be shared."""

    name: str
    picks: int
    silence: bool = False
    locates: bool = False

    @property
    def kind(self) -> tuple[int, bool, bool]:
        """What makes a difference to a walk."""
        return self.picks, self.silence, self.locates


PROFILES = (Profile("web", 10, locates=True), Profile("sms", 10), Profile("voice", 3, silence=True))
"""The kinds of channels that differ most; what each channel can do follows from its table (`channels.profiles`)."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk found: how many abstract states there are, the outcomes, and what is wrong."""

    states: int
    outcomes: frozenset[str]
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through one intent on one kind of channel, with every value of `slot` and one of every other. `most`:
    abstract states at which it gives up."""

    specs: Artefact
    intent: IntentSpec
    profile: Profile
    slot: str = ""
    most: int = 4000

    def __call__(self) -> Walked:
        outcomes: set[str] = set()
        wrong: dict[str, None] = {}
        seen: dict[object, None] = {}
        waiting: deque[State] = deque()
        first = replace(first_state(self.specs), greeted=True)
        for state in self._next(first, self._begun(), outcomes):
            self._meet(state, seen, waiting)
        while waiting and len(seen) < self.most:
            state = waiting.popleft()
            wrong |= dict.fromkeys((*self._trapped(state), *self._silenced(state)))
            for said in self._sayable(state):
                for after in self._next(state, said, outcomes):
                    self._meet(after, seen, waiting)
        if len(seen) >= self.most:
            wrong[f"more than {self.most} states"] = None
        return Walked(len(seen), frozenset(outcomes), tuple(wrong))

    def _meet(self, state: State, seen: dict[object, None], waiting: deque[State]) -> None:
        key = abstract(state, self.specs)
        if key not in seen:
            seen[key] = None
            waiting.append(state)

    def _begun(self) -> Sequence[Command]:
        """The first words: the intent, or for a purchase the first thing that is sold."""
        sold = next(iter(self.specs.catalog.products), "")
        if self.intent.operation == "add" and sold:
            return (Add((Item(sold, (Candidate(sold),)),), SPOKEN),)
        return (Start((Candidate(self.intent.name),), SPOKEN),)

    def _next(self, state: State, said: Sequence[Input | Command], outcomes: set[str]) -> Iterator[State]:
        """The states after a turn, one for each way in which the host may answer."""
        for talked in turns(state, said, self.specs, _moment(state)):
            outcomes |= set(self._outcomes(talked))
            yield shown(talked)

    def _outcomes(self, talked: Talked) -> Iterator[str]:
        for exchange in talked.exchanges:
            asked, result = exchange.action, exchange.result
            if isinstance(asked, Commit) and isinstance(result, Committed):
                yield f"{result.intent} is done"
                for name, value in asked.proposal.slots.items():
                    yield f"{result.intent} is done with {name} {value}"
            if isinstance(result, Reverted):
                yield "undone"
            if isinstance(result, HandedOver):
                yield "a person"
        yield from (f"said {s.key}" for s in talked.speaks if s.key in ("cancelled", "answer"))

    def _sayable(self, state: State) -> Iterator[Sequence[Input | Command]]:
        """Everything that a customer may do next."""
        picks = min(len(state.shown), self.profile.picks)
        yield from ([Choose(n, SPOKEN)] for n in range(picks))
        yield from ([given] for given in (Yes(SPOKEN), No(SPOKEN)))
        yield from ([Say(what, SPOKEN)] for what in ("cancel", "undo", "skip", "any", "more", "person"))
        yield from ([given] for given in self._answers(state))

    def _answers(self, state: State) -> Iterator[Input | Command]:
        """What is said in words to the open question."""
        pending = state.topic.pending
        if pending is None:
            return
        if place(state) == "pin":
            yield Secret(True)
        if self.profile.locates and "location" in self._asked(state):
            yield HERE
        if pending.kind == "quantity":
            yield Change(Target("", (Candidate(pending.subject),)), Item("", quantity=1), SPOKEN)
        if place(state) == "slot":
            spec = self.specs.intent(pending.intent).slots[pending.slot]
            yield from self._fills(spec)
        # What was not asked can be said all the same: it is how an optional slot is ever filled.
        frame = frame_of(state)
        if frame is not None and place(state) in ("slot", "confirm", "what"):
            for spec in self.specs.intent(frame.intent).slots.values():
                if spec.name not in frame.slots and spec.type in LISTED:
                    yield from self._fills(spec)

    def _asked(self, state: State) -> str:
        """The type of the slot that is asked for, "" when none is."""
        pending = state.topic.pending
        return self.specs.intent(pending.intent).slots[pending.slot].type if pending and place(state) == "slot" else ""

    def _silenced(self, state: State) -> Iterator[str]:
        """Where nobody answers: nothing is agreed to, and something is said."""
        if not self.profile.silence:
            return
        where = f"{self.intent.name} at {place(state)} ({self.profile.name})"
        for talked in turns(state, [Silent()], self.specs, _moment(state), 1):
            if any(isinstance(each.action, Commit) for each in talked.exchanges):
                yield f"{where}: silence is taken for a yes"
            if not talked.speaks:
                yield f"{where}: nothing is said to a silence"

    def _fills(self, spec: SlotSpec) -> Iterator[Command]:
        """Values of a slot: all of the one that is looked at; of another the first that lets this one be asked."""
        all_of = values(spec, self.specs)
        looked_at = self.intent.slots.get(self.slot)
        wanted = looked_at.when.get(spec.name, ()) if looked_at else ()
        few = tuple(v for v in all_of if v in wanted)[:1] or all_of[:1]
        for value in all_of if spec.name == self.slot else few:
            yield Fill(spec.name, (Candidate(value),), SPOKEN)

    def _trapped(self, state: State) -> Iterator[str]:
        """Ways out that are more than one turn away."""
        said = {
            what: {
                s.key
                for talked in turns(state, [Say(what, SPOKEN)], self.specs, _moment(state), 1)
                for s in talked.speaks
            }
            for what in ("person", "cancel", "help", "repeat", "emergency")
        }
        where = f"{self.intent.name} at {place(state)} ({self.profile.name})"
        ways = {"person": "person.", "help": "help", "emergency": "emergency"}
        for what, key in ways.items():
            if not any(each.startswith(key) for each in said[what]):
                yield f"{where}: no {what} in one turn"
        if not said["cancel"] & CANCELS:
            yield f"{where}: no cancel in one turn"
        if not said["repeat"]:
            yield f"{where}: nothing is repeated"


def turns(
    state: State, said: Sequence[Input | Command], specs: Artefact, now: datetime, most: int = 24
) -> Iterator[Talked]:
    """A turn in each of the ways in which its host may answer, `most` of them."""
    waiting: deque[tuple[int, ...]] = deque([()])
    while waiting and most > 0:
        taken = waiting.popleft()
        most -= 1
        commands = tuple(c for c in said if not isinstance(c, BODIES))
        body = next((c for c in said if isinstance(c, BODIES)), Utterance(""))
        turn = talking(state, inputs(body, commands, state), specs, now)  # type: ignore[arg-type]
        depth = 0
        try:
            asked, within = next(turn)
            while True:
                found = results(asked, within, specs, now)
                if depth >= len(taken):
                    waiting.extend((*taken, other) for other in range(1, len(found)))
                    taken = (*taken, 0)
                result = found[taken[depth]]
                depth += 1
                asked, within = turn.send(result)
        except StopIteration as ended:
            yield ended.value


def abstract(state: State, specs: Artefact) -> object:
    """What decides how the conversation goes on. Products that need the same options are one, and several lines of a
    kind are as one of it."""
    pending, frame = state.topic.pending, frame_of(state)
    return (
        (place(state), pending.kind, pending.slot, pending.group) if pending else ("rest",),
        tuple(f.intent for f in state.topic.frames),
        frozenset(frame.slots.items()) if frame else frozenset(),
        frozenset(_kind(line, specs) for line in state.lines),
        bool(state.parked),
        state.proposal is not None,
        bool(state.done),
        bool(state.earlier),
    )


def _kind(line: Line, specs: Artefact) -> object:
    """A line as far as it decides what is asked: what it cannot be without and does not have yet."""
    product, chosen = specs.catalog.products[line.sku], {c.group for c in line.options}
    return frozenset(group for group in product.required if group not in chosen)


def shown(talked: Talked) -> State:
    """The state after the message went out, with what can be picked from it."""
    asks = [s for s in talked.speaks if s.asks and s.options]
    options = [o for s in asks or talked.speaks for o in s.options]
    if not talked.speaks:
        return talked.state
    offered = tuple(Shown(str(n), "", option.command) for n, option in enumerate(options))
    return replace(talked.state, shown=offered, last=talked.speaks)


def _moment(state: State) -> datetime:
    return NOW + timedelta(minutes=min(state.turn, 5))


def values(spec: SlotSpec, specs: Artefact) -> tuple[str, ...]:
    """What a slot may be filled with: all of a list, a sample of anything else."""
    match spec.type:
        case "location":
            return tuple(specs.merchant.locations)
        case "choice":
            return tuple(spec.values)
        case "product":
            found = [
                p.sku for p in specs.catalog.products.values() if not spec.categories or p.category in spec.categories
            ]
            return tuple(found)
        case "staff":
            return (*specs.merchant.staff, "@any")
    return (SAMPLES.get(spec.type, "words"),)


def promised(intent: IntentSpec, specs: Artefact) -> frozenset[str]:
    """The outcomes that a manifest promises: done, with every value of every list, undone and dropped."""
    if intent.effect in ("none", "read"):
        return frozenset({"said answer"})
    done = intent.name
    if intent.effect == "purchase" and intent.operation != "add":
        bought = next((i for s in specs.skills.values() for i in s.intents.values() if i.operation == "add"), intent)
        return frozenset({f"{bought.name} is done"})
    listed = (spec for spec in intent.slots.values() if spec.type in LISTED)
    each = {f"{done} is done with {spec.name} {value}" for spec in listed for value in values(spec, specs)}
    ways = {f"{done} is done", "said cancelled", "a person", *(("undone",) if intent.undo else ())}
    return frozenset(each | ways)


def walked(specs: Artefact, intent: IntentSpec, profile: Profile) -> Walked:
    """All walks through an intent on a kind of channel, put together; what is promised and not reached is wrong."""
    looks = ["", *(spec.name for spec in intent.slots.values() if spec.type in LISTED or spec.when)]
    walks = [Walk(specs, intent, profile, slot)() for slot in looks]
    reached = frozenset().union(*(w.outcomes for w in walks))
    wrong = dict.fromkeys(each for w in walks for each in w.wrong)
    wrong |= dict.fromkeys(f"{profile.name}: never: {each}" for each in sorted(promised(intent, specs) - reached))
    return Walked(sum(w.states for w in walks), reached, tuple(wrong))


def checkable(specs: Artefact) -> Iterator[IntentSpec]:
    """The intents that a conversation can go through; of those that are alike to the dialogue, one."""
    seen: dict[object, None] = {}
    for skill in specs.skills.values():
        for intent in skill.intents.values():
            slots = tuple(replace(s, prompts={}, reprompts={}, why={}, answers={}) for s in intent.slots.values())
            shape = (intent.effect, intent.operation if slots else "", repr(slots))
            if intent.operation != "status" and skill.fulfilment != "hand_over" and shape not in seen:
                seen[shape] = None
                yield intent


def findings(specs: Artefact, profiles: Iterable[Profile] = PROFILES) -> tuple[str, ...]:
    """What is wrong with a merchant's dialogues, on any kind of channel."""
    found: dict[str, None] = {}
    for intent in checkable(specs):
        for profile in {each.kind: each for each in profiles}.values():
            found |= dict.fromkeys(f"{intent.name}: {each}" for each in walked(specs, intent, profile).wrong)
    return tuple(found)
