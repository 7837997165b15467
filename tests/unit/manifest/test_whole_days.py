"""A shop that never closes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from sayso.commerce.hours import open_at
from sayso.manifest.specs import Location, Opening
from sayso.manifest.values import openings


def test_a_whole_day_is_written_as_one_range() -> None:
    """ "00:00-24:00" every day is open at every moment, over a change of clocks too."""
    day = openings("00:00-24:00")
    assert day == (Opening(time(0), time(0)),)
    shop = Location("s", {"en": "Shop"}, "", "Europe/Amsterdam", 52.0, 4.0, dict.fromkeys(range(1, 8), day))
    begin = datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert all(open_at(shop, begin + timedelta(minutes=30 * n)) for n in range(96))


def test_no_time_at_all_is_refused_with_the_way_to_write_a_whole_day() -> None:
    with pytest.raises(ValueError, match="write 00:00-24:00"):
        openings("09:00-09:00")
