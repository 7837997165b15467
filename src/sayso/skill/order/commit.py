"""The yes: what was promised is checked once more and done; and the undo that restores it."""

from __future__ import annotations

from collections.abc import Iterator

from sayso import (
    CapacityMoved,
    Change,
    Changes,
    Committed,
    Effect,
    Fact,
    Freed,
    Freeing,
    Job,
    Key,
    Line,
    Money,
    Order,
    OrderMoved,
    OrderPlaced,
    Outcome,
    Params,
    Proposal,
    Refused,
    Reverted,
    StockMoved,
    Trouble,
    Turn,
    effect_of,
    free_number,
    inverse,
    made_to_order,
    new_id,
    price,
    sale,
    taken_back,
    total,
    vat_rows,
)
from sayso.skill.order.check import examine
from sayso.skill.order.slots import wishes
from sayso.skill.order.terms import fees
from sayso.skill.order.when import Bar, still_open
from sayso.skill.order.words import amount, flag, moment, place, word


async def commit(turn: Turn, proposal: Proposal, key: Key) -> Outcome:
    """Place the order exactly as it was read back, or say what changed."""
    if (changed := await _changed(turn, proposal)) is not None:
        return Outcome(Refused((changed,)))
    order = await _order(turn, proposal)
    effect = effect_of(turn, proposal, key, proposal.undo_until, order.id)
    changes = tuple(_changes(turn, proposal, order, effect))
    until = proposal.undo_until.isoformat() if proposal.undo_until else ""
    told = _told(turn, proposal, order)
    done = Committed(effect.id, proposal.intent, effect.state, order.id, until, told)
    return Outcome(done, changes, tuple(_jobs(turn, order)), (f"expire:{proposal.id}",), effect)


async def _changed(turn: Turn, proposal: Proposal) -> Trouble | None:
    """What is not as it was read back; None when all is."""
    what = await _difference(turn, proposal)
    if not what:
        return None
    now = _total_now(turn, proposal)
    params = {
        "what": word(what),
        "old": amount(proposal.total, "proposal", proposal.id, proposal.digest),
        "new": amount(now or proposal.total, "derived", proposal.id),
    }
    return Trouble("order.changed_meanwhile", params)


async def _difference(turn: Turn, proposal: Proposal) -> str:
    """ "expired", "sold_out", "price", "closed", "time", or "" for none."""
    if turn.now >= proposal.expires:
        return "expired"
    location = turn.merchant.locations.get(proposal.location)
    if location is None:
        return "closed"
    rows = Freeing(turn.rows, proposal.kept(turn.now))
    lines = _lines(proposal)
    shelf, found = await examine(turn, rows, location, lines)
    if found:
        return "sold_out"
    if _total_now(turn, proposal) != proposal.total:
        return "price"
    wish = wishes(turn, proposal.intent, proposal.slots)
    bar = Bar(turn, wish, location, rows, made_to_order(lines, turn.catalog), shelf.switches)
    ready = (proposal.ready_at or turn.now) - bar.way
    if not still_open(bar, ready, wish.asap):
        return "closed"
    return "time" if turn.now + bar.making > ready else ""


def _total_now(turn: Turn, proposal: Proposal) -> Money | None:
    """The total at today's catalog; None when something of it is not sold any more."""
    location = turn.merchant.locations.get(proposal.location)
    lines = _lines(proposal)
    if location is None or any(line.sku not in turn.catalog.products for line in lines):
        return None
    charged = fees(wishes(turn, proposal.intent, proposal.slots), location)
    return total(price(lines, turn.catalog), charged, turn.catalog.currency)


def _lines(proposal: Proposal) -> tuple[Line, ...]:
    return tuple(p.line for p in proposal.lines)


async def _order(turn: Turn, proposal: Proposal) -> Order:
    id = new_id(proposal.id, "order")
    number = await free_number(turn.rows, id)
    return Order(id, number, turn.merchant.id, turn.conversation, turn.customer, proposal, placed_at=turn.now)


def _changes(turn: Turn, proposal: Proposal, order: Order, effect: Effect) -> Iterator[Change]:
    """Reservations become moves; the order is placed; the ledger is booked."""
    merchant = turn.merchant
    yield Freed(merchant.id, proposal.id)
    for reserved in proposal.reserved:
        if reserved.slot:
            queue = merchant.locations[proposal.location].queue
            limit = queue.capacity if queue else reserved.quantity
            yield CapacityMoved(merchant.id, reserved.resource, reserved.slot, reserved.quantity, limit)
        else:
            counted = reserved.resource.split("/", 2)[2]
            yield StockMoved(merchant.id, proposal.location, counted, -reserved.quantity, f"order/{order.id}")
    yield OrderPlaced(order)
    payment = merchant.payments[0] if merchant.payments else "counter"
    yield from sale(merchant.id, effect.id, vat_rows(proposal.lines, proposal.fees, turn.catalog), payment)


def _jobs(turn: Turn, order: Order) -> Iterator[Job]:
    """It is made when undo ends, and told to be ready when it is."""
    proposal = order.proposal
    ready = proposal.ready_at or turn.now
    made = max(turn.now, proposal.undo_until or turn.now)
    payload = {"order": order.id, "number": order.number, "location": proposal.location}
    for kind, at in (("make_order", made), ("ready_order", ready)):
        yield Job(f"{kind}:{order.id}", order.merchant, kind, at, order.conversation, payload)


def _told(turn: Turn, proposal: Proposal, order: Order) -> Params:
    """The parameters of the reply to a placed order."""
    location = turn.merchant.locations[proposal.location]
    wish = wishes(turn, proposal.intent, proposal.slots)
    return {
        "number": Fact(order.number, "order", order.id),
        "total": amount(proposal.total, "order", order.id),
        "location": place(location),
        "ready": moment(proposal.ready_at or turn.now, location, "order"),
        "how": word(wish.service or "to_go"),
        "payment": word(turn.merchant.payments[0] if turn.merchant.payments else "counter"),
        "undo": flag(proposal.undo_until is not None),
    }


async def undo(turn: Turn, effect: Effect, changes: Changes) -> Outcome:
    """Take an order back until it is made: stock, capacity and money as they were."""
    order = await turn.rows.order(effect.order)
    late = effect.undo_until is None or turn.now > effect.undo_until
    if order is None or order.state != "placed" or late or effect.state != "done":
        number = {"number": Fact(order.number, "order", order.id)} if order else {}
        return Outcome(Refused((Trouble("order.too_late", number),)))
    cancelled = OrderMoved(turn.merchant.id, order.id, "cancelled", ("placed",))
    params = {
        "number": Fact(order.number, "order", order.id),
        "total": amount(order.proposal.total, "order", order.id),
    }
    return Outcome(
        Reverted(effect.id, params, _lines(order.proposal)),
        (cancelled, *inverse(changes, effect.id)),
        dropped=(f"make_order:{order.id}", f"ready_order:{order.id}"),
        effect=taken_back(turn, effect),
    )
