"""LINE's Messaging API: webhooks in, replies and pushes out.

A request is proven by base64(HMAC-SHA256(channel secret, raw body)) in `x-line-signature`. The console's "Verify" sends
no events. Sources: LINE Developers "Messaging API reference", line/line-openapi (2026-07-01).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sayso.channels.contract import (
    Account,
    Address,
    Attached,
    Call,
    Capabilities,
    Event,
    Forbidden,
    Inbound,
    Outcome,
    Part,
    Pressed,
    Pushing,
    Request,
    Theirs,
    Unauthorised,
    Utterance,
    identifier,
    inner,
    items,
    json_object,
    read_capabilities,
    same,
    small,
    told,
)
from sayso.channels.line.api import call, outcome
from sayso.channels.line.files import fetched
from sayso.channels.line.limits import limits
from sayso.channels.line.parse import body_of, id_of, via, who
from sayso.channels.line.wire import wire

__all__ = ["Line", "channel", "signature"]


@dataclass(frozen=True, slots=True)
class Line:
    """An official account of a merchant."""

    name: str = "line"
    capabilities: Capabilities = field(default_factory=lambda: read_capabilities("sayso.channels.line"))

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        """Many events a request; one that cannot be read does not cost the others."""
        _proven(request, account)
        found = items(json_object(request.body, limits().max_bytes), "events")[: limits().max_events]
        told_of = [each for each in found if isinstance(each, dict)]
        made = [(each, self._event(each, account, now)) for each in told_of]
        events = tuple(event for _, event in made if event)
        ignored = tuple(told(each, "type", 32) or "event" for each, event in made if event is None)
        calls = tuple(call for each, event in made if event for call in _manners(each, event, account))
        return Inbound(events=events, calls=calls, ignored=ignored)

    def _event(self, said: Mapping[str, Any], account: Account, now: datetime) -> Event | None:
        whose, id = who(said), id_of(said)
        body = body_of(said) if said.get("mode", "active") == "active" or said.get("type") in _CONTROL else None
        if whose is None or not id or body is None:
            return None
        most, vouched = self.capabilities.deadline_s, whose.proof(account.id)
        return account.event(id, whose.conversation, body, now, most, proof=vouched, via=via(said, now))

    def wire(self, part: Part, to: Address, account: Account) -> Call:
        return wire(part, to, account)

    def outcome(self, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
        return outcome(status, headers, body)

    def attachment(self, attached: Attached, account: Account) -> Call | None:
        return fetched(attached, account)

    def attachment_at(self, answer: bytes, attached: Attached, account: Account) -> Call | None:
        return None


_CONTROL = ("deactivated",)
"""Events that tell themselves who is in charge."""


def signature(body: bytes, secret: str) -> str:
    """The value of `x-line-signature`."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _proven(request: Request, account: Account) -> None:
    if request.method != "POST":
        raise Theirs("LINE posts its events", where="method", mend="use POST", status=405, code="method")
    small(request.body, limits().max_bytes)
    given, secret = request.headers.get(limits().signature, ""), account.secret("channel_secret")
    mend = "send what LINE signed, with the secret of this channel"
    if not given:
        raise Unauthorised("no signature", where=limits().signature, mend=mend)
    if not same(given, signature(request.body, secret)):
        raise Forbidden("a wrong signature", where=limits().signature, mend=mend)


def _manners(said: Mapping[str, Any], event: Event, account: Account) -> Iterator[Call]:
    """The customer sees that the message was read and that an answer is on its way; in a chat of two only."""
    if token := identifier(inner(said, "message"), "markAsReadToken", 512):
        yield call(account, "/v2/bot/chat/markAsRead", {"markAsReadToken": token})
    if isinstance(event.body, Utterance | Pressed) and ":" not in event.conversation:
        fields = {"chatId": event.conversation, "loadingSeconds": limits().loading_s}
        yield call(account, "/v2/bot/chat/loading/start", fields)


channel: Pushing = Line()
