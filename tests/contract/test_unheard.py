"""What was not understood: counted per merchant, gone after a while and with its customer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson

from sayso.model.command import Candidate, Unheard
from sayso.store import Store
from sayso.store.unheard import KEPT


async def said(store: Store, make: Any, words: str, conversation: str, language: str = "en", **more: Any) -> None:
    event = make.event(conversation, **more)
    await store.inbox.accept(event)
    turn = make.turn(event)
    unheard = Unheard(words, language, (Candidate("order_coffee.order", 0.41),))
    await store.turns.apply(replace(turn, trace=replace(turn.trace, unheard=unheard)))


async def test_the_same_words_are_counted_together(store: Store, make: Any, clock: Any) -> None:
    """Whatever their case and marks; what was said most comes first."""
    for n, words in enumerate(("my brain needs fuel", "something odd", "My brain needs fuel!", "my  brain needs fuel")):
        await said(store, make, words, f"c{n}")
    first, second = await store.unheard.found("bar", clock.now() - timedelta(days=1))
    assert (first.times, second.times, second.words) == (3, 1, "something odd")
    assert first.nearest == (Candidate("order_coffee.order", 0.41),)


async def test_languages_and_merchants_are_told_apart(store: Store, make: Any, clock: Any) -> None:
    """The same word in two languages is two; another merchant's customers are nobody else's."""
    await said(store, make, "fuel", "a")
    await said(store, make, "fuel", "b", "nl")
    await said(store, make, "elsewhere", "c", merchant="shop")
    found = await store.unheard.found("bar", clock.now() - timedelta(days=1))
    assert sorted(each.language for each in found) == ["en", "nl"]
    assert [each.words for each in await store.unheard.found("shop", clock.now() - timedelta(days=1))] == ["elsewhere"]


async def test_old_ones_go_when_new_ones_come(store: Store, make: Any, clock: Any) -> None:
    """None is kept longer than it is said to be."""
    began = clock.now()
    await said(store, make, "long ago", "a")
    clock.moment += KEPT + timedelta(days=1)
    await said(store, make, "today", "b")
    assert [each.words for each in await store.unheard.found("bar", began)] == ["today"]


async def test_the_line_can_be_copied(store: Store, make: Any, clock: Any) -> None:
    """Quotes and marks of the customer's do not break the YAML."""
    await said(store, make, 'a "flat: why" [number]', "a")
    (each,) = await store.unheard.found("bar", clock.now() - timedelta(days=1))
    assert orjson.loads(each.line.removeprefix("- ")) == 'a "flat: why" [number]'


async def test_a_turn_that_was_understood_leaves_none(store: Store, make: Any, clock: Any) -> None:
    """Only what was missed is kept."""
    event = make.event("a")
    await store.inbox.accept(event)
    await store.turns.apply(make.turn(event))
    assert await store.unheard.found("bar", clock.now() - timedelta(days=1)) == ()
