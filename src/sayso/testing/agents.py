"""A conversation over Dialogflow, as a test holds it: each turn is a request of the agent that the channel reads, and
each answer a response that the channel makes.

What a customer does there is what the platform allows: a button is a chip, which sends its own text; a position cannot
be shared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from sayso.channels.dialogflow import CHANNELS, EDITIONS, Door, Ready, Received, read_limits
from sayso.channels.dialogflow.account import account
from sayso.channels.dialogflow.parse import parse
from sayso.channels.dialogflow.reading import read
from sayso.errors import Theirs, Unauthorised
from sayso.manifest.specs import Artefact
from sayso.model.event import Body, Opened, Pressed, Proof, Silent, Utterance
from sayso.model.message import Message
from sayso.testing.dialogflow import CX, ES

WELCOME = "WELCOME"


@dataclass(frozen=True, slots=True)
class Agent:
    """A session of a merchant's agent: `door` is the host's, `caller` makes the requests."""

    artefact: Artefact
    edition: str
    door: Door
    caller: CX | ES
    voice: bool
    proof: Proof

    @property
    def conversation(self) -> str:
        return self.caller.path

    def request(self, id: str, body: Body, messages: Sequence[Message]) -> bytes:
        """The request in which the customer does `body`; `messages` are what was answered last."""
        make = _DOES.get(type(body))
        if make is None:
            raise Theirs(
                f"nobody can do that over Dialogflow: {type(body).__name__}",
                where="channel",
                mend="say it in words, or hold this conversation over the web",
            )
        raw = orjson.loads(make(self.caller, id, body, messages))
        if self.proof.subject:
            payload = raw if self.edition == "cx" else raw.setdefault("originalDetectIntentRequest", {})
            payload["payload"] = {**payload.get("payload", {}), "customerToken": self.proof.subject}
        return orjson.dumps(raw)

    def receive(self, id: str, body: Body, messages: Sequence[Message], now: datetime) -> Received:
        """The event that the channel reads in that request."""
        limits = self.door.limits
        found = account(self.artefact, self.edition, self.door.environment)
        call = EDITIONS[self.edition].read_call(read(self.request(id, body, messages), limits.request))
        event = parse(call, self.artefact, found, now, limits.answer, lambda token: self.proof)
        if isinstance(event, Ready):
            raise Theirs(f"the channel begins no turn for {event.kind}", where="channel")
        return Received(event, call, found)

    def respond(self, received: Received, messages: Sequence[Message]) -> Mapping[str, Any]:
        """The response that the agent gets."""
        return dict(orjson.loads(self.door.respond(received, messages)))


def agent(artefact: Artefact, channel: str, session: str, language: str, voice: bool, proof: Proof) -> Agent | None:
    """The session of a conversation over `channel`, None for a channel that is not Dialogflow's.

    Raises Theirs when the merchant has no agent there.
    """
    edition = next((each for each, name in CHANNELS.items() if name == channel), "")
    if not edition:
        return None
    door = Door(_no_key, read_limits())
    found = account(artefact, edition, door.environment)
    if edition == "cx":
        return Agent(artefact, edition, door, CX(found.agent, session, language, telephone=voice), voice, proof)
    source = "GOOGLE_TELEPHONY" if voice else ""
    return Agent(artefact, edition, door, ES(found.agent, session, language, source=source), voice, proof)


async def _no_key(kid: str, now: datetime) -> RSAPublicKey:
    raise Unauthorised("a test's agent sends no tokens", where="Authorization")


def _say(caller: CX | ES, id: str, body: Any, messages: Sequence[Message]) -> bytes:
    return caller.say(id, body.text)


def _open(caller: CX | ES, id: str, body: Any, messages: Sequence[Message]) -> bytes:
    return caller.event(id, WELCOME)


def _press(caller: CX | ES, id: str, body: Any, messages: Sequence[Message]) -> bytes:
    """The chip's text; that of a card's button is the card's title."""
    cards = [card for message in messages for card in message.cards]
    title = next((card.title for card in cards if any(a.value == body.token for a in card.actions)), body.label)
    return caller.say(id, title)


def _silent(caller: CX | ES, id: str, body: Any, messages: Sequence[Message]) -> bytes:
    return caller.event(id, "sys.no-input-default")


_DOES: Mapping[type, Callable[[CX | ES, str, Any, Sequence[Message]], bytes]] = {
    Utterance: _say,
    Opened: _open,
    Pressed: _press,
    Silent: _silent,
}
