"""What is booked, where, and who could do it: or what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso import Location, Named, Product, Service, Staff, Trouble, Turn, nearest, serves, service_of
from sayso.skill.booking.booked import KNOWN, Booked, all_of
from sayso.skill.booking.slots import ANYONE, Wishes

PURPOSE = "personalise"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an appointment is made: a service at a place, and who can serve, in order of preference."""

    service: Service
    product: Product
    location: Location
    staff: tuple[Staff, ...]


def service_for(turn: Turn, sku: str) -> Service | None:
    product = turn.catalog.products.get(sku)
    return service_of(product, turn.catalog.currency) if product else None


def desk(turn: Turn, wish: Wishes, sku: str, before: Booked | None = None) -> Desk | Trouble:
    """The desk for a service; `before`: the appointment that is moved, whose place and staff are kept where nothing
    else was said."""
    service = service_for(turn, sku)
    if service is None:
        return wish.trouble("booking.which", "service", bookable(turn))
    able = tuple(s for s in turn.merchant.staff.values() if _served(turn, service, s))
    wanted = tuple(s for s in able if wish.takes(s.id))
    if wish.staff and not wanted:
        told = {"staff": Named("staff", wish.staff), "service": Named("product", sku)}
        return wish.trouble("booking.staff_not", "staff", (*(s.id for s in able), ANYONE), told)
    location = _location(turn, wish, service, wanted, before)
    if isinstance(location, Trouble):
        return location
    here = tuple(s for s in wanted if serves(s, service, location.id))
    first = sorted(here, key=lambda s: before is None or s.id != before.staff)
    return Desk(service, turn.catalog.products[sku], location, tuple(first))


def usual(turn: Turn, wish: Wishes) -> str:
    """The service that is meant when none is said: the first of the slot's categories, where the slot names any and
    need not be asked; "" for none."""
    spec = turn.skill.intents[wish.intent.rpartition(".")[2]].slots.get(wish.names.get("service", ""))
    if spec is None or spec.required or not spec.categories:
        return ""
    products = turn.catalog.products
    return next((sku for sku in bookable(turn) if products[sku].category in spec.categories), "")


def bookable(turn: Turn) -> tuple[str, ...]:
    """Services that somebody serves."""
    every = (service_for(turn, sku) for sku in turn.catalog.products)
    staff = turn.merchant.staff.values()
    return tuple(s.sku for s in every if s and any(_served(turn, s, member) for member in staff))


def _served(turn: Turn, service: Service, staff: Staff) -> bool:
    return any(place in turn.merchant.locations and serves(staff, service, place) for place in staff.locations)


def _location(
    turn: Turn, wish: Wishes, service: Service, staff: Sequence[Staff], before: Booked | None
) -> Location | Trouble:
    """The place that was named or follows; the trouble asks for it."""
    every = turn.merchant.locations
    places = [place for place in every.values() if any(serves(s, service, place.id) for s in staff)]
    near = [place.id for place in _near(turn, places)]
    said = wish.value("location") or (before.location if before else "")
    if said == "@nearest" and turn.latitude is not None:
        said = near[0] if near else ""
    if not near:
        return wish.trouble("booking.nobody", "", params={"service": Named("product", service.sku)})
    if said in near:
        return every[said]
    if service.home or (len(near) == 1 and not said):
        return every[near[0]]
    told = {"service": Named("product", service.sku), "location": Named("location", said) if said in every else ()}
    return wish.trouble("booking.not_here" if said in every else "booking.where", "location", tuple(near), told)


def _near(turn: Turn, places: list[Location]) -> Sequence[Location]:
    if turn.latitude is None or turn.longitude is None:
        return places
    return nearest(places, turn.latitude, turn.longitude)


async def address(turn: Turn, wish: Wishes, before: Booked | None = None) -> str:
    """Where a visit goes: what was said, else where the last one of a customer went who is known and wants to be
    remembered; "" when it must be asked. Either way it is read back."""
    said = wish.value("address") or (before.address if before else "")
    if said or turn.assurance not in KNOWN or PURPOSE not in turn.consents:
        return said
    return next((each.address for each in await all_of(turn) if each.address), "")


def ask_address(wish: Wishes) -> Trouble:
    slot = wish.names.get("address", "")
    return wish.trouble(f"prompt:{wish.intent}.{slot}" if slot else "booking.address", "address")
