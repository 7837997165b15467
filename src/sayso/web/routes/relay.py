"""ConversationRelay: a telephone call over a WebSocket. One frame at a time, in order; the turn is the host's."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from quart import Quart, websocket

from sayso.channels.contract import Account, Request
from sayso.channels.twilio import proven
from sayso.channels.twilio_voice.answer import PERSON
from sayso.channels.twilio_voice.relay import Session, hear, speak
from sayso.errors import NotFound, SaysoError, Theirs
from sayso.model.event import Event
from sayso.web.doors import handed_over, take
from sayso.web.logs import note
from sayso.web.parts import Site

log = logging.getLogger("sayso.relay")

PATH = "/v1/channels/twilio_voice/<merchant>/relay"
NAME = "twilio_voice"
TAKEN, REFUSED = 1000, 1008
"""Codes with which a WebSocket is closed (RFC 6455, 7.4.1): all said, or a frame that is not to be taken."""


def install(app: Quart, site: Site) -> None:
    """Put the WebSocket beside the table of routes."""

    async def relay(merchant: str) -> tuple[str, int] | None:
        try:
            account = await _account(site, merchant)
        except SaysoError as error:  # Before the WebSocket is taken there is an HTTP status to tell it with.
            return error.text, error.status
        await websocket.accept()
        try:
            await _call(site, account, websocket.receive, websocket.send)
            await websocket.close(TAKEN)
        except Theirs as error:
            note(log, logging.WARNING, "relay refused", merchant=merchant, code=error.code)
            await websocket.close(REFUSED, error.text[:100])
        return None

    app.add_websocket(PATH, "relay.relay", relay)


async def _account(site: Site, merchant: str) -> Account:
    """The account that is called, the handshake proven. Raises NotFound or Theirs before the WebSocket is taken."""
    found = await site.parts.artefacts.current(merchant)
    if found is None:
        raise NotFound(f"there is no {NAME!r} of {merchant!r} here", where="path")
    account = site.parts.reach.account(found.merchant, NAME)
    public = account.public_url.rstrip("/")
    url = public.replace("https://", "wss://", 1).replace("http://", "ws://", 1) + websocket.path
    headers = {name.lower(): value for name, value in websocket.headers.items()}
    proven(Request("GET", url, headers), (), account.secret("auth_token"))
    return account


Receive = Callable[[], Awaitable[str | bytes]]
Send = Callable[[str], Awaitable[None]]


async def _call(site: Site, account: Account, receive: Receive, send: Send) -> None:
    """Until the call ends: what is said is answered."""
    session = Session()
    while True:
        session, event = hear(await receive(), session, account, site.parts.clock.now())
        if event is None:
            continue
        session, ended = await _answered(site, event, session, account, send)
        if ended:
            return


async def _answered(site: Site, event: Event, session: Session, account: Account, send: Send) -> tuple[Session, bool]:
    try:
        answer = await take(site, event)
    except SaysoError as error:  # The caller hears nothing and says it again.
        note(log, logging.ERROR, "turn failed", channel=event.channel, merchant=event.merchant, code=error.code)
        return session, False
    if await handed_over(site, answer.turn):
        event = replace(event, via={**event.via, PERSON: "yes"})
    messages = [posted.message for posted in answer.messages if posted.author != "customer"]
    session, frames = speak(messages, session, event, account)
    for frame in frames:
        await send(frame)
    return session, any('"type": "end"' in frame for frame in frames)
