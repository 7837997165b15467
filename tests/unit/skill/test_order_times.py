"""Whatever time is offered can be had, over both changes of the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sayso import Line, Proposed, Refused, takes_orders_at, window_at

ESPRESSO = Line("l1", "espresso", 2)
NOWS = st.one_of(
    st.datetimes(datetime(2026, 10, 23), datetime(2026, 10, 27)),
    st.datetimes(datetime(2027, 3, 26), datetime(2027, 3, 30)),
    st.datetimes(datetime(2027, 4, 26), datetime(2027, 4, 28)),
).map(lambda now: now.replace(microsecond=0, tzinfo=UTC))


@settings(max_examples=150, deadline=None)
@given(now=NOWS, hours=st.integers(-5, 150), minutes=st.integers(0, 59), busy=st.integers(0, 24))
async def test_what_is_promised_or_offered_is_open(
    open_shop: Callable[[], Any], now: datetime, hours: int, minutes: int, busy: int
) -> None:
    """A named time is promised while open, or another one is offered that is promised when it is taken."""
    shop = open_shop()
    at = (now + timedelta(hours=hours, minutes=minutes)).astimezone(ZoneInfo("Europe/Amsterdam"))
    for moment in (now, at.astimezone(UTC) - timedelta(hours=1)):
        for n in range(busy):
            slot = moment.replace(minute=0, second=0) + timedelta(minutes=5 * n)
            shop.rows.capacity["queue/dam", slot.isoformat()] = 6
    outcome = await shop.propose(ESPRESSO, slots={"store": "dam", "time": at.isoformat()}, now=now)
    times = [at.isoformat()]
    if isinstance(outcome.result, Refused):
        times = [option.id for option in outcome.result.troubles[0].options]
    for time in times:
        again = await shop.propose(ESPRESSO, slots={"store": "dam", "time": time}, now=now)
        assert isinstance(again.result, Proposed), (time, again.result)
        ready = again.result.proposal.ready_at
        assert ready == datetime.fromisoformat(time)
        assert ready >= now
        assert window_at(shop.artefact.merchant.locations["dam"], ready - timedelta(seconds=1)) is not None


@settings(max_examples=100, deadline=None)
@given(now=NOWS, busy=st.integers(0, 40))
async def test_as_soon_as_possible_is_only_promised_while_open(
    open_shop: Callable[[], Any], now: datetime, busy: int
) -> None:
    """Closed or full says so; else it is ready before the doors close and after its lead time."""
    shop = open_shop()
    dam = shop.artefact.merchant.locations["dam"]
    for n in range(busy):
        slot = now.replace(minute=0, second=0) + timedelta(minutes=5 * n)
        shop.rows.capacity["queue/dam", slot.isoformat()] = 6
    outcome = await shop.propose(ESPRESSO, now=now)
    if isinstance(outcome.result, Proposed):
        ready = outcome.result.proposal.ready_at
        assert ready is not None
        assert takes_orders_at(dam, now)
        assert ready >= now + timedelta(minutes=4)
        assert window_at(dam, ready - timedelta(seconds=1)) is not None
    else:
        assert isinstance(outcome.result, Refused)
        wanted = {"order.full"} if takes_orders_at(dam, now) else {"order.closed"}
        assert {trouble.key for trouble in outcome.result.troubles} == wanted
