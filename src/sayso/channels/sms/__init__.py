"""Text messages over Twilio: `sms`, and `mms` where pictures are carried too (the US, Canada, Australia).

Choices are numbers in the text. Twilio answers STOP and START itself and blocks what is sent after a STOP; we keep it
too. Sources: Twilio's "Messages resource", "Twilio's request to your incoming message webhook URL" (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sayso.channels.contract import (
    Account,
    Address,
    Attached,
    Call,
    Capabilities,
    Inbound,
    Outcome,
    Part,
    Pushing,
    Request,
    Theirs,
)
from sayso.channels.sms.limits import capabilities, limits
from sayso.channels.sms.parse import arrived, told
from sayso.channels.sms.wire import authorization, outcome, wire
from sayso.channels.twilio import proven, read_form
from sayso.channels.twilio.form import first

__all__ = ["Sms", "mms", "sms"]


@dataclass(frozen=True, slots=True)
class Sms:
    """A merchant's number or messaging service."""

    name: str = "sms"
    capabilities: Capabilities = field(default_factory=lambda: capabilities("sms"))

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        """A message, or at the path "status" what became of one of ours."""
        if request.method != "POST":
            raise Theirs("Twilio posts", where="method", mend="set the webhook to HTTP POST", status=405, code="method")
        json = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
        fields = () if json else read_form(request.body, limits().max_bytes)
        proven(request, fields, account.secret("auth_token"))
        form = first(fields)
        if request.path == "status":
            return told(form, request.query.get("part", "")[:64], now)
        return arrived(form, account, self.capabilities.deadline_s, now)

    def wire(self, part: Part, to: Address, account: Account) -> Call:
        return wire(part, to, account)

    def outcome(self, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
        return outcome(status, headers, body)

    def attachment(self, attached: Attached, account: Account) -> Call | None:
        """Twilio sends the call on to where the file lies, which needs no word of ours."""
        return Call("GET", attached.handle, {"authorization": authorization(account)})

    def attachment_at(self, answer: bytes, attached: Attached, account: Account) -> Call | None:
        return None


sms: Pushing = Sms()
mms: Pushing = Sms("mms", capabilities("mms"))
