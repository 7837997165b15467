"""WhatsApp as a channel. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sayso.channels.contract import (
    Account,
    Address,
    Attached,
    Call,
    Capabilities,
    Event,
    Inbound,
    Message,
    NotFound,
    Outcome,
    Part,
    Request,
    fit,
    read_capabilities,
)
from sayso.channels.meta.arrivals import Source, gathered
from sayso.channels.meta.door import handshake, proven
from sayso.channels.meta.files import fetched, located
from sayso.channels.meta.graph import Graph, can_call, outcome, post, read_graph
from sayso.channels.whatsapp.flows import answer
from sayso.channels.whatsapp.parse import things
from sayso.channels.whatsapp.shapes import Shop, shaped
from sayso.channels.whatsapp.templates import templated

_NUMBER = re.compile(r"\+?\d{5,20}", re.ASCII)

TITLE = 24
"""Characters of a section's title (pywa types/callback.py)."""

FLOW = "flow"
"""The path of the forms' endpoint."""


@dataclass(frozen=True, slots=True)
class WhatsApp:
    """Implements `Pushing`, `Templated` and `Attaching`."""

    name: str
    capabilities: Capabilities
    graph: Graph

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        """Raises Theirs: 401 or 403 for what is not proven, 400 or 413 for what is no webhook."""
        if request.method == "GET":
            return Inbound(response=handshake(request, account))
        if request.path.strip("/") == FLOW:
            return Inbound(response=answer(request, account))
        body = proven(request, account, self.graph.body_bytes)
        source = Source(account, now, self.capabilities.deadline_s, lambda path, each: self._calls(path, each, account))
        found = things(body, source, self.graph.closed)
        return gathered(found, lambda event: _noticed(event, source))

    def wire(self, part: Part, to: Address, account: Account) -> Call:
        """The call that sends one part. Raises NotFound where the host lacks the access token."""
        return self._post("messages", addressed(to, shaped(part, _shop(account, part.language))), account)

    def outcome(self, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
        return outcome(status, headers, body, self.graph)

    def attachment(self, attached: Attached, account: Account) -> Call | None:
        """None for a contact's card, which is no file."""
        return located(attached, self.graph, account) if attached.handle else None

    def attachment_at(self, answer: bytes, attached: Attached, account: Account) -> Call | None:
        return fetched(answer, attached, account)

    def template(self, message: Message, to: Address, account: Account) -> Call | None:
        """The call that sends the approved message of the conversation's language; None when there is none."""
        made = templated(message, to.language, account)
        return self._post("messages", addressed(to, made), account) if made else None

    def _calls(self, path: str, payload: Mapping[str, Any], account: Account) -> tuple[Call, ...]:
        return (self._post(path, payload, account),) if can_call(account) else ()

    def _post(self, path: str, payload: Mapping[str, Any], account: Account) -> Call:
        return post(self.graph.facebook, f"{account.id}/{path}", payload, self.graph, account)


def _shop(account: Account, language: str) -> Shop | None:
    """The catalog there, where the manifest and the environment have one; the merchant's name stands above its
    products."""
    try:
        catalog = account.secret("catalog_id")
    except NotFound:
        return None
    names = account.merchant.names
    return Shop(catalog, fit(names.get(language) or next(iter(names.values())), TITLE, "utf16"))


def made() -> WhatsApp:
    return WhatsApp("whatsapp", read_capabilities(__package__), read_graph())


def addressed(to: Address, content: Mapping[str, Any]) -> dict[str, Any]:
    """The whole body of a call. Statuses bring `biz_opaque_callback_data` back."""
    whom = {"to": to.native} if _NUMBER.fullmatch(to.native) else {"recipient": to.native}
    base = {"messaging_product": "whatsapp", "recipient_type": "individual", **whom}
    return {**base, "biz_opaque_callback_data": to.part, **content}


def _noticed(event: Event, source: Source) -> Iterator[Call]:
    """That it was read, and that an answer is being written."""
    if source.account.text("typing", "True") == "True" and "message" in event.via:
        seen = {"messaging_product": "whatsapp", "status": "read", "message_id": event.via["message"]}
        yield from source.call("messages", {**seen, "typing_indicator": {"type": "text"}})
