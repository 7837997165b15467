"""A platform's own account linking: the nonce that it brings back makes its customer the one it was given to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sayso.errors import Theirs
from sayso.model.effect import LinkOffered
from sayso.model.event import Proof, Referred
from sayso.people.links import code_digest

ANNA = Proof("linked", "bar", "anna")
PHONE = {"channel": "line", "account": "U100"}


def brought(house: Any, nonce: str, source: str = "account_link", subject: str = "Uabc", **more: Any) -> Any:
    """What LINE, or Messenger, posts once the customer has signed in with the merchant."""
    proof = Proof("channel", "line:U100", subject) if subject else Proof()
    where = {**PHONE, "conversation": subject or "group", **more}
    return replace(house.event("x"), body=Referred(nonce, source), proof=proof, **where)


async def given(house: Any) -> tuple[str, str]:
    """Anna, who is known on the page, and a nonce for her."""
    who = await house.store.people.identify(house.event("hello", proof=ANNA))
    return who.id, await house.host.linking.offer("coffee_bar", who.id, "coffee_bar/web/web/c1")


@pytest.mark.parametrize("source", ["account_link", "account_linking"])
async def test_a_nonce_links_the_platforms_customer(house: Any, source: str) -> None:
    """From then on the platform's id is proof; it is said, and the page's conversation is told."""
    anna, nonce = await given(house)
    answer = await house.host.handle(brought(house, nonce, source))
    assert (answer.state.customer, answer.state.vouched) == (anna, True)
    assert len(answer.messages) == 1
    later = await house.store.people.identify(brought(house, "x", source))
    assert (later.id, later.assurance) == (anna, "linked")
    assert [job.kind for job in await house.store.jobs.due(house.clock.now())] == ["linked"]


async def test_what_is_stored_of_it_is_who_was_meant(house: Any) -> None:
    """Neither the event nor a row has the nonce."""
    _, nonce = await given(house)
    event = await house.host.keep(brought(house, nonce))
    answer = await house.host.handle(event)
    traces = await house.store.turns.traces(event.key)
    assert nonce not in repr((event, traces, answer))


async def test_it_works_once_and_for_half_an_hour(house: Any) -> None:
    """A second platform account, or one that comes too late, stays a stranger."""
    _, nonce = await given(house)
    await house.host.handle(brought(house, nonce))
    second = await house.host.handle(brought(house, nonce, subject="Udef"))
    assert not second.state.vouched
    _, late = await given(house)
    house.clock.set(house.clock.now() + timedelta(minutes=31))
    assert not (await house.host.handle(brought(house, late, subject="Ughi"))).state.vouched


@pytest.mark.parametrize("more", [{"source": "ad"}, {"subject": ""}])
async def test_nothing_else_is_taken_for_one(house: Any, more: dict[str, str]) -> None:
    """A link's reference is none, and nobody is linked where others read along."""
    _, nonce = await given(house)
    assert not (await house.host.handle(brought(house, nonce, **more))).state.vouched


async def test_a_six_digit_code_is_no_nonce(house: Any) -> None:
    """Digits can be guessed, so they are only heard where guesses are counted."""
    anna, _ = await given(house)
    linking, until = house.host.linking, house.clock.now() + timedelta(minutes=10)
    digest = code_digest("123456", "coffee_bar", linking.key)
    code = LinkOffered("coffee_bar", "link:1", "code", "coffee_bar/web/web/c1", until, anna, digest)
    await house.store.links.offer(code, house.clock.now())
    assert not (await house.host.handle(brought(house, "123456"))).state.vouched


async def test_there_are_so_many_in_an_hour(house: Any) -> None:
    """Then the last one is to be used."""
    for _ in range(5):
        await given(house)
    with pytest.raises(Theirs) as refused:
        await given(house)
    assert refused.value.status == 429
