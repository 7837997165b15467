"""Facts and names for the replies of an appointment: every figure with the row it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sayso import Fact, Free, Location, Money, Named, Param, Params, Row, Said, Service, Turn, holiday_at, local, pick
from sayso.skill.booking.booked import Booked

SPOKEN_AT_MOST = 3
SHOWN_AT_MOST = 6


def word(value: str) -> Fact:
    """A word that a reply chooses by."""
    return Fact(value, "derived", value)


def flag(value: bool) -> Fact:
    return word("yes" if value else "no")


def moment(at: datetime, zone: str, source: str = "capacity", id: str = "") -> Fact:
    """A time on the clock of the place."""
    return Fact(local(at, zone), source, id or at.isoformat())


def amount(money: Money, source: str, id: str, version: str = "") -> Fact:
    return Fact(money, source, id, version)


def most(turn: Turn) -> int:
    return SPOKEN_AT_MOST if turn.voice else SHOWN_AT_MOST


def whom(staff: str) -> Param:
    return Named("staff", staff) if staff else ()


def said(words: str) -> Param:
    return (Said(words),) if words else ()


def times(service: Service, found: Sequence[Free], location: Location) -> Params:
    """Times that are offered: when all are on one day, `day` says it once; a shift is told from one hour to another."""
    zone = location.zone
    days = {local(each.starts, zone).date() for each in found}
    how = "window" if not service.minutes else "time" if len(days) == 1 else "moment"
    rows = tuple(
        Row({"starts": moment(each.starts, zone), "ends": moment(each.ends, zone), "how": word(how)}) for each in found
    )
    day = tuple(Fact(each, "derived", each.isoformat()) for each in days) if how == "time" else ()
    return {"times": rows, "day": day, "service": Named("product", service.sku)}


def holiday(turn: Turn, location: Location, at: datetime) -> Params:
    """The holiday of that day, where there is one."""
    found = holiday_at(location, at)
    if found is None:
        return {}
    return {"holiday": Fact(pick(found.names, turn.language), "merchant", f"{location.id}/{found.on.isoformat()}")}


def appointment(turn: Turn, each: Booked) -> dict[str, Param]:
    """What is told of an appointment that stands."""
    location = turn.merchant.locations.get(each.location)
    zone = location.zone if location else turn.merchant.zone
    return {
        "number": Fact(each.number, "order", each.order.id),
        "service": Named("product", each.sku),
        "starts": moment(each.starts, zone, "order", each.order.id),
        "ends": moment(each.ends, zone, "order", each.order.id),
        "window": flag(each.window),
        "location": Named("location", each.location),
        "staff": whom(each.staff),
        "address": said(each.address),
        "total": amount(each.order.proposal.total, "order", each.order.id),
    }
