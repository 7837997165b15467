"""An offer that lapsed while the customer was away and is made anew: what became different about it is said first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sayso.dialogue.moves import Moved, Scene, withdrawn
from sayso.model.action import Speak
from sayso.model.basket import Proposal
from sayso.model.fact import Fact, Named
from sayso.model.money import Money
from sayso.model.state import State


def lapsed(state: State) -> Moved:
    """The offer holds no longer; what it came to is remembered until the next one."""
    return withdrawn(replace(state, lapsed=state.proposal))


def changed(before: Proposal | None, now: Proposal, scene: Scene) -> tuple[Speak, ...]:
    """What is different about the new offer. Where the same is wanted as then, its total and when it is ready; where
    something was changed since, the price of each thing that was not."""
    if before is None or before.intent != now.intent:
        return ()
    return tuple(_whole(before, now, scene) if _wanted(before) == _wanted(now) else _lines(before, now))


def _wanted(offer: Proposal) -> object:
    """The lines and slots that were offered, without what the host worked out for itself."""
    slots = {name: value for name, value in offer.slots.items() if not name.startswith("@")}
    return tuple(priced.line for priced in offer.lines), slots


def _whole(before: Proposal, now: Proposal, scene: Scene) -> Iterator[Speak]:
    if before.total != now.total:
        yield Speak("offer.repriced", {"old": _price(before.total, before), "new": _price(now.total, now)})
    old, new = _ready(before, scene), _ready(now, scene)
    if old and new and old != new:
        yield Speak("offer.retimed", {"old": old, "new": new})


def _lines(before: Proposal, now: Proposal) -> Iterator[Speak]:
    then = {priced.line.id: priced for priced in before.lines}
    for priced in now.lines:
        old = then.get(priced.line.id)
        if old is None or replace(old.line, quantity=priced.line.quantity) != priced.line or old.unit == priced.unit:
            continue
        prices = {"old": _price(old.unit, before), "new": _price(priced.unit, now)}
        yield Speak("offer.repriced_line", {"product": Named("product", priced.line.sku), **prices})


def _price(money: Money, offer: Proposal) -> Fact:
    return Fact(money, "proposal", offer.id, offer.digest)


def _ready(offer: Proposal, scene: Scene) -> Fact | None:
    """When it is ready, on the clock of the place; None where it has neither."""
    location = scene.specs.merchant.locations.get(offer.location)
    if offer.ready_at is None or location is None:
        return None
    local: datetime = offer.ready_at.astimezone(ZoneInfo(location.zone))
    return Fact(local, "queue", location.id)
