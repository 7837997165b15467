"""The offer: where, when, for how much; what it reserves until the customer says yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sayso import (
    Fact,
    Fee,
    Held,
    IntentSpec,
    Job,
    Line,
    Location,
    Money,
    Named,
    Outcome,
    Params,
    Priced,
    Proposal,
    Propose,
    Proposed,
    Refused,
    Reserved,
    Said,
    Trouble,
    Turn,
    digest,
    made_to_order,
    new_id,
    price,
    total,
    vat_rows,
    wanted,
)
from sayso.skill.order.check import examine
from sayso.skill.order.slots import Wishes, ask_location, chosen_location, wishes
from sayso.skill.order.terms import deliverable, fees, offered, too_much
from sayso.skill.order.when import Bar, Plan, plan
from sayso.skill.order.words import amount, fee_rows, flag, moment, place, rows, word

HOLD = timedelta(minutes=10)
"""How long an offer stands, and what it reserves for a customer who is known."""


STRANGERS_HOLD = timedelta(minutes=4)
"""How long it reserves for somebody nobody vouches for: a basket that is never ordered should not sell a shop out. The
offer stands as long; what was sold meanwhile is told before the yes counts."""

KNOWN = frozenset({"linked", "pin"})


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything that an offer is made of, before it has an id."""

    turn: Turn
    intent: str
    wish: Wishes
    location: Location
    plan: Plan
    priced: tuple[Priced, ...]
    fees: tuple[Fee, ...]

    @property
    def total(self) -> Money:
        return total(self.priced, self.fees, self.turn.catalog.currency)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(p.line for p in self.priced)


async def propose(turn: Turn, basket: Propose) -> Outcome:
    """Price the basket and reserve what it needs, or say what stands in the way."""
    made = await offer(turn, basket)
    if isinstance(made, tuple):
        return Outcome(Refused(made))
    proposal = _proposal(made, basket)
    held = tuple(_held(turn, proposal, reserved) for reserved in proposal.reserved)
    expiry = Job(
        f"expire:{proposal.id}",
        turn.merchant.id,
        "expire_proposal",
        proposal.expires,
        turn.conversation,
        {"proposal": proposal.id},
    )
    return Outcome(Proposed(proposal, _told(made, proposal, basket.allergies)), held, (expiry,))


async def offer(turn: Turn, basket: Propose) -> Offer | tuple[Trouble, ...]:
    """The offer for a basket, or the troubles in the order in which they should be mended."""
    if not basket.lines:
        return (Trouble("order.empty"),)
    wish = wishes(turn, basket.intent, basket.slots)
    location = chosen_location(turn, wish)
    lines = tuple(replace(line, merchant=line.merchant or turn.merchant.id) for line in basket.lines)
    shelf, found = await examine(turn, turn.rows, location, lines, basket.allergies)
    if found:
        return found
    if location is None:
        return (ask_location(turn, wish),)
    priced, charged = price(lines, turn.catalog), fees(wish, location)
    goods = total(priced, (), turn.catalog.currency)
    against = (
        too_much(turn, priced, charged),
        offered(turn, wish, location),
        deliverable(turn, wish, location, lines, goods),
    )
    if first := next((trouble for trouble in against if trouble), None):
        return (first,)
    units = made_to_order(lines, turn.catalog)
    when = await plan(Bar(turn, wish, location, turn.rows, units, shelf.switches))
    if isinstance(when, Trouble):
        return (when,)
    return Offer(turn, basket.intent, wish, location, when, priced, charged)


def _proposal(made: Offer, basket: Propose) -> Proposal:
    turn, sum_ = made.turn, made.total
    bound = digest(
        merchant=turn.merchant.id,
        intent=made.intent,
        lines=made.priced,
        slots=basket.slots,
        fees=made.fees,
        total=sum_,
        location=made.location.id,
        ready_at=made.plan.ready_at,
    )
    return Proposal(
        id=new_id(turn.seed, "proposal", bound),
        digest=bound,
        skill=turn.skill.id,
        intent=made.intent,
        lines=made.priced,
        slots=dict(basket.slots),
        total=sum_,
        expires=turn.now + HOLD,
        catalog_version=turn.catalog.version,
        fees=made.fees,
        location=made.location.id,
        ready_at=made.plan.ready_at,
        undo_until=_undo_until(turn, made.intent, made.plan),
        vat={row.vat_class: row.vat for row in vat_rows(made.priced, made.fees, turn.catalog)},
        reserved=_reserved(made),
        held_until=turn.now + (HOLD if turn.assurance in KNOWN else STRANGERS_HOLD),
    )


def _undo_until(turn: Turn, intent: str, when: Plan) -> datetime | None:
    """Until it is made, where the intent can be undone at all."""
    spec: IntentSpec | None = turn.skill.intents.get(intent.rpartition(".")[2])
    return when.made_from if spec is not None and spec.undo else None


def _reserved(made: Offer) -> tuple[Reserved, ...]:
    counted = wanted(made.lines, made.turn.catalog)
    stock = tuple(Reserved(f"stock/{made.location.id}/{sku}", "", n) for sku, n in counted.items())
    return stock + tuple(Reserved(f"queue/{made.location.id}", slot, n) for slot, n in made.plan.slots)


def _held(turn: Turn, proposal: Proposal, reserved: Reserved) -> Held:
    limit = None
    if reserved.slot:
        queue = turn.merchant.locations[proposal.location].queue
        limit = queue.capacity if queue else None
    return Held(
        turn.merchant.id,
        proposal.id,
        reserved.resource,
        reserved.slot,
        reserved.quantity,
        proposal.held_until or proposal.expires,
        limit,
    )


def _told(made: Offer, proposal: Proposal, allergies: Sequence[str]) -> Params:
    """The parameters of the read-back."""
    catalog = made.turn.catalog
    limited = max(catalog.products[line.sku].age_min for line in made.lines)
    return {
        "lines": rows(made.priced, catalog),
        "count": Fact(sum(line.quantity for line in made.lines), "proposal", proposal.id),
        "total": amount(made.total, "proposal", proposal.id, proposal.digest),
        "fees": fee_rows(made.fees),
        "location": place(made.location),
        "service": made.wish.choice(made.wish.service) if made.wish.service else (),
        "how": word(made.wish.service or "to_go"),
        "address": Said(address) if (address := made.wish.values.get("address", "")) else (),
        "ready": moment(made.plan.ready_at, made.location),
        "asap": flag(made.plan.asap),
        "busy": flag(made.plan.busy),
        "notes": flag(any(line.notes for line in made.lines)),
        "age": Fact(limited, "catalog", "age_min"),
        "allergens": tuple(Named("allergen", allergen) for allergen in allergies),
    }
