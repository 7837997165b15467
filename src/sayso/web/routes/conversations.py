"""The web chat's API: open a conversation, send events, read messages, follow the stream."""

from __future__ import annotations

from typing import Any

from quart import Response, request

from sayso.channels.web import conversation_key, opened, parse, render
from sayso.errors import NotFound, Theirs
from sayso.host.ports import Answer, Listed, listed
from sayso.manifest.specs import MerchantSpec
from sayso.model.event import Proof
from sayso.people.principals import Resource, authorize
from sayso.skill.booking import calendar_file
from sayso.web import asking
from sayso.web.doors import take
from sayso.web.parts import Site
from sayso.web.routes.table import Route
from sayso.web.stream import events
from sayso.web.tokens import Visitor, conversation_token
from sayso.web.tracing import plain

PAGE = 200


async def list_merchants(site: Site) -> Response:
    """The merchants that have a web chat."""
    found = [one for one in await site.parts.artefacts.listed() if "web" in one.channels]
    return asking.reply({"merchants": [public(one) for one in found]})


async def show_merchant(site: Site, merchant: str) -> Response:
    return asking.reply(public(listed((await asking.artefact(site, merchant)).merchant)))


async def create(site: Site, merchant: str) -> Response:
    """Open a conversation: the merchant's assistant greets."""
    spec = (await asking.artefact(site, merchant)).merchant
    data = await asking.body("NewConversation")
    proof = _proof(site, spec, data.get("customer_token", ""))
    asking.limit(site.opened, asking.address())
    conversation, language = asking.new_id(), asking.language(spec, data.get("language", ""))
    event = opened(merchant, conversation, language, proof, site.parts.clock.now())
    answer = await take(site, event)
    token = _token(site, merchant, conversation, proof)
    made = {
        "id": conversation,
        "token": token,
        "language": language,
        "messages": _messages(answer, merchant, conversation),
    }
    return asking.set_cookie(asking.reply(made, 201), merchant, conversation, token)


async def send(site: Site, merchant: str, conversation: str) -> Response:
    """Send an event; the answer's messages come back. The same id again gives the same answer."""
    await asking.artefact(site, merchant)
    visitor = asking.holder(site, merchant, conversation)
    event = parse(await asking.raw(), merchant, conversation, visitor.proof, site.parts.clock.now())
    asking.limit(site.events, event.key)
    answer = await take(site, event)
    headers = {"Idempotent-Replayed": "true"} if answer.duplicate else {}
    told = {
        "event": event.id.rpartition("/")[2],
        "turn": answer.turn,
        "messages": _messages(answer, merchant, conversation),
    }
    return asking.reply(told, headers=headers)


async def identify(site: Site, merchant: str, conversation: str) -> Response:
    """Sign in within the conversation: its events are the customer's from now on."""
    spec = (await asking.artefact(site, merchant)).merchant
    asking.holder(site, merchant, conversation)
    data = await asking.body("CustomerToken")
    proof = _proof(site, spec, data["customer_token"])
    token = _token(site, merchant, conversation, proof)
    made = asking.reply({"token": token, "name": proof.subject})
    return asking.set_cookie(made, merchant, conversation, token)


async def messages(site: Site, merchant: str, conversation: str) -> Response:
    """The conversation's messages after a position, oldest first."""
    asking.holder(site, merchant, conversation)
    found = await site.parts.turns.messages(conversation_key(merchant, conversation), asking.whole("after"), PAGE)
    return asking.reply(
        {"messages": [render(one, merchant, conversation) for one in found], "more": len(found) == PAGE}
    )


async def stream(site: Site, merchant: str, conversation: str) -> Response:
    """Messages as they come. Resumes after `Last-Event-ID` (or `after`) without a gap or a double."""
    asking.holder(site, merchant, conversation)
    after = _resume()
    response = Response(
        events(site, merchant, conversation, after),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        content_type="text/event-stream",
    )
    # A stream has no end to wait for.
    response.timeout = None
    return response


async def appointment(site: Site, merchant: str, conversation: str, order: str) -> Response:
    """The calendar file of an appointment that was made in this conversation, as it stands now."""
    spec = await asking.artefact(site, merchant)
    asking.holder(site, merchant, conversation)
    language = asking.language(spec.merchant, request.args.get("language", ""))
    found = await site.parts.ledger.order(merchant, order)
    own = found is not None and found.conversation == conversation_key(merchant, conversation)
    file = calendar_file(found, spec, language, site.parts.clock.now()) if found and own else None
    if found is None or file is None:
        raise NotFound("this conversation has no such appointment", where="path", mend="Ask for it in the chat.")
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{found.number}.ics"'}
    return Response(file, headers=headers, content_type="text/calendar; charset=utf-8")


async def traces(site: Site, merchant: str, conversation: str) -> Response:
    """How each turn was understood and answered. For the merchant's staff; in demo mode for the visitor too."""
    if site.config.demo:
        asking.holder(site, merchant, conversation)
    else:
        authorize(asking.staff(site, merchant), "read_trace", Resource("trace", merchant))
    found = await site.parts.turns.traces(conversation_key(merchant, conversation))
    return asking.reply({"traces": [plain(trace) for trace in found]})


def public(one: Listed) -> dict[str, Any]:
    """What anybody may know of a merchant (schema "Merchant")."""
    return {
        "id": one.id,
        "names": dict(one.names),
        "languages": list(one.languages),
        "assistant": one.assistant,
        "phone": one.phone,
    }


def _proof(site: Site, spec: MerchantSpec, token: str) -> Proof:
    return site.parts.customer(spec, token) if token else Proof()


def _token(site: Site, merchant: str, conversation: str, proof: Proof) -> str:
    until = asking.ends(site.parts.clock.now())
    return conversation_token(site.signer, Visitor(merchant, conversation, proof), until)


def _messages(answer: Answer, merchant: str, conversation: str) -> list[dict[str, Any]]:
    return [render(posted, merchant, conversation) for posted in answer.messages]


def _resume() -> int:
    """The position of Last-Event-ID; a browser sends it when it reconnects by itself."""
    last = request.headers.get("Last-Event-ID", "")
    if not last:
        return asking.whole("after")
    if not (last.isascii() and last.isdigit() and len(last) <= 15):
        raise Theirs("Last-Event-ID is not one of ours", where="Last-Event-ID", mend="Send the last `id`.")
    return int(last)


_ONE = "/v1/merchants/<merchant>/conversations/<conversation>"
_HELD = ("conversation",)
ROUTES = (
    Route("GET", "/v1/merchants", list_merchants, "List the merchants", answers={200: "Merchants"}, tag="chat"),
    Route(
        "GET",
        "/v1/merchants/<merchant>",
        show_merchant,
        "Show a merchant",
        answers={200: "Merchant"},
        refuses=(404,),
        tag="chat",
    ),
    Route(
        "POST",
        "/v1/merchants/<merchant>/conversations",
        create,
        "Open a conversation",
        body="NewConversation",
        answers={201: "Conversation"},
        refuses=(400, 401, 404, 413, 415, 429),
        tag="chat",
    ),
    Route(
        "POST",
        f"{_ONE}/events",
        send,
        "Send an event",
        body="Event",
        answers={200: "Answered"},
        refuses=(400, 401, 403, 404, 413, 415, 429),
        security=_HELD,
        tag="chat",
    ),
    Route(
        "POST",
        f"{_ONE}/customer",
        identify,
        "Sign in within a conversation",
        body="CustomerToken",
        answers={200: "Token"},
        refuses=(400, 401, 403, 404, 413, 415),
        security=_HELD,
        tag="chat",
    ),
    Route(
        "GET",
        f"{_ONE}/messages",
        messages,
        "Read messages",
        answers={200: "Messages"},
        refuses=(400, 401, 403),
        security=_HELD,
        query=("after",),
        tag="chat",
    ),
    Route(
        "GET",
        f"{_ONE}/stream",
        stream,
        "Follow a conversation",
        answers={200: "text/event-stream"},
        refuses=(400, 401, 403),
        security=_HELD,
        query=("after",),
        tag="chat",
    ),
    Route(
        "GET",
        f"{_ONE}/appointments/<order>.ics",
        appointment,
        "Get an appointment's calendar file",
        answers={200: "text/calendar"},
        refuses=(401, 403, 404),
        security=_HELD,
        query=("language",),
        tag="chat",
    ),
    Route(
        "GET",
        f"{_ONE}/traces",
        traces,
        "Explain a conversation",
        answers={200: "Traces"},
        refuses=(401, 403),
        security=("staff", "conversation"),
        tag="chat",
    ),
)
