"""A door in the shape of somebody's API for chats: one path takes a turn, others tell what there is. Pure.

What two such APIs have in common is here, once; what each calls things is its own (`openai_api`, `ollama_api`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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

Asked = Mapping[str, Any]
"""The JSON of a turn's request."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an API calls things. `chat`: the path of a turn; `told`: what other paths answer. Of a turn: `named` whose
    conversation it says it is and who speaks ("" for neither), `streams` whether the answer is wanted in pieces,
    `model` when it names none. `whole`, `pieces`: an answer; `wrong`: an error."""

    chat: str
    told: Mapping[str, Callable[[datetime], object]]
    model: str
    named: Callable[[Asked], tuple[str, str]]
    streams: Callable[[Asked], bool]
    whole: Callable[[str, Event], Response]
    pieces: Callable[[str, Event], Response]
    wrong: Callable[[Theirs], object]


@dataclass(frozen=True, slots=True)
class Api:
    """The channel of that shape."""

    name: str
    shape: Shape
    capabilities: Capabilities = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "capabilities", capabilities(self.name))

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        keyed(request, account)
        shape, path = self.shape, request.path.removeprefix("v1/")
        if path in shape.told:
            return Inbound(response=said(shape.told[path](now)))
        if path != shape.chat:
            known = " or ".join((f"POST {shape.chat}", *(f"GET {each}" for each in shape.told)))
            raise NotFound(f"there is no {path!r} here", where="path", mend=known)
        if request.method != "POST":
            raise Theirs(f"{path} is posted to", where="method", mend="use POST", status=405, code="method")
        return Inbound([self._turn(json_object(request.body, limits().max_bytes), request, account, now)])

    def _turn(self, asked: Asked, request: Request, account: Account, now: datetime) -> Event:
        messages, (named, user) = listed(asked.get("messages")), self.shape.named(asked)
        heard = Heard(last_said(messages), whose(named, request, account), user, history=messages)
        via = {"model": identifier(asked, "model") or self.shape.model}
        via["stream"] = "yes" if self.shape.streams(asked) else ""
        return event(heard, account, self.capabilities, now, via)

    def respond(self, event: Event, messages: Sequence[Message], account: Account) -> Response:
        shape = self.shape.pieces if event.via.get("stream") else self.shape.whole
        return shape(answer(messages, account, self.capabilities), event)

    def refused(self, error: Theirs) -> Response:
        return said(self.shape.wrong(error), error.status)


def said(data: object, status: int = 200) -> Response:
    """JSON."""
    return Response(orjson.dumps(data), status, "application/json")
