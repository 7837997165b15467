"""On what terms: service, delivery area, minimum, fees, and the most that is sold at once."""

from __future__ import annotations

from collections.abc import Sequence

from sayso import (
    Fact,
    Fee,
    Line,
    Location,
    Money,
    Params,
    Priced,
    Row,
    Speak,
    Trouble,
    Turn,
    age_trouble,
    delivers_to,
    total,
)
from sayso.skill.order.slots import DELIVERY, Wishes, candidates
from sayso.skill.order.words import amount, few, flag, place, product


def offered(turn: Turn, wish: Wishes, location: Location) -> Trouble | None:
    """Is the service to be had at this location?"""
    if not wish.service or not location.services or wish.service in location.services:
        return None
    params: Params = {
        "location": place(location),
        "service": wish.choice(wish.service),
        **few(turn, tuple(wish.choice(service) for service in location.services)),
    }
    options = candidates(*location.services)
    return Trouble("order.service_not_here", params, slot=wish.slot("service"), options=options)


def deliverable(turn: Turn, wish: Wishes, location: Location, lines: Sequence[Line], goods: Money) -> Trouble | None:
    """A delivery goes to declared areas, from a minimum, and never with anything that has an age limit."""
    if not wish.delivered or location.delivery is None:
        return None
    instead = candidates(*(service for service in location.services if service != DELIVERY))
    for line in lines:
        limited = turn.catalog.products[line.sku]
        if age_trouble(limited, voice=turn.voice, delivered=True):
            age = Fact(limited.age_min, "catalog", line.sku)
            params: Params = {"product": product(line.sku), "age": age}
            return Trouble("order.age_delivery", params, slot=wish.slot("service"), options=instead)
    if not delivers_to(location.delivery, wish.values.get("postcode", "")):
        return Trouble("order.area", {"location": place(location)}, slot=wish.slot("postcode"))
    if goods.minor < location.delivery.minimum.minor:
        params = {
            "location": place(location),
            "minimum": amount(location.delivery.minimum, "merchant", location.id),
            "total": amount(goods, "derived", "basket"),
        }
        return Trouble("order.minimum", params)
    return None


def fees(wish: Wishes, location: Location) -> tuple[Fee, ...]:
    """What is charged beside the lines."""
    if wish.delivered and location.delivery and location.delivery.fee.minor:
        return (Fee("delivery", location.delivery.fee),)
    return ()


def delivery_costs(turn: Turn) -> Speak | None:
    """What delivery costs and from which amount, at each place that delivers; None where none does."""
    rows = tuple(
        Row(
            {
                "location": place(location),
                "fee": amount(location.delivery.fee, "merchant", location.id),
                "free": flag(not location.delivery.fee.minor),
                "minimum": amount(location.delivery.minimum, "merchant", location.id),
            }
        )
        for location in turn.merchant.locations.values()
        if location.delivery
    )
    return Speak("order.delivery_costs", {"places": rows}) if rows else None


def too_much(turn: Turn, priced: Sequence[Priced], charged: Sequence[Fee]) -> Trouble | None:
    """Above the merchant's greatest amount a person looks at it first."""
    most, sum_ = turn.merchant.max_amount, total(priced, charged, turn.catalog.currency)
    if most is None or sum_.minor <= most.minor:
        return None
    params = {"total": amount(sum_, "derived", "basket"), "max": amount(most, "merchant", "max_amount")}
    return Trouble("order.amount_high", params)
