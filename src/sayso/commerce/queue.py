"""What a location can make, and when: time slots with a capacity.

Theory. Time is cut in slots of `slot_minutes` from the epoch (UTC, so clock changes do not matter). Units of an order
are made in consecutive slots with room, and the order is ready when its last slot ends. An order as soon as possible
fills forward from the first slot that ends after the lead time; an order for a named time fills backward from that
time. Neither ever puts more in a slot than its capacity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sayso.manifest.specs import Queue


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the queue: units per slot (start, ISO 8601 UTC), and when the order is ready."""

    slots: tuple[tuple[str, int], ...]
    ready_at: datetime


def slot_start(queue: Queue, moment: datetime) -> datetime:
    """The start of the slot that holds the moment."""
    size = queue.slot_minutes * 60
    return datetime.fromtimestamp(int(moment.timestamp()) // size * size, UTC)


def slot_after(queue: Queue, moment: datetime) -> datetime:
    """The first boundary of slots at or after the moment."""
    start = slot_start(queue, moment)
    return start if start >= moment else start + timedelta(minutes=queue.slot_minutes)


def slot_key(start: datetime) -> str:
    return start.astimezone(UTC).isoformat()


def horizon(queue: Queue, moment: datetime) -> tuple[str, str]:
    """The span [since, until) of slots that placing an order around the moment may look at."""
    reach = timedelta(minutes=queue.slot_minutes * (queue.horizon_slots + 1))
    start = slot_start(queue, moment)
    return slot_key(start - reach), slot_key(start + reach)


def earliest(queue: Queue, used: Mapping[str, int], units: int, ready_from: datetime) -> Spot | None:
    """The earliest spot that is ready at or after `ready_from`; None when there is no room within the horizon."""
    size = timedelta(minutes=queue.slot_minutes)
    first = slot_after(queue, ready_from) - size
    taken: list[tuple[str, int]] = []
    left = max(units, 1)
    for step in range(queue.horizon_slots):
        start = first + size * step
        part = min(left, queue.capacity - used.get(slot_key(start), 0))
        if part > 0:
            taken.append((slot_key(start), part))
            left -= part
        if not left:
            return Spot(tuple(taken), start + size)
    return None


def by(queue: Queue, used: Mapping[str, int], units: int, *, now: datetime, at: datetime) -> Spot | None:
    """A spot that is ready at the named time `at`, made as late as possible; None when that time has no room."""
    size = timedelta(minutes=queue.slot_minutes)
    soonest = slot_start(queue, now)
    taken: list[tuple[str, int]] = []
    left = max(units, 1)
    start = slot_start(queue, at) - size
    while left and start >= soonest and len(taken) < queue.horizon_slots:
        part = min(left, queue.capacity - used.get(slot_key(start), 0))
        if part > 0:
            taken.append((slot_key(start), part))
            left -= part
        start -= size
    return None if left else Spot(tuple(reversed(taken)), at)
