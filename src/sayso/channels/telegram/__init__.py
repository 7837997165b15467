"""Telegram's Bot API: updates in, messages out.

Proof of a request is a word that Telegram repeats in a header (setWebhook's secret_token). Source: Bot API 10.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sayso.channels.contract import (
    Account,
    Address,
    Attached,
    Body,
    Call,
    Capabilities,
    Event,
    Forbidden,
    Inbound,
    Outcome,
    Part,
    Pushing,
    Request,
    Theirs,
    Unauthorised,
    json_object,
    read_capabilities,
    same,
)
from sayso.channels.telegram.api import outcome
from sayso.channels.telegram.files import fetched, located
from sayso.channels.telegram.limits import limits
from sayso.channels.telegram.parse import Who, inbound, proof
from sayso.channels.telegram.wire import wire

__all__ = ["Telegram", "channel"]


@dataclass(frozen=True, slots=True)
class Telegram:
    """A bot of a merchant."""

    name: str = "telegram"
    capabilities: Capabilities = field(default_factory=lambda: read_capabilities("sayso.channels.telegram"))

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        """One update a request."""
        _proven(request, account)
        update = json_object(request.body, limits().max_bytes)
        return inbound(update, partial(self._event, account, now), account)

    def _event(self, account: Account, now: datetime, id: str, who: Who, body: Body, via: Mapping[str, str]) -> Event:
        most, vouched = self.capabilities.deadline_s, proof(who, account)
        return account.event(id, who.conversation, body, now, most, proof=vouched, language=who.language, via=via)

    def wire(self, part: Part, to: Address, account: Account) -> Call:
        return wire(part, to, account)

    def outcome(self, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
        return outcome(status, body)

    def attachment(self, attached: Attached, account: Account) -> Call | None:
        return located(attached, account)

    def attachment_at(self, answer: bytes, attached: Attached, account: Account) -> Call | None:
        return fetched(answer, account)


def _proven(request: Request, account: Account) -> None:
    if request.method != "POST":
        raise Theirs("Telegram posts its updates", where="method", mend="use POST", status=405, code="method")
    given = request.headers.get(limits().secret, "")
    secret = account.secret("webhook_secret")
    if not given:
        raise Unauthorised("no secret token", where=limits().secret, mend="give setWebhook the same secret_token")
    if not same(given, secret):
        raise Forbidden("a wrong secret token", where=limits().secret, mend="give setWebhook the same secret_token")


channel: Pushing = Telegram()
