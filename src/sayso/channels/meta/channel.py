"""Messenger and Instagram as channels: the same threads on two hosts, with the limits of each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sayso.channels.contract import (
    Account,
    Address,
    Attached,
    Call,
    Capabilities,
    Event,
    Inbound,
    Message,
    Outcome,
    Part,
    Request,
)
from sayso.channels.meta.arrivals import Source, gathered
from sayso.channels.meta.door import handshake, proven
from sayso.channels.meta.graph import Graph, can_call, outcome, post
from sayso.channels.meta.send import action, addressed, message
from sayso.channels.meta.threads import things

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Threads:
    """A channel of threads. `objects`: what `object` of its webhooks may be; `base`: the host and path below which an
    account's calls are; `human_h`: hours after the customer's last words in which a person may still write."""

    name: str
    capabilities: Capabilities
    graph: Graph
    objects: frozenset[str]
    base: Callable[[Account, Graph], tuple[str, str]]
    human_h: float

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        """Raises Theirs: 401 or 403 for what is not proven, 400 or 413 for what is no webhook."""
        if request.method == "GET":
            return Inbound(response=handshake(request, account))
        body = proven(request, account, self.graph.body_bytes, old=True)
        source = Source(account, now, self.capabilities.deadline_s, lambda path, each: self._calls(path, each, account))
        return gathered(things(body, source, self.objects), lambda event: _noticed(event, source))

    def wire(self, part: Part, to: Address, account: Account) -> Call:
        """The call that sends one part. Raises NotFound where the host lacks the access token."""
        return self._post("messages", addressed(to.native, message(part, to.part)), account)

    def outcome(self, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
        return outcome(status, headers, body, self.graph)

    def attachment(self, attached: Attached, account: Account) -> Call | None:
        """Its address is signed: it needs no token, and gets none."""
        return Call("GET", attached.handle)

    def attachment_at(self, answer: bytes, attached: Attached, account: Account) -> Call | None:
        return None

    def template(self, message_: Message, to: Address, account: Account) -> Call | None:
        """What a person wrote may be sent for longer, where the account has the permission (human_agent)."""
        late = to.at is not None and to.now is not None and (to.now - to.at).total_seconds() > self.human_h * HOUR_S
        plain = not (message_.cards or message_.actions) and 0 < len(message_.text.encode()) <= self.capabilities.text
        if late or not plain or message_.author != "person" or not account.on("human_agent"):
            return None
        made = message(Part(message_.text), to.part)
        return self._post("messages", addressed(to.native, made, "MESSAGE_TAG", "HUMAN_AGENT"), account)

    def _calls(self, path: str, payload: Mapping[str, object], account: Account) -> tuple[Call, ...]:
        return (self._post(path, payload, account),) if can_call(account) else ()

    def _post(self, path: str, payload: Mapping[str, object], account: Account) -> Call:
        host, below = self.base(account, self.graph)
        return post(host, f"{below}/{path}", payload, self.graph, account)


def _noticed(event: Event, source: Source) -> Iterator[Call]:
    """That it was seen, and that an answer is being written."""
    if source.account.text("typing", "True") == "True":
        for name in ("mark_seen", "typing_on"):
            yield from source.call("messages", action(event.conversation, name))
