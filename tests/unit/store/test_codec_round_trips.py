"""Everything that the store keeps comes back as it was written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.manifest.specs import Artefact
from sayso.model.action import IO, Action, Result, Speak
from sayso.model.basket import Order, Proposal
from sayso.model.command import Command, Understood
from sayso.model.effect import Change, Effect
from sayso.model.event import Body, Event, Utterance
from sayso.model.fact import Fact, FactValue, Param
from sayso.model.message import Message
from sayso.model.state import State, Topic
from sayso.model.trace import Trace
from sayso.model.writes import Job
from sayso.store.codec import Codec

CODEC = Codec()
ANY = Callable[[Any, int], Any]
SEEDS = st.integers(0, 2**32)
UNIONS = {
    "Body": Body,
    "Command": Command,
    "IO": IO,
    "Action": Action,
    "Result": Result,
    "Change": Change,
    "Param": Param,
}
WHOLE = (State, Event, Message, Effect, Order, Job, Understood, Speak, Fact, Proposal, Artefact)
MEMBERS = [(name, kind) for name, union in UNIONS.items() for kind in get_args(union) if isinstance(kind, type)]
SOME = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def same(shape: Any, value: Any) -> None:
    assert CODEC.load(shape, CODEC.dump(shape, value)) == value


@pytest.mark.parametrize(("union", "kind"), MEMBERS, ids=lambda part: getattr(part, "__name__", part))
@SOME
@given(seed=SEEDS)
def test_every_member_of_a_union_comes_back_as_itself(union: str, kind: type, seed: int, any_value: ANY) -> None:
    """A tagged member is read as the class it was, with all it held."""
    value = any_value(kind, seed)
    same(UNIONS[union], value)


@pytest.mark.parametrize("kind", WHOLE, ids=lambda kind: kind.__name__)
@SOME
@given(seed=SEEDS)
def test_what_is_stored_whole_comes_back_equal(kind: type, seed: int, any_value: ANY) -> None:
    """States, events, messages, effects, orders, jobs and artefacts survive a round trip."""
    same(kind, any_value(kind, seed))


@SOME
@given(seed=SEEDS)
def test_parameters_nest_to_any_depth(seed: int, any_value: ANY) -> None:
    """Rows hold tuples of rows of facts, and all of it comes back."""
    same(Param, any_value(Param, seed))


@pytest.mark.parametrize("kind", get_args(FactValue), ids=lambda kind: kind.__name__)
@SOME
@given(seed=SEEDS)
def test_a_fact_keeps_the_type_of_its_value(kind: type, seed: int, any_value: ANY) -> None:
    """Money, counts, moments, days, durations and texts are told apart."""
    value = any_value(kind, seed)
    back = CODEC.load(Fact, CODEC.dump(Fact, Fact(value, "catalog", "latte")))
    assert back.value == value and type(back.value) is type(value)


@SOME
@given(seed=SEEDS)
def test_a_trace_comes_back_from_its_two_texts(seed: int, any_value: ANY) -> None:
    """`before` is stored as the state's own text and joined again."""
    trace = any_value(Trace, seed)
    before = CODEC.dump(State, trace.before)
    assert CODEC.load_trace(CODEC.dump_trace(trace), before, 1) == trace


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    """What no database takes is replaced rather than refused."""
    event = Event("e", "m", "web", "", "c", datetime(2026, 1, 1, tzinfo=UTC), Utterance("caf\ud83d?"))
    body = CODEC.load(Event, CODEC.dump(Event, event)).body
    assert isinstance(body, Utterance) and "\ud83d" not in body.text and body.text.startswith("caf\ufffd")


def test_upcasters_bring_an_old_state_up_to_date_one_version_at_a_time() -> None:
    """A row of version 1 passes through each upcaster before it is read."""
    codec = Codec(
        {1: lambda old: {**old, "language": old.pop("tongue")}, 2: lambda old: {**old, "serial": 7}}, version=3
    )
    state = codec.load_versioned(State, '{"tongue":"nl","topic":{"id":"t","merchant":"m"}}', 1)
    assert state == State("nl", Topic("t", "m"), serial=7)


def test_a_row_of_a_newer_version_is_refused_with_the_cure() -> None:
    """Older code does not guess at newer data."""
    with pytest.raises(ValueError, match=r"newer sayso.*upgrade"):
        CODEC.load_versioned(State, "{}", 99)


def test_an_unknown_tag_names_what_was_expected() -> None:
    """A tag of another union is refused with the known ones."""
    with pytest.raises(ValueError, match=r"unknown kind 'Latte'.*Utterance"):
        CODEC.load(Body, '{"$":"Latte"}')  # type: ignore[arg-type]


def test_a_value_outside_its_union_is_refused() -> None:
    """A wrong type is found when it is written, not when it is read back."""
    with pytest.raises(TypeError, match="date is none of"):
        CODEC.dump(Body, date(2026, 1, 1))


def test_defaults_are_left_out() -> None:
    """Rows hold only what differs from the default."""
    assert CODEC.dump(Message, Message("hi")) == '{"text":"hi"}'
    assert CODEC.dump(Fact, Fact(timedelta(minutes=5), "queue", "dam")).count("version") == 0
