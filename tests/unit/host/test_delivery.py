"""What the outbox decides, without a store, a clock or a platform."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sayso.channels.capabilities import Capabilities
from sayso.channels.compiler import Part
from sayso.channels.contract import Outcome
from sayso.host.delivery import (
    BREAKS_AFTER,
    MOST_S,
    TRIES,
    Breaker,
    Bucket,
    backoff_s,
    next_of,
    part_id,
    refusal,
    settled,
)
from sayso.host.parcels import STEPS, Delivery, Parcel, follows
from sayso.model.message import Message

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CAPS = Capabilities("pigeon", "push", 40)
PARCEL = Parcel("bar", "pigeon", "loft", "anna", "bar/pigeon/loft/anna", 2, "m1", "t1", Message("Hello."), NOW)
PART = Delivery("p1.0", 0, "sending", Part("Hello."), attempts=1)
ORDER = ("queued", "sending", "unknown", "sent", "delivered", "read")
MADE_ANEW = {("unknown", "queued"), ("sending", "queued"), ("failed", "queued"), ("dead", "queued")}


def test_steps_only_go_forward_but_for_what_was_surely_not_sent_or_staff_send_again() -> None:
    """Every state can be reached; none that the platform told of is left for an earlier one."""
    for before, afters in STEPS.items():
        for after in afters:
            if before in ORDER and after in ORDER and (before, after) not in MADE_ANEW:
                assert ORDER.index(after) >= ORDER.index(before), (before, after)
    assert set().union(*STEPS.values()) == set(STEPS)
    assert not follows("read", "delivered")
    assert not follows("delivered", "sent")


@given(some.lists(some.sampled_from(["sent", "delivered", "read", "failed"]), max_size=12))
def test_reports_in_any_order_end_at_the_furthest(told: list[str]) -> None:
    """From "sent" on, whatever comes twice or late."""
    state, seen = "sent", ["sent"]
    for each in told:
        if follows(state, each):
            state = each
            seen.append(state)
    if "failed" not in seen:
        assert state == max(["sent", *(t for t in told if t in ORDER)], key=ORDER.index)


@given(some.floats(0, 1, exclude_max=True))
def test_waits_grow_and_end_somewhere(dice: float) -> None:
    """Each wait is at least as long as the one before, and none longer than the longest."""
    waits = [backoff_s(tries, dice) for tries in range(1, 40)]
    assert all(0.5 <= one <= other <= MOST_S for one, other in pairwise(waits))


def test_twelve_tries_take_hours_not_days() -> None:
    """A platform may be down over lunch."""
    assert timedelta(hours=1) < timedelta(seconds=sum(backoff_s(n, 0.5) for n in range(1, TRIES))) < timedelta(hours=6)


@given(
    some.floats(0.1, 50),
    some.integers(1, 20),
    some.lists(some.floats(0, 3, allow_subnormal=False), min_size=1, max_size=60),
)
def test_a_bucket_never_lets_through_more_than_its_rate_and_burst(rate: float, burst: int, gaps: list[float]) -> None:
    """In any stretch of time: the burst, and what the rate allows in it."""
    bucket, now, sent = Bucket(1 / rate, burst), 1.7e9, []
    for gap in gaps:
        now += gap
        now += bucket.wait_s(now)
        assert bucket.wait_s(now) < 1e-3
        bucket = bucket.taken(now)
        sent.append(now)
    for first in range(len(sent)):
        for last in range(first, len(sent)):
            assert last - first + 1 <= burst + (sent[last] - sent[first]) * rate + 1e-3


def test_a_bucket_that_is_full_does_not_wait() -> None:
    """After a pause the whole burst goes at once; a bucket that is told to wait does."""
    bucket = Bucket(1.0, 3)
    for _ in range(3):
        assert bucket.wait_s(100.0) == 0
        bucket = bucket.taken(100.0)
    assert bucket.wait_s(100.0) == 1.0
    assert bucket.paused(109.0).wait_s(100.0) == 9.0


def test_an_account_rests_after_failures_in_a_row_and_longer_each_time() -> None:
    """One that comes through ends it; failures of calls that were on their way do not count."""
    breaker = Breaker()
    for _ in range(BREAKS_AFTER - 1):
        breaker = breaker.failed(0.0)
    assert not breaker.open(0.0)
    breaker = breaker.failed(0.0)
    assert breaker.open(4.9)
    assert breaker.failed(1.0) == breaker
    assert not breaker.open(5.0)
    assert breaker.trying
    longer = breaker.failed(5.0)
    assert longer.open(14.9)
    assert not longer.passed().trying


@pytest.mark.parametrize(
    ("state", "once", "becomes"),
    [
        ("sent", False, "sent"),
        ("retry", False, "queued"),
        ("unknown", False, "unknown"),
        ("unknown", True, "queued"),
        ("token", False, "queued"),
        ("failed", True, "dead"),
        ("opted_out", False, "dead"),
        ("window", False, "dead"),
        ("new word", False, "dead"),
    ],
)
def test_what_an_outcome_makes_of_a_part(state: str, once: bool, becomes: str) -> None:
    """Only what surely was not sent, or is told apart, is tried again."""
    assert settled(PART, Outcome(state), once, CAPS, NOW, 0.5).state == becomes


def test_the_last_try_is_the_last() -> None:
    """Whatever it was that did not work."""
    last = replace(PART, attempts=TRIES)
    assert settled(last, Outcome("retry"), True, CAPS, NOW, 0.5).state == "dead"
    assert settled(last, Outcome("unknown"), True, CAPS, NOW, 0.5).state == "dead"
    assert settled(last, Outcome("unknown"), False, CAPS, NOW, 0.5).state == "unknown"


@pytest.mark.parametrize(
    ("heard_h", "muted", "code"),
    [(1, "", ""), (23.9, "", ""), (24, "", "window"), (None, "", "window"), (1, "t1", ""), (1, "t0", "opted_out")],
)
def test_the_gate(heard_h: float | None, muted: str, code: str) -> None:
    """The window counts from the customer's last words; the one confirmation of an opt-out goes out."""
    heard = None if heard_h is None else NOW - timedelta(hours=heard_h)
    found = refusal(replace(PARCEL, heard_at=heard, muted=muted), replace(CAPS, window_h=24.0), NOW)
    assert (found.code if found else "") == code


def test_without_a_window_words_are_free() -> None:
    """Also long after the customer's last."""
    assert refusal(PARCEL, CAPS, NOW) is None


def test_what_a_claimed_part_needs() -> None:
    """By its state and its moment."""
    later = NOW + timedelta(seconds=1)
    table = {"queued": "send", "sending": "ask", "unknown": "go", "sent": "go", "dead": "stop", "failed": "stop"}
    assert {state: next_of(replace(PART, state=state), NOW).what for state in table} == table
    for state in ("queued", "unknown"):
        assert next_of(replace(PART, state=state, due=later), NOW).what == "wait"
        assert next_of(replace(PART, state=state, due=later), later).what != "wait"


@given(some.text(), some.integers(0, 99))
def test_an_id_of_a_part_is_short_plain_and_its_own(conversation: str, number: int) -> None:
    """Letters, digits and a dot, also for what a customer is called; another message has another."""
    parcel = replace(PARCEL, conversation=conversation)
    id = part_id(parcel, number)
    assert re.fullmatch(r"p[0-9a-f]{24}\.\d{1,2}", id)
    assert id != part_id(replace(parcel, id="m2"), number)
