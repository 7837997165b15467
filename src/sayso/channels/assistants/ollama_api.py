"""`GET api/tags` and `POST api/chat`: what Home Assistant's own Ollama integration speaks.

URL = https://YOUR-HOST/v1/channels/ollama/MERCHANT. No request says who speaks, so the manifest sets `single_user`, or
a proxy adds X-Conversation-Id. Source: ollama-python 0.6, Home Assistant's `ollama` integration (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson

from sayso.channels.assistants.limits import capabilities, limits
from sayso.channels.assistants.turns import Heard, answer, event, keyed, last_said, listed, whose
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
    json_object,
)

LINES = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Ollama:
    """The shape of Ollama's API."""

    name: str = "ollama"
    capabilities: Capabilities = field(default_factory=lambda: capabilities("ollama"))

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        keyed(request, account)
        if request.path == "api/tags":
            return Inbound(response=_json({"models": [_model(now)]}))
        if request.path == "api/pull":
            return Inbound(response=_json({"status": "success"}))
        if request.path != "api/chat" or request.method != "POST":
            raise NotFound(f"there is no {request.path!r} here", where="path", mend="POST api/chat, or GET api/tags")
        data = json_object(request.body, limits().max_bytes)
        messages = listed(data.get("messages"))
        heard = Heard(last_said(messages), whose("", request, account), history=messages)
        model = identifier(data, "model") or _model(now)["model"]
        via = {"model": model, "stream": "" if data.get("stream") is False else "yes"}
        return Inbound([replace(event(heard, account, self.capabilities, now), via=via)])

    def respond(self, event: Event, messages: Sequence[Message], account: Account) -> Response:
        text = answer(messages, account, self.capabilities)
        head = {"model": event.via.get("model", ""), "created_at": event.at.isoformat()}
        end = {"done": True, "done_reason": "stop"}
        said = {"role": "assistant", "content": text}
        if not event.via.get("stream"):
            return _json({**head, "message": said, **end})
        lines: list[dict[str, Any]] = [
            {**head, "message": said, "done": False},
            {**head, "message": {"role": "assistant", "content": ""}, **end},
        ]
        return Response(b"".join(orjson.dumps(line) + b"\n" for line in lines), content_type=LINES)

    def refused(self, error: Theirs) -> Response:
        return _json({"error": f"{error.text}; {error.mend}" if error.mend else error.text}, error.status)


def _model(now: datetime) -> dict[str, Any]:
    name = f"{limits().name}:latest"
    return {"name": name, "model": name, "modified_at": now.isoformat(), "size": 0, "digest": "", "details": {}}


def _json(data: object, status: int = 200) -> Response:
    return Response(orjson.dumps(data), status, "application/json")
