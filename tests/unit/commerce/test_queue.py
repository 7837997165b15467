"""Time slots with a capacity."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sayso.commerce.queue import by, earliest, horizon, slot_key, slot_start
from sayso.manifest.specs import Queue

QUEUE = Queue(capacity=6, slot_minutes=5, lead_minutes=4, horizon_slots=36)
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 3600).map(lambda seconds: NINE + timedelta(seconds=seconds))
USED = st.dictionaries(
    st.integers(-12, 40).map(lambda n: slot_key(NINE + timedelta(minutes=5 * n))), st.integers(0, 6), max_size=40
)


def key(minutes: int) -> str:
    return slot_key(NINE + timedelta(minutes=minutes))


def test_a_quiet_bar_is_ready_when_the_slot_ends() -> None:
    """Four minutes from nine fall into the first slot."""
    spot = earliest(QUEUE, {}, 2, NINE + timedelta(minutes=4))
    assert spot is not None
    assert spot.slots == ((key(0), 2),)
    assert spot.ready_at == NINE + timedelta(minutes=5)


def test_a_full_slot_gives_an_honest_later_time() -> None:
    """At capacity the next slot is told."""
    spot = earliest(QUEUE, {key(0): 6, key(5): 6}, 1, NINE + timedelta(minutes=4))
    assert spot is not None and spot.ready_at == NINE + timedelta(minutes=15)


def test_a_big_order_spreads_over_slots() -> None:
    """Ten units take what is free, and are ready when the last is."""
    spot = earliest(QUEUE, {key(0): 4}, 10, NINE + timedelta(minutes=4))
    assert spot is not None
    assert spot.slots == ((key(0), 2), (key(5), 6), (key(10), 2))


def test_no_room_within_the_horizon_is_said() -> None:
    """Nothing is accepted silently."""
    full = {key(5 * n): 6 for n in range(40)}
    assert earliest(QUEUE, full, 1, NINE + timedelta(minutes=4)) is None


def test_a_timed_order_is_made_just_before() -> None:
    """For half past nine the slot that ends then is taken, and the time told is the one that was asked for."""
    half_past = NINE + timedelta(minutes=32)
    spot = by(QUEUE, {}, 2, now=NINE, at=half_past)
    assert spot is not None
    assert spot.slots == ((key(25), 2),)
    assert spot.ready_at == half_past


def test_a_timed_order_without_room_is_refused() -> None:
    """All slots up to that time are full."""
    assert by(QUEUE, {key(0): 6, key(5): 5}, 2, now=NINE, at=NINE + timedelta(minutes=10)) is None


@given(used=USED, units=st.integers(1, 40), moment=MOMENTS)
def test_the_earliest_spot_never_passes_capacity(used: dict[str, int], units: int, moment: datetime) -> None:
    """Each slot stays within its capacity, all units are placed, and nothing is ready too early."""
    spot = earliest(QUEUE, used, units, moment)
    if spot is not None:
        assert sum(n for _, n in spot.slots) == units
        assert all(n > 0 and used.get(slot, 0) + n <= QUEUE.capacity for slot, n in spot.slots)
        assert spot.ready_at >= moment


@given(used=USED, units=st.integers(1, 40), moment=MOMENTS, minutes=st.integers(5, 120))
def test_a_named_time_never_passes_capacity(used: dict[str, int], units: int, moment: datetime, minutes: int) -> None:
    """Each slot stays within its capacity, begins no earlier than now's, and ends by the named time."""
    at = moment + timedelta(minutes=minutes)
    spot = by(QUEUE, used, units, now=moment, at=at)
    if spot is not None:
        starts = [datetime.fromisoformat(slot) for slot, _ in spot.slots]
        assert sum(n for _, n in spot.slots) == units
        assert all(used.get(slot, 0) + n <= QUEUE.capacity for slot, n in spot.slots)
        assert starts == sorted(starts)
        assert starts[0] >= slot_start(QUEUE, moment)
        assert starts[-1] + timedelta(minutes=5) <= at


@given(units=st.integers(1, 40), moment=MOMENTS)
def test_the_horizon_holds_every_slot_that_is_taken(units: int, moment: datetime) -> None:
    """What is read of the queue covers what is decided on."""
    since, until = horizon(QUEUE, moment)
    spot = earliest(QUEUE, {}, units, moment)
    assert spot is not None
    assert all(since <= slot < until for slot, _ in spot.slots)
