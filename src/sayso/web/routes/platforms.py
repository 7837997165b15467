"""Where assistant platforms post their requests: bytes in, bytes out; the channel does the rest."""

from __future__ import annotations

import asyncio
import logging

from quart import Response, request

from sayso.channels import dialogflow
from sayso.channels.alexa import EMPTY, ProgressiveLimits, Ready
from sayso.channels.contract import Call, Send
from sayso.errors import NotFound, SaysoError
from sayso.host.ports import Answer
from sayso.model.event import Event, Proof
from sayso.web import asking
from sayso.web.doors import handed_over, take
from sayso.web.logs import note
from sayso.web.parts import Site
from sayso.web.routes.table import Route

log = logging.getLogger("sayso.alexa")


async def alexa(site: Site, merchant: str) -> Response:
    """A request of an Alexa custom skill whose model nothing is known of."""
    return await _alexa(site, merchant, "")


async def alexa_of(site: Site, merchant: str, model: str) -> Response:
    """The same of a skill that was exported with this address: its model is known."""
    return await _alexa(site, merchant, model)


async def _alexa(site: Site, merchant: str, model: str) -> Response:
    found, door = await site.parts.artefacts.current(merchant), site.parts.alexa
    if found is None or door is None:
        raise NotFound(f"{merchant!r} has no Alexa skill here", where="path")

    def prove(token: str) -> Proof:
        return site.parts.customer(found.merchant, token)

    came = await door.receive(dict(request.headers), await asking.raw(), site.parts.clock.now(), found, prove)
    if isinstance(came, Ready):
        return _bytes(came.body)
    if came.about_skill and (await site.parts.turns.load(came.event.key))[0] is None:
        return _bytes(EMPTY)
    answer = await _awaited(site, came.event, door.meanwhile(came, found), door.limits.progressive)
    return _bytes(door.respond(came, [posted.message for posted in answer.messages], found, model))


async def _awaited(site: Site, event: Event, call: Call | None, limits: ProgressiveLimits) -> Answer:
    """The turn's answer. When it takes long the customer is told, by `call`, before the answer goes out."""
    turn = asyncio.ensure_future(take(site, event))
    if call is not None and site.parts.call is not None:
        await asyncio.wait({turn}, timeout=limits.after_seconds)
        if not turn.done():
            await _told(site.parts.call, call, limits.within_seconds)
    return await turn


async def _told(send: Send, call: Call, within: float) -> None:
    """Words for who waits; that they are not spoken harms nothing."""
    try:
        async with asyncio.timeout(within):
            status, _, _ = await send(call)
        note(log, logging.INFO, "told to wait", status=status)
    except (SaysoError, TimeoutError) as error:
        note(log, logging.INFO, "not told to wait", error=type(error).__name__)


async def dialogflow_es(site: Site, merchant: str) -> Response:
    """A webhook request of a Dialogflow ES agent."""
    return await _dialogflow(site, "es", merchant)


async def dialogflow_cx(site: Site, merchant: str) -> Response:
    """A webhook request of a Dialogflow CX agent."""
    return await _dialogflow(site, "cx", merchant)


async def dialogflow_es_here(site: Site) -> Response:
    """The same for the merchant that the host's name names."""
    return await _dialogflow(site, "es", _named())


async def dialogflow_cx_here(site: Site) -> Response:
    return await _dialogflow(site, "cx", _named())


async def _dialogflow(site: Site, edition: str, merchant: str) -> Response:
    found, door = await site.parts.artefacts.current(merchant), site.parts.dialogflow
    if found is None or door is None:
        raise NotFound(f"{merchant!r} has no Dialogflow agent here", where="path")

    def prove(token: str) -> Proof:
        return site.parts.customer(found.merchant, token)

    body = await asking.raw()
    came = await door.receive(edition, dict(request.headers), body, site.parts.clock.now(), found, prove)
    if isinstance(came, dialogflow.Ready):
        return _bytes(came.body)
    answer = await take(site, came.event)
    messages = [posted.message for posted in answer.messages if posted.author != "customer"]
    return _bytes(door.respond(came, messages, person=await handed_over(site, answer.turn)))


def _named() -> str:
    """The merchant that the first label of the host's name names: coffee-bar.bots.example is coffee_bar's."""
    return request.host.partition(":")[0].partition(".")[0].lower().replace("-", "_")


def _bytes(body: bytes) -> Response:
    return Response(body, content_type="application/json;charset=UTF-8")


ROUTES = (
    Route("POST", "/v1/alexa/<merchant>", alexa),
    Route("POST", "/v1/alexa/<merchant>/<model>", alexa_of),
    Route("POST", "/v1/dialogflow/es/<merchant>", dialogflow_es),
    Route("POST", "/v1/dialogflow/cx/<merchant>", dialogflow_cx),
    Route("POST", "/v1/dialogflow/es", dialogflow_es_here),
    Route("POST", "/v1/dialogflow/cx", dialogflow_cx_here),
)
