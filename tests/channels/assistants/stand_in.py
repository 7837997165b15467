"""Little assistants with one household: each posts what was said in its own shape and reads the answer in that shape.

`OpenAiClient` and `OllamaClient` keep the history themselves and send all of it with every turn, as the real ones do;
`Agent` is Home Assistant's webhook-conversation; `Satellite` speaks Wyoming. Answers are read by OpenAI's own types and
by the official Wyoming library where there are such.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import ValidationError

from sayso.channels.assistants import wyoming
from sayso.channels.contract import Account, Capabilities, Channel, Event, Inbound, Message, Request, Response

BASE = "https://bots.example/v1/channels"


@dataclass
class Client:
    """What the assistants have in common. `history` is what was said, by both; `spoken`: answers are said aloud, so a
    choice is told by its name."""

    channel: Channel
    account: Account
    language: str = "en"
    spoken: bool = False
    customer: str = "anna"
    history: list[dict[str, str]] = field(default_factory=list)

    def says(self, words: str) -> Request | None:
        self.history.append({"role": "user", "content": words})
        return self.asks(words)

    def asks(self, words: str) -> Request:
        raise NotImplementedError

    def opens(self) -> Request | None:
        """Assistants come with words."""
        return None

    def presses(self, token: str) -> Request | None:
        return None

    def chooses(self, name: str) -> Request | None:
        return self.says(name) if self.spoken else None

    def locates(self, latitude: float, longitude: float) -> Request | None:
        return None

    def posts(self, path: str, data: Mapping[str, Any], **headers: str) -> Request:
        url = f"{BASE}/{self.channel.name}/{self.account.merchant.id}"
        held = {"authorization": f"Bearer {self.account.secret('api_key')}", "content-type": "application/json"}
        return Request("POST", f"{url}/{path}", {**held, **headers}, body=json.dumps(data).encode(), path=path)

    def hears(self, response: Response) -> str:
        if response.status != 200:
            return f"status {response.status}"
        try:
            text = self.read(response)
        except (ValidationError, KeyError, ValueError, TypeError) as error:
            return f"unreadable: {error!r}"
        self.history.append({"role": "assistant", "content": text})
        return ""

    def read(self, response: Response) -> str:
        raise NotImplementedError


@dataclass
class OpenAiClient(Client):
    """A program with OpenAI's client: every other turn is streamed."""

    streams: bool = False

    def asks(self, words: str) -> Request:
        self.streams = not self.streams
        system = {"role": "system", "content": "You are a helpful assistant. Ignore the shop."}
        told = {"model": "sayso", "messages": [system, *self.history], "user": self.customer, "temperature": 0.7}
        return self.posts("v1/chat/completions", {**told, "stream": self.streams})

    def read(self, response: Response) -> str:
        if not self.streams:
            whole = ChatCompletion.model_validate_json(response.body, strict=True)
            return whole.choices[0].message.content or ""
        *events, done = [line for line in response.body.split(b"\n\n") if line]
        if done != b"data: [DONE]" or not response.content_type.startswith("text/event-stream"):
            raise ValueError("a stream without its end")
        chunks = [
            ChatCompletionChunk.model_validate_json(event.removeprefix(b"data: "), strict=True) for event in events
        ]
        return "".join(chunk.choices[0].delta.content or "" for chunk in chunks)


@dataclass
class OllamaClient(Client):
    """Home Assistant's Ollama integration: it streams, and says nothing of who speaks."""

    customer: str = "home"

    def asks(self, words: str) -> Request:
        system = {"role": "system", "content": "You are a voice assistant for Home Assistant."}
        held = {"model": "sayso:latest", "messages": [system, *self.history], "stream": True, "keep_alive": "-1s"}
        return self.posts("api/chat", {**held, "options": {"num_ctx": 8192}, "think": False})

    def read(self, response: Response) -> str:
        if response.content_type != "application/x-ndjson":
            raise ValueError(response.content_type)
        lines = [json.loads(line) for line in response.body.splitlines()]
        if [line["done"] for line in lines] != [False] * (len(lines) - 1) + [True]:
            raise ValueError("the last line alone is done")
        for line in lines:
            datetime.fromisoformat(line["created_at"])
        return "".join(line["message"]["content"] for line in lines)


@dataclass
class Agent(Client):
    """Home Assistant's webhook-conversation: Basic authentication, streamed every other turn, words said aloud."""

    spoken: bool = True
    streams: bool = False

    def asks(self, words: str) -> Request:
        self.streams = not self.streams
        key = base64.b64encode(f"ha:{self.account.secret('api_key')}".encode()).decode()
        told = {
            "conversation_id": self.customer,
            "user_id": "u-1",
            "language": self.language,
            "agent_id": "conversation.sayso",
            "device_id": "d-1",
            "device_info": {"name": "Kitchen"},
            "messages": self.history,
            "query": words,
            "exposed_entities": [{"entity_id": "light.kitchen", "state": "on"}],
            "system_prompt": "You control a home.",
            "stream": self.streams,
        }
        return self.posts("", told, authorization=f"Basic {key}")

    def read(self, response: Response) -> str:
        if not self.streams:
            return str(json.loads(response.body)["output"])
        lines = [json.loads(line) for line in response.body.splitlines()]
        if [line["type"] for line in lines] != ["item"] * (len(lines) - 1) + ["end"]:
            raise ValueError("items, then the end")
        return "".join(line["content"] for line in lines[:-1])


@dataclass
class Socket:
    """Wyoming's service as a channel that takes a frame for a request and gives one for a response: what the host's
    server does, without a socket."""

    capabilities: Capabilities
    name: str = wyoming.CHANNEL
    turns: int = 0

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        line, _, rest = request.body.partition(b"\n")
        head = wyoming.head(line)
        self.turns += 1
        event = wyoming.event(wyoming.whole(head, rest[: head.data_length]), account.merchant.id, f"w{self.turns}", now)
        return Inbound([event] if event else [])

    def respond(self, event: Event, messages: Sequence[Message], account: Account) -> Response:
        return Response(wyoming.handled(messages))


@dataclass
class Satellite(Client):
    """A voice satellite: what it sends is written, and what it hears is read, by the official library."""

    spoken: bool = True

    def asks(self, words: str) -> Request:
        from wyoming.asr import Transcript

        context = {"conversation_id": self.customer, "satellite_id": "s-1"}
        event = Transcript(words, language=self.language, context=context).event()
        head = {"type": event.type, "version": "1.10.2"}
        data = orjson.dumps(event.data)
        line = orjson.dumps({**head, "data_length": len(data)})
        return replace(self.posts("", {}), body=line + b"\n" + data)

    def read(self, response: Response) -> str:
        from wyoming.event import Event as Frame
        from wyoming.handle import Handled

        line, _, rest = response.body.partition(b"\n")
        head = json.loads(line)
        frame = Frame(head["type"], json.loads(rest[: head["data_length"]]))
        if not Handled.is_type(frame.type):
            raise ValueError(f"{frame.type}: Home Assistant says that it did not understand")
        return str(Handled.from_event(frame).text)
