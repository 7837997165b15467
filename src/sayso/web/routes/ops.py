"""Operations: is it alive, is it ready, what does it count, what does its API look like."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST
from quart import Response

from sayso.web import asking
from sayso.web.delivering import measure
from sayso.web.parts import Site
from sayso.web.routes.table import Route


async def livez(site: Site) -> Response:
    """The process runs."""
    return asking.reply({"status": "alive"})


async def readyz(site: Site) -> Response:
    """The host takes events: its store answers and it is not ending."""
    if site.draining.is_set():
        return asking.reply({"status": "draining"}, 503)
    await site.parts.artefacts.merchants()
    return asking.reply({"status": "ready"})


async def metrics(site: Site) -> Response:
    """What Prometheus asks for."""
    site.metrics.lag.set(await site.parts.lag())
    if site.parts.outbox is not None:
        await measure(site.parts.outbox, site.metrics, site.parts.clock.now())
    return Response(site.metrics.render(), content_type=CONTENT_TYPE_LATEST)


async def openapi(site: Site) -> Response:
    """The public API's OpenAPI document."""
    return asking.reply(dict(site.api))


ROUTES = (
    Route("GET", "/livez", livez),
    Route("GET", "/readyz", readyz),
    Route("GET", "/metrics", metrics),
    Route("GET", "/v1/openapi.json", openapi),
)
