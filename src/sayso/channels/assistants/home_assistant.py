"""Home Assistant through the integration "webhook-conversation": the one route that tells conversation and user.

URL = https://YOUR-HOST/v1/channels/home_assistant/MERCHANT, output field "output", Basic authentication. Source:
EuleMitKeule/webhook-conversation, README (2026-11-21). Whoever is logged in to Home Assistant speaks: a satellite in a
kitchen has nobody, so an order on account still needs who it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from sayso.channels.assistants.limits import capabilities, limits
from sayso.channels.assistants.turns import Heard, answer, error_body, event, keyed, last_said, whose
from sayso.channels.contract import (
    Account,
    Capabilities,
    Event,
    Inbound,
    Message,
    Request,
    Response,
    Theirs,
    identifier,
    items,
    json_object,
    told,
)


@dataclass(frozen=True, slots=True)
class HomeAssistant:
    """Turns of a conversation agent."""

    name: str = "home_assistant"
    capabilities: Capabilities = field(default_factory=lambda: capabilities("home_assistant"))

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        keyed(request, account)
        if request.method != "POST":
            raise Theirs("turns are posted", where="method", mend="use POST", status=405, code="method")
        data = json_object(request.body, limits().max_bytes)
        if "audio" in data or ("text" in data and "query" not in data):
            raise Theirs(
                "speech is not made or read here", where="body", mend="choose other speech services in Home Assistant"
            )
        history = items(data, "messages")[: limits().max_messages]
        heard = Heard(
            told(data, "query").strip() or last_said(history),
            whose(identifier(data, "conversation_id") or identifier(data, "device_id"), request, account),
            identifier(data, "user_id"),
            identifier(data, "language", 35),
            history,
        )
        via = {"stream": "yes" if data.get("stream") is True else ""}
        return Inbound([event(heard, account, self.capabilities, now, via)])

    def respond(self, event: Event, messages: Sequence[Message], account: Account) -> Response:
        text = answer(messages, account, self.capabilities)
        if not event.via.get("stream"):
            return Response(orjson.dumps({"output": text}), content_type="application/json")
        lines = ({"type": "item", "content": text}, {"type": "end"})
        return Response(b"".join(orjson.dumps(line) + b"\n" for line in lines), content_type="application/x-ndjson")

    def refused(self, error: Theirs) -> Response:
        return Response(orjson.dumps(error_body(error)), error.status, "application/json")
