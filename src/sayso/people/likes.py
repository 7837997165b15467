"""What a customer likes: what of it may be kept, and what follows from orders.

Theory. A preference is kept for a customer whom somebody vouches for and who consents to `personalise`; what is about
health needs a consent of its own. It is either told ("I always take oat milk") or follows from orders: chosen in two of
them at least and in more than half, what comes by default left out, for that was never chosen. What was told stands
until something else is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sayso.manifest.liking import WORDS, offered, slots_of
from sayso.manifest.specs import Artefact
from sayso.model.basket import Proposal
from sayso.model.preference import Like, Preference
from sayso.people.history import KNOWN, PERSONALISE

HEALTH = "allergies"
"""The consent that an allergy is remembered with."""

ASKED = "asked/"
"""Before a purpose: its consent was asked for. It is asked once; after that the customer says it by themselves."""

LEAST = 2
"""Orders that a choice must be in to be a habit."""


def purpose_of(like: Like) -> str:
    """The consent that it is kept with."""
    return HEALTH if like.special else PERSONALISE


def may_keep(like: Like, assurance: str, consents: frozenset[str]) -> bool:
    """Is it kept of this customer, and used?"""
    return assurance in KNOWN and purpose_of(like) in consents


def habits(orders: Sequence[Proposal], artefact: Artefact, words: Mapping[str, str]) -> tuple[Like, ...]:
    """What follows from orders, the newest first among them; `words`: what was said in the newest, by what it is
    about. Only what the newest chose again."""
    chosen: dict[str, list[str]] = {}
    for order in orders:
        for about, value in choices(order, artefact):
            chosen.setdefault(about, []).append(value)
    newest = dict(choices(orders[0], artefact)) if orders else {}
    plain = {about for about, _, slot in slots_of(artefact) if slot.type in WORDS}
    found = (
        Like(about, value, words.get(about, ""))
        for about, value in newest.items()
        if about in plain or _habit(value, chosen[about])
    )
    return tuple(like for like in found if offered(artefact, like))


def _habit(value: str, chosen: Sequence[str]) -> bool:
    n = Counter(chosen)[value]
    return n >= LEAST and n * 2 > len(chosen)


def choices(order: Proposal, artefact: Artefact) -> Iterator[tuple[str, str]]:
    """(about, value) of what was chosen in an order, once each: a value that two lines disagree about is none."""
    options: dict[str, set[str]] = {}
    for priced in order.lines:
        for option in priced.line.options:
            group = artefact.catalog.options.get(option.group)
            if group is not None and group.remember and group.kind == "one" and option.count:
                options.setdefault(f"option/{option.group}", set()).add(option.value)
    yield from ((about, next(iter(values))) for about, values in options.items() if len(values) == 1)
    for about, intent, slot in slots_of(artefact):
        value = order.slots.get(slot.name, "")
        if intent.name == order.intent and value and value != slot.default and value[0] != "@":
            yield about, value


def fresh(likes: Sequence[Like], known: Sequence[Preference]) -> tuple[Like, ...]:
    """Those that tell something new: what was said stands, what was forgotten is not learned again, and what is known
    already needs no telling."""
    there = {each.about: each for each in known}
    return tuple(
        like
        for like in likes
        if (old := there.get(like.about)) is None or (old.how == "chosen" and old.like.value != like.value)
    )
