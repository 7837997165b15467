"""A little Dialogflow with one session: its webhook requests, with what its owner chose to prove them, and its reading
of the answer by Google's own types, strictly. What it shows is what can be pressed: chips and quick replies send their
text, a card's button its postback.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from google.cloud.dialogflow_v2.types import WebhookResponse as EsResponse
from google.cloud.dialogflowcx_v3.types import WebhookResponse as CxResponse
from google.protobuf.json_format import ParseDict, ParseError

from sayso.channels.capabilities import Capabilities, read_capabilities
from sayso.channels.contract import Account, Event, Inbound, Message, Request, Response, Theirs
from sayso.channels.dialogflow import CHANNELS, Door, Ready, Received, read_limits
from sayso.manifest.specs import Artefact
from sayso.testing.dialogflow import CX, ES

SETTINGS = {"auth_kind": "basic", "auth_username": "dialogflow", "auth_password": "env:DIALOGFLOW_PASSWORD"}
TYPES: Mapping[str, Any] = {"es": EsResponse, "cx": CxResponse}
RICH = {"info", "description", "image", "button", "list", "divider", "accordion", "chips"}
MOST = 65_536


def now_done(waiting: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine gives that has nothing to wait for."""
    try:
        waiting.send(None)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("it waits")


@dataclass
class Webhook:
    """The channel's door as a channel: what the host's route does."""

    edition: str
    artefact: Artefact
    door: Door
    received: Received | None = None
    person: bool = False

    @property
    def name(self) -> str:
        return CHANNELS[self.edition]

    @property
    def capabilities(self) -> Capabilities:
        return read_capabilities("sayso.channels.dialogflow")

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        came = now_done(self.door.receive(self.edition, request.headers, request.body, now, self.artefact))
        if isinstance(came, Ready):
            raise Theirs(f"no turn begins: {came.kind}", where="body")
        self.received = came
        return Inbound([came.event])

    def respond(self, event: Event, messages: Sequence[Message], account: Account) -> Response:
        assert self.received is not None
        body = self.door.respond(self.received, messages, person=self.person)
        return Response(body, content_type="application/json")


@dataclass
class Session:
    """`shown` is the last answer; `text` what was said or shown of each."""

    channel: Webhook
    account: Account
    language: str = "en"
    telephone: bool = False
    id: str = "s-1"
    shown: Mapping[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    over: bool = False
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def caller(self) -> CX | ES:
        if self.channel.edition == "cx":
            return CX(self.account.id, self.id, self.language, telephone=self.telephone)
        return ES(self.account.id, self.id, self.language, source="GOOGLE_TELEPHONY" if self.telephone else "")

    @property
    def customer(self) -> str:
        return self.caller.path

    def says(self, words: str) -> Request | None:
        return None if self.over else self.posts(self.caller.say(self.number(), words))

    def opens(self) -> Request | None:
        return self.posts(self.caller.event(self.number(), "WELCOME"))

    def falls_silent(self) -> Request | None:
        """CX alone tells it."""
        event = self.caller.event(self.number(), "sys.no-input-default")
        return self.posts(event) if self.channel.edition == "cx" and self.telephone else None

    def presses(self, token: str) -> Request | None:
        """A card's button of ES sends its postback."""
        found = next((each for each in self.postbacks() if each.endswith(token)), None)
        return self.says(found) if found else None

    def chooses(self, name: str) -> Request | None:
        """A chip or a quick reply that is shown; on the telephone what was heard."""
        if self.telephone:
            return self.says(name)
        wanted = " ".join(name.split())
        found = next((each for each in self.chips() if each == wanted or each.rstrip("…") in wanted), None)
        return self.says(found) if found else None

    def locates(self, latitude: float, longitude: float) -> Request | None:
        return None

    def number(self) -> str:
        return f"r-{next(self.numbers)}"

    def posts(self, body: bytes) -> Request:
        headers = {**self.proof(), "content-type": "application/json"}
        url = f"https://bots.example/v1/dialogflow/{self.channel.edition}/{self.account.merchant.id}"
        return Request("POST", url, headers, body=body)

    def proof(self) -> dict[str, str]:
        """A header with a secret, or a user name and password."""
        if self.account.text("auth_kind") == "header":
            return {self.account.text("auth_header").lower(): self.account.secret("auth_secret")}
        pair = f"{self.account.text('auth_username')}:{self.account.secret('auth_password')}"
        return {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def messages(self) -> list[Mapping[str, Any]]:
        if self.channel.edition == "cx":
            return list(self.shown.get("fulfillmentResponse", {}).get("messages", ()))
        return list(self.shown.get("fulfillmentMessages", ()))

    def rich(self) -> Iterator[Mapping[str, Any]]:
        for message in self.messages():
            for card in message.get("payload", {}).get("richContent", ()):
                yield from card

    def chips(self) -> Iterator[str]:
        for part in self.rich():
            yield from (option["text"] for option in part.get("options", ()) if "link" not in option)
        for message in self.messages():
            yield from message.get("quickReplies", {}).get("quickReplies", ())

    def postbacks(self) -> Iterator[str]:
        for message in self.messages():
            yield from (button["postback"] for button in message.get("card", {}).get("buttons", ()))

    def hears(self, response: Response) -> str:
        """Google's types read it without a field that they do not know."""
        if response.status != 200 or len(response.body) > MOST:
            return f"status {response.status}, {len(response.body)} bytes"
        kind, made = TYPES[self.channel.edition], json.loads(response.body)
        try:
            ParseDict(made, kind.pb(kind()))
        except ParseError as error:
            return f"webhook.error: {error}"
        self.shown = made
        if wrong := [part.get("type") for part in self.rich() if part.get("type") not in RICH]:
            return f"the messenger has no {wrong}"
        self.told.append(" ".join(self.words()))
        self.over = made.get("targetPage", "").endswith("END_SESSION")
        return "" if self.told[-1].strip() or not made else "nothing is said"

    def words(self) -> Iterator[str]:
        for message in self.messages():
            yield from message.get("text", {}).get("text", ())
            yield message.get("quickReplies", {}).get("title", "")


def session(edition: str, artefact: Artefact, account: Account, telephone: bool = False) -> Session:
    """A new session of the merchant's agent."""

    async def no_key(kid: str, now: datetime) -> Any:
        raise AssertionError("no token is sent")

    door = Door(no_key, read_limits(), f"{account.public_url}/assets", account.environment)
    return Session(Webhook(edition, artefact, door), account, telephone=telephone)
