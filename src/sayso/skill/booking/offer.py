"""The offer: what, where, when, with whom, for how much, and what it reserves until the customer says yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sayso import (
    Fee,
    Free,
    Freeing,
    Held,
    Job,
    Line,
    Money,
    Named,
    Outcome,
    Param,
    Priced,
    Proposal,
    Propose,
    Proposed,
    Refused,
    Trouble,
    Turn,
    amended,
    digest,
    is_part,
    limit_of,
    new_id,
    price,
    resources,
    total,
    vat_rows,
)
from sayso.skill.booking.booked import (
    ADDRESS,
    BUSY_UNTIL,
    ENDS,
    FIRST,
    MOVES,
    OF,
    RESOURCES,
    STAFF,
    WINDOW,
    Booked,
    reserved,
    upcoming,
)
from sayso.skill.booking.slots import Wishes, hours, setting, wishes
from sayso.skill.booking.when import Diary, choose
from sayso.skill.booking.where import Desk, address, ask_address, desk, usual
from sayso.skill.booking.words import amount, appointment, flag, moment, said, whom, word

HOLD = timedelta(minutes=10)
"""How long an offer stands, and with it what it reserves."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An appointment, before it has an id. `before`: the one that it replaces."""

    turn: Turn
    wish: Wishes
    desk: Desk
    free: Free
    address: str
    before: Booked | None = None

    @property
    def lines(self) -> tuple[Priced, ...]:
        return price((Line("service", self.desk.service.sku, merchant=self.turn.merchant.id),), self.turn.catalog)

    @property
    def fees(self) -> tuple[Fee, ...]:
        fee = self.desk.service.fee
        return (Fee("visit", Money(fee, self.turn.catalog.currency)),) if fee else ()

    @property
    def total(self) -> Money:
        return total(self.lines, self.fees, self.turn.catalog.currency)

    @property
    def new_takes(self) -> tuple[tuple[str, str], ...]:
        """What it needs beyond what the appointment that it replaces has already."""
        own = frozenset(self.before.takes) if self.before else frozenset()
        return tuple(take for take in self.free.takes if take not in own)


async def book(turn: Turn, asked: Propose) -> Outcome:
    """Offer an appointment, or say what stands in the way."""
    wish = wishes(turn, asked.intent, asked.slots, asked.refused)
    sku = wish.value("service") or usual(turn, wish)
    return _answer(turn, asked, await _found(turn, wish, sku, None))


async def move(turn: Turn, asked: Propose) -> Outcome:
    """Offer another time for an appointment that stands."""
    wish = wishes(turn, asked.intent, asked.slots, asked.refused)
    before = await which(turn, wish)
    if isinstance(before, Trouble):
        return Outcome(Refused((before,)))
    if at := _as_before(turn, wish.value("time"), before):
        asked = replace(asked, slots={**asked.slots, wish.names["time"]: at})
        wish = wishes(turn, asked.intent, asked.slots, asked.refused)
    return _answer(turn, asked, await _found(turn, wish, before.sku, before))


def _as_before(turn: Turn, said: str, before: Booked) -> str:
    """The moment that was meant by a day, a clock or "an hour later" alone: the rest is as it was; "" for anything
    else that was said."""
    zone = turn.merchant.locations[before.location].zone
    if not is_part(said) and len(said) != len("2026-11-27"):
        return ""
    return amended(before.starts.astimezone(ZoneInfo(zone)).isoformat(), said, zone)


async def cancel(turn: Turn, asked: Propose) -> Outcome:
    """Offer to cancel an appointment, and tell what that costs."""
    wish = wishes(turn, asked.intent, asked.slots)
    before = await which(turn, wish)
    if isinstance(before, Trouble):
        return Outcome(Refused((before,)))
    return _proposed(turn, _cancellation(turn, asked, before), {**_standing(turn, before), "what": word("cancel")})


async def which(turn: Turn, wish: Wishes) -> Booked | Trouble:
    """The appointment that is meant: the only one, the one of the service that was named, else it is asked."""
    coming = await upcoming(turn)
    named = tuple(each for each in coming if each.sku == wish.value("service"))
    meant = named or coming
    if not meant:
        return wish.trouble("booking.none", "")
    services = dict.fromkeys(each.sku for each in meant)
    if len(services) > 1 and "service" in wish.names:
        told = {"services": tuple(Named("product", sku) for sku in services)}
        return wish.trouble("booking.which_one", "service", tuple(services), told)
    return meant[0]


async def _found(turn: Turn, wish: Wishes, sku: str, before: Booked | None) -> Offer | Trouble:
    at = desk(turn, wish, sku, before)
    if isinstance(at, Trouble):
        return at
    rows = Freeing(turn.rows, reserved(before.takes)) if before else turn.rows
    when = await choose(Diary(turn, wish, at, rows))
    if isinstance(when, Trouble):
        return when
    where = await address(turn, wish, before) if at.service.home else ""
    if at.service.home and not where:
        return ask_address(wish)
    return Offer(turn, wish, at, when, where, before)


def _answer(turn: Turn, asked: Propose, made: Offer | Trouble) -> Outcome:
    if isinstance(made, Trouble):
        return Outcome(Refused((made,)))
    return _proposed(turn, _proposal(made, asked), _told(made))


def _proposed(turn: Turn, proposal: Proposal, told: Mapping[str, Param]) -> Outcome:
    held = tuple(
        Held(
            turn.merchant.id, proposal.id, r.resource, r.slot, 1, proposal.expires, limit_of(turn.merchant, r.resource)
        )
        for r in proposal.reserved
    )
    expiry = Job(
        f"expire:{proposal.id}",
        turn.merchant.id,
        "expire_proposal",
        proposal.expires,
        turn.conversation,
        {"proposal": proposal.id},
    )
    params = {**told, "total": amount(proposal.total, "proposal", proposal.id, proposal.digest)}
    return Outcome(Proposed(proposal, params), held, (expiry,))


def _proposal(made: Offer, asked: Propose) -> Proposal:
    turn, found = made.turn, made.free
    slots = {**asked.slots, **_agreed(made)}
    bound = digest(
        merchant=turn.merchant.id,
        intent=asked.intent,
        lines=made.lines,
        slots=slots,
        fees=made.fees,
        total=made.total,
        location=made.desk.location.id,
        ready_at=found.starts,
    )
    return Proposal(
        id=new_id(turn.seed, "proposal", bound),
        digest=bound,
        skill=turn.skill.id,
        intent=asked.intent,
        lines=made.lines,
        slots=slots,
        total=made.total,
        expires=turn.now + HOLD,
        catalog_version=turn.catalog.version,
        fees=made.fees,
        location=made.desk.location.id,
        ready_at=found.starts,
        vat={row.vat_class: row.vat for row in vat_rows(made.lines, made.fees, turn.catalog)},
        reserved=reserved(made.new_takes),
    )


def _agreed(made: Offer) -> dict[str, str]:
    """What the row of the appointment must know beside the customer's own words."""
    found, service, before = made.free, made.desk.service, made.before
    busy = found.ends + timedelta(minutes=service.buffer)
    slots = {
        ENDS: found.ends.isoformat(),
        BUSY_UNTIL: busy.isoformat(),
        RESOURCES: " ".join(resources(service, made.desk.location, found.staff)),
        STAFF: found.staff,
        ADDRESS: made.address,
        WINDOW: "" if service.minutes else "yes",
        OF: before.order.id if before else "",
        FIRST: before.first if before else "",
        MOVES: str(before.moves + 1) if before else "",
    }
    return {key: value for key, value in slots.items() if value}


def _told(made: Offer) -> dict[str, Param]:
    """The parameters of the read-back."""
    found, zone, service, catalog = made.free, made.desk.location.zone, made.desk.service, made.turn.catalog
    fee = Money(service.fee, catalog.currency)
    return {
        "what": word("move" if made.before else "book"),
        "service": Named("product", service.sku),
        "starts": moment(found.starts, zone),
        "ends": moment(found.ends, zone),
        "window": flag(not service.minutes),
        "location": Named("location", made.desk.location.id),
        "staff": whom(found.staff),
        "address": said(made.address),
        "fee": (amount(fee, "catalog", service.sku, catalog.version),) if service.fee else (),
        "paid": flag(bool(made.total.minor)),
        "old": moment(made.before.starts, zone, "order", made.before.order.id) if made.before else (),
        "free_until": _free_until(made.turn, found.starts, zone),
    }


def _free_until(turn: Turn, starts: datetime, zone: str) -> Param:
    """Until when it can be cancelled for nothing, where that ends before it begins."""
    until = starts - hours(turn, "free_cancel_hours")
    return (moment(until, zone),) if setting(turn, "late_cancel_percent") and until > turn.now else ()


def late_fee(turn: Turn, before: Booked) -> Money:
    """What cancelling costs now, by the merchant's rule: a part of the price once free cancelling has ended."""
    price = before.order.proposal.total
    if turn.now <= before.starts - hours(turn, "free_cancel_hours"):
        return Money(0, price.currency)
    return Money(price.minor * setting(turn, "late_cancel_percent") // 100, price.currency)


def _standing(turn: Turn, before: Booked) -> dict[str, Param]:
    told = appointment(turn, before)
    fee = late_fee(turn, before)
    return {**told, "fee": (), "paid": flag(bool(fee.minor)), "old": (), "free_until": ()}


def _cancellation(turn: Turn, asked: Propose, before: Booked) -> Proposal:
    fee = late_fee(turn, before)
    fees = (Fee("late_cancel", fee),) if fee.minor else ()
    slots = {**asked.slots, OF: before.order.id}
    bound = digest(
        merchant=turn.merchant.id,
        intent=asked.intent,
        lines=(),
        slots=slots,
        fees=fees,
        total=fee,
        location=before.location,
        ready_at=before.starts,
    )
    return Proposal(
        id=new_id(turn.seed, "proposal", bound),
        digest=bound,
        skill=turn.skill.id,
        intent=asked.intent,
        lines=(),
        slots=slots,
        total=fee,
        expires=turn.now + HOLD,
        catalog_version=turn.catalog.version,
        fees=fees,
        location=before.location,
        ready_at=before.starts,
    )
