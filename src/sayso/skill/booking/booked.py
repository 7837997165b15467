"""An appointment as it stands in its row: an order whose proposal carries what was agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sayso import Order, Reserved, Turn, taken

KNOWN = frozenset({"linked", "pin"})
ENDS, BUSY_UNTIL, RESOURCES = "@ends", "@busy_until", "@resources"
STAFF, ADDRESS, WINDOW = "@staff", "@address", "@window"
OF, FIRST, MOVES = "@of", "@first", "@moves"
"""What a proposal's slots hold beside the customer's own words: when it ends, and what it occupies until when; with
whom, where, and whether it is a window in which somebody comes; of which appointment it is a move or cancellation,
which row the customer's calendar knows it by, and how often it was moved."""

LOOK_BACK = 50


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment that was agreed. `number` is what the customer calls it by."""

    order: Order
    sku: str
    starts: datetime
    ends: datetime
    location: str
    staff: str
    address: str
    window: bool
    first: str
    moves: int

    @property
    def number(self) -> str:
        return self.order.number

    @property
    def takes(self) -> tuple[tuple[str, str], ...]:
        """The grains that it occupies."""
        slots = self.order.proposal.slots
        return taken(slots[RESOURCES].split(), self.starts, datetime.fromisoformat(slots[BUSY_UNTIL]))


def booked(order: Order) -> Booked | None:
    """The appointment of a row; None for a row of another kind."""
    proposal, slots = order.proposal, order.proposal.slots
    if ENDS not in slots or proposal.ready_at is None or not proposal.lines:
        return None
    return Booked(
        order=order,
        sku=proposal.lines[0].line.sku,
        starts=proposal.ready_at,
        ends=datetime.fromisoformat(slots[ENDS]),
        location=proposal.location,
        staff=slots.get(STAFF, ""),
        address=slots.get(ADDRESS, ""),
        window=WINDOW in slots,
        first=slots.get(FIRST) or order.id,
        moves=int(slots.get(MOVES, "0")),
    )


async def all_of(turn: Turn) -> tuple[Booked, ...]:
    """The appointments that this speaker may know of, newest first: those of this conversation, or of a customer who
    is known."""
    if not turn.customer:
        return ()
    orders = await turn.rows.orders(turn.customer, LOOK_BACK)
    known = turn.assurance in KNOWN
    mine = (o for o in orders if known or o.conversation == turn.conversation)
    return tuple(each for o in mine if (each := booked(o)) and o.proposal.skill == turn.skill.id)


async def upcoming(turn: Turn) -> tuple[Booked, ...]:
    """Those that are still to come, soonest first."""
    coming = [each for each in await all_of(turn) if each.order.state == "placed" and each.starts > turn.now]
    return tuple(sorted(coming, key=lambda each: each.starts))


def reserved(takes: tuple[tuple[str, str], ...]) -> tuple[Reserved, ...]:
    return tuple(Reserved(resource, grain, 1) for resource, grain in takes)
