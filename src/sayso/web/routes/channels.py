"""Where chat platforms and telephones post: one path for every channel, theirs and ours.

    verify, parse (the channel) -> store each event -> answer the platform -> run the turns, in order

An answer goes out through the outbox, or, where the platform takes it in its response, right here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from quart import Response, request

from sayso.channels.contract import Account, Call, Channel, Inbound, Refusing, Request, Responding, Transferring
from sayso.channels.contract import Response as Answered
from sayso.errors import NotFound, SaysoError, Theirs
from sayso.host.arriving import one_answer
from sayso.manifest.specs import Artefact
from sayso.model.event import Event
from sayso.skill.booking import calendar_file
from sayso.web import asking
from sayso.web.doors import handed_over, take
from sayso.web.logs import note
from sayso.web.parts import Site
from sayso.web.routes.table import Route

log = logging.getLogger("sayso.channels")


async def receive(site: Site, name: str, merchant: str) -> Response:
    """A platform's request to a merchant's account."""
    return await _taken(site, name, merchant, "")


async def receive_below(site: Site, name: str, merchant: str, path: str) -> Response:
    """The same at an address of the channel's own below it: a status, a form."""
    return await _taken(site, name, merchant, path)


async def handshake(site: Site, name: str, merchant: str) -> Response:
    """The same by GET: how some platforms ask whether this address is theirs to use."""
    return await _taken(site, name, merchant, "")


async def handshake_below(site: Site, name: str, merchant: str, path: str) -> Response:
    return await _taken(site, name, merchant, path)


async def _taken(site: Site, name: str, merchant: str, path: str) -> Response:
    channel, account = await _account(site, name, merchant)
    try:
        inbound = channel.receive(await _request(site, path), account, site.parts.clock.now())
    except Theirs as error:
        if isinstance(channel, Refusing):
            return _response(channel.refused(error))
        raise
    for ignored in inbound.ignored:
        note(log, logging.INFO, "ignored", channel=name, merchant=merchant, what=ignored[:80])
    await _reported(site, name, account, inbound)
    inbound = replace(inbound, events=one_answer(inbound.events))
    if isinstance(channel, Responding) and inbound.events:
        return await _responded(site, channel, account, inbound)
    kept = [event for event in [await _kept(site, event) for event in inbound.events] if event is not None]
    _begin(site, kept, inbound.calls, account)
    return _response(inbound.response)


async def _account(site: Site, name: str, merchant: str) -> tuple[Channel, Account]:
    channel, found = site.parts.reach.channels.get(name), await site.parts.artefacts.current(merchant)
    if channel is None or found is None:
        raise NotFound(f"there is no {name!r} of {merchant!r} here", where="path")
    return channel, site.parts.reach.account(found.merchant, name)


async def _request(site: Site, path: str) -> Request:
    """The request as its platform made it: the public address counts, whatever a proxy made of it."""
    body = await request.get_data()
    public = site.config.public_url.rstrip("/")
    query = request.query_string.decode("latin-1")
    below = request.root_path + request.path + (f"?{query}" if query else "")
    return Request(
        method=request.method,
        url=public + below if public else request.url,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.args.items()),
        body=body if isinstance(body, bytes) else body.encode(),
        path=path,
    )


async def _reported(site: Site, name: str, account: Account, inbound: Inbound) -> None:
    if site.parts.report is not None:
        for report in inbound.reports:
            await site.parts.report(name, account, report)


async def _responded(site: Site, channel: Responding, account: Account, inbound: Inbound) -> Response:
    """The answer to the last event of the request, as its response."""
    *before, last = inbound.events
    for event in before:
        await take(site, event)
    _begin(site, (), inbound.calls, account)
    answer = await take(site, last)
    said = [posted.message for posted in answer.messages if posted.author != "customer"]
    if isinstance(channel, Transferring) and await handed_over(site, answer.turn):
        last = channel.to_person(last)
    return _response(channel.respond(last, said, account))


async def _kept(site: Site, event: Event) -> Event | None:
    """The event, stored. One that cannot be does not cost the others."""
    try:
        return await site.parts.keep(event)
    except Theirs as error:
        note(log, logging.WARNING, "event refused", channel=event.channel, merchant=event.merchant, code=error.code)
        return None


def _begin(site: Site, events: Sequence[Event], calls: Sequence[Call], account: Account) -> None:
    """Turns run after the platform has its answer: in order within a conversation, conversations beside each other."""
    ordered = sorted(events, key=lambda event: event.key)
    work = [_turns(site, tuple(mine)) for _, mine in groupby(ordered, key=lambda event: event.key)]
    for each in (*work, *([_called(site, calls, account)] if calls else [])):
        task = asyncio.ensure_future(each)
        site.running.add(task)
        task.add_done_callback(site.running.discard)


async def _turns(site: Site, events: Iterable[Event]) -> None:
    for event in events:
        try:
            await take(site, event)
        except SaysoError as error:  # It is stored: the next start runs it again.
            note(log, logging.ERROR, "turn failed", channel=event.channel, merchant=event.merchant, code=error.code)


async def _called(site: Site, calls: Sequence[Call], account: Account) -> None:
    """What may fail: a spinner that ends, a notice that somebody is typing. Where it needs a token it gets one."""
    send, access = site.parts.call, site.parts.access
    for call in calls if send else ():
        assert send is not None
        try:
            channel = site.parts.reach.channels.get(account.channel)
            await send(await access.filled(call, channel, account) if access else call)
        except SaysoError as error:
            note(log, logging.INFO, "notice not sent", code=error.code)


def _response(answered: Answered) -> Response:
    return Response(answered.body, answered.status, content_type=answered.content_type)


async def appointment(site: Site, token: str) -> Response:
    """The calendar file of an appointment, by the signed link that its conversation was given."""
    claims = site.signer.read("appointment", token, site.parts.clock.now())
    conversation, order = str(claims["c"]), str(claims["o"])
    merchant = conversation.partition("/")[0]
    spec: Artefact | None = await site.parts.artefacts.current(merchant)
    found = await site.parts.ledger.order(merchant, order)
    if spec is None or found is None or found.conversation != conversation:
        raise NotFound("there is no such appointment any more", where="path", mend="Ask for it in the chat.")
    language = asking.language(spec.merchant, request.args.get("language", ""))
    file = calendar_file(found, spec, language, site.parts.clock.now())
    if file is None:
        raise NotFound("there is no such appointment any more", where="path", mend="Ask for it in the chat.")
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{found.number}.ics"'}
    return Response(file, headers=headers, content_type="text/calendar; charset=utf-8")


_ONE = "/v1/channels/<name>/<merchant>"
ROUTES = (
    Route("POST", _ONE, receive),
    Route("POST", f"{_ONE}/<path:path>", receive_below),
    Route("GET", _ONE, handshake),
    Route("GET", f"{_ONE}/<path:path>", handshake_below),
    Route("GET", "/v1/appointments/<token>.ics", appointment),
)
