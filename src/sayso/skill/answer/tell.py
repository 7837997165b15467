"""When and where: opening hours of a place, a day or a holiday; addresses, telephone numbers, the nearest place."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sayso import (
    Answered,
    Ask,
    Fact,
    Location,
    Param,
    Params,
    Row,
    Speak,
    Turn,
    local,
    metres,
    nearest,
    next_opening,
    paused,
    window_at,
    windows_on,
)
from sayso.skill.answer.words import flag, holiday, moment, place

SPOKEN_AT_MOST = 3


def _locations(turn: Turn, asked: Ask) -> tuple[Location, ...]:
    """Those that are asked about; for hours else the chosen one; else all, nearest first, as many as can be told."""
    places = turn.merchant.locations
    named = tuple(places[c.id] for c in asked.question.ids if c.id in places)
    if named:
        return named
    chosen = next((places[value] for value in asked.slots.values() if value in places), None)
    if chosen and asked.question.about == "hours":
        return (chosen,)
    every = tuple(places.values())
    if turn.latitude is not None and turn.longitude is not None:
        every = nearest(every, turn.latitude, turn.longitude)
    return every[:SPOKEN_AT_MOST] if turn.voice else every


async def hours(turn: Turn, asked: Ask) -> Answered | None:
    """Open or closed now, and until or from when; on a named day, that day's openings."""
    places, days = _locations(turn, asked), _days(turn, asked)
    if days:
        return Answered(tuple(_hours_on(turn, location, day) for day in days for location in places))
    switches = await turn.rows.switches()
    return Answered(tuple(_hours(turn, location, switches) for location in places))


def _iso(id: str) -> date | None:
    """The date that an id is, None for any other."""
    try:
        return date.fromisoformat(id) if len(id) == len("2026-12-25") else None
    except ValueError:
        return None


def _days(turn: Turn, asked: Ask) -> tuple[date, ...]:
    """The days that are asked about: ISO 8601 dates among the ids, else a holiday that the customer names."""
    ids = [candidate.id for candidate in asked.question.ids]
    if dated := tuple(day for id in ids if (day := _iso(id))):
        return dated
    words = asked.question.words.casefold()
    coming = sorted({h.on: h for place in turn.merchant.locations.values() for h in place.holidays}.items())
    today = local(turn.now, turn.merchant.zone).date()
    named = (on for on, h in coming if on >= today and any(n.casefold() in words for n in h.names.values()))
    return tuple(named)[:1]


def _hours_on(turn: Turn, location: Location, day: date) -> Speak:
    """The openings of one day."""
    openings = tuple(
        Row({"opens": moment(w.opens, location), "closes": moment(w.closes, location)})
        for w in windows_on(location, day)
    )
    noon = datetime.combine(day, time(12), ZoneInfo(location.zone))
    told: Params = {"location": place(location), "day": Fact(day, "merchant", location.id), "openings": openings}
    return Speak("answer.hours_on", {**told, **holiday(turn, location, noon)})


def _hours(turn: Turn, location: Location, switches: frozenset[str]) -> Speak:
    window, opening = window_at(location, turn.now), next_opening(location, turn.now)
    told: dict[str, Param] = {"location": place(location), **holiday(turn, location, turn.now)}
    told["paused"] = flag(paused(location.id, switches))
    if window is not None:
        told |= {
            "closes": moment(window.closes, location),
            "last": moment(window.last_orders, location),
            "early": flag(window.last_orders < window.closes),
        }
        return Speak("answer.hours_open", told)
    if opening is None:
        return Speak("answer.hours_closed_long", told)
    return Speak("answer.hours_closed", told | {"opens": moment(opening.opens, location)})


async def places(turn: Turn, asked: Ask) -> Answered | None:
    """Where the locations are and how they are reached by telephone, with the distance when the customer shared a
    position."""
    found = tuple(_place(turn, location) for location in _locations(turn, asked))
    if not found:
        return None
    return Answered((Speak("answer.places", {"places": found, "count": Fact(len(found), "merchant", "locations")}),))


def _place(turn: Turn, location: Location) -> Row:
    phone = location.phone or turn.merchant.support_phone
    told: dict[str, Param] = {
        "location": place(location),
        "address": Fact(location.address, "merchant", location.id),
        "phone": Fact(phone, "merchant", location.id) if phone else (),
        "metres": (),
    }
    if turn.latitude is not None and turn.longitude is not None:
        far = metres(turn.latitude, turn.longitude, location)
        told["metres"] = Fact(round(far, -1 if far < 1000 else -2), "derived", location.id)
    return Row(told)
