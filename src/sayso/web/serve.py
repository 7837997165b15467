"""Serving: uvicorn around the application, and an orderly end.

On SIGTERM (or SIGINT) `/readyz` turns 503 and event streams end, so that clients and balancers go elsewhere; turns that
run are finished and stored; then the listener closes, the jobs stop and the store is closed. A second signal ends at
once: what was acknowledged is in the store either way.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Generator

import uvicorn
from quart import Quart

from sayso.errors import SaysoError
from sayso.web.app import create_app
from sayso.web.config import Config
from sayso.web.doors import drained
from sayso.web.logs import configure
from sayso.web.parts import Site
from sayso.web.wire import wire

NOTICE_S = 0.2
"""Between saying that we end and closing the listener: one round of a balancer's health check on one machine."""
Tell = Callable[[str], None]


class Server(uvicorn.Server):
    """uvicorn without its own handling of signals: it ends the process before the store is closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


async def serve(config: Config, tell: Tell, ready: Callable[[str], None] = lambda url: None) -> None:
    """Wire a host and serve it until a signal. `tell` hears what takes time, `ready` the address once it listens.

    Raises SaysoError when the data folder or the address cannot be had.
    """
    configure(config.log_level)
    parts = await wire(config, tell=tell)
    app = create_app(config, parts)
    try:
        await run(app, config, ready)
    finally:
        await parts.close()


async def run(app: Quart, config: Config, ready: Callable[[str], None]) -> None:
    """Serve an application until a signal."""
    server = Server(settings(app, config))
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, _signalled, server, ending)
    serving = asyncio.create_task(_serving(server, config))
    site: Site = app.extensions["sayso"]
    drain = asyncio.create_task(_drain(server, site, ending))
    try:
        await _listening(server, serving)
        if server.started:
            ready(address(server, config))
        await serving
        if not server.started:
            raise SaysoError("the host did not start", mend="The log above says why.")
    finally:
        drain.cancel()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(one)


def settings(app: Quart, config: Config) -> uvicorn.Config:
    """uvicorn's settings: our logs, no server header, proxies only where they are trusted."""
    return uvicorn.Config(
        app,
        host=config.host,
        port=config.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(config.trusted_proxies),
        forwarded_allow_ips=list(config.trusted_proxies),
        timeout_graceful_shutdown=max(1, int(config.drain_s)),
        h11_max_incomplete_event_size=65_536,
    )


def address(server: Server, config: Config) -> str:
    """Where it listens; the port that was really taken when 0 was asked for."""
    port = next((one.getsockname()[1] for open_ in server.servers for one in open_.sockets), config.port)
    host = "localhost" if config.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else config.host
    return f"http://{host}:{port}"


async def _serving(server: Server, config: Config) -> None:
    try:
        await server.serve()
    except SystemExit:
        # uvicorn exits the process when it cannot bind; it has logged why.
        raise SaysoError(
            f"cannot listen on {config.host}:{config.port}",
            where="SAYSO_PORT",
            mend="Stop what uses the port, or set SAYSO_PORT to another (0 picks a free one).",
        ) from None


async def _listening(server: Server, serving: asyncio.Task[None]) -> None:
    while not server.started and not serving.done():
        await asyncio.wait({serving}, timeout=0.02)


def _signalled(server: Server, ending: asyncio.Event) -> None:
    if ending.is_set():
        server.force_exit = True
    ending.set()


async def _drain(server: Server, site: Site, ending: asyncio.Event) -> None:
    await ending.wait()
    site.draining.set()
    await asyncio.sleep(NOTICE_S)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(drained(site), site.config.drain_s)
    server.should_exit = True
