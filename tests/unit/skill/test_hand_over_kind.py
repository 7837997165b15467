"""The kind `hand_over`: a task for a person, and a promise of when that holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso import HandedOver, HandOver, Line, SkillSpec, TaskMade
from sayso.skill.kinds import fulfilment, kinds

SPEC = SkillSpec("talk_to_us", "1.0.0", "hand_over", {}, {}, {}, {"answer_within": 20})
KIND = fulfilment(SPEC, kinds())


async def hand_over(shop: Any, asked: HandOver | None = None, **more: Any) -> tuple[HandedOver, TaskMade]:
    outcome = await KIND.hand_over(shop.turn(skill=SPEC, **more), asked or HandOver("person"))
    assert outcome is not None and isinstance(outcome.result, HandedOver)
    (task,) = outcome.changes
    assert isinstance(task, TaskMade)
    return outcome.result, task


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    """A moment on a clock of Amsterdam in November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "open", "when"),
    [
        (at(10), "yes", at(10, 20)),
        (at(17, 40), "yes", at(18)),
        (at(17, 41), "soon", at(8, day=24)),
        (at(20), "no", at(8, day=24)),
        (at(20, day=21), "no", at(8, day=23)),
    ],
)
async def test_the_promise_is_within_opening_hours(shop: Any, now: datetime, open: str, when: datetime) -> None:
    """Within the merchant's `answer_within` while open, else at the next opening, Sundays left out."""
    said, task = await hand_over(shop, now=now)
    assert (said.params["open"].value, said.params["when"].value) == (open, when)  # type: ignore[union-attr]
    assert task.promised == when


async def test_without_any_opening_nothing_is_promised(shop: Any) -> None:
    """The task is there all the same."""
    shut = {id: replace(p, weekly={}, holidays=()) for id, p in shop.artefact.merchant.locations.items()}
    artefact = replace(shop.artefact, merchant=replace(shop.artefact.merchant, locations=shut))
    said, task = await hand_over(shop, artefact=artefact)
    assert (said.params["open"].value, task.promised) == ("unknown", None)  # type: ignore[union-attr]


async def test_the_place_that_is_talked_about_decides(shop: Any) -> None:
    """Another place being open is no help."""
    places = dict(shop.artefact.merchant.locations)
    places["park"] = replace(places["park"], weekly={})
    artefact = replace(shop.artefact, merchant=replace(shop.artefact.merchant, locations=places))
    said, _ = await hand_over(shop, HandOver("person", slots={"store": "park"}), artefact=artefact)
    assert said.params["open"].value == "unknown"  # type: ignore[union-attr]


async def test_the_task_says_what_it_is_about(shop: Any) -> None:
    """Reason, customer, intent, basket and slots; nothing empty."""
    asked = HandOver("complaint", "coffee.order", (Line("l1", "latte", 2),), {"store": "dam"})
    _, task = await hand_over(shop, asked)
    assert (task.reason, task.customer, task.conversation) == ("complaint", "anna", "bar/web/bar/c1")
    about = {"language": "en", "intent": "coffee.order", "basket": "2 latte", "slot.store": "dam"}
    assert dict(task.summary) == about


async def test_default_minutes(shop: Any) -> None:
    """Fifteen, where the manifest says nothing."""
    bare = replace(SPEC, settings={})
    outcome = await KIND.hand_over(shop.turn(skill=bare), HandOver("person"))
    assert outcome is not None and isinstance(outcome.result, HandedOver)
    assert outcome.result.params["when"].value == shop.turn().now + timedelta(minutes=15)  # type: ignore[union-attr]
