"""What days took of the language model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sayso.model.command import ModelUse
from sayso.store import Store
from sayso.understanding import Spent


async def wrote(store: Store, make: Any, use: ModelUse | None, conversation: str) -> None:
    event = make.event(conversation)
    await store.inbox.accept(event)
    turn = make.turn(event)
    await store.turns.apply(replace(turn, trace=replace(turn.trace, model=use)))


async def test_each_turn_adds_to_its_merchants_day(store: Store, make: Any) -> None:
    """Turns, calls, failures, tokens and cost, in the turn's own transaction."""
    await wrote(store, make, ModelUse("answered", "2026-11-23", 1, 100, 10, 25), "a")
    await wrote(store, make, ModelUse("late", "2026-11-23", 1, 50, 0, 5, guessed=True), "b")
    await wrote(store, make, ModelUse("busy", "2026-11-23"), "c")
    await wrote(store, make, None, "d")
    (day,) = await store.usage.days("bar")
    assert (day.turns, day.calls, day.failed, day.prompt, day.completion, day.cost) == (3, 2, 1, 150, 10, 30)
    assert await store.usage.spent("bar", "2026-11-23") == Spent(160, 30)


async def test_days_and_merchants_are_told_apart(store: Store, make: Any) -> None:
    """Another day has nothing of this one, and another merchant neither."""
    await wrote(store, make, ModelUse("answered", "2026-11-23", 1, 100), "a")
    await wrote(store, make, ModelUse("answered", "2026-11-24", 1, 7), "b")
    assert await store.usage.spent("bar", "2026-11-24") == Spent(7, 0)
    assert await store.usage.spent("shop", "2026-11-24") == Spent()
    assert [day.day for day in await store.usage.days(since="2026-11-24")] == ["2026-11-24"]


async def test_a_trace_tells_what_its_turn_took(store: Store, make: Any) -> None:
    """As it was measured."""
    use = ModelUse("answered", "2026-11-23", 1, 100, 10, 25, 0.8)
    event = make.event("a")
    await store.inbox.accept(event)
    turn = make.turn(event)
    await store.turns.apply(replace(turn, trace=replace(turn.trace, model=use)))
    assert (await store.turns.traces(event.key))[0].model == use
