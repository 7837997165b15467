"""`GET api/tags` and `POST api/chat`: what Home Assistant's own Ollama integration speaks.

URL = https://YOUR-HOST/v1/channels/ollama/MERCHANT. No request says who speaks, so the manifest sets `single_user`, or
a proxy adds X-Conversation-Id. Source: ollama-python 0.6, Home Assistant's `ollama` integration (2026-11-21).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from sayso.channels.assistants.api import Api, Shape, said
from sayso.channels.assistants.limits import limits
from sayso.channels.contract import Event, Response, Theirs

LINES = "application/x-ndjson"
END = {"done": True, "done_reason": "stop"}


def made() -> Api:
    """The channel."""
    shape = Shape(
        chat="api/chat",
        told={"api/tags": _tags, "api/pull": lambda now: {"status": "success"}},
        model=_tag(),
        named=lambda asked: ("", ""),
        streams=lambda asked: asked.get("stream") is not False,
        whole=_whole,
        pieces=_lines,
        wrong=_wrong,
    )
    return Api("ollama", shape)


def _head(event: Event) -> dict[str, Any]:
    return {"model": event.via.get("model", ""), "created_at": event.at.isoformat()}


def _whole(text: str, event: Event) -> Response:
    return said({**_head(event), "message": _says(text), **END})


def _lines(text: str, event: Event) -> Response:
    """The answer as lines of JSON: the words, the end."""
    lines = ({"message": _says(text), "done": False}, {"message": _says(""), **END})
    return Response(b"".join(orjson.dumps({**_head(event), **line}) + b"\n" for line in lines), content_type=LINES)


def _says(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def _wrong(error: Theirs) -> dict[str, str]:
    return {"error": f"{error.text}; {error.mend}" if error.mend else error.text}


def _tags(now: datetime) -> dict[str, Any]:
    one = {"name": _tag(), "model": _tag(), "modified_at": now.isoformat(), "size": 0, "digest": "", "details": {}}
    return {"models": [one]}


def _tag() -> str:
    return f"{limits().name}:latest"
