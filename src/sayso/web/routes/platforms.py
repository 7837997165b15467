"""Where assistant platforms post their requests: bytes in, bytes out; the channel does the rest."""

from __future__ import annotations

from quart import Response, request

from sayso.channels.alexa import Ready
from sayso.errors import NotFound
from sayso.model.event import Proof
from sayso.web import asking
from sayso.web.doors import take
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


def _bytes(body: bytes) -> Response:
    return Response(body, content_type="application/json;charset=UTF-8")


ROUTES = (Route("POST", "/v1/alexa/<merchant>", alexa),)
