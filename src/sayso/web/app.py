"""The web application: the table of routes on Quart, with the guards and the errors around it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable

import orjson
from quart import Quart, Response
from werkzeug.exceptions import HTTPException

from sayso.errors import SaysoError
from sayso.web import guard, problem
from sayso.web.config import Config
from sayso.web.doors import drained
from sayso.web.guard import request_id
from sayso.web.logs import note
from sayso.web.openapi import document
from sayso.web.parts import Parts, Site
from sayso.web.rate import Rate
from sayso.web.received import Received
from sayso.web.routes import ROUTES, relay
from sayso.web.routes.pages import STATIC
from sayso.web.routes.table import bound
from sayso.web.tokens import Signer
from sayso.web.wyoming import Server

log = logging.getLogger("sayso.http")


def create_app(config: Config, parts: Parts) -> Quart:
    """The application of one host. Its `extensions["sayso"]` is the Site, for the server that ends it."""
    rates = Rate(config.rate), Rate(config.rate_opened)
    site = Site(config, parts, Signer(parts.secrets), *rates, api=document(ROUTES))
    app = Quart(__name__, static_folder=None, template_folder="pages")
    app.request_class = Received
    app.config["MAX_CONTENT_LENGTH"] = config.max_body
    app.config["BODY_TIMEOUT"] = 20
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.jinja_env.globals["labels"] = orjson.loads((STATIC / "labels.json").read_bytes())
    app.extensions["sayso"] = site
    guard.install(app, site)
    _errors(app)
    for route in ROUTES:
        app.add_url_rule(route.path, route.name, bound(route, site), methods=[route.method])
    relay.install(app, site)
    app.before_serving(parts.start)
    if config.wyoming is not None:
        server = Server(site, config.wyoming)
        app.before_serving(server.start)
        app.after_serving(server.stop)
    app.after_serving(_closing(site))
    return app


def _closing(site: Site) -> Callable[[], Awaitable[None]]:
    async def close() -> None:
        site.draining.set()
        await drained(site)
        await site.parts.close()

    return close


def _errors(app: Quart) -> None:
    """Every error as problem details; one that nobody foresaw is logged with the request's id and told as ours."""

    async def ours(error: SaysoError) -> Response:
        if error.status >= 500:
            log.error("refused", exc_info=error, extra={"fields": {"request": request_id(), "code": error.code}})
        return problem.of_ours(error, request_id())

    async def http(error: HTTPException) -> Response:
        return problem.of_http(error, request_id())

    async def unforeseen(error: Exception) -> Response:
        # The error's own text may hold what a customer said: the frames tell where it was.
        frames = traceback.format_tb(error.__traceback__)[-8:]
        note(log, logging.ERROR, "unforeseen", request=request_id(), error=type(error).__name__, frames=frames)
        return problem.response(500, "internal", "something went wrong on our side", request_id())

    app.register_error_handler(SaysoError, ours)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, unforeseen)
