"""Questions about appointments: what can be booked, what it costs and how long it takes, what is to come."""

from __future__ import annotations

from datetime import timedelta

from sayso import (
    Answered,
    Ask,
    Candidate,
    Evidence,
    Fact,
    Money,
    Named,
    Option,
    Param,
    Question,
    Row,
    Service,
    Speak,
    Turn,
    pick,
)
from sayso.skill.booking.booked import upcoming
from sayso.skill.booking.slots import wishes
from sayso.skill.booking.where import bookable, service_for, usual
from sayso.skill.booking.words import amount, appointment, flag, most

GIVEN = Evidence("", "given")
SURE = 0.75
"""Below it, words that fit several services name none."""


async def status(turn: Turn, asked: Ask) -> Answered | None:
    """The appointments that are to come; nothing to say when the question came from another skill and there is none."""
    coming = (await upcoming(turn))[: most(turn)]
    if coming:
        return Answered((Speak("booking.status", {"appointments": tuple(Row(appointment(turn, b)) for b in coming)}),))
    if asked.question.about == "order" and asked.slots and (told := await price(turn, asked)):
        return told  # "how long does it take?" while it is being booked
    mine = asked.intent.partition(".")[0] in ("", turn.skill.id)
    return Answered((Speak("booking.status_none"),)) if mine else None


async def price(turn: Turn, asked: Ask) -> Answered | None:
    """What a service costs in all, the visit included, and how long it takes."""
    service = _asked(turn, asked)
    return Answered((Speak("booking.price", _terms(turn, service)),)) if service else None


async def product(turn: Turn, asked: Ask) -> Answered | None:
    """What a service is, what it costs and how long it takes."""
    service = _asked(turn, asked)
    if service is None:
        return None
    described = _described(turn, service)
    return Answered((Speak("booking.service", {**_terms(turn, service), "description": described}),))


async def menu(turn: Turn, asked: Ask) -> Answered | None:
    """The kinds of services there are, or the services of one kind."""
    every = [s for sku in bookable(turn) if (s := service_for(turn, sku))]
    named = {candidate.id for candidate in asked.question.ids}
    some = [s for s in every if s.category in named]
    if not every or (named and not some):
        return None if not (named & {s.sku for s in every}) else await product(turn, asked)
    if not some:
        kinds = tuple(Named("category", id) for id in dict.fromkeys(s.category for s in every))
        shown = tuple(_option(kind, "menu") for kind in kinds)
        return Answered((Speak("booking.menu", {"categories": kinds}, shown),))
    few = some[: most(turn)]
    told: dict[str, Param] = {
        "category": Named("category", some[0].category),
        "services": tuple(Row(_terms(turn, s)) for s in few),
        "more": Fact(len(some) - len(few), "catalog", some[0].category),
    }
    return Answered(
        (Speak("booking.menu_category", told, tuple(_option(Named("product", s.sku), "product") for s in few)),)
    )


async def found(turn: Turn, asked: Ask) -> Answered | None:
    """The services that come nearest to what was described; nothing when none does."""
    near = [s for c in asked.question.ids if (s := service_for(turn, c.id))][: most(turn)]
    if not near:
        return None
    shown = tuple(_option(Named("product", s.sku), "product") for s in near)
    return Answered((Speak("booking.found", {"services": tuple(Row(_terms(turn, s)) for s in near)}, shown),))


async def suggested(turn: Turn, asked: Ask) -> Answered | None:
    """Services that were found for an open question ("my brakes scream when it rains"), each told from its row."""
    able = set(bookable(turn))
    found = [s for c in asked.question.ids if c.id in able and (s := service_for(turn, c.id))][: most(turn)]
    if not found:
        return None
    rows = tuple(Row({**_terms(turn, s), "description": _described(turn, s)}) for s in found)
    told: dict[str, Param] = {"services": rows, "count": Fact(len(rows), "catalog", "suggested", turn.catalog.version)}
    shown = tuple(_option(Named("product", s.sku), "product") for s in found)
    return Answered((Speak("booking.suggested", told, shown),))


def _described(turn: Turn, service: Service) -> Param:
    """What the service's row says of it, () for nothing."""
    descriptions = turn.catalog.products[service.sku].descriptions
    told = pick(descriptions, turn.language) if descriptions else ""
    return Fact(told, "catalog", service.sku, turn.catalog.version) if told else ()


def _option(named: Named, about: str) -> Option:
    return Option("", Question(about, (Candidate(named.id),), GIVEN), {"label": named})


def _asked(turn: Turn, asked: Ask) -> Service | None:
    """The service that is meant: the one that is named, else the one that is being booked."""
    named = [(service, c.score) for c in asked.question.ids if (service := service_for(turn, c.id))]
    if named:
        return named[0][0] if len(named) == 1 or named[0][1] >= SURE else None
    if asked.question.ids or asked.intent.partition(".")[0] != turn.skill.id:
        return None
    wish = wishes(turn, asked.intent, asked.slots)
    return service_for(turn, wish.value("service") or usual(turn, wish))


def _terms(turn: Turn, service: Service) -> dict[str, Param]:
    """Price, fee and duration of a service."""
    price, currency = turn.catalog.products[service.sku].price, turn.catalog.currency
    version = turn.catalog.version
    fee = (amount(Money(service.fee, currency), "catalog", service.sku, version),) if service.fee else ()
    long = (Fact(timedelta(minutes=service.minutes), "catalog", service.sku, version),) if service.minutes else ()
    return {
        "service": Named("product", service.sku),
        "total": amount(Money(price + service.fee, currency), "catalog", service.sku, version),
        "paid": flag(bool(price + service.fee)),
        "fee": fee,
        "long": long,
    }
