"""A little Twilio with one caller: it reads TwiML as Twilio does, follows its addresses, refuses what Twilio refuses.

A call begins before anything is said. `Caller` speaks turn by turn (`<Gather>`), `RelayCaller` over frames of
ConversationRelay. What is allowed in a document is written here anew, from Twilio's pages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError, fromstring

from sayso.channels.contract import Account, Capabilities, Channel, Event, Inbound, Message, Request, Response
from sayso.channels.twilio import signature
from sayso.channels.twilio_voice.relay import Session, hear, speak

BASE = "https://bots.example"
LANGUAGES = {"en": "en-US", "nl": "nl-NL"}
VERBS = {"Say", "Gather", "Hangup", "Dial", "Connect", "Redirect", "Pause", "Play"}
WITHIN = {"Gather": {"Say", "Play", "Pause"}, "Connect": {"ConversationRelay"}}
GATHER = {
    "input", "action", "method", "timeout", "speechTimeout", "language", "hints", "numDigits", "finishOnKey",
    "actionOnEmptyResult", "profanityFilter", "speechModel", "enhanced", "partialResultCallback",
}  # fmt: skip


class Refused(Exception):
    """An error of Twilio's: 12100 (no document), 12200 (not valid), 13521 (too long to say)."""


def need(kept: bool, code: int, why: str) -> None:
    if not kept:
        raise Refused(f"{code} {why}")


def document(body: bytes) -> Element:
    """The TwiML in a response. Raises Refused."""
    try:
        root = fromstring(body)
    except ParseError as error:
        raise Refused(f"12100 {error}") from error
    need(root.tag == "Response", 12200, f"<{root.tag}> is no Response")
    for verb in root:
        need(verb.tag in VERBS, 12200, f"<{verb.tag}> is no verb")
        for inner in verb:
            need(inner.tag in WITHIN.get(verb.tag, ()), 12200, f"<{inner.tag}> within <{verb.tag}>")
    for said in root.iter("Say"):
        need(0 < len(said.text or "") <= 3000, 13521, "a Polly voice says 1 to 3,000 characters")
        need(set(said.attrib) <= {"language", "voice", "loop"}, 12200, f"attributes of Say: {said.attrib}")
    for gathered in root.iter("Gather"):
        need(set(gathered.attrib) <= GATHER, 12200, f"attributes of Gather: {gathered.attrib}")
        need(set(gathered.get("input", "dtmf").split()) <= {"dtmf", "speech"}, 13335, "input is dtmf, speech or both")
        need(gathered.get("timeout", "5").isdigit(), 13311, "timeout is a number")
    return root


@dataclass
class Caller:
    """`heard` is what was said to the caller; `next` the address of the turn that follows, "" when the call is over."""

    channel: Channel
    account: Account
    customer: str = "CA" + "1" * 32
    language: str = ""
    heard: list[str] = field(default_factory=list)
    next: str = ""
    over: bool = False

    def opens(self) -> Request | None:
        """The number is called; nobody can call it twice at once."""
        url = f"{BASE}/v1/channels/twilio_voice/{self.account.merchant.id}"
        return None if self.heard or self.over else self.posts(url, {"CallStatus": "ringing"})

    def says(self, words: str) -> Request | None:
        """Speech, with Twilio's confidence; keys come as keys."""
        keyed = words.isdigit()
        found = {"Digits": words} if keyed else {"SpeechResult": words, "Confidence": "0.92", "Language": "en-US"}
        return self.posts(self.next, {**found, "CallStatus": "in-progress"}) if self.next else None

    def falls_silent(self) -> Request | None:
        return self.posts(self.next, {"CallStatus": "in-progress"}) if self.next else None

    def chooses(self, name: str) -> Request | None:
        return self.says(name)

    def presses(self, token: str) -> Request | None:
        return None

    def locates(self, latitude: float, longitude: float) -> Request | None:
        return None

    def posts(self, url: str, held: Mapping[str, str]) -> Request:
        """A form, as Twilio signs it."""
        about = {"CallSid": self.customer, "AccountSid": "AC" + "0" * 32, "From": "+31612345678", "To": self.account.id}
        fields = {**about, "Direction": "inbound", "ApiVersion": "2010-04-01", **held}
        signed = {
            "x-twilio-signature": signature(url, [*fields.items()], self.account.secret("auth_token")),
            "content-type": "application/x-www-form-urlencoded",
        }
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = parts.path.partition(f"/twilio_voice/{self.account.merchant.id}")[2].strip("/")
        return Request("POST", url, signed, query, urlencode(fields).encode(), path)

    def hears(self, response: Response) -> str:
        if response.status != 200 or not response.content_type.startswith("text/xml"):
            return f"12300 {response.status} {response.content_type}"
        try:
            root = document(response.body)
        except Refused as refused:
            return str(refused)
        self.heard.append(" ".join(said.text or "" for said in root.iter("Say")))
        gathered = root.find("Gather")
        self.next = "" if gathered is None else urljoin(f"{BASE}/", gathered.get("action", ""))
        self.over = gathered is None
        wrong = [tag for each in root.iter() if (tag := each.get("language")) and tag not in LANGUAGES.values()]
        return f"13512 language {wrong}" if wrong else ""


@dataclass
class Relayed:
    """ConversationRelay as a channel that takes frames for requests and gives frames for responses: what the WebSocket
    of the host does, without one."""

    channel: Channel
    session: Session = field(default_factory=Session)

    @property
    def name(self) -> str:
        return self.channel.name

    @property
    def capabilities(self) -> Capabilities:
        return self.channel.capabilities

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        """All frames of a body, one a line."""
        events: list[Event] = []
        for line in request.body.splitlines():
            self.session, event = hear(line, self.session, account, now)
            events += [event] if event else []
        return Inbound(events)

    def respond(self, event: Event, messages: list[Message], account: Account) -> Response:
        self.session, frames = speak(messages, self.session, event, account)
        return Response("\n".join(frames).encode())


SENT: Mapping[str, set[str]] = {
    "text": {"token", "last", "lang", "interruptible", "preemptible"},
    "play": {"source", "loop", "interruptible", "preemptible"},
    "sendDigits": {"digits"},
    "language": {"ttsLanguage", "transcriptionLanguage"},
    "end": {"handoffData"},
}
"""What a host may send, and what it holds."""


@dataclass
class RelayCaller(Caller):
    """A call over a WebSocket. `tags` are the languages that are spoken and recognised now."""

    tags: tuple[str, str] = ("en-US", "en-US")

    def opens(self) -> Request | None:
        about = {"sessionId": "VX1", "callSid": self.customer, "from": "+31612345678", "to": self.account.id}
        return None if self.heard else self.frames({"type": "setup", **about, "direction": "inbound"})

    def says(self, words: str) -> Request | None:
        """Keys come one by one and end with #; speech comes in pieces, then whole."""
        if self.over or not self.heard:
            return None
        if words.isdigit():
            return self.frames(*({"type": "dtmf", "digit": digit} for digit in f"{words}#"))
        piece = {"type": "prompt", "voicePrompt": words[: len(words) // 2], "lang": self.tags[1], "last": False}
        return self.frames(piece, {**piece, "voicePrompt": words, "last": True})

    def falls_silent(self) -> Request | None:
        """The relay tells nothing of silence."""
        return None

    def frames(self, *frames: Mapping[str, Any]) -> Request:
        return Request("POST", f"{BASE}/relay", body=b"\n".join(json.dumps(frame).encode() for frame in frames))

    def hears(self, response: Response) -> str:
        said = []
        for line in response.body.splitlines():
            frame = json.loads(line)
            kind = frame.pop("type", "")
            if kind not in SENT or set(frame) - SENT[kind]:
                return f"64107 invalid message: {line!r}"
            if self.over:
                return "a frame after the end"
            if kind == "language":
                self.tags = (frame["ttsLanguage"], frame["transcriptionLanguage"])
            if kind == "text" and frame["lang"] != self.tags[0]:
                return f"words in {frame['lang']} while {self.tags[0]} is spoken"
            said += [frame["token"]] if kind == "text" else []
            self.over = kind == "end"
        self.heard.append(" ".join(said))
        return ""
