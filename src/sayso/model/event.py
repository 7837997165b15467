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
    """The words of one input. `about`: the sku of the product that a platform says they are about."""

    text: str
    about: str = ""


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
    """A secret answer (a PIN), checked at the door: only pass or fail is kept. `locked`: there were so many misses,
    here and elsewhere, that nothing is checked for a while."""

    passed: bool
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """The customer proved that they are somebody who is known elsewhere: with a one-time code, checked at the door like
    a PIN, or by a page on a device where they are known. `offer` is what was offered there, "" when the code was none;
    `customer` who it was offered to; `locked` as of a Secret."""

    offer: str = ""
    customer: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Silent:
    """Nobody answered: the platform waited, and heard nothing."""


@dataclass(frozen=True, slots=True)
class Written:
    """Somebody of the merchant's writes into the conversation, about `task`. `by` is their name; `shown`: the channel
    delivers it at once, else it is told when the customer speaks next; `closes`: the matter is settled."""

    task: str
    words: str
    by: str = ""
    shown: bool = True
    closes: bool = False


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
class Referred:
    """The customer came by an advertisement, a link or a code: `ref` is what it said, `source` where it stood.
    `silent`: what they said with it is an event of its own, and answered there."""

    ref: str
    source: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that the customer sent. kind: "image", "voice", "audio", "video", "document", "sticker" or "contact".
    `handle` is the platform's id or address of it, `caption` the words beside it; `size` in bytes, 0 when not told."""

    kind: str
    handle: str
    mime: str = ""
    caption: str = ""
    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class CartItem:
    """A product of a platform's own basket; `sku` as the merchant's catalog there has it."""

    sku: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class CartSent:
    """The customer filled a basket in the platform's own catalog. Prices that came along are not believed."""

    items: tuple[CartItem, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Opted:
    """The customer wants messages (`on`) or none any more, by the platform's own switch (STOP, blocking, unfollowing).
    `silent`: the platform has answered it itself, or nothing more can be sent. `marketing`: only what a merchant sends
    of its own accord is meant; answers and news of an order go on."""

    on: bool
    silent: bool = False
    marketing: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """The customer changed the words of a message that was sent; `of` is its id."""

    of: str
    text: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """The customer took a message back; `of` is its id."""

    of: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """The customer put a sign on a message; "" takes it away. No answer to anything."""

    of: str
    sign: str


@dataclass(frozen=True, slots=True)
class Controlled:
    """The platform's thread went to somebody: "bot" or "person"."""

    by: str


@dataclass(frozen=True, slots=True)
class Proven:
    """The platform tells who this is, by the event's proof; nothing was said."""


@dataclass(frozen=True, slots=True)
class Renumbered:
    """The platform tells that the customer has another id there from now on: `to` (a new telephone number). The event's
    own conversation and proof are those of the old one, which may be somebody else's one day."""

    to: str


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something that this channel delivers and sayso does not handle yet; answered politely or acknowledged."""

    kind: str


Body = (
    Opened
    | Utterance
    | Pressed
    | Recognised
    | Located
    | Secret
    | Claimed
    | Silent
    | Written
    | Closed
    | Due
    | Referred
    | Attached
    | CartSent
    | Opted
    | Edited
    | Unsent
    | Reacted
    | Controlled
    | Proven
    | Renumbered
    | Unsupported
)


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence of who speaks, verified by the channel. `assurance`: "anonymous", "channel" (the platform knows
    the account) or "linked" (the merchant vouches: account linking, a signed web token); `subject` is the
    customer's id at that issuer."""

    assurance: str = "anonymous"
    issuer: str = ""
    subject: str = ""


UNNAMED = "unnamed"
"""In `Event.via`: the platform gives its requests no ids. The id is made of what was said, and names the turn only
together with its place in the conversation."""


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
    via: Mapping[str, str] = field(default_factory=dict)
    """What the answer needs of what came: a reply token, a thread, the id of what is quoted."""
    heard: str | None = None
    """How much of our last words was heard before the customer spoke; None: all of it, or it is not known."""

    @property
    def key(self) -> str:
        """The conversation's key: ordering, window and language live under it."""
        return f"{self.merchant}/{self.channel}/{self.account}/{self.conversation}"


def words_of(body: Body) -> str:
    """What the customer said, for the transcript: words and the labels of buttons. Secrets have none."""
    match body:
        case Utterance(text) | Pressed(label=text) | Recognised(text=text):
            return text
    return ""
