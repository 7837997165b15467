"""What must hold after any sequence of commands (DESIGN.md section 8, rules 1, 7 and 12)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.model import action
from sayso.model.basket import Chosen
from sayso.model.command import (
    Add,
    Allergy,
    Candidate,
    Change,
    Choose,
    Doubt,
    Fill,
    Item,
    No,
    NotUnderstood,
    Question,
    Remove,
    Say,
    Stale,
    Start,
    Target,
    Yes,
)
from sayso.model.message import Shown
from sayso.testing.given import GIVEN

PHRASES = ["cancel", "undo", "repeat", "help", "skip", "wait", "person", "stop", "checkout", "hesitation", "emergency"]

skus = st.sampled_from(["latte", "mocha", "muffin"])
products = st.one_of(
    st.just(()),
    skus.map(lambda s: (Candidate(s),)),
    st.just((Candidate("latte", 0.8), Candidate("mocha", 0.79))),
)
options = st.lists(st.sampled_from([Chosen("milk", "oat"), Chosen("size", "large"), Chosen("syrup", "vanilla", 2)]))
doubts = st.sampled_from([(), (Doubt("sweet", (Candidate("syrup/vanilla"), Candidate("milk/oat"))),)])
items = st.builds(
    lambda p, q, o, d: Item("words", p, q, tuple(o), doubts=d),
    products,
    st.one_of(st.none(), st.integers(1, 3)),
    options,
    doubts,
)
targets = st.builds(
    lambda ids, n, every: Target("", tuple(Candidate(i) for i in ids), n, every),
    st.lists(st.sampled_from(["l1", "l2", "l3", "l9"]), max_size=2),
    st.one_of(st.none(), st.just(1)),
    st.booleans(),
)
commands = st.one_of(
    st.just(Yes(GIVEN)),
    st.just(No(GIVEN)),
    st.sampled_from(PHRASES).map(lambda what: Say(what, GIVEN)),
    st.lists(items, min_size=1, max_size=2).map(lambda many: Add(tuple(many), GIVEN)),
    st.builds(lambda t, i: Change(t, i, GIVEN), targets, items),
    targets.map(lambda t: Remove(t, GIVEN)),
    st.sampled_from(["dam", "park"]).map(lambda s: Fill("store", (Candidate(s),), GIVEN)),
    st.integers(-1, 2).map(lambda n: Choose(n, GIVEN)),
    st.just(Question("hours", (), GIVEN)),
    st.just(Start((Candidate("coffee.usual"),), GIVEN)),
    st.just(Allergy(("milk",), GIVEN)),
    st.just(Stale(GIVEN)),
    st.just(NotUnderstood("?", GIVEN)),
)
turns = st.lists(st.lists(commands, min_size=1, max_size=2), min_size=1, max_size=8)
RELAXED = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def run(talk: Any, given_turns: list[list[Any]], check: Any) -> None:
    """Every turn from a fresh conversation, with `check(talk, commands, before)` after each."""
    start = talk.state
    talk.state, talk.asked = start, []
    for each in given_turns:
        before, done = talk.state, len(talk.asked)
        talk.turn(*each)
        shown = [o.command for s in talk.said for o in s.options]
        talk.state = replace(talk.state, shown=tuple(Shown(str(n), "", c) for n, c in enumerate(shown)))
        check(talk, each, before, talk.asked[done:])
    talk.state = start


@RELAXED
@given(turns)
def test_nothing_is_bought_without_a_yes_to_its_digest(talk: Any, given_turns: list[list[Any]]) -> None:
    """A commit happens only in a turn with a yes (or a chosen yes), for the offer that was open before that turn."""

    def check(talk: Any, each: list[Any], before: Any, asked: list[Any]) -> None:
        for act in asked:
            if isinstance(act, action.Commit):
                pending = before.topic.pending
                assert pending.kind == "confirm" and pending.subject == act.proposal.digest
                assert act.proposal == before.proposal
                assert all(isinstance(c, Yes | Choose | Say | Question | Stale | NotUnderstood | Start) for c in each)

    run(talk, given_turns, check)


@RELAXED
@given(turns)
def test_at_most_one_question_and_never_silence(talk: Any, given_turns: list[list[Any]]) -> None:
    """Something is always said; an open question is always the one that was put last."""

    def check(talk: Any, each: list[Any], before: Any, asked: list[Any]) -> None:
        assert talk.said
        state = talk.state
        assert (state.topic.pending is None) == (state.question is None)

    run(talk, given_turns, check)


@RELAXED
@given(turns, st.sampled_from(["person", "help", "repeat", "cancel", "emergency"]))
def test_from_every_state_one_turn_reaches_a_way_out(talk: Any, given_turns: list[list[Any]], what: str) -> None:
    """A person, help, a repeat, a cancel and the emergency answer are one turn away from anywhere."""
    reached = {
        "person": lambda said: "person.promised" in said,
        "help": lambda said: "help" in said,
        "emergency": lambda said: said == ["emergency"],
        "repeat": lambda said: bool(said),
        "cancel": lambda said: bool(
            {"cancelled", "offer.declined", "offer.stands", "offer.undo", "undo.nothing", "undo.too_late"} & set(said)
        ),
    }
    start = talk.state
    for each in given_turns:
        talk.turn(*each)
    assert reached[what](talk.turn(Say(what, GIVEN)))
    talk.state = start


@RELAXED
@given(turns)
def test_every_reservation_is_given_back_or_used(talk: Any, given_turns: list[list[Any]]) -> None:
    """An offer that is no longer open was committed or released."""

    def check(talk: Any, each: list[Any], before: Any, asked: list[Any]) -> None:
        gone = before.proposal is not None and (talk.state.proposal or before.proposal) != before.proposal
        if gone or (before.proposal is not None and talk.state.proposal is None):
            released = {a.proposal for a in asked if isinstance(a, action.Release)}
            committed = {a.proposal.id for a in asked if isinstance(a, action.Commit)}
            assert before.proposal.id in released | committed

    run(talk, given_turns, check)
