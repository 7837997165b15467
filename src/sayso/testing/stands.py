"""A conversation over a chat platform, as a test holds it: the platform is a stand-in that lives in memory.

    what the customer does ─▶ the stand's request ─▶ channel.receive ─▶ Event ─▶ the host's turn
    Message ─▶ compile ─▶ channel.wire ─▶ the stand, which refuses what its platform refuses
    Message ─▶ channel.respond ─▶ the same, where the platform takes the answer in its response

A button is pressed by what the platform showed of it: its own control, a number in the text, or, where there are no
controls, its name in words. One that can be reached in none of these ways is an error of the channel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from sayso.channels.compiler import Plan
from sayso.channels.contract import Account, Address, Call, Channel, Pushing, Request, Responding, Response
from sayso.errors import Theirs
from sayso.host.reach import Reach
from sayso.model.event import Body, Event, Located, Opened, Pressed, Proof, Silent, Utterance
from sayso.model.message import Message


class Stand(Protocol):
    """A platform with one customer. The requests are signed as the platform signs them; None where its customers
    cannot do that."""

    channel: Channel
    account: Account
    customer: str
    """The customer's native id."""

    def says(self, words: str) -> Request | None: ...

    def presses(self, token: str) -> Request | None:
        """The customer presses what was shown for `token`; None when nothing that was shown has it."""
        ...

    def opens(self) -> Request | None: ...

    def locates(self, latitude: float, longitude: float) -> Request | None: ...


@runtime_checkable
class Taking(Protocol):
    """A platform that is called."""

    def takes(self, call: Call) -> tuple[int, Mapping[str, str], bytes]:
        """The platform's answer to a call: it refuses what it refuses, with its error."""
        ...


@runtime_checkable
class Hearing(Protocol):
    """A platform that takes the answer in its response."""

    def hears(self, response: Response) -> str:
        """Why it refuses the response; "" when it takes it."""
        ...


@runtime_checkable
class Worded(Protocol):
    """A platform on which a choice is told by its name: it is spoken, or its control sends the name as words."""

    def chooses(self, name: str) -> Request | None:
        """The customer takes what was offered under `name`; None when nothing was."""
        ...


@runtime_checkable
class Speaking(Protocol):
    """A platform that tells with every request which language is spoken."""

    language: str


@runtime_checkable
class Silencing(Protocol):
    """A platform that tells that nobody answers."""

    def falls_silent(self) -> Request | None: ...


@runtime_checkable
class Timed(Protocol):
    """A platform that tells the time in what it signs."""

    now: datetime


class Over(Protocol):
    """What a conversation needs to be held over something: how the customer's deed becomes an event, and what becomes
    of the answer."""

    @property
    def conversation(self) -> str: ...

    def receive(self, id: str, body: Body, messages: Sequence[Message], now: datetime) -> Any:
        """What has the `event` of what the customer does. Raises Theirs when nobody can do that there."""
        ...

    def respond(self, received: Any, messages: Sequence[Message]) -> Mapping[str, Any]:
        """The response as the platform gets it."""
        ...


@dataclass(frozen=True, slots=True)
class Came:
    """An event with the account that it came to."""

    event: Event


@dataclass(slots=True)
class OverStand:
    """A conversation over a stand: what `testing.chat.Chat` needs of an agent. `numbered` are the tokens that the
    numbers of the last text stand for."""

    stand: Stand
    reach: Reach
    language: str = ""
    proof: Proof = field(default_factory=Proof)
    numbered: tuple[str, ...] = ()
    parts: int = 0
    spent: bool = False
    names: dict[str, str] = field(default_factory=dict)
    """Of what can be pressed: token -> its name in words, a thing's own for the button on its card."""
    got: list[bytes] = field(default_factory=list)
    """What the platform was given for the last turn: the body of each call, or of the response."""

    @property
    def conversation(self) -> str:
        return self.stand.customer

    def receive(self, id: str, body: Body, messages: Sequence[Message], now: datetime) -> Came:
        """The event of what the customer does. Raises Theirs when nobody can do that there."""
        if isinstance(self.stand, Timed):
            self.stand.now = now
        if isinstance(self.stand, Speaking) and self.language:
            self.stand.language = self.language
        request = self._request(body)
        if request is None:
            raise Theirs(
                f"nobody can do that over {self.stand.channel.name}: {body}",
                where="channel",
                mend="say it in words, or hold this conversation over the web",
                code="not_there",
            )
        (event,) = self.stand.channel.receive(request, self.stand.account, now).events
        proof = self.proof if self.proof.subject else event.proof
        language = event.language if isinstance(self.stand, Speaking) else self.language
        return Came(replace(event, language=language, proof=proof))

    def _request(self, body: Body) -> Request | None:
        match body:
            case Utterance(text):
                return self.stand.says(text)
            case Pressed(token):
                return self._pressed(token)
            case Opened():
                return self.stand.opens()
            case Located(latitude, longitude):
                return self.stand.locates(latitude, longitude)
            case Silent() if isinstance(self.stand, Silencing):
                return self.stand.falls_silent()
        return None

    def _pressed(self, token: str) -> Request | None:
        if token in self.numbered:
            return self.stand.says(str(self.numbered.index(token) + 1))
        pressed = self.stand.presses(token)
        if pressed is None and isinstance(self.stand, Worded) and token in self.names:
            return self.stand.chooses(self.names[token])
        return pressed

    def respond(self, received: Came, messages: Sequence[Message]) -> Mapping[str, Any]:
        """Deliver what was answered. Raises Theirs with the platform's words when it refuses a message."""
        event, channel = received.event, self.stand.channel
        self.language, self.spent = "", False
        self.names, self.got = names(messages), []
        for message in messages:
            plan = self.reach.plan(message, event.channel, event.merchant, event.key)
            self.numbered = plan.numbered if plan and not event.voice else ()
            if plan and isinstance(channel, Pushing):
                self._deliver(channel, plan, event, message.language)
        if isinstance(channel, Responding):
            return self._answer(channel, event, messages)
        return {}

    def _answer(self, channel: Responding, event: Event, messages: Sequence[Message]) -> Mapping[str, Any]:
        response = channel.respond(event, messages, self.stand.account)
        self.got.append(response.body)
        why = self.stand.hears(response) if isinstance(self.stand, Hearing) else ""
        if why:
            raise Theirs(f"{channel.name} refuses: {why}", where="response", code="refused")
        return {"body": response.body}

    def _deliver(self, channel: Pushing, plan: Plan, event: Event, language: str) -> None:
        for part in plan.parts:
            self.parts += 1
            to = Address(event.conversation, f"p{self.parts}", event.via, event.at, language, event.at, self.spent)
            self.spent = True
            call = channel.wire(part, to, self.stand.account)
            assert isinstance(self.stand, Taking)
            self.got.append(call.body)
            outcome = channel.outcome(*self.stand.takes(call))
            if outcome.state != "sent":
                told = f"{channel.name} refuses: {outcome.reason} ({outcome.code})"
                raise Theirs(told, where=call.url, code="refused")


def names(messages: Sequence[Message]) -> dict[str, str]:
    """What can be pressed, by its name in words: a card's button is called as the card is."""
    on_cards = {a.value: card.title for m in messages for card in m.cards for a in card.actions if a.kind == "reply"}
    return {**on_cards, **{a.value: a.label for m in messages for a in m.actions if a.kind == "reply"}}
