"""Facts about the merchant for the replies of this kind."""

from __future__ import annotations

from datetime import datetime

from sayso import Fact, Location, Named, Params, Turn, holiday_at, local, pick


def place(location: Location) -> Named:
    return Named("location", location.id)


def moment(at: datetime, location: Location) -> Fact:
    """A time on the clock of the place."""
    return Fact(local(at, location.zone), "merchant", location.id)


def word(value: str) -> Fact:
    """A word that a reply chooses by."""
    return Fact(value, "derived", value)


def flag(value: bool) -> Fact:
    return word("yes" if value else "no")


def holiday(turn: Turn, location: Location, at: datetime) -> Params:
    """The holiday of that day as `holiday`, where there is one."""
    found = holiday_at(location, at)
    if found is None:
        return {}
    return {"holiday": Fact(pick(found.names, turn.language), "merchant", f"{location.id}/{found.on.isoformat()}")}
