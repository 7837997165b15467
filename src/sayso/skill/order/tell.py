"""Questions about the order: basket, order, receipt."""

from __future__ import annotations

from dataclasses import replace

from sayso import (
    Answered,
    Ask,
    Fact,
    Line,
    Location,
    Order,
    Param,
    Params,
    Row,
    Speak,
    Turn,
    local,
    made_to_order,
    price,
    receipt,
    total,
)
from sayso.skill.order.recall import KNOWN
from sayso.skill.order.slots import Wishes, chosen_location, wishes
from sayso.skill.order.when import Bar, Plan, plan
from sayso.skill.order.words import amount, fee_rows, flag, moment, place, rows, word


async def basket(turn: Turn, asked: Ask) -> Answered | None:
    """What is in the open basket, and what it comes to so far."""
    lines = tuple(line for line in asked.lines if line.sku in turn.catalog.products)
    if not lines:
        return Answered((Speak("order.basket_empty"),))
    priced = price(lines, turn.catalog)
    sum_ = total(priced, (), turn.catalog.currency)
    params: Params = {"lines": rows(priced, turn.catalog), "total": amount(sum_, "derived", "basket")}
    return Answered((Speak("order.basket", params),))


async def _newest(turn: Turn) -> Order | None:
    """The newest order that this speaker may know of: of this conversation, or of a customer who is known."""
    if not turn.customer:
        return None
    orders = await turn.rows.orders(turn.customer, 20)
    known = turn.assurance in KNOWN
    mine = (order for order in orders if order.proposal.skill == turn.skill.id)
    return next((order for order in mine if known or order.conversation == turn.conversation), None)


async def order(turn: Turn, asked: Ask) -> Answered | None:
    """Where the order is."""
    found = await _newest(turn)
    if found is None:
        none = Answered((Speak("order.not_yet" if asked.lines else "order.status_none"),))
        return (await duration(turn, asked) if asked.lines else None) or none
    location = turn.merchant.locations.get(found.proposal.location)
    how = wishes(turn, found.proposal.intent, found.proposal.slots).service
    told: dict[str, Param] = {
        "number": Fact(found.number, "order", found.id),
        "state": word(found.state),
        "total": amount(found.proposal.total, "order", found.id),
        "how": word(how or "to_go"),
        "location": place(location) if location else (),
        "ready": (),
    }
    if location and found.proposal.ready_at:
        told["ready"] = moment(found.proposal.ready_at, location, "order")
    told["late"] = flag(found.proposal.ready_at is not None and found.proposal.ready_at < turn.now)
    return Answered((Speak("order.status", told),))


async def duration(turn: Turn, asked: Ask) -> Answered | None:
    """How long it takes: when what is in the basket could be ready, at each place until one is chosen; without a basket
    where the newest order is."""
    lines = tuple(line for line in asked.lines if line.sku in turn.catalog.products)
    if not lines:
        return await order(turn, replace(asked, lines=())) if await _newest(turn) else None
    wish = wishes(turn, asked.intent, asked.slots)
    chosen = chosen_location(turn, wish)
    told = [await _ready(turn, wish, at, lines) for at in ((chosen,) if chosen else turn.merchant.locations.values())]
    times = tuple(row for row in told if row)
    return Answered((Speak("order.would_be_ready", {"times": times}),)) if times else None


async def _ready(turn: Turn, wish: Wishes, location: Location, lines: tuple[Line, ...]) -> Row | None:
    """When `lines` could be ready at one place; None where they cannot."""
    switches = await turn.rows.switches()
    when = await plan(Bar(turn, wish, location, turn.rows, made_to_order(lines, turn.catalog), switches))
    if not isinstance(when, Plan):
        return None
    return Row({"location": place(location), "ready": moment(when.ready_at, location)})


async def show_receipt(turn: Turn, asked: Ask) -> Answered | None:
    """The receipt of the newest order, with VAT per rate."""
    found = await _newest(turn)
    if found is None:
        return Answered((Speak("order.status_none"),))
    made = receipt(found, turn.catalog)
    location = turn.merchant.locations.get(found.proposal.location)
    zone = location.zone if location else turn.merchant.zone
    vat = tuple(
        Row(
            {
                "rate": Fact(_percent(row.rate), "catalog", row.vat_class),
                "net": amount(row.net, "order", found.id),
                "vat": amount(row.vat, "order", found.id),
            }
        )
        for row in made.vat
    )
    params: Params = {
        "number": Fact(made.number, "order", found.id),
        "at": Fact(local(made.at, zone), "order", found.id),
        "lines": rows(made.lines, turn.catalog),
        "fees": fee_rows(made.fees),
        "vat": vat,
        "total": amount(made.total, "order", found.id),
    }
    return Answered((Speak("order.receipt", params),))


def _percent(basis_points: int) -> str:
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%"
