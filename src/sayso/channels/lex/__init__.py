"""Amazon Lex V2 and Amazon Connect, by a Lambda of the merchant's that posts its event here and returns the answer.

    bot ─▶ Lambda ─▶ POST /v1/channels/lex/<merchant>            ─▶ the turn ─▶ messages, dialogAction
    contact flow ─▶ Lambda ─▶ POST /v1/channels/lex/<merchant>/connect ─▶ the turn ─▶ a flat map of texts

Both name the conversation alike where Lex runs within a contact: Lex's session is the contact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson

from sayso.channels.contract import (
    Account,
    Capabilities,
    Event,
    Inbound,
    Message,
    NotFound,
    Request,
    Responding,
    Response,
    Theirs,
    Unauthorised,
    identifier,
    json_object,
    read_capabilities,
    same,
)
from sayso.channels.lex import read, write
from sayso.channels.lex.limits import limits

__all__ = ["channel"]

CONNECT = "connect"


@dataclass(frozen=True, slots=True)
class Lex:
    """Turns of a bot or a contact flow. The Lambda sends the account's key, and its own request's id."""

    name: str = "lex"
    capabilities: Capabilities = field(default_factory=lambda: read_capabilities(__package__))

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        _keyed(request, account)
        if request.path not in ("", CONNECT):
            raise NotFound(
                f"there is no {request.path!r} here", where="path", mend="post to this channel, or to connect"
            )
        if request.method != "POST":
            raise Theirs("events are posted", where="method", mend="use POST", status=405, code="method")
        data = json_object(request.body, limits().max_bytes)
        heard = read.connect(data) if request.path else read.lex(data)
        return Inbound([self._event(heard, request, account, now)])

    def _event(self, heard: read.Heard, request: Request, account: Account, now: datetime) -> Event:
        via = {"path": request.path, "intent": heard.intent, "attributes": heard.attributes}
        most = limits().connect_deadline_s if request.path else self.capabilities.deadline_s
        id, how = _id(heard, request), heard.voice
        return account.event(id, heard.conversation, heard.body, now, most, language=heard.language, voice=how, via=via)

    def respond(self, event: Event, messages: Sequence[Message], account: Account) -> Response:
        made: Mapping[str, Any]
        if event.via.get("path"):
            made = write.connect(event, messages, account, self.capabilities)
        else:
            made = write.lex(event, messages, account, self.capabilities)
        return Response(orjson.dumps(made), content_type="application/json")

    def to_person(self, event: Event) -> Event:
        return replace(event, via={**event.via, "person": "yes"})


def _keyed(request: Request, account: Account) -> None:
    """Raises Unauthorised unless the request has the account's key as its bearer."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not same(given.strip(), account.secret("api_key")):
        raise Unauthorised(
            "a wrong or missing API key", where="Authorization", mend="send Authorization: Bearer KEY", code="bad_key"
        )


def _id(heard: read.Heard, request: Request) -> str:
    """The turn's id: the Lambda's own request, else Lex's. Raises Theirs when there is neither."""
    found = identifier(request.headers, "x-request-id", 200) or heard.id
    if found:
        return found
    raise Theirs(
        "nothing tells this event from the one before",
        where="X-Request-Id",
        mend="send X-Request-Id: the aws_request_id of the Lambda's context",
        code="no_request_id",
    )


channel: Responding = Lex()
