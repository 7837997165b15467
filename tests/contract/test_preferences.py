"""What customers like, as rows: one for each thing, theirs alone, gone when they say so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sayso.model.effect import Change, ConsentSet, PreferenceGone, PreferenceSet
from sayso.model.event import Proof
from sayso.model.preference import Like, Preference
from sayso.store import Store

ANNA, BEN = Proof("linked", "bar", "anna-4711"), Proof("linked", "bar", "ben-0815")


class Wishes:
    """One customer's turns that keep and forget."""

    def __init__(self, store: Store, make: Any, proof: Proof = ANNA) -> None:
        self.store, self.make, self.proof, self.version = store, make, proof, 0

    async def id(self) -> str:
        return (await self.store.people.identify(self.make.event("id", proof=self.proof))).id

    async def keep(self, about: str, value: str, **more: Any) -> Preference:
        like = Like(about, value, f"I take {value}")
        fields = {"how": "said", "channel": "web", "conversation": "bar/web//c1", "at": self.make.clock.now()}
        kept = Preference("bar", await self.id(), like, **{**fields, **more})
        await self.write(PreferenceSet(kept))
        return kept

    async def agree(self, purpose: str, granted: bool = True) -> None:
        await self.write(ConsentSet("bar", await self.id(), purpose, granted, "web"))

    async def write(self, *changes: Change) -> None:
        event = self.make.event(self.proof.subject, proof=self.proof)
        await self.store.inbox.accept(event)
        await self.store.turns.apply(self.make.turn(event, self.version, changes=changes))
        self.version += 1

    async def likes(self, proof: Proof | None = None) -> dict[str, str]:
        row = await self.store.people.identify(self.make.event("id", proof=proof or self.proof))
        return {each.about: each.like.value for each in row.likes}


@pytest.fixture
def anna(store: Store, make: Any) -> Wishes:
    return Wishes(store, make)


async def test_it_comes_back_with_its_provenance(anna: Wishes) -> None:
    """The words, when, on which channel, in which conversation."""
    await anna.agree("personalise")
    kept = await anna.keep("option/milk", "oat")
    assert await anna.store.people.preferences("bar", await anna.id()) == (kept,)


async def test_the_newest_about_a_thing_is_the_only_one(anna: Wishes) -> None:
    """What was known before is not kept beside it."""
    await anna.agree("personalise")
    await anna.keep("option/milk", "oat")
    await anna.keep("option/milk", "soy")
    assert await anna.likes() == {"option/milk": "soy"}


async def test_without_consent_it_is_not_used(anna: Wishes) -> None:
    """Each kind needs its own: an allergy is not covered by personalisation."""
    await anna.keep("option/milk", "oat")
    await anna.keep("allergen/nuts", "nuts")
    assert await anna.likes() == {}
    await anna.agree("personalise")
    assert await anna.likes() == {"option/milk": "oat"}
    await anna.agree("allergies")
    assert await anna.likes() == {"allergen/nuts": "nuts", "option/milk": "oat"}


async def test_whoever_nobody_vouches_for_has_none(anna: Wishes) -> None:
    """In the same conversation as well."""
    await anna.agree("personalise")
    await anna.keep("option/milk", "oat")
    assert await anna.likes(Proof()) == {}
    assert await anna.likes(Proof("channel", "bar", ANNA.subject)) == {}


async def test_one_thing_or_one_kind_is_deleted(anna: Wishes) -> None:
    """By what it is about; "*" is all but allergies, which have their own consent."""
    await anna.agree("personalise")
    await anna.agree("allergies")
    for about, value in (("option/milk", "oat"), ("location", "dam"), ("allergen/nuts", "nuts")):
        await anna.keep(about, value)
    await anna.write(PreferenceGone("bar", await anna.id(), "location"))
    assert await anna.likes() == {"option/milk": "oat", "allergen/nuts": "nuts"}
    await anna.write(PreferenceGone("bar", await anna.id(), "*"))
    assert await anna.likes() == {"allergen/nuts": "nuts"}
    await anna.write(PreferenceGone("bar", await anna.id(), "allergen/*"))
    assert await anna.likes() == {}


async def test_another_customers_are_untouched(store: Store, make: Any, anna: Wishes) -> None:
    """Nothing of one is read or deleted through another."""
    ben = Wishes(store, make, BEN)
    for each in (anna, ben):
        await each.agree("personalise")
        await each.keep("option/milk", "oat" if each is anna else "soy")
    await anna.write(PreferenceGone("bar", await anna.id(), "option/milk"))
    assert (await anna.likes(), await ben.likes()) == ({}, {"option/milk": "soy"})


async def test_of_those_who_were_merged_the_newest_counts(store: Store, make: Any, anna: Wishes) -> None:
    """And what is deleted is deleted of both."""
    ben = Wishes(store, make, BEN)
    await anna.agree("personalise")
    await anna.keep("option/milk", "oat")
    await ben.keep("location", "dam")
    await store.people.merge("bar", await ben.id(), await anna.id())
    assert await anna.likes() == {"option/milk": "oat", "location": "dam"}
    await anna.write(PreferenceGone("bar", await anna.id(), "location"))
    assert await anna.likes() == {"option/milk": "oat"}


async def test_that_something_was_forgotten_is_kept_without_its_value(anna: Wishes) -> None:
    """So that it is not learned again."""
    await anna.agree("personalise")
    kept = await anna.keep("option/milk", "oat")
    await anna.store.people.forget(replace(kept, like=Like("option/milk", ""), how="forgotten"))
    (row,) = await anna.store.people.preferences("bar", await anna.id())
    assert (row.holds, row.like.value, row.like.words) == (False, "", "")


async def test_they_are_given_out_and_erased(anna: Wishes) -> None:
    """The customer's file has them; an erase leaves none."""
    await anna.agree("personalise")
    await anna.keep("option/milk", "oat")
    told = await anna.store.privacy.export("bar", ANNA.subject)
    assert [(each["about"], each["value"], each["words"]) for each in told["preferences"]] == [
        ("option/milk", "oat", "I take oat")
    ]
    receipt = await anna.store.privacy.erase("bar", ANNA.subject)
    assert receipt.erased["preferences"] == 1
