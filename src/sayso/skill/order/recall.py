"""The usual and the last: earlier orders of a customer who is known and wants to be remembered.

Nothing here tells an unverified speaker whether there is a history: assurance is judged before anything is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sayso import (
    Catalog,
    Fact,
    Line,
    Order,
    Params,
    Recall,
    Recalled,
    Refused,
    Trouble,
    Turn,
    line_row,
    new_id,
    same_thing,
)
from sayso.skill.order.slots import wishes
from sayso.skill.order.words import flag, word

KNOWN = frozenset({"linked", "pin"})
PURPOSE = "personalise"
LOOK_BACK = 50
KEPT = ("location", "service", "postcode", "address")
"""What is taken over from the earlier order; never its time."""


async def recall(turn: Turn, wanted: Recall) -> Recalled | Refused:
    """The lines of the usual order, or of the last one, with where it was picked up."""
    if turn.assurance not in KNOWN:
        return Refused((Trouble("order.need_verify", slot="verify"),))
    if PURPOSE not in turn.consents:
        return Refused((Trouble("order.need_consent", slot="consent"),))
    every = await turn.rows.orders(turn.customer, LOOK_BACK)
    orders = [order for order in every if order.proposal.skill == turn.skill.id]
    found, repeated = pick_order(orders, wanted.what, turn.catalog)
    if found is None:
        return Refused((Trouble("order.no_history"),))
    lines = tuple(line for line in _lines(found) if line.sku in turn.catalog.products)
    if not lines:
        return Refused((Trouble("order.history_gone"),))
    fresh = tuple(_fresh(turn, line, n) for n, line in enumerate(lines))
    told: Params = {
        "lines": tuple(line_row(line, turn.catalog) for line in fresh),
        "what": word("usual" if repeated else "last"),
        "asked": word(wanted.what),
        "incomplete": flag(len(lines) < len(found.proposal.lines)),
        "number": Fact(found.number, "order", found.id),
    }
    return Recalled(fresh, _slots(turn, found), told)


def pick_order(orders: Sequence[Order], what: str, catalog: Catalog) -> tuple[Order | None, bool]:
    """The most recent order whose lines were ordered at least twice, else the newest; and whether it was repeated.

    `orders` are newest first. Two orders are the same when their lines are, in any order, however defaults were said.
    """
    placed = [order for order in orders if order.state != "cancelled"]
    if not placed:
        return None, False
    if what == "usual":
        times = Counter(signature(order, catalog) for order in placed)
        for order in placed:
            if times[signature(order, catalog)] > 1:
                return order, True
    return placed[0], False


def signature(order: Order, catalog: Catalog) -> frozenset[tuple[object, int]]:
    """What was in an order, as a multiset."""
    units: Counter[object] = Counter()
    for line in _lines(order):
        units[same_thing(line, catalog)] += line.quantity
    return frozenset(units.items())


def _lines(order: Order) -> tuple[Line, ...]:
    return tuple(priced.line for priced in order.proposal.lines)


def _fresh(turn: Turn, line: Line, n: int) -> Line:
    return Line(new_id(turn.seed, "line", n), line.sku, line.quantity, line.options, line.notes, line.merchant)


def _slots(turn: Turn, order: Order) -> dict[str, str]:
    """Where and how it was collected, under today's slot names, as far as that is still offered."""
    wish = wishes(turn, order.proposal.intent, order.proposal.slots)
    place = turn.merchant.locations.get(order.proposal.location)
    kept = {role: wish.values[role] for role in KEPT if role in wish.values}
    if place is None:
        kept.pop("location", None)
    elif "location" in wish.names:
        kept["location"] = place.id
    return {wish.slot(role): value for role, value in kept.items()}
