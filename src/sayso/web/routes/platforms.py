"""Where assistant platforms post their requests: bytes in, bytes out; the channel does the rest."""

from __future__ import annotations

from quart import Response, request

from sayso.channels import dialogflow
from sayso.channels.alexa import Ready
from sayso.errors import NotFound
from sayso.model.event import Proof
from sayso.web import asking
from sayso.web.doors import handed_over, take
from sayso.web.parts import Site
from sayso.web.routes.table import Route


async def alexa(site: Site, merchant: str) -> Response:
    """A request of an Alexa custom skill."""
    found, door = await site.parts.artefacts.current(merchant), site.parts.alexa
    if found is None or door is None:
        raise NotFound(f"{merchant!r} has no Alexa skill here", where="path")

    def prove(token: str) -> Proof:
        return site.parts.customer(found.merchant, token)

    came = await door.receive(dict(request.headers), await asking.raw(), site.parts.clock.now(), found, prove)
    if isinstance(came, Ready):
        return _bytes(came.body)
    answer = await take(site, came)
    return _bytes(door.respond(came, [posted.message for posted in answer.messages], found))


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
    Route("POST", "/v1/dialogflow/es/<merchant>", dialogflow_es),
    Route("POST", "/v1/dialogflow/cx/<merchant>", dialogflow_cx),
    Route("POST", "/v1/dialogflow/es", dialogflow_es_here),
    Route("POST", "/v1/dialogflow/cx", dialogflow_cx_here),
)
