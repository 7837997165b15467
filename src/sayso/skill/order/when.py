"""When an order can be ready: hours, pauses and the queue, and an honest other time where the wish cannot be met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sayso import (
    Location,
    Params,
    Queue,
    Rows,
    Spot,
    Trouble,
    Turn,
    by,
    earliest,
    horizon,
    local,
    next_opening,
    paused,
    slot_after,
    takes_orders_at,
    window_at,
    windows_from,
)
from sayso.skill.order.slots import Wishes, candidates
from sayso.skill.order.words import few, flag, holiday, moment, place

WITHOUT_QUEUE = Queue(capacity=1_000_000)
"""A location that declares no queue makes what is ordered, in the usual lead time."""

DAYS_AHEAD = 7
"""How far ahead a timed order may be, unless the skill's setting `days_ahead` says otherwise."""

CLOSE_BY = timedelta(hours=1)
"""A possible time this near to the one that was asked for is the only one offered."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`kitchen_at`: it leaves the bar; `ready_at`: what the customer is told (delivery included); `made_from`: making
    begins, so that undo ends. `busy`: later than a quiet bar would be."""

    slots: tuple[tuple[str, int], ...]
    kitchen_at: datetime
    ready_at: datetime
    made_from: datetime
    asap: bool
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A location as one turn sees it: its rows and what the order needs of it."""

    turn: Turn
    wish: Wishes
    location: Location
    rows: Rows
    units: int
    switches: frozenset[str]

    @property
    def queue(self) -> Queue:
        return self.location.queue or WITHOUT_QUEUE

    @property
    def lead(self) -> timedelta:
        return timedelta(minutes=self.queue.lead_minutes)

    @property
    def way(self) -> timedelta:
        """Minutes on the road."""
        delivery = self.location.delivery
        return timedelta(minutes=delivery.minutes if delivery and self.wish.delivered else 0)

    @property
    def making(self) -> timedelta:
        """How long one slot's work takes once it is begun; the other half of the lead is for second thoughts."""
        return timedelta(minutes=-(-self.queue.lead_minutes // 2))

    async def used(self, around: datetime) -> dict[str, int]:
        if self.location.queue is None:
            return {}
        return dict(await self.rows.used(f"queue/{self.location.id}", *horizon(self.queue, around)))

    async def first(self, ready_from: datetime) -> Spot | None:
        """The earliest spot from then on, while the bar is open."""
        spot = earliest(self.queue, await self.used(ready_from), self.units, ready_from)
        return spot if spot and self.open_until(spot.ready_at) else None

    def open_until(self, ready_at: datetime) -> bool:
        """Is somebody there to hand it over, closing time included?"""
        return window_at(self.location, ready_at - timedelta(seconds=1)) is not None

    def takes(self, ready_at: datetime) -> bool:
        """Can an order be ready then: the bar has had its lead time, and last orders are not past?"""
        window = window_at(self.location, ready_at)
        return window is not None and window.opens + self.lead <= ready_at <= window.last_orders

    async def at_opening(self, moment: datetime) -> tuple[datetime, ...]:
        """The first time that an order can be ready once it opens again; empty when that is not in sight."""
        opening = next_opening(self.location, moment)
        ready = await self.near(opening.opens + self.lead, False) if opening else None
        return (ready + self.way,) if ready else ()

    async def near(self, moment: datetime, last: bool) -> datetime | None:
        """When an order can be ready from a moment on, or (`last`) at it exactly; None when that has no room."""
        if last:
            room = by(self.queue, await self.used(moment), self.units, now=self.turn.now, at=moment)
            soon = moment < self.turn.now + self.lead
            return moment if room and self.takes(moment) and not soon else None
        spot = await self.first(moment)
        return spot.ready_at if spot and self.takes(spot.ready_at) else None

    def plan(self, spot: Spot, *, asap: bool, busy: bool = False) -> Plan:
        making = self.making + timedelta(minutes=self.queue.slot_minutes * max(0, len(spot.slots) - 1))
        made_from = max(self.turn.now, spot.ready_at - making)
        slots = spot.slots if self.location.queue else ()
        return Plan(slots, spot.ready_at, spot.ready_at + self.way, made_from, asap, busy)

    def trouble(self, key: str, role: str, options: tuple[str, ...], params: Params | None = None) -> Trouble:
        told: Params = {"location": place(self.location), **(params or {})}
        return Trouble(key, told, slot=self.wish.slot(role), options=candidates(*options))

    def others(self) -> tuple[Location, ...]:
        """Locations that take orders now."""
        places = (other for other in self.turn.merchant.locations.values() if other.id != self.location.id)
        return tuple(p for p in places if takes_orders_at(p, self.turn.now) and not paused(p.id, self.switches))

    def elsewhere(self, key: str, params: Params | None = None) -> Trouble:
        """A trouble that another location mends."""
        others = self.others()
        told: Params = {"options": tuple(place(other) for other in others), **(params or {})}
        return self.trouble(key, "location", tuple(other.id for other in others), told)

    def later(self, key: str, moments: tuple[datetime, ...], params: Params | None = None) -> Trouble:
        """A trouble that another time mends; only times that the shop plans ahead for are offered."""
        latest = self.turn.now + timedelta(days=_days_ahead(self.turn))
        moments = tuple(at for at in moments if at <= latest)
        told = few(self.turn, tuple(moment(at, self.location) for at in moments))
        ids = tuple(local(at, self.location.zone).isoformat() for at in moments)
        others = tuple(place(other) for other in self.others())
        return self.trouble(key, "time", ids, {**told, "others": others, **(params or {})})


async def plan(bar: Bar) -> Plan | Trouble:
    """When it can be ready; a trouble says why not, and what could be."""
    if paused(bar.location.id, bar.switches):
        return bar.elsewhere("order.paused")
    if bar.wish.asap:
        return await _soon(bar)
    return await _timed(bar, bar.wish.time)


async def _soon(bar: Bar) -> Plan | Trouble:
    now = bar.turn.now
    if not takes_orders_at(bar.location, now):
        return await _closed(bar, now)
    spot = await bar.first(now + bar.lead)
    if spot is None:
        return bar.elsewhere("order.full")
    quiet = now + bar.lead + timedelta(minutes=bar.queue.slot_minutes)
    return bar.plan(spot, asap=True, busy=spot.ready_at > quiet)


async def _closed(bar: Bar, at: datetime) -> Trouble:
    """Closed now: when it opens, and an order that is ready then."""
    window = window_at(bar.location, at)
    opening = next_opening(bar.location, at)
    if opening is None:
        return bar.elsewhere("order.closed_long")
    params = {"opens": moment(opening.opens, bar.location, "merchant"), "last": flag(window is not None)}
    return bar.later("order.closed", await bar.at_opening(at), {**params, **holiday(bar.turn, bar.location, at)})


async def _timed(bar: Bar, words: str) -> Plan | Trouble:
    at = _read(words, bar.location)
    if at is None:
        return bar.later("order.time_unclear", ())
    now, kitchen = bar.turn.now, at - bar.way
    told = {"time": moment(at, bar.location, "customer")}
    if at < now:
        return bar.later("order.time_past", await _next(bar, now + bar.lead), told)
    if at > now + timedelta(days=_days_ahead(bar.turn)):
        return bar.later("order.time_far", (), told)
    if not bar.takes(kitchen):
        return await _closed_then(bar, kitchen, told)
    if kitchen < now + bar.lead:
        return bar.later("order.time_soon", await _next(bar, now + bar.lead), told)
    spot = by(bar.queue, await bar.used(kitchen), bar.units, now=now, at=kitchen)
    if spot is None:
        return bar.later("order.time_full", await _next(bar, kitchen), told)
    return bar.plan(spot, asap=False)


def _read(words: str, location: Location) -> datetime | None:
    """An ISO 8601 time; without an offset it is the clock of the place."""
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(location.zone))


def _days_ahead(turn: Turn) -> int:
    setting = turn.skill.settings.get("days_ahead", DAYS_AHEAD)
    return int(setting)


async def _next(bar: Bar, ready_from: datetime) -> tuple[datetime, ...]:
    """The first time from then on that would do; empty when there is none in sight."""
    ready = await bar.near(ready_from, False) if bar.takes(ready_from) else None
    return (ready + bar.way,) if ready else await bar.at_opening(ready_from)


async def _closed_then(bar: Bar, kitchen: datetime, told: Params) -> Trouble:
    """Closed at that time: the nearest times around it that are possible."""
    possible = [at for edge in _edges(bar, kitchen) if (at := await bar.near(*edge)) is not None]
    near = sorted(possible, key=lambda at: abs(at - kitchen))[:2]
    near = near[:1] if near and abs(near[0] - kitchen) <= CLOSE_BY else near
    moments = tuple(at + bar.way for at in sorted(near))
    return bar.later("order.closed_then", moments, {**told, **holiday(bar.turn, bar.location, kitchen)})


def _edges(bar: Bar, kitchen: datetime) -> Iterator[tuple[datetime, bool]]:
    """The first and last moments of the openings around a moment; True for a last one."""
    for window in windows_from(bar.location, max(bar.turn.now, kitchen - timedelta(days=1))):
        yield slot_after(bar.queue, max(window.opens, bar.turn.now) + bar.lead), False
        yield window.last_orders, True
        if window.opens > kitchen:
            return


def still_open(bar: Bar, planned: datetime, asap: bool) -> bool:
    """Does the location still take this order?"""
    if paused(bar.location.id, bar.switches):
        return False
    return takes_orders_at(bar.location, bar.turn.now) if asap else bar.open_until(planned)
