"""What a customer likes, on the host's side: kept, forgotten and learned as changes of the turn's own transaction.

Assurance and consent are judged here, before anything is read or written: whoever nobody vouches for is told so, and
learns nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sayso.host.ports import CustomerRow
from sayso.manifest.liking import offered
from sayso.model import action
from sayso.model.action import Erasable, Erased, Kept, Refused, Result, Trouble
from sayso.model.effect import ConsentSet, PreferenceGone, PreferenceSet
from sayso.model.preference import Like, Preference
from sayso.model.state import State
from sayso.model.writes import Job
from sayso.people.erase import running
from sayso.people.history import KNOWN, PERSONALISE
from sayso.people.likes import ASKED, HEALTH, fresh, habits, may_keep, purpose_of

if TYPE_CHECKING:
    from sayso.host.executors import Stage

ERASE = "erase"
"""The job that erases a customer: after the turn in which they agreed to it."""

LOOK_BACK = 50
"""Orders that habits are read from."""


async def remember(stage: Stage, asked: action.Remember, state: State) -> Result:
    """Keep and forget. Forgetting needs no consent."""
    customer = stage.customer
    if customer.assurance not in KNOWN:
        return Kept(needs="verify")
    lacking = [like for like in asked.likes if not may_keep(like, customer.assurance, customer.consents)]
    needs = purpose_of(lacking[0]) if lacking else ""
    likes = tuple(like for like in asked.likes if like not in lacking)
    kept = (*asked.restore, *_preferences(stage, likes, asked.how))
    gone = _gone(customer, (*asked.forget, *(each.about for each in kept)))
    forgotten = tuple(p for p in gone if p.about not in {each.about for each in kept} and not p.like.special)
    _write(stage, kept, gone)
    _note_forgotten(stage, () if asked.undo else forgotten)
    return Kept(kept, gone, needs, tuple(like for like in lacking if purpose_of(like) == needs), undone=asked.undo)


def _preferences(stage: Stage, likes: Iterable[Like], how: str) -> tuple[Preference, ...]:
    event, owner = stage.event, stage.customer
    specs = stage.loaded.artefact
    return tuple(
        Preference(owner.merchant, owner.id, like, how, event.channel, event.key, stage.now)
        for like in likes
        if offered(specs, like)
    )


def _gone(customer: CustomerRow, abouts: tuple[str, ...]) -> tuple[Preference, ...]:
    """What is known about these; "allergen/*" is all about allergens."""
    every = "allergen/*" in abouts
    return tuple(p for p in customer.likes if p.holds and (p.about in abouts or (every and p.like.special)))


def _write(stage: Stage, kept: tuple[Preference, ...], gone: tuple[Preference, ...]) -> None:
    stage.deeds.changes += (PreferenceGone(p.merchant, p.customer, p.about) for p in gone)
    stage.deeds.changes += (PreferenceSet(p) for p in kept)
    abouts = {p.about for p in (*kept, *gone)}
    likes = (*(p for p in stage.customer.likes if p.about not in abouts), *kept)
    stage.customer = replace(stage.customer, likes=likes)


PURPOSES = {PERSONALISE: "*", HEALTH: "allergen/*"}
"""Consent -> what is kept with it."""


def withdrawn(stage: Stage, purpose: str) -> None:
    """What was kept with a consent goes with it."""
    customer = stage.customer
    stage.deeds.changes.append(PreferenceGone(customer.merchant, customer.id, PURPOSES[purpose]))
    likes = tuple(p for p in customer.likes if purpose_of(p.like) != purpose)
    stage.customer = replace(customer, likes=likes)


def _note_forgotten(stage: Stage, gone: tuple[Preference, ...]) -> None:
    """That it was forgotten, so that it is not learned again from the next orders."""
    event = stage.event
    rows = tuple(
        replace(p, like=Like(p.about, ""), how="forgotten", channel=event.channel, conversation=event.key, at=stage.now)
        for p in gone
    )
    stage.deeds.changes += map(PreferenceSet, rows)
    stage.customer = replace(stage.customer, likes=(*stage.customer.likes, *rows))


async def learn(stage: Stage, asked: action.Learn, state: State) -> Result:
    """What follows from an order, and what waited for it. A consent is asked for once, and never while something else
    is going on."""
    customer = stage.customer
    if customer.assurance not in KNOWN:
        return Kept(learned=True)
    likes = await _found(stage, asked)
    agreed = tuple(like for like in likes if may_keep(like, customer.assurance, customer.consents))
    kept = _preferences(stage, agreed, "chosen")
    gone = _gone(customer, tuple(each.about for each in kept))
    _write(stage, kept, gone)
    needs, waiting = _asked(stage, asked, tuple(like for like in likes if like not in agreed))
    return Kept(kept, gone, needs, waiting, learned=True)


async def _found(stage: Stage, asked: action.Learn) -> tuple[Like, ...]:
    customer, specs = stage.customer, stage.loaded.artefact
    orders = await stage.ledger.orders(customer.merchant, customer.id, LOOK_BACK)
    offer = asked.proposal
    before = [p for p in (o.proposal for o in orders) if p.id != offer.id and p.skill == offer.skill]
    followed = fresh(habits((offer, *before), specs, asked.words), customer.likes)
    told = {like.about for like in asked.likes}
    likes = (*asked.likes, *(like for like in followed if like.about not in told))
    known = {(p.about, p.like.value) for p in customer.likes}
    return tuple(like for like in likes if (like.about, like.value) not in known)


def _asked(stage: Stage, asked: action.Learn, lacking: tuple[Like, ...]) -> tuple[str, tuple[Like, ...]]:
    """The purpose whose consent is asked for, and what it is for; "" where it was asked before, or not now."""
    for purpose in dict.fromkeys(map(purpose_of, lacking)):
        likes = tuple(like for like in lacking if purpose_of(like) == purpose)
        wished = any(like in asked.likes and not like.special for like in likes)
        if asked.quiet or (f"{ASKED}{purpose}" in stage.customer.consents and not wished):
            continue
        owner = stage.customer
        note = ConsentSet(owner.merchant, owner.id, f"{ASKED}{purpose}", True, stage.event.channel)
        stage.deeds.changes.append(note)
        return purpose, likes
    return "", ()


async def erase(stage: Stage, asked: action.Erase, state: State) -> Result:
    """Erase all of it, once it is agreed to: not in the turn itself, which is a part of it."""
    customer = stage.customer
    if customer.assurance not in KNOWN:
        return Refused((Trouble("memory.verify", slot="verify"),))
    orders = await stage.ledger.orders(customer.merchant, customer.id, LOOK_BACK)
    if any(running(order, stage.now) for order in orders):
        return Refused((Trouble("memory.erase_running"),))
    if not asked.agreed:
        return Erasable()
    stage.deeds.jobs.append(erasing(stage.event.merchant, stage.event.key, customer.id, stage.event.id, stage.now))
    return Erased()


def erasing(merchant: str, conversation: str, customer: str, event: str, now: datetime) -> Job:
    return Job(f"{ERASE}:{event}", merchant, ERASE, now, conversation, {"customer": customer})
