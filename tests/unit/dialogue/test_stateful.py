"""What must hold after any sequence of turns, with a host that answers as it likes (DESIGN.md section 8).

A state machine says anything at all to the dialogue, in any order and in any mixture, lets time pass, presses buttons
of the last message and of older ones; what the dialogue asks for is answered well or badly at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sayso.dialogue import first_state, step
from sayso.dialogue.moves import Scene, place
from sayso.dialogue.policy import PLACES, Rule
from sayso.dialogue.step import ruled
from sayso.model import action, event
from sayso.model.action import Option, Speak, Trouble
from sayso.model.basket import Chosen
from sayso.model.command import (
    Add,
    Allergy,
    Candidate,
    Change,
    Choose,
    Doubt,
    Evidence,
    Fill,
    Item,
    Language,
    No,
    NotUnderstood,
    Question,
    Remove,
    Say,
    Stale,
    Start,
    Target,
)
from sayso.model.message import Shown
from sayso.testing.given import GIVEN, NO, YES

ASIDES = ("wait", "thanks", "help", "repeat", "greeting", "person", "bot", "smalltalk", "hesitation", "unsubscribe")
WORDS = (*ASIDES, "cancel", "undo", "skip", "any", "more", "change", "checkout", "start_over", "stop", "goodbye")
INTENTS = ("order", "usual", "visit", "shift", "fits")


def _ids(*ids: str) -> tuple[Candidate, ...]:
    return tuple(map(Candidate, ids))


skus = st.sampled_from(["latte", "mocha", "muffin"])
products = st.one_of(
    st.just(()), skus.map(lambda s: _ids(s)), st.just((Candidate("latte", 0.8), Candidate("mocha", 0.79)))
)
options = st.lists(
    st.sampled_from([Chosen("milk", "oat"), Chosen("size", "large"), Chosen("syrup", "vanilla", 2)]), max_size=2
)
doubts = st.sampled_from([(), (Doubt("sweet", _ids("syrup/vanilla", "milk/oat")),), (Doubt("hum"),)])
items = st.builds(
    lambda p, q, o, d: Item("words", p, q, tuple(o), doubts=d),
    products,
    st.one_of(st.none(), st.integers(0, 3)),
    options,
    doubts,
)
targets = st.builds(
    lambda ids, n, every: Target("", _ids(*ids), n, every),
    st.lists(st.sampled_from(["l1", "l2", "l3", "l9"]), max_size=2),
    st.one_of(st.none(), st.just(1)),
    st.booleans(),
)
fills = st.one_of(
    st.sampled_from([("store", ("dam",)), ("store", ("dam", "park")), ("service", ("here",)), ("nonsense", ("x",))]),
    st.sampled_from([("day", ("2026-11-30",)), ("day", ("2026-12-01",))]),
).map(lambda f: Fill(f[0], _ids(*f[1]), GIVEN))
asides = st.one_of(
    st.sampled_from(ASIDES).map(lambda what: Say(what, GIVEN)),
    st.sampled_from(["hours", "why", "product", "basket"]).map(lambda about: Question(about, (), GIVEN)),
    st.just(Stale(GIVEN)),
    st.sampled_from(["en", "nl", "fr"]).map(lambda tag: Language(tag, GIVEN)),
)
wishes = st.one_of(
    st.lists(items, min_size=1, max_size=2).map(lambda many: Add(tuple(many), GIVEN)),
    st.builds(lambda t, i, r: Change(t, i, GIVEN, r), targets, items, st.booleans()),
    targets.map(lambda t: Remove(t, GIVEN)),
    fills,
    st.sampled_from(INTENTS).map(lambda i: Start(_ids(f"coffee.{i}"), Evidence("words", "given"))),
    st.just(Allergy(("milk",), GIVEN)),
)
replies = st.one_of(
    st.just(YES),
    st.just(NO),
    st.integers(-1, 3).map(lambda n: Choose(n, GIVEN)),
    st.sampled_from(["cheapest", "dearest"]).map(lambda by: Choose(0, GIVEN, by)),
    st.sampled_from(WORDS).map(lambda what: Say(what, GIVEN)),
    st.just(NotUnderstood("?", GIVEN, _ids("coffee.visit", "coffee.gone"))),
)
turns = st.lists(st.one_of(replies, wishes, asides), min_size=1, max_size=3)
moods = st.lists(st.integers(0, 9), min_size=8, max_size=8)


def _trouble(talk: Any, mood: int, act: Any) -> Any:
    """What may stand in the way of an action: the same kinds that the built-in skills find."""
    line = talk.state.lines[0].id if talk.state.lines else ""
    kinds = [
        Trouble("trouble.none"),
        Trouble("order.changed_meanwhile"),
        Trouble("undo.too_late"),
        Trouble("slot.cannot", slot="store", options=_ids("park")),
        Trouble("slot.cannot", slot="day", options=_ids("2026-12-02T09:00:00+01:00", "2026-12-02T10:00:00+01:00")),
        Trouble("line.option", line=line, group="size", options=_ids("size/small", "size/large")),
        Trouble("line.sold_out", line=line, slot="product", options=_ids("mocha")),
        Trouble("line.many", line=line, slot="quantity"),
        Trouble("consent.ask", slot="consent"),
        Trouble("verify.ask", slot="verify"),
        Trouble("pin.ask", slot="pin"),
    ]
    fits = {
        action.Check: kinds[5:8],
        action.Propose: [kinds[0], *kinds[3:8]],
        action.Commit: [kinds[0], kinds[1], kinds[10]],
        action.Recall: [kinds[0], kinds[8], kinds[9]],
        action.Revert: [kinds[2]],
        action.Undoable: [kinds[2]],
    }.get(type(act), [])
    usable = [t for t in fits if t.line or not t.key.startswith("line.")]
    return usable[mood % len(usable)] if usable else None


def result(talk: Any, mood: int, act: Any) -> Any:
    """Well or badly, as the mood is."""
    trouble = _trouble(talk, mood, act) if mood < 4 else None
    match act:
        case action.Check() if trouble:
            return action.Checked(act.lines, (trouble,))
        case action.Propose() if trouble and trouble.slot in ("store", "day") and trouble.slot not in act.slots:
            return talk.obliging(act)
        case action.Ask() if mood == 0:
            return action.Answered(())
        case action.Ask() if mood in (1, 2):
            picks = tuple(Option("", Add((Item(s, _ids(s)),), GIVEN)) for s in ("latte", "mocha")[:mood])
            return action.Answered((Speak("found"), Speak("pick", options=picks, asks=True)))
        case action.Ask() if mood == 3:
            return action.Wanting("coffee.fits", {"words": "x"}, Trouble("", slot="day"))
        case action.Undoable() if mood == 4:
            return action.Found("e9", {})
        case _ if trouble:
            return action.Refused((trouble,))
    return talk.obliging(act)


class Conversation(RuleBasedStateMachine):
    """A customer, a dialogue, a host with moods."""

    specs: Any
    Talk: Any

    @initialize(language=st.sampled_from(["en", "nl"]), greeted=st.booleans())
    def begin(self, language: str, greeted: bool) -> None:
        self.talk = self.Talk(self.specs, replace(first_state(self.specs, language), greeted=greeted))
        self.before, self.each, self.acts = self.talk.state, [], []
        self.stale: list[Any] = []
        self.quiet = True

    def _turn(self, given: list[Any], mood: list[int]) -> None:
        self.before, done, self.each = self.talk.state, len(self.talk.asked), given
        feelings = iter(mood)
        self.talk.answer = lambda act: result(self.talk, next(feelings, 9), act)
        self.talk.turn(*given)
        self.talk.answer = None
        self.acts, self.quiet = self.talk.asked[done:], False
        asks = [s for s in self.talk.said if s.asks]
        shown = [o.command for s in asks[-1:] or self.talk.said for o in s.options]
        self.stale = [s.command for s in self.talk.state.shown] or self.stale
        if self.talk.said:
            self.talk.state = replace(self.talk.state, shown=tuple(Shown(str(n), "", c) for n, c in enumerate(shown)))

    @rule(given=turns, mood=moods)
    def says(self, given: list[Any], mood: list[int]) -> None:
        self._turn(given, mood)

    @rule(given=wishes, mood=moods)
    def wishes(self, given: Any, mood: list[int]) -> None:
        """One wish, so that baskets and errands get far."""
        self._turn([given], mood)

    @rule(mood=moods)
    def agrees(self, mood: list[int]) -> None:
        self._turn([YES], mood)

    @rule(mood=moods)
    def goes_on(self, mood: list[int]) -> None:
        """The answer to what is asked, so that conversations get far."""
        self._turn([cooperative(self.talk, self.specs)], mood)

    @rule(mood=moods)
    def looks(self, mood: list[int]) -> None:
        """A list to pick from is shown, where none of another kind is open."""
        self._turn([Question("product", (), GIVEN)], [2, *mood[1:]])

    @rule(n=st.integers(0, 3))
    def picks(self, n: int) -> None:
        self._turn([Choose(n, GIVEN)], [9] * 8)

    @rule(
        happened=st.sampled_from(
            [
                *(event.Opened(), event.Closed(), event.Located(52.0, 4.0), event.Secret(True), event.Secret(False)),
                *(
                    event.Referred("ad"),
                    event.Attached("image", "m1"),
                    event.Opted(False),
                    event.Opted(True, silent=True),
                ),
                *(event.Edited("m1", "no"), event.Unsent("m1"), event.Reacted("m1", "👍"), event.Controlled("person")),
                event.Renumbered("31622222222"),
            ]
        )
    )
    def happens(self, happened: Any) -> None:
        self._turn([happened], [9] * 8)

    @rule(minutes=st.sampled_from([1, 5, 11, 60, 60 * 24 * 20]))
    def waits(self, minutes: int) -> None:
        """Time passes; offers expire, things can no longer be undone."""
        self.talk.now += timedelta(minutes=minutes)
        self.acts, self.before = [], self.talk.state

    @rule(given=asides, mood=moods)
    def digresses(self, given: Any, mood: list[int]) -> None:
        """Nothing that was wanted, and no open question, is lost by a word aside."""
        wanted = self._wanted()
        self._turn([given], [9 if m < 4 else m for m in mood])
        assert self._wanted() == wanted
        assert self.before.proposal in (None, self.talk.state.proposal) or self.before.proposal.expires <= self.talk.now

    def _wanted(self) -> Any:
        """Lines and slots that have been filled; an errand that only asked is answered and gone."""
        state = self.talk.state
        frames = [(f.intent, dict(f.slots)) for f in state.topic.frames if self._lasts(f.intent)]
        return state.lines, [f for f in frames if f[1]], state.parked

    def _lasts(self, intent: str) -> bool:
        return self.specs.intent(intent).effect not in ("none", "read")

    @invariant()
    def one_question(self) -> None:
        """At most one question is open, it is known how it was put, and something was said."""
        if not hasattr(self, "talk") or self.quiet:
            return
        state = self.talk.state
        assert (state.topic.pending is None) == (state.question is None)
        assert self.talk.said
        if place(state) == "confirm":
            assert state.proposal is not None
            assert state.proposal.digest == state.topic.pending.subject
        if state.held is not None:
            assert place(state) == "offer"

    @invariant()
    def no_commit_without_a_say_so(self) -> None:
        """A commit is for the very offer that was read back before this turn, and this turn is a yes and no doubt."""
        if not hasattr(self, "talk"):
            return
        for act in self.acts:
            if isinstance(act, action.Commit):
                before = self.before
                if any(isinstance(g, event.Secret) for g in self.each):
                    assert before.topic.pending.kind == "pin"
                    assert before.queued.proposal == act.proposal
                    continue
                assert place(before) == "confirm"
                assert act.proposal == before.proposal
                assert act.proposal.digest == before.topic.pending.subject
                assert act.proposal.expires > self.talk.now
                assert not any(isinstance(g, Add | Change | Remove | Fill | No | Allergy) for g in self.each)

    @invariant()
    def offers_are_used_or_given_back(self) -> None:
        if not hasattr(self, "talk") or self.before.proposal is None:
            return
        if self.talk.state.proposal != self.before.proposal:
            released = {a.proposal for a in self.acts if isinstance(a, action.Release)}
            committed = {a.proposal.id for a in self.acts if isinstance(a, action.Commit)}
            assert self.before.proposal.id in released | committed

    @invariant()
    def no_intent_twice(self) -> None:
        if hasattr(self, "talk"):
            intents = [f.intent for f in self.talk.state.topic.frames]
            assert len(set(intents)) == len(intents)

    @rule(what=st.sampled_from(["person", "help", "repeat", "cancel", "emergency"]))
    @precondition(lambda self: not self.quiet)
    def a_way_out(self, what: str) -> None:
        """One turn from anywhere; the conversation itself goes on as if it had not been asked."""
        reached = {
            "person": {"person.promised"},
            "help": {"help"},
            "emergency": {"emergency"},
            "cancel": {
                "cancelled",
                "offer.declined",
                "offer.stands",
                "offer.undo",
                "undo.nothing",
                "undo.too_late",
                "offer.undo_order",
            },
        }
        probe = replace_talk(self.talk)
        question = probe.state.question
        said = set(probe.turn(Say(what, GIVEN)))
        assert said & reached.get(what, said), (what, said)
        if what == "repeat" and question is not None and self.talk.now < (_expires(self.talk) or self.talk.now):
            assert question.key in said

    @rule()
    @precondition(lambda self: not self.quiet)
    def no_dead_end(self) -> None:
        """A customer who answers what is asked comes to the end, with a host that does what it is asked."""
        probe = replace_talk(self.talk)
        for _ in range(16):
            if place(probe.state) == "rest" and not probe.state.lines and not probe.state.topic.frames:
                return
            probe.turn(cooperative(probe, self.specs))
            asks = [s for s in probe.said if s.asks]
            shown = tuple(Shown(str(n), "", o.command) for n, o in enumerate(o for s in asks[-1:] for o in s.options))
            probe.state = replace(probe.state, shown=shown)
        raise AssertionError(f"still at {place(probe.state)}: {probe.state.topic}")


def _expires(talk: Any) -> Any:
    return talk.state.proposal.expires if talk.state.proposal else None


def replace_talk(talk: Any) -> Any:
    """The same conversation, to be tried out."""
    return type(talk)(talk.specs, talk.state, talk.now)


def cooperative(talk: Any, specs: Any) -> Any:
    """The answer of somebody who wants to be done."""
    pending = talk.state.topic.pending
    match place(talk.state):
        case "confirm":
            return YES
        case "slot":
            values = {"location": "dam", "choice": "here", "time": "2026-12-24"}
            kind = specs.intent(pending.intent).slots[pending.slot].type
            return Fill(pending.slot, _ids(values[kind]), GIVEN)
        case "thing":
            if talk.state.shown:
                return Choose(0, GIVEN)
            return NO if pending.kind == "product" else Change(Target("", _ids(pending.subject)), _one(), GIVEN)
        case "pin":
            return event.Secret(True)
        case "rest" if talk.state.lines or talk.state.topic.frames:
            return Say("checkout", GIVEN) if talk.state.lines else Say("cancel", GIVEN)
        case "what" if talk.state.topic.frames and not talk.state.lines:
            return Say("cancel", GIVEN)
    return NO


def _one() -> Item:
    return Item("", quantity=1)


def watched(state: Any, given: Any, specs: Any, now: Any) -> Any:
    """Every step comes under a rule of the policy, goes where the rule says, and asks for no more than it says."""
    came, _, row = ruled(state, given, Scene(specs, now))
    assert isinstance(row, Rule)
    after, actions = step(state, given, specs, now)
    led, led_to = place(after), row.leads.split()
    assert led in PLACES
    assert "*" in led_to or led in led_to or ("=" in led_to and led == place(came)), (row, led)
    asked = {type(a).__name__ for a in actions if not isinstance(a, Speak)}
    assert asked <= set(row.asks.split()), (row, asked)
    return after, actions


def test_anything_may_be_said_in_any_order(talk: Any, specs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """See `Conversation`; the policy's table is held against every step on the way."""
    from hypothesis.stateful import run_state_machine_as_test

    monkeypatch.setattr("sayso.dialogue.turn.step", watched)
    machine = type("Run", (Conversation,), {"specs": specs, "Talk": type(talk)})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            deadline=None,
            max_examples=200,
            stateful_step_count=25,
            phases=[Phase.explicit, Phase.generate],
            report_multiple_bugs=False,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_every_place_has_a_rule_for_every_input() -> None:
    """Nothing that may come is without an answer, wherever it comes."""
    from typing import get_args

    from sayso.dialogue.policy import TABLE
    from sayso.model import command

    given = {*get_args(command.Command), *get_args(action.Result), *get_args(event.Body)}
    given -= {Say, event.Utterance, event.Pressed, event.Recognised, event.CartSent}
    missing = [
        (kind, where) for kind in [*given, *WORDS, "emergency"] for where in PLACES if (kind, where) not in TABLE
    ]
    assert missing == []


def test_the_page_shows_the_policy_of_today() -> None:
    """docs/dialogue.md is drawn from the table."""
    from pathlib import Path

    from sayso.dialogue.diagram import drawn

    page = (Path(__file__).parents[3] / "docs" / "dialogue.md").read_text(encoding="utf-8")
    assert drawn(page) == page, "run `make diagram`"


def test_step_is_pure(talk: Any, specs: Any) -> None:
    """The same state and input come to the same, and the state that was given is as it was."""
    talk.turn(Add((Item("latte", _ids("latte")),), GIVEN))
    before = repr(talk.state)
    first, second = (step(talk.state, Say("cancel", GIVEN), specs, talk.now) for _ in range(2))
    assert first == second
    assert repr(talk.state) == before
