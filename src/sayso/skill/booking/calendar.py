"""The calendar file of an appointment."""

from __future__ import annotations

from datetime import datetime

from sayso import Appointment, Artefact, Order, ics, pick
from sayso.skill.booking.booked import booked


def calendar_file(order: Order, artefact: Artefact, language: str, now: datetime) -> bytes | None:
    """The appointment of a row as an iCalendar file; None for a row that is none. A moved appointment keeps its UID, so
    that a calendar shows it once."""
    made = booked(order)
    if made is None:
        return None
    merchant, product = artefact.merchant, artefact.catalog.products.get(made.sku)
    place = merchant.locations.get(made.location)
    name = pick(merchant.names, language)
    what = pick(product.names, language) if product else made.sku
    where = made.address or (f"{pick(place.names, language)}, {place.address}" if place else "")
    return ics(
        Appointment(
            uid=f"{made.first}@{merchant.id}.sayso",
            summary=f"{what}, {name}",
            starts=made.starts,
            ends=made.ends,
            stamp=now,
            location=where,
            description=made.number,
            sequence=made.moves,
            cancelled=order.state == "cancelled",
        )
    )
