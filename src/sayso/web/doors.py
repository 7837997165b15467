"""The one way in: an event of any channel is handled once, whatever becomes of the connection that brought it."""

from __future__ import annotations

import asyncio
import logging
import time

from sayso.host.ports import Answer
from sayso.model.action import HandedOver
from sayso.model.event import Event
from sayso.web.logs import note
from sayso.web.parts import Site

log = logging.getLogger("sayso.turns")


async def take(site: Site, event: Event) -> Answer:
    """Handle the event. When the client goes away the turn still ends and its answer is stored: the client gets it
    when it sends the event again or reads on."""
    task = asyncio.ensure_future(_measured(site, event))
    site.running.add(task)
    task.add_done_callback(site.running.discard)
    return await asyncio.shield(task)


async def handed_over(site: Site, turn: str) -> bool:
    """Whether a person was asked for in this turn, and promised."""
    trace = await site.parts.turns.trace(turn) if turn else None
    return trace is not None and any(isinstance(each.result, HandedOver) for each in trace.exchanges)


async def drained(site: Site) -> None:
    """Wait until no turn runs."""
    while site.running:
        await asyncio.wait(set(site.running))


async def _measured(site: Site, event: Event) -> Answer:
    began, outcome, turn = time.perf_counter(), "failed", ""
    try:
        answer = await site.parts.handle(event)
        outcome, turn = ("repeated" if answer.duplicate else "answered"), answer.turn
        return answer
    finally:
        seconds = time.perf_counter() - began
        site.metrics.turn(event.channel, outcome, seconds)
        note(
            log,
            logging.INFO,
            "turn",
            merchant=event.merchant,
            channel=event.channel,
            event=type(event.body).__name__,
            turn=turn,
            outcome=outcome,
            ms=round(seconds * 1000, 2),
        )
