"""One thing that came in. A channel turns bytes into Events; everything after it sees only these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation was opened without a wish (the page was opened, "Alexa, open ...", a call began)."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """The words of one input."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button: `token` was handed out with a message of this conversation; `label` is what it showed."""

    token: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a platform's own NLU concluded: evidence, not truth. `intent` is a sayso intent id, a global command
    ("yes", "no", "cancel", "help", "repeat", "stop", "undo", ...) or "" for the platform's fallback; `slots` are
    raw values; `text` the words where the platform gives them; `ids` are what the platform resolved a slot to, where
    it found exactly one declared id."""

    intent: str
    slots: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Located:
    """The customer shared a position, WGS84 degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret answer (a PIN), checked at the door: only pass or fail is kept."""

    passed: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """The customer or platform ended the session."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A job of this conversation came due."""

    job: str
    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something that this channel delivers and sayso does not handle yet; answered politely or acknowledged."""

    kind: str


Body = Opened | Utterance | Pressed | Recognised | Located | Secret | Closed | Due | Unsupported


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence of who speaks, verified by the channel. `assurance`: "anonymous", "channel" (the platform knows
    the account) or "linked" (the merchant vouches: account linking, a signed web token); `subject` is the
    customer's id at that issuer."""

    assurance: str = "anonymous"
    issuer: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is the platform's own id: (channel, account, id) is unique, a second one does nothing.
    `conversation` is the customer's native id on that channel and account. `at` is when it was received;
    `deadline_s` is what the channel allows from then to the answer."""

    id: str
    merchant: str
    channel: str
    account: str
    conversation: str
    at: datetime
    body: Body
    language: str = ""
    proof: Proof = Proof()
    deadline_s: float = 8.0
    voice: bool = False
    position: Located | None = None
    """Where the customer is, when the platform tells it beside what was said."""

    @property
    def key(self) -> str:
        """The conversation's key: ordering, window and language live under it."""
        return f"{self.merchant}/{self.channel}/{self.account}/{self.conversation}"
