"""When an appointment can be had: hours, people, holidays, absences, clock changes and room."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.commerce.bookings import (
    GRAIN,
    Search,
    Service,
    closest,
    free,
    grains,
    limit_of,
    serves,
    service_of,
    spread,
    taken,
)
from sayso.commerce.hours import local
from sayso.manifest.specs import Absence, Holiday, Location, MerchantSpec, Opening, Staff
from sayso.model.catalog import Product

ZONE = "Europe/Amsterdam"
OPEN = (Opening(time(9), time(17)),)
WEEK = dict.fromkeys(range(1, 6), OPEN) | {6: (), 7: ()}
REPAIR = Service("puncture", "repair", 60)
TUESDAY = date(2026, 11, 24)


def place(**more: Any) -> Location:
    return Location("north", {"en": "North"}, "North 1", ZONE, 52.0, 5.0, WEEK, **more)


def kim(**more: Any) -> Staff:
    given: dict[str, Any] = {"locations": ("north",), "services": ("repair",), "weekly": WEEK}
    return Staff("kim", {"en": "Kim"}, **(given | more))


def merchant(location: Location, *staff: Staff) -> MerchantSpec:
    places, members = {location.id: location}, {s.id: s for s in staff}
    return MerchantSpec("shop", {"en": "Shop"}, ("en",), "EUR", "NL", ZONE, places, (), staff=members)


def found(
    since: datetime,
    until: datetime,
    *staff: Staff,
    location: Location | None = None,
    service: Service = REPAIR,
    used: dict[tuple[str, str], int] | None = None,
) -> list[str]:
    """Starts on the clock of the place."""
    location, staff = location or place(), staff or (kim(),)
    search = Search(service, location, staff, since, until)
    return [f"{local(f.starts, ZONE):%a %H:%M}" for f in free(search, merchant(location, *staff), used or {})]


def day(on: date) -> tuple[datetime, datetime]:
    begin = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return begin, begin + timedelta(days=1)


def test_the_last_start_ends_at_closing_time() -> None:
    """An hour's work fits at four, not at half past."""
    times = found(*day(TUESDAY))
    assert (times[0], times[-1], len(times)) == ("Tue 09:00", "Tue 16:00", 15)


def test_work_needs_the_place_open_and_somebody_there() -> None:
    """Only where both hold: Kim begins at one, the place closes at five."""
    late = kim(weekly={2: (Opening(time(13), time(20)),)})
    assert found(*day(TUESDAY), late) == [f"Tue {h:02}:{m:02}" for h in (13, 14, 15) for m in (0, 30)] + ["Tue 16:00"]


def test_a_holiday_closes_the_day() -> None:
    assert found(*day(TUESDAY), location=place(holidays=(Holiday(TUESDAY, {"en": "Feast"}),))) == []


@pytest.mark.parametrize(
    ("absence", "times"),
    [
        (Absence(TUESDAY, TUESDAY), []),
        (Absence(TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=1)), []),
        (Absence(TUESDAY, TUESDAY, time(10), time(16)), ["Tue 09:00", "Tue 16:00"]),
    ],
)
def test_who_is_away_serves_nobody(absence: Absence, times: list[str]) -> None:
    """Whole days, spans of days, and part of a day."""
    assert found(*day(TUESDAY), kim(absent=(absence,))) == times


def test_taken_grains_block_every_start_that_touches_them() -> None:
    """A quarter of an hour at eleven takes the starts from half past ten to eleven."""
    used = {("staff/kim", key): 1 for key in grains(*(datetime(2026, 11, 24, 10, m, tzinfo=UTC) for m in (0, 15)))}
    gone = set(found(*day(TUESDAY))) - set(found(*day(TUESDAY), used=used))
    assert gone == {"Tue 10:30", "Tue 11:00"}


def test_the_work_after_an_appointment_takes_time_too() -> None:
    """A buffer keeps the next start away, but may run past closing time."""
    search = Search(Service("puncture", "repair", 60, buffer=30), place(), (kim(),), *day(TUESDAY))
    last = free(search, merchant(place(), kim()), {})[-1]
    assert len(last.takes) == 6
    assert f"{local(last.starts, ZONE):%H:%M}" == "16:00"


def test_one_who_serves_several_at_once_has_room_for_several() -> None:
    """Capacity is per grain."""
    busy = {("staff/kim", key): 1 for key in grains(*day(TUESDAY))}
    assert found(*day(TUESDAY), used=busy) == []
    assert len(found(*day(TUESDAY), kim(capacity=2), used=busy)) == 15


def test_a_place_has_only_so_many_benches() -> None:
    """Two mechanics, one bench: when it is taken, nothing can be had."""
    busy = {("place/north/repair", key): 1 for key in grains(*day(TUESDAY))}
    assert found(*day(TUESDAY), location=place(capacity={"repair": 1}), used=busy) == []
    assert len(found(*day(TUESDAY), location=place(capacity={"repair": 2}), used=busy)) == 15


def test_who_is_preferred_serves_when_free() -> None:
    """Of two who are free, the first one is offered; of one, that one."""
    both = (kim(), Staff("lou", {"en": "Lou"}, ("north",), ("repair",), WEEK))
    search, shop = Search(REPAIR, place(), both, *day(TUESDAY)), merchant(place(), *both)
    assert {f.staff for f in free(search, shop, {})} == {"kim"}
    busy = {("staff/kim", key): 1 for key in grains(*day(TUESDAY))}
    assert {f.staff for f in free(search, shop, busy)} == {"lou"}


def test_a_visit_takes_a_whole_shift() -> None:
    """Somebody comes between nine and twelve, whatever the hours of the shop."""
    visit = Service("visit", "visit", 0, home=True)
    sam = kim(services=("visit",), weekly={2: (Opening(time(7), time(12)),), 3: (Opening(time(13), time(17)),)})
    search = Search(visit, place(), (sam,), *day(TUESDAY))
    (only,) = free(search, merchant(place(), sam), {})
    assert (only.ends - only.starts, len(only.takes)) == (timedelta(hours=5), 20)


def test_a_visit_leaves_from_one_place_only() -> None:
    sam = kim(locations=("south", "north"), services=("visit",))
    assert not serves(sam, Service("visit", "visit", 0, home=True), "north")
    assert serves(sam, Service("visit", "visit", 60), "north")


@pytest.mark.parametrize(("on", "hours"), [(date(2027, 3, 28), 23), (date(2026, 10, 25), 25)])
def test_the_day_the_clocks_change_has_its_own_length(on: date, hours: int) -> None:
    """Open around the clock, an hour's work fits once in each hour that there is; none twice."""
    always = {n: (Opening(time(0), time(0)),) for n in range(1, 8)}
    location, staff = Location("north", {}, "", ZONE, 52.0, 5.0, always), kim(weekly=always)
    begin = datetime.combine(on, time(0), UTC) - timedelta(hours=3)
    search = Search(REPAIR, location, (staff,), begin, begin + timedelta(hours=30), timedelta(hours=1))
    starts = [f.starts for f in free(search, merchant(location, staff), {})]
    mine = [s for s in starts if local(s, ZONE).date() == on]
    assert len(mine) == len(set(mine)) == hours


def test_nothing_is_offered_before_or_after_the_search() -> None:
    begin = datetime(2026, 11, 24, 9, 10, tzinfo=UTC)
    assert found(begin, begin + timedelta(hours=1)) == ["Tue 10:30", "Tue 11:00"]


def test_what_is_not_declared_any_more_has_no_room() -> None:
    """A place or person that left takes nobody."""
    shop = merchant(place(capacity={"repair": 2}), kim())
    assert [limit_of(shop, r) for r in ("staff/kim", "staff/old", "place/north/repair", "place/west/repair")] == [
        1,
        0,
        2,
        0,
    ]


@pytest.mark.parametrize(
    ("attributes", "service"),
    [
        ({}, None),
        ({"duration": "45"}, Service("x", "repair", 45)),
        ({"duration": "45", "buffer": "15", "lead": "120"}, Service("x", "repair", 45, 15, 120)),
        ({"duration": "shift", "at": "home", "visit_fee": "25.00"}, Service("x", "repair", 0, home=True, fee=2500)),
    ],
)
def test_a_service_is_a_product_with_a_duration(attributes: dict[str, str], service: Service | None) -> None:
    assert service_of(Product("x", {}, 0, "repair", attributes=attributes), "EUR") == service


def test_the_nearest_and_the_spread() -> None:
    """Nearest to a moment, told in order; and a few over the whole of a day."""
    search = Search(REPAIR, place(), (kim(),), *day(TUESDAY))
    every = free(search, merchant(place(), kim()), {})
    noon = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    assert [f"{local(f.starts, ZONE):%H:%M}" for f in closest(every, noon, 3)] == ["11:30", "12:00", "12:30"]
    assert [f"{local(f.starts, ZONE):%H:%M}" for f in spread(every, 3)] == ["09:00", "11:30", "14:00"]
    assert spread(every[:2], 3) == every[:2]


ANY_TIME = st.datetimes(datetime(2026, 10, 1), datetime(2027, 4, 30)).map(lambda at: at.replace(tzinfo=UTC))


@given(
    since=ANY_TIME,
    minutes=st.integers(1, 300),
    buffer=st.integers(0, 60),
    openings=st.lists(st.tuples(st.integers(0, 23), st.integers(0, 23)), min_size=1, max_size=7),
    busy=st.sets(st.integers(0, 200), max_size=60),
    absent=st.dates(date(2026, 10, 1), date(2027, 4, 30)),
    zone=st.sampled_from(["Europe/Amsterdam", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
)
def test_whatever_is_offered_can_be_had(
    since: datetime,
    minutes: int,
    buffer: int,
    openings: list[tuple[int, int]],
    busy: set[int],
    absent: date,
    zone: str,
) -> None:
    """Every grain of an offer has room, none touches an absence, and starts are in order, over every clock change."""
    weekly = {n + 1: (Opening(time(a), time(b)),) for n, (a, b) in enumerate(openings) if a != b}
    location = Location("north", {}, "", zone, 0.0, 0.0, weekly)
    staff = kim(weekly=weekly, absent=(Absence(absent, absent),))
    base = since.replace(minute=0, second=0, microsecond=0)
    used = {("staff/kim", (base + GRAIN * n).isoformat()): 1 for n in busy}
    search = Search(Service("x", "repair", minutes, buffer), location, (staff,), since, since + timedelta(days=3))
    offered = free(search, merchant(location, staff), used)
    assert [f.starts for f in offered] == sorted({f.starts for f in offered})
    for each in offered:
        assert since <= each.starts < since + timedelta(days=3)
        assert each.ends - each.starts == timedelta(minutes=minutes)
        assert each.takes == taken(("staff/kim",), each.starts, each.ends + timedelta(minutes=buffer))
        assert not any(used.get(take) for take in each.takes)
        inside = [local(each.starts, zone), local(each.ends - timedelta(seconds=1), zone)]
        assert all(moment.date() != absent for moment in inside)
