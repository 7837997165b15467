"""What holds for every request and response: ids, host names, security headers, other sites, one log line."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Mapping

from quart import Quart, Response, g, request

from sayso.errors import SaysoError, Theirs
from sayso.web.logs import note
from sayso.web.parts import Site

log = logging.getLogger("sayso.http")

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SHARED = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Expose-Headers": "Idempotent-Replayed, Retry-After, X-Request-Id",
    "Access-Control-Max-Age": "600",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HOST = re.compile(r"[A-Za-z0-9.\-_]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


def install(app: Quart, site: Site) -> None:
    """Put the guards around every route of the application."""

    async def before() -> Response | None:
        g.began, g.request_id = time.perf_counter(), _request_id()
        _check_host(site)
        if request.method == "OPTIONS" and request.headers.get("Access-Control-Request-Method"):
            return Response(b"", 204)
        return None

    async def after(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["X-Request-Id"] = request_id()
        await _share(site, response)
        _note(site, response)
        return response

    app.before_request(before)
    app.after_request(after)


def request_id() -> str:
    """This request's id: the proxy's, when it sent a sane one."""
    return str(g.get("request_id", "")) or _request_id()


def _request_id() -> str:
    given = request.headers.get("X-Request-Id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _check_host(site: Site) -> None:
    host = request.headers.get("Host", "")
    if not _HOST.fullmatch(host):
        raise Theirs(
            "the Host header is not a host name", where="Host", mend="Send the name of this host.", code="bad_host"
        )
    if site.config.hosts and _name(host) not in site.config.hosts:
        raise Theirs(
            "this host name is not served here", where="Host", mend="Use another name.", status=421, code="bad_host"
        )


def _name(host: str) -> str:
    """The host's name without its port."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).lower()


async def _share(site: Site, response: Response) -> None:
    """Let the sites that the merchant names call the API with a bearer token; cookies stay ours."""
    origin, merchant = request.headers.get("Origin", ""), (request.view_args or {}).get("merchant")
    if not origin or not merchant or not request.path.startswith("/v1/merchants/"):
        return
    response.headers.add("Vary", "Origin")
    try:
        found = await site.parts.artefacts.current(merchant)
    except SaysoError:
        return
    web = [channel.settings for channel in found.merchant.channels if channel.name == "web"] if found else []
    if any(origin in str(settings.get("origins", "")).split() for settings in web):
        response.headers.update({"Access-Control-Allow-Origin": origin, **SHARED})
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def _note(site: Site, response: Response) -> None:
    """One line and one count a request, by the route's name: a path would tell the conversation's id."""
    route = request.endpoint or "none"
    site.metrics.requests.labels(route, str(response.status_code)).inc()
    spent = time.perf_counter() - g.get("began", time.perf_counter())
    level = logging.DEBUG if route.startswith("ops.") else logging.INFO
    note(
        log,
        level,
        "request",
        request=request_id(),
        route=route,
        method=request.method,
        status=response.status_code,
        ms=round(spent * 1000, 2),
    )
