"""`POST chat/completions`, plain and streamed, and `GET models`: for assistants that speak only that.

base_url = https://YOUR-HOST/v1/channels/openai/MERCHANT. Source: OpenAI's API reference, "Chat" (2026-11-21).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from sayso.channels.assistants.api import Api, Asked, Shape, said
from sayso.channels.assistants.limits import limits
from sayso.channels.assistants.turns import error_body
from sayso.channels.contract import Event, Response, identifier, inner

STREAMED = "text/event-stream"


def made() -> Api:
    """The channel."""
    shape = Shape(
        chat="chat/completions",
        told={"models": _models},
        model=limits().name,
        named=_named,
        streams=lambda asked: asked.get("stream") is True,
        whole=_whole,
        pieces=_chunks,
        wrong=error_body,
    )
    return Api("openai", shape)


def _named(asked: Asked) -> tuple[str, str]:
    user = identifier(asked, "user")
    return identifier(inner(asked, "metadata"), "conversation_id") or user, user


def _head(event: Event, kind: str) -> dict[str, Any]:
    created = int(event.at.timestamp())
    return {"id": f"chatcmpl-{event.id}", "object": kind, "created": created, "model": event.via.get("model", "sayso")}


def _whole(text: str, event: Event) -> Response:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    return said({**_head(event, "chat.completion"), "choices": [choice], "usage": usage})


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
