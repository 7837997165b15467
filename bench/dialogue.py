"""What does the dialogue cost, and does it ask more than it must?

step_cpu_ms          CPU of one step: every step of every golden conversation, run again many times
turn_cpu_ms          CPU of a turn's steps together
goldens, goldens_passed   golden conversations of the repository, understanding and rows and all, no model
orders               those that end in an order or an appointment
turns_over_minimum   over these: all that was agreed to is said in one turn, by a customer who answers what is asked;
                     turns to the end, less the two that it takes at least (the wish, and the yes)

make bench-dialogue                          ARGS="-k workshop" takes part of them
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from running import ROOT
from sayso.dialogue import step
from sayso.dialogue import turn as talking
from sayso.manifest.specs import Artefact
from sayso.model.basket import Line, Order
from sayso.model.command import Add, Candidate, Command, Evidence, Fill, Item, Start, Understood, Yes
from sayso.model.event import Event
from sayso.testing.chat import Chat
from sayso.testing.clock import SetClock
from sayso.testing.expect import misses
from sayso.testing.goldens import Golden, find, load
from sayso.testing.hosting import Published, host, publish
from sayso.testing.runner import begin, take
from sayso.understanding.context import Context

SAID = Evidence("", "given")
LEAST = 2
MOST = 8
"""Turns after which an order counts as not come to."""

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Told:
    """Stands in for understanding: each event means what was put down for it."""

    meant: list[tuple[Command, ...]] = field(default_factory=list)

    async def understand(self, event: Event, context: Context, artefact: Artefact, deadline: float) -> Understood:
        return Understood(self.meant.pop(0))


@dataclass(frozen=True, slots=True)
class Held:
    """A golden conversation that was held: did all come out as recorded, and what was agreed to?"""

    golden: Golden
    passed: bool
    order: Order | None


@contextmanager
def recorded(steps: list[tuple[Any, ...]]) -> Iterator[None]:
    """Every step that is made meanwhile is put down."""

    def recording(*given: Any) -> Any:
        steps.append(given)
        return step(*given)

    with patch.object(talking, "step", recording):
        yield


async def held(golden: Golden, published: Published, folder: Path) -> Held:
    """Hold it with a fresh host."""
    passed = True
    async with host(published, folder, SetClock(golden.now)) as hosted:
        chat = begin(golden, hosted)
        for turn in golden.turns:
            await take(chat, turn)
            passed = passed and not misses(chat, turn.expect)
        return Held(golden, passed, chat.order if chat.answer else None)


def wishes(order: Order, specs: Artefact) -> tuple[Command, ...]:
    """All that was agreed to, as one turn's commands."""
    proposal = order.proposal
    slots = specs.intent(proposal.intent).slots
    fills = [
        Fill(name, (Candidate(value),), SAID)
        for name, value in proposal.slots.items()
        if name in slots and not value.startswith("@")
    ]
    if specs.intent(proposal.intent).effect == "purchase":
        return (Add(tuple(_item(priced.line) for priced in proposal.lines), SAID), *fills)
    return (Start((Candidate(proposal.intent),), SAID), *fills)


def _item(line: Line) -> Item:
    return Item(line.sku, (Candidate(line.sku),), line.quantity, line.options, notes=line.notes)


async def turns_to(order: Order, golden: Golden, published: Published, folder: Path) -> int | None:
    """Turns until the same is agreed to again; None when it is not within `MOST`."""
    told = Told()
    async with host(published, folder, SetClock(golden.now), told) as hosted:
        chat = Chat(hosted, golden.merchant, language=golden.language, customer=golden.customer)
        told.meant.append(wishes(order, chat.artefact))
        await chat.say("all of it")
        for turns in range(2, MOST):
            told.meant.append((Yes(SAID),))
            await chat.say("yes")
            if chat.order is not None:
                return turns
    return None


def cpu_ms(steps: Sequence[tuple[Any, ...]], run: Callable[..., object] = step) -> float:
    """CPU of a step in milliseconds: the best of several rounds over all of them."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for given in steps:
            run(*given)
        rounds.append((time.process_time() - began) * 1000 / len(steps))
    return min(rounds)


async def measured(goldens: Sequence[Golden]) -> dict[str, float | int]:
    """Hold them all, then what was agreed to once more."""
    steps: list[tuple[Any, ...]] = []
    with tempfile.TemporaryDirectory(prefix="sayso-bench-dialogue-") as name:
        folder = Path(name)
        published = await asyncio.to_thread(publish, ROOT / "manifests", ROOT / "skills", folder / "published")
        with recorded(steps):
            each = [await held(golden, published, folder / str(n)) for n, golden in enumerate(goldens)]
        orders = [(h.order, h.golden) for h in each if h.order is not None]
        taken = [await turns_to(order, g, published, folder / f"o{n}") for n, (order, g) in enumerate(orders)]
    reached = [turns for turns in taken if turns is not None]
    for (order, golden), turns in zip(orders, taken, strict=True):
        if turns != LEAST:
            print(f"{turns} turns: {golden.id} {order.proposal.intent} {dict(order.proposal.slots)}")
    one, turns = cpu_ms(steps), sum(type(given[1]).__name__ == "TurnBegin" for given in steps)
    return {
        "step_cpu_ms": round(one, 4),
        "turn_cpu_ms": round(one * len(steps) / turns, 4),
        "steps": len(steps),
        "turns_over_minimum": round(statistics.mean(n - LEAST for n in reached), 3) if reached else 0.0,
        "orders": len(orders),
        "orders_not_reached": len(orders) - len(reached),
        "goldens": len(each),
        "goldens_passed": sum(h.passed for h in each),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-k", default="", help="only goldens whose id has this in it")
    words = parser.parse_args().k
    paths = find([ROOT / "manifests", ROOT / "skills"])
    found = [golden for path in paths for golden in load(path) if words in golden.id]
    print(json.dumps(asyncio.run(measured(found))))


if __name__ == "__main__":
    main()
