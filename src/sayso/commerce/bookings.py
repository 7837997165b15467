"""When an appointment can be had.

Theory. Time is cut in grains of a quarter of an hour, counted from the epoch in UTC: every zone's offset is a multiple
of it, so clock changes need no rule of their own. An appointment takes one unit of every grain it touches, of somebody
who serves ("staff/<id>") and, where the merchant declares a capacity, of the place ("place/<location>/<kind>"). There
is one row a grain, so the store's own precondition, used plus held never above the limit, is all that concurrency
needs; what is found here is only ever an offer. A start is offered when the appointment lies within the opening of
the place and the hours of the one who serves, no absence or holiday touches it, and every grain has room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sayso.commerce.hours import holiday_on, instant, local, windows_on
from sayso.manifest.specs import Absence, Location, MerchantSpec, Opening, Staff
from sayso.manifest.values import minor_units
from sayso.model.catalog import Product

GRAIN = timedelta(minutes=15)
SHIFT = "shift"
HOME = "home"
DAY = timedelta(days=1)

Used = Mapping[tuple[str, str], int]
"""(resource, grain) -> units that are taken or held."""


@dataclass(frozen=True, slots=True)
class Service:
    """What can be booked, as its catalog row says. `minutes` 0: it takes a whole shift (somebody comes between one and
    five). `buffer`: minutes of work after it; `lead`: minutes that it must be booked ahead, None for the usual; `home`:
    at the customer's; `fee`: what coming costs, in minor units."""

    sku: str
    category: str
    minutes: int
    buffer: int = 0
    lead: int | None = None
    home: bool = False
    fee: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Time in [since, until), in UTC."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Free:
    """An appointment that can be had: when, with whom, and the grains that it takes of each resource."""

    starts: datetime
    ends: datetime
    staff: str
    takes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: a start in [since, until) with one of `staff`, in order of preference."""

    service: Service
    location: Location
    staff: tuple[Staff, ...]
    since: datetime
    until: datetime
    every: timedelta = timedelta(minutes=30)


def service_of(product: Product, currency: str) -> Service | None:
    """The service that a product is; None when it has no duration, so that it cannot be booked."""
    said = product.attributes
    duration = said.get("duration", "")
    if not duration:
        return None
    return Service(
        sku=product.sku,
        category=product.category,
        minutes=0 if duration == SHIFT else int(duration),
        buffer=int(said.get("buffer", "0")),
        lead=int(said["lead"]) if said.get("lead") else None,
        home=said.get("at") == HOME,
        fee=minor_units(said.get("visit_fee", "0"), currency),
    )


def serves(staff: Staff, service: Service, location: str) -> bool:
    """Does this one do it there? A visit leaves from the first location of whoever makes it."""
    places = staff.locations[:1] if service.home else staff.locations
    return location in places and (service.sku in staff.services or service.category in staff.services)


def resources(service: Service, location: Location, staff: str) -> tuple[str, ...]:
    """What an appointment takes of."""
    kinds = () if service.home else tuple(k for k in (service.sku, service.category) if k in location.capacity)
    return (f"staff/{staff}", *(f"place/{location.id}/{kind}" for kind in kinds))


def limit_of(merchant: MerchantSpec, resource: str) -> int:
    """How much of a resource there is at once; 0 for what is not declared any more."""
    kind, _, rest = resource.partition("/")
    if kind == "staff":
        return merchant.staff[rest].capacity if rest in merchant.staff else 0
    place, _, what = rest.partition("/")
    return merchant.locations[place].capacity.get(what, 0) if place in merchant.locations else 0


def grain_key(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def grain_at(moment: datetime) -> datetime:
    """The start of the grain that holds the moment."""
    size = int(GRAIN.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // size * size, UTC)


def grain_after(moment: datetime) -> datetime:
    """The first boundary of grains at or after the moment."""
    start = grain_at(moment)
    return start if start >= moment else start + GRAIN


def grains(since: datetime, until: datetime) -> tuple[str, ...]:
    """Every grain that [since, until) touches."""
    found, at = [], grain_at(since)
    while at < until:
        found.append(grain_key(at))
        at += GRAIN
    return tuple(found)


def taken(names: Iterable[str], since: datetime, until: datetime) -> tuple[tuple[str, str], ...]:
    """The grains of each resource in [since, until)."""
    keys = grains(since, until)
    return tuple((name, key) for name in names for key in keys)


def working(staff: Staff, location: Location, day: date, service: Service) -> tuple[Span, ...]:
    """When somebody can serve on shifts that begin on this day: their hours, while the place is open, less absences.
    Who visits customers goes by their own hours, but on a holiday of the place not outside its openings."""
    shifts = tuple(_spans(staff.weekly.get(day.isoweekday(), ()), day, location.zone))
    if not service.home or holiday_on(location, day):
        days = (day - DAY, day, day + DAY)
        opened = [Span(w.opens, w.closes) for each in days for w in windows_on(location, each)]
        shifts = tuple(both for shift in shifts for each in opened if (both := _overlap(shift, each)))
    away = [_away(absence, location.zone) for absence in staff.absent]
    for gap in away:
        shifts = tuple(rest for shift in shifts for rest in _without(shift, gap))
    return shifts


def _spans(openings: Iterable[Opening], day: date, zone: str) -> Iterator[Span]:
    for opening in openings:
        last = day + DAY if opening.closes <= opening.opens else day
        yield Span(instant(day, opening.opens, zone), instant(last, opening.closes, zone))


def _overlap(one: Span, other: Span) -> Span | None:
    both = Span(max(one.since, other.since), min(one.until, other.until))
    return both if both.since < both.until else None


def _away(absence: Absence, zone: str) -> Span:
    since = instant(absence.first, absence.since, zone)
    if absence.until is not None:
        return Span(since, instant(absence.first, absence.until, zone))
    return Span(since, instant(absence.last + DAY, time(0), zone))


def _without(shift: Span, gap: Span) -> Iterator[Span]:
    if _overlap(shift, gap) is None:
        yield shift
        return
    if shift.since < gap.since:
        yield Span(shift.since, gap.since)
    if gap.until < shift.until:
        yield Span(gap.until, shift.until)


def free(search: Search, merchant: MerchantSpec, used: Used) -> tuple[Free, ...]:
    """Every appointment that can be had, in order of time; of equal starts the one with whom is preferred."""
    found: dict[datetime, Free] = {}
    for day in _days(search):
        for staff in search.staff:
            for each in _of(search, staff, day):
                if each.starts not in found and _room(each, merchant, used):
                    found[each.starts] = each
    return tuple(found[starts] for starts in sorted(found))


def _days(search: Search) -> Iterator[date]:
    """Days on which a shift may begin that reaches into the search."""
    day = local(search.since, search.location.zone).date() - DAY
    last = local(search.until, search.location.zone).date()
    while day <= last:
        yield day
        day += DAY


def _of(search: Search, staff: Staff, day: date) -> Iterator[Free]:
    names = resources(search.service, search.location, staff.id)
    after = timedelta(minutes=search.service.buffer)
    for shift in working(staff, search.location, day, search.service):
        for starts, ends in _times(search, shift):
            if search.since <= starts < search.until:
                yield Free(starts, ends, staff.id, taken(names, starts, ends + after))


def _times(search: Search, shift: Span) -> Iterator[tuple[datetime, datetime]]:
    """Starts within a shift, at regular steps from its beginning."""
    if not search.service.minutes:
        yield shift.since, shift.until
        return
    long, starts = timedelta(minutes=search.service.minutes), grain_after(shift.since)
    while starts + long <= shift.until:
        yield starts, starts + long
        starts += max(GRAIN, search.every)


def _room(each: Free, merchant: MerchantSpec, used: Used) -> bool:
    return all(used.get(take, 0) < limit_of(merchant, take[0]) for take in each.takes)


def closest(found: Sequence[Free], wanted: datetime, most: int) -> tuple[Free, ...]:
    """Those nearest to a moment, in order of time."""
    near = sorted(found, key=lambda each: (abs(each.starts - wanted), each.starts))[:most]
    return tuple(sorted(near, key=lambda each: each.starts))


def spread(found: Sequence[Free], most: int) -> tuple[Free, ...]:
    """At most so many of them, over the whole of their time, the first among them."""
    if len(found) <= most:
        return tuple(found)
    return tuple(found[place * len(found) // most] for place in range(most))
