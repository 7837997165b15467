"""Questions about the merchant and the order: hours, places, basket, order, receipt, the merchant's own answers."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sayso import (
    Answered,
    Ask,
    Fact,
    Location,
    Order,
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
    price,
    receipt,
    total,
    window_at,
    windows_on,
)
from sayso.skill.order.recall import KNOWN
from sayso.skill.order.slots import chosen_location, wishes
from sayso.skill.order.words import SPOKEN_AT_MOST, amount, fee_rows, flag, holiday, moment, place, rows, word


def _locations(turn: Turn, asked: Ask) -> tuple[Location, ...]:
    """Those that are asked about; else the chosen one; else all, nearest first, as many as can be told."""
    places = turn.merchant.locations
    named = tuple(places[c.id] for c in asked.question.ids if c.id in places)
    if named:
        return named
    chosen = chosen_location(turn, wishes(turn, asked.intent, asked.slots))
    if chosen and asked.question.about == "hours":
        return (chosen,)
    every = tuple(places.values())
    if turn.latitude is not None and turn.longitude is not None:
        every = nearest(every, turn.latitude, turn.longitude)
    return every[:SPOKEN_AT_MOST] if turn.voice else every


async def hours(turn: Turn, asked: Ask) -> Answered | None:
    """Open or closed now, and until or from when; on a named day, that day's openings."""
    places, day = _locations(turn, asked), _day(turn, asked)
    if day is not None:
        return Answered(tuple(_hours_on(turn, location, day) for location in places))
    switches = await turn.rows.switches()
    return Answered(tuple(_hours(turn, location, switches) for location in places))


def _day(turn: Turn, asked: Ask) -> date | None:
    """The day that is asked about: an ISO 8601 date among the ids, or a holiday that the customer names."""
    for id in (candidate.id for candidate in asked.question.ids):
        if len(id) == len("2026-12-25") and id[4] == id[7] == "-" and id.replace("-", "").isdigit():
            return date.fromisoformat(id)
    words = asked.question.words.casefold()
    coming = sorted({h.on: h for place in turn.merchant.locations.values() for h in place.holidays}.items())
    today = local(turn.now, turn.merchant.zone).date()
    named = (on for on, h in coming if on >= today and any(n.casefold() in words for n in h.names.values()))
    return next(named, None)


def _hours_on(turn: Turn, location: Location, day: date) -> Speak:
    """The openings of one day."""
    openings = tuple(
        Row({"opens": moment(w.opens, location, "merchant"), "closes": moment(w.closes, location, "merchant")})
        for w in windows_on(location, day)
    )
    noon = datetime.combine(day, time(12), ZoneInfo(location.zone))
    told: Params = {"location": place(location), "day": Fact(day, "merchant", location.id), "openings": openings}
    return Speak("order.hours_on", {**told, **holiday(turn, location, noon)})


def _hours(turn: Turn, location: Location, switches: frozenset[str]) -> Speak:
    window, opening = window_at(location, turn.now), next_opening(location, turn.now)
    told: dict[str, Param] = {"location": place(location), **holiday(turn, location, turn.now)}
    told["paused"] = flag(paused(location.id, switches))
    if window is not None:
        told |= {
            "closes": moment(window.closes, location, "merchant"),
            "last": moment(window.last_orders, location, "merchant"),
            "early": flag(window.last_orders < window.closes),
        }
        return Speak("order.hours_open", told)
    if opening is None:
        return Speak("order.hours_closed_long", told)
    return Speak("order.hours_closed", told | {"opens": moment(opening.opens, location, "merchant")})


async def places(turn: Turn, asked: Ask) -> Answered | None:
    """Where the locations are, with the distance when the customer shared a position."""
    found = tuple(_place(turn, location) for location in _locations(turn, asked))
    return Answered((Speak("order.places", {"places": found, "count": Fact(len(found), "merchant", "locations")}),))


def _place(turn: Turn, location: Location) -> Row:
    told: dict[str, Param] = {
        "location": place(location),
        "address": Fact(location.address, "merchant", location.id),
        "metres": (),
    }
    if turn.latitude is not None and turn.longitude is not None:
        far = metres(turn.latitude, turn.longitude, location)
        told["metres"] = Fact(round(far, -1 if far < 1000 else -2), "derived", location.id)
    return Row(told)


async def basket(turn: Turn, asked: Ask) -> Answered | None:
    """What is in the open basket, and what it comes to so far."""
    lines = tuple(line for line in asked.lines if line.sku in turn.catalog.products)
    if not lines:
        return Answered((Speak("order.basket_empty"),))
    priced = price(lines, turn.catalog)
    sum_ = total(priced, (), turn.catalog.currency)
    params: Params = {"lines": rows(priced, turn.catalog), "total": amount(sum_, "derived", "basket")}
    return Answered((Speak("order.basket", params),))


async def _newest(turn: Turn) -> Order | None:
    """The newest order that this speaker may know of: of this conversation, or of a customer who is known."""
    if not turn.customer:
        return None
    orders = await turn.rows.orders(turn.customer, 20)
    known = turn.assurance in KNOWN
    return next((order for order in orders if known or order.conversation == turn.conversation), None)


async def order(turn: Turn, asked: Ask) -> Answered | None:
    """Where the order is."""
    found = await _newest(turn)
    if found is None:
        return Answered((Speak("order.status_none"),))
    location = turn.merchant.locations.get(found.proposal.location)
    how = wishes(turn, found.proposal.intent, found.proposal.slots).service
    told: dict[str, Param] = {
        "number": Fact(found.number, "order", found.id),
        "state": word(found.state),
        "total": amount(found.proposal.total, "order", found.id),
        "how": word(how or "to_go"),
        "location": place(location) if location else (),
        "ready": (),
    }
    if location and found.proposal.ready_at:
        told["ready"] = moment(found.proposal.ready_at, location, "order")
    told["late"] = flag(found.proposal.ready_at is not None and found.proposal.ready_at < turn.now)
    return Answered((Speak("order.status", told),))


async def show_receipt(turn: Turn, asked: Ask) -> Answered | None:
    """The receipt of the newest order, with VAT per rate."""
    found = await _newest(turn)
    if found is None:
        return Answered((Speak("order.status_none"),))
    made = receipt(found, turn.catalog)
    location = turn.merchant.locations.get(found.proposal.location)
    zone = location.zone if location else turn.merchant.zone
    vat = tuple(
        Row(
            {
                "rate": Fact(_percent(row.rate), "catalog", row.vat_class),
                "net": amount(row.net, "order", found.id),
                "vat": amount(row.vat, "order", found.id),
            }
        )
        for row in made.vat
    )
    params: Params = {
        "number": Fact(made.number, "order", found.id),
        "at": Fact(local(made.at, zone), "order", found.id),
        "lines": rows(made.lines, turn.catalog),
        "fees": fee_rows(made.fees),
        "vat": vat,
        "total": amount(made.total, "order", found.id),
    }
    return Answered((Speak("order.receipt", params),))


def _percent(basis_points: int) -> str:
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%"


async def answer(turn: Turn, asked: Ask) -> Answered | None:
    """One of the merchant's own answers, published as the reply "answer:<id>"."""
    found = next((c.id for c in asked.question.ids if c.id in turn.artefact.answers), None)
    return Answered((Speak(f"answer:{found}"),)) if found else None
