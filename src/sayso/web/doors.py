"""The one way in: an event of any channel is handled once, whatever becomes of the connection that brought it."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace

from sayso.host.ports import Answer
from sayso.model.event import Event
from sayso.web.logs import note
from sayso.web.parts import Site
from sayso.web.stream import stored

log = logging.getLogger("sayso.turns")


async def take(site: Site, event: Event) -> Answer:
    """Handle the event. When the client goes away the turn still ends and its answer is stored: the client gets it
    when it sends the event again or reads on."""
    task = asyncio.ensure_future(_measured(site, event))
    site.running.add(task)
    task.add_done_callback(site.running.discard)
    return await asyncio.shield(task)


async def told_before(site: Site, event: Event, answer: Answer) -> Answer:
    """A repeated event's answer as it stands in the transcript, with the positions it was given there."""
    if not answer.duplicate or all(posted.seq for posted in answer.messages):
        return answer
    traces = await site.parts.turns.traces(event.key)
    turn = next((trace.turn for trace in traces if trace.event.id == event.id), "")
    told = [one async for one in stored(site, event.key, 0) if one.turn == turn and one.author != "customer"]
    return replace(answer, messages=tuple(told), turn=turn) if turn else answer


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
