"""What is known about the speaker: told to a customer who is known, to nobody else.

Assurance is judged before anything is read, so an unverified speaker does not even learn whether there is something.
"""

from __future__ import annotations

from sayso import Answered, Ask, Fact, Named, Param, Speak, Turn, local
from sayso.skill.answer.words import flag

KNOWN = frozenset({"linked", "pin"})
LOOK_BACK = 200
TOLD_AT_MOST = 3
PERSONALISE, MESSAGES = "personalise", "messages"


async def about_me(turn: Turn, asked: Ask) -> Answered | None:
    """Orders, what is remembered and why, what may be sent; and how to get it all, have it mended or erased."""
    if turn.assurance not in KNOWN:
        return Answered((Speak("answer.about_me_verify", invites="link"),))
    orders = await turn.rows.orders(turn.customer, LOOK_BACK)
    skus = dict.fromkeys(p.line.sku for order in orders for p in order.proposal.lines)
    known = tuple(Named("product", sku) for sku in skus if sku in turn.catalog.products)
    told: dict[str, Param] = {
        "orders": Fact(len(orders), "orders", turn.customer),
        "last": (),
        "number": (),
        "products": known[:TOLD_AT_MOST],
        "personalise": flag(PERSONALISE in turn.consents),
        "messages": flag(MESSAGES in turn.consents),
    }
    if orders:
        newest = orders[0]
        told["last"] = Fact(local(newest.placed_at, turn.merchant.zone).date(), "order", newest.id)
        told["number"] = Fact(newest.number, "order", newest.id)
    return Answered((Speak("answer.about_me", told),))
