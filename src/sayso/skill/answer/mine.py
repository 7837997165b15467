"""What is known about the speaker: told to a customer who is known, to nobody else.

Assurance is judged before anything is read, so an unverified speaker does not even learn whether there is something.
"""

from __future__ import annotations

from sayso import (
    Answered,
    Ask,
    Candidate,
    Evidence,
    Fact,
    Named,
    Option,
    Order,
    Param,
    Question,
    Row,
    Speak,
    Turn,
    line_row,
    local,
    preference_row,
)
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
    after = _after(asked)
    likes = _likes(turn, after)
    if after:
        return Answered(likes or (Speak("memory.none"),))
    return Answered((Speak("answer.about_me", told), *likes))


MORE = "@after:"
"""Of a question for more: how many were told already."""


def _after(asked: Ask) -> int:
    found = next((c.id for c in asked.question.ids if c.id.startswith(MORE)), "")
    return int(found.removeprefix(MORE) or 0)


def _likes(turn: Turn, after: int) -> tuple[Speak, ...]:
    """What is remembered, the newest first, each with where it comes from; by voice a few at a time."""
    every = tuple(reversed(turn.likes))[after:]
    told = every[:TOLD_AT_MOST] if turn.voice else every
    if not told:
        return ()
    left = len(every) - len(told)
    params: dict[str, Param] = {
        "likes": tuple(preference_row(each, turn.artefact) for each in told),
        "more": Fact(left, "preferences", turn.customer),
    }
    onward = Question("about_me", (Candidate(f"{MORE}{after + len(told)}"),), Evidence("", "given"))
    options = (Option("option.more", onward),) if left else ()
    return (Speak("memory.list", params, options),)


async def history(turn: Turn, asked: Ask) -> Answered | None:
    """What this customer had before: the newest orders, or those that their words are about."""
    if turn.assurance not in KNOWN:
        return Answered((Speak("answer.about_me_verify", invites="link"),))
    if turn.past is None:
        return Answered((Speak("answer.history_consent"),))
    words = next((asked.slots[s] for s in ("what", "words") if s in asked.slots), "")
    found = await turn.past.like(words) if words else await turn.rows.orders(turn.customer, TOLD_AT_MOST)
    told = tuple(row for order in found if (row := _had(turn, order)) is not None)[:TOLD_AT_MOST]
    return Answered((Speak("answer.history" if told else "answer.history_none", {"orders": told} if told else {}),))


def _had(turn: Turn, order: Order) -> Row | None:
    lines = tuple(p.line for p in order.proposal.lines if p.line.sku in turn.catalog.products)
    if not lines:
        return None
    day = Fact(local(order.placed_at, turn.merchant.zone).date(), "order", order.id)
    return Row({"day": day, "lines": tuple(line_row(line, turn.catalog) for line in lines)})


async def remembered(turn: Turn, asked: Ask) -> Answered | None:
    """The consent is given by the request itself; this says so. Only for somebody known can it mean anything."""
    if turn.assurance not in KNOWN:
        return Answered((Speak("answer.about_me_verify", invites="link"),))
    return Answered((Speak("answer.remembered"),))


async def forgotten(turn: Turn, asked: Ask) -> Answered | None:
    """The consent is withdrawn by the request itself; this says so."""
    return Answered((Speak("answer.forgotten"),))


async def erase(turn: Turn, asked: Ask) -> Answered | None:
    """The host asks for the yes and does it; all there is to say here is who may ask for it."""
    if turn.assurance not in KNOWN:
        return Answered((Speak("answer.about_me_verify", invites="link"),))
    return None
