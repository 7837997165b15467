"""`POST chat/completions`, plain and streamed, and `GET models`: for assistants that speak only that.

base_url = https://YOUR-HOST/v1/channels/openai/MERCHANT. Source: OpenAI's API reference, "Chat" (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson

from sayso.channels.assistants.limits import capabilities, limits
from sayso.channels.assistants.turns import Heard, answer, error_body, event, keyed, last_said, listed, whose
from sayso.channels.contract import (
    Account,
    Capabilities,
    Event,
    Inbound,
    Message,
    NotFound,
    Request,
    Response,
    Theirs,
    identifier,
    inner,
    json_object,
)

STREAMED = "text/event-stream"


@dataclass(frozen=True, slots=True)
class OpenAi:
    """The shape of OpenAI's API."""

    name: str = "openai"
    capabilities: Capabilities = field(default_factory=lambda: capabilities("openai"))

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        keyed(request, account)
        path = request.path.removeprefix("v1/")
        if path == "models":
            return Inbound(response=_json(_models(now)))
        if path != "chat/completions":
            raise NotFound(f"there is no {path!r} here", where="path", mend="POST chat/completions, or GET models")
        if request.method != "POST":
            raise Theirs("chat/completions is posted to", where="method", mend="use POST", status=405, code="method")
        data = json_object(request.body, limits().max_bytes)
        messages = listed(data.get("messages"))
        named = identifier(inner(data, "metadata"), "conversation_id") or identifier(data, "user")
        heard = Heard(last_said(messages), whose(named, request, account), identifier(data, "user"), history=messages)
        stream = "yes" if data.get("stream") is True else ""
        via = {"model": identifier(data, "model") or limits().name, "stream": stream}
        return Inbound([replace(event(heard, account, self.capabilities, now), via=via)])

    def respond(self, event: Event, messages: Sequence[Message], account: Account) -> Response:
        text = answer(messages, account, self.capabilities)
        shape = _chunks if event.via.get("stream") else _whole
        return shape(text, event)

    def refused(self, error: Theirs) -> Response:
        return _json(error_body(error), error.status)


def _head(event: Event, kind: str) -> dict[str, Any]:
    created = int(event.at.timestamp())
    return {"id": f"chatcmpl-{event.id}", "object": kind, "created": created, "model": event.via.get("model", "sayso")}


def _whole(text: str, event: Event) -> Response:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    return _json({**_head(event, "chat.completion"), "choices": [choice], "usage": usage})


def _chunks(text: str, event: Event) -> Response:
    """The answer as server-sent events: who speaks, the words, the end."""
    first = {"role": "assistant", "content": ""}
    deltas: list[tuple[dict[str, str], str | None]] = [(first, None), ({"content": text}, None), ({}, "stop")]
    head = _head(event, "chat.completion.chunk")
    lines = [{**head, "choices": [{"index": 0, "delta": delta, "finish_reason": end}]} for delta, end in deltas]
    body = b"".join(b"data: " + orjson.dumps(line) + b"\n\n" for line in lines) + b"data: [DONE]\n\n"
    return Response(body, content_type=STREAMED)


def _models(now: datetime) -> dict[str, Any]:
    one = {"id": limits().name, "object": "model", "created": 0, "owned_by": "sayso"}
    return {"object": "list", "data": [one]}


def _json(data: object, status: int = 200) -> Response:
    return Response(orjson.dumps(data), status, "application/json")
