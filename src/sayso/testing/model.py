"""A scripted OpenAI-compatible server on the loopback: real HTTP, so that time limits, cut streams and errors are real.

`/v1/chat/completions` (with streaming, tools and json_schema) and `/v1/models`. It runs in a thread of its own.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sayso.testing.scripts import Cut, Fail, Reply, Script, Slow, answer_of, as_text

if TYPE_CHECKING:
    import uvicorn

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class _CutHere(ConnectionError):
    """Raised on purpose: the server closes the connection without ending the answer."""


@dataclass(slots=True)
class ModelServer:
    """The server as a test sees it: `url` for OPENAI_BASE_URL, `requests` that came, `script` to say what follows."""

    url: str
    requests: list[Mapping[str, Any]] = field(default_factory=list)
    abandoned: int = 0
    """Requests whose client left before the answer: the host kept its deadline."""
    _scripts: list[Script] = field(default_factory=list)

    def script(self, *scripts: Script) -> None:
        """Answer the next requests so, one each; the last one stays. Replaces what was scripted before."""
        self._scripts = list(scripts)

    def next(self) -> Script:
        """The script for the request that just came."""
        if not self._scripts:
            return Fail(503)
        return self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] != "http":
            return
        body = await _body(receive)
        if scope["path"].endswith("/models"):
            return await _json(send, 200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})
        if not scope["path"].endswith("/chat/completions"):
            return await _json(send, 404, _error("no such path"))
        request = json.loads(body)
        self.requests.append(request)
        await self._answer(self.next(), request, receive, send)

    async def _answer(self, script: Script, request: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if isinstance(script, Slow):
            if await _left_within(receive, script.seconds):
                self.abandoned += 1
                return
            script = script.then
        if isinstance(script, Fail):
            headers = {"retry-after": str(script.retry_after)}
            return await _json(send, script.status, _error(f"scripted {script.status}"), headers)
        cut = isinstance(script, Cut)
        reply = (
            Reply("cut in the middle of this")
            if isinstance(script, Cut)
            else answer_of(script, request, len(self.requests))
        )
        serial = len(self.requests)
        if request.get("stream"):
            return await _stream(send, reply, request, serial, cut)
        await _json(send, 200, _completion(reply, request, serial), cut=cut)


def serve_model() -> Iterator[ModelServer]:
    """Run a server until the generator is closed; meant to be the body of a fixture."""
    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0))
    server = ModelServer(f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
    config = uvicorn.Config(server, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        _stop(running, thread)


def _stop(running: uvicorn.Server, thread: threading.Thread) -> None:
    running.should_exit = True
    thread.join(timeout=10)


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _left_within(receive: Receive, seconds: float) -> bool:
    """Wait `seconds`; True as soon as the client has gone."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                continue
            return True
    except TimeoutError:
        return False


async def _json(
    send: Send, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None, cut: bool = False
) -> None:
    data = json.dumps(body).encode()
    sent = {"content-type": "application/json", "content-length": str(len(data)), **(headers or {})}
    await _start(send, status, sent)
    if cut:
        await send({"type": "http.response.body", "body": data[: len(data) // 2], "more_body": True})
        raise _CutHere
    await send({"type": "http.response.body", "body": data})


async def _stream(send: Send, reply: Reply, request: Mapping[str, Any], serial: int, cut: bool) -> None:
    await _start(send, 200, {"content-type": "text/event-stream"})
    chunks = list(_chunks(reply, request, serial))
    for chunk in chunks[: len(chunks) // 2] if cut else chunks:
        line = f"data: {json.dumps(chunk)}\n\n".encode()
        await send({"type": "http.response.body", "body": line, "more_body": True})
    if cut:
        raise _CutHere
    await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})


async def _start(send: Send, status: int, headers: Mapping[str, str]) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})


def _completion(reply: Reply, request: Mapping[str, Any], serial: int) -> Mapping[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": None if reply.tool else as_text(reply)}
    if reply.tool:
        message["tool_calls"] = [_call(reply, serial)]
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if reply.tool else "stop"}
    return {**_head(request, serial, "chat.completion"), "choices": [choice], "usage": _usage(reply, request)}


def _chunks(reply: Reply, request: Mapping[str, Any], serial: int) -> Iterator[Mapping[str, Any]]:
    head = _head(request, serial, "chat.completion.chunk")
    yield {**head, "choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}]}
    for delta in _deltas(reply, serial):
        yield {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    finish = "tool_calls" if reply.tool else "stop"
    yield {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
    if (request.get("stream_options") or {}).get("include_usage"):
        yield {**head, "choices": [], "usage": _usage(reply, request)}


def _deltas(reply: Reply, serial: int) -> Iterator[Mapping[str, Any]]:
    words = as_text(reply)
    parts = [words[at : at + 12] for at in range(0, len(words), 12)]
    if not reply.tool:
        yield from ({"content": part} for part in parts)
        return
    opening = _call(reply, serial)
    yield {"tool_calls": [{**opening, "index": 0, "function": {"name": reply.tool, "arguments": ""}}]}
    yield from ({"tool_calls": [{"index": 0, "function": {"arguments": part}}]} for part in parts)


def _call(reply: Reply, serial: int) -> Mapping[str, Any]:
    function = {"name": reply.tool, "arguments": as_text(reply)}
    return {"id": f"call_{serial}", "type": "function", "function": function}


def _head(request: Mapping[str, Any], serial: int, kind: str) -> Mapping[str, Any]:
    return {
        "id": f"chatcmpl-{serial}",
        "object": kind,
        "created": 1_700_000_000,
        "model": request.get("model", "scripted"),
    }


def _usage(reply: Reply, request: Mapping[str, Any]) -> Mapping[str, int]:
    asked, said = len(json.dumps(request)) // 4, len(as_text(reply)) // 4 + 1
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def _error(text: str) -> Mapping[str, Any]:
    return {"error": {"message": text, "type": "scripted", "code": None}}
