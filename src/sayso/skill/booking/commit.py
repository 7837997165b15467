"""The yes: what was promised is checked once more and done; and the undo that restores it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sayso import (
    Booked as Entry,
)
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
    Money,
    Order,
    OrderMoved,
    OrderPlaced,
    Outcome,
    Param,
    Params,
    Proposal,
    Refused,
    Reverted,
    Trouble,
    Turn,
    effect_of,
    free_number,
    inverse,
    limit_of,
    new_id,
    taken_back,
)
from sayso.skill.booking.booked import OF, STAFF, Booked, booked, reserved
from sayso.skill.booking.offer import late_fee
from sayso.skill.booking.slots import hours, wishes
from sayso.skill.booking.terms import undo_until
from sayso.skill.booking.when import Diary, again
from sayso.skill.booking.where import Desk, desk, service_for
from sayso.skill.booking.words import amount, appointment, flag, word


async def commit(turn: Turn, proposal: Proposal, key: Key) -> Outcome:
    """Make or move the appointment exactly as it was read back, or say what changed."""
    before = await _before(turn, proposal)
    if OF in proposal.slots and before is None:
        return _refused("gone")
    if changed := await _difference(turn, proposal, before):
        return _refused(changed)
    order = await _order(turn, proposal, before)
    made = booked(order)
    assert made is not None
    effect = effect_of(turn, proposal, key, undo_until(turn, proposal), order.id)
    changes = (*_taking(turn, proposal, before, made), *_leaving(before), OrderPlaced(order))
    told = {**appointment(turn, made), "what": word("move" if before else "book")}
    return _done(turn, effect, changes, (*_reminder(turn, made),), _drops(proposal, before), told)


async def commit_cancel(turn: Turn, proposal: Proposal, key: Key) -> Outcome:
    """Cancel the appointment for the fee that was read back."""
    before = await _before(turn, proposal)
    if before is None or before.starts <= turn.now:
        return _refused("gone")
    fee = late_fee(turn, before)
    if fee != proposal.total or turn.now >= proposal.expires:
        return _refused("price" if fee != proposal.total else "expired")
    effect = effect_of(turn, proposal, key, undo_until(turn, proposal), before.order.id)
    freed = tuple(_given_back(turn, take) for take in before.takes)
    changes = (Freed(turn.merchant.id, proposal.id), *freed, *_leaving(before), *_charged(turn, effect, fee))
    told = {**appointment(turn, before), "what": word("cancel"), "total": amount(fee, "proposal", proposal.id)}
    return _done(turn, effect, changes, (), _drops(proposal, before), told)


def _done(
    turn: Turn,
    effect: Effect,
    changes: tuple[Change, ...],
    jobs: tuple[Job, ...],
    dropped: tuple[str, ...],
    told: dict[str, Param],
) -> Outcome:
    until = effect.undo_until.isoformat() if effect.undo_until else ""
    told["undo"] = flag(effect.undo_until is not None)
    result = Committed(effect.id, effect.intent, effect.state, effect.order, until, told)
    return Outcome(result, changes, jobs, dropped, effect)


def _refused(what: str) -> Outcome:
    return Outcome(Refused((Trouble("booking.changed_meanwhile", {"what": word(what)}),)))


async def _before(turn: Turn, proposal: Proposal) -> Booked | None:
    """The appointment that a move or a cancellation is of, while it stands."""
    order = await turn.rows.order(proposal.slots[OF]) if OF in proposal.slots else None
    return booked(order) if order is not None and order.state == "placed" else None


async def _difference(turn: Turn, proposal: Proposal, before: Booked | None) -> str:
    """ "expired", "price", "taken", or "" for none."""
    line = proposal.lines[0].line
    service = service_for(turn, line.sku)
    if turn.now >= proposal.expires or service is None or proposal.ready_at is None:
        return "expired"
    now = Money(turn.catalog.products[line.sku].price + service.fee, turn.catalog.currency)
    if now != proposal.total:
        return "price"
    wish = wishes(turn, proposal.intent, {})
    place = {"location": proposal.location}
    at = desk(turn, type(wish)(wish.intent, wish.operation, wish.names, place), line.sku, before)
    if not isinstance(at, Desk) or at.location.id != proposal.location:
        return "taken"
    own = (*proposal.reserved, *(reserved(before.takes) if before else ()))
    diary = Diary(turn, wish, at, Freeing(turn.rows, own))
    return "" if await again(diary, proposal.ready_at, proposal.slots.get(STAFF, "")) else "taken"


async def _order(turn: Turn, proposal: Proposal, before: Booked | None) -> Order:
    """The row of the appointment; one that was moved keeps its number."""
    id = new_id(proposal.id, "order")
    number = before.number if before else await free_number(turn.rows, id)
    return Order(id, number, turn.merchant.id, turn.conversation, turn.customer, proposal, placed_at=turn.now)


def _taking(turn: Turn, proposal: Proposal, before: Booked | None, made: Booked) -> Iterator[Change]:
    """Reservations become moves; what the old appointment had and the new one has not is given back."""
    merchant = turn.merchant
    yield Freed(merchant.id, proposal.id)
    for each in proposal.reserved:
        yield CapacityMoved(merchant.id, each.resource, each.slot, 1, limit_of(merchant, each.resource))
    kept = frozenset(made.takes)
    yield from (_given_back(turn, take) for take in (before.takes if before else ()) if take not in kept)


def _given_back(turn: Turn, take: tuple[str, str]) -> CapacityMoved:
    """Its limit is for the undo, which takes it again."""
    resource, grain = take
    return CapacityMoved(turn.merchant.id, resource, grain, -1, limit_of(turn.merchant, resource))


def _leaving(before: Booked | None) -> tuple[Change, ...]:
    return (OrderMoved(before.order.merchant, before.order.id, "cancelled", ("placed",)),) if before else ()


def _charged(turn: Turn, effect: Effect, fee: Money) -> tuple[Change, ...]:
    """A late cancellation is owed: compensation, which holds no VAT."""
    if not fee.minor:
        return ()
    payment = turn.merchant.payments[0] if turn.merchant.payments else "counter"
    owed = Entry(turn.merchant.id, effect.id, f"receivable/{payment}", fee)
    return (owed, Entry(turn.merchant.id, effect.id, "cancellations", -fee))


def _reminder(turn: Turn, made: Booked, again: str = "") -> Iterator[Job]:
    due = made.starts - hours(turn, "reminder_hours")
    if due <= turn.now:
        return
    payload = {
        "order": made.order.id,
        "number": made.number,
        "service": made.sku,
        "starts": made.starts.isoformat(),
        "location": made.location,
        "address": made.address,
    }
    id = f"remind_booking:{made.order.id}{again}"
    yield Job(id, turn.merchant.id, "remind_booking", due, made.order.conversation, payload)


def _drops(proposal: Proposal, before: Booked | None) -> tuple[str, ...]:
    own = (f"expire:{proposal.id}",)
    return (*own, f"remind_booking:{before.order.id}") if before else own


async def undo(turn: Turn, effect: Effect, changes: Changes) -> Outcome:
    """Take it back: a booking is gone, a moved one stands where it stood, a cancelled one stands again."""
    moves = tuple(_restored(changes))
    if not await _undoable(turn, effect, moves):
        return Outcome(Refused((Trouble("booking.too_late"),)))
    back = inverse(changes, effect.id)
    if not await _room(turn, back):
        return Outcome(Refused((Trouble("booking.undo_taken"),)))
    standing = [await turn.rows.order(move.order) for move in moves if move.state == "placed"]
    reminders = tuple(
        job for order in standing if order and (made := booked(order)) for job in _reminder(turn, made, f":{effect.id}")
    )
    dropped = tuple(f"remind_booking:{move.order}" for move in moves if move.state == "cancelled")
    told = await _told(turn, effect, moves)
    return Outcome(Reverted(effect.id, told), (*moves, *back), reminders, dropped, taken_back(turn, effect))


def _restored(changes: Changes) -> Iterator[OrderMoved]:
    """The rows as they stood: what was placed is cancelled, what was cancelled is placed again."""
    for change in changes:
        if isinstance(change, OrderPlaced):
            yield OrderMoved(change.order.merchant, change.order.id, "cancelled", ("placed",))
        elif isinstance(change, OrderMoved) and change.state == "cancelled":
            yield OrderMoved(change.merchant, change.order, "placed", ("cancelled",))


async def _undoable(turn: Turn, effect: Effect, moves: tuple[OrderMoved, ...]) -> bool:
    if effect.state != "done" or effect.undo_until is None or turn.now > effect.undo_until:
        return False
    for move in moves:
        order = await turn.rows.order(move.order)
        if order is None or order.state not in move.allowed:
            return False
        past = order.proposal.ready_at is not None and order.proposal.ready_at <= turn.now
        if past and move.state == "placed":
            return False
    return True


async def _room(turn: Turn, back: tuple[Change, ...]) -> bool:
    """Is what an undo takes again still free, given what it gives back?"""
    moves = [change for change in back if isinstance(change, CapacityMoved)]
    given = {(m.resource, m.slot) for m in moves if m.by < 0}
    for move in moves:
        if move.by < 0 or (move.resource, move.slot) in given:
            continue
        after = (datetime.fromisoformat(move.slot) + timedelta(seconds=1)).isoformat()
        used = await turn.rows.used(move.resource, move.slot, after)
        if used.get(move.slot, 0) + move.by > limit_of(turn.merchant, move.resource):
            return False
    return True


async def _told(turn: Turn, effect: Effect, moves: tuple[OrderMoved, ...]) -> Params:
    """What the appointment is after the undo, or what it was."""
    standing = next((m.order for m in moves if m.state == "placed"), effect.order)
    order = await turn.rows.order(standing)
    made = booked(order) if order else None
    operation = wishes(turn, effect.intent, {}).operation
    told = appointment(turn, made) if made else {"number": Fact("", "order", standing)}
    return {**told, "what": word(operation)}
