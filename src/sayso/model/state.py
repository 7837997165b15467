"""The state of one conversation: what `step` reads and returns. Plain data, versioned when stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sayso.model.action import IO, Sought, Speak
from sayso.model.basket import Line, Proposal
from sayso.model.command import Command, Doubt, Item
from sayso.model.message import Shown
from sayso.model.preference import Like, Preference

SCHEMA_VERSION = 1
"""Version of this shape in the store; older rows are upcast when read."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The one open question of a topic. Only it can be answered with yes.

    kind: "slot" (a slot of the frame), "confirm" (yes to the proposal), "quantity" (how many of a line),
    "product" (which product), "option" (which value of a group on a line), "line" (which line is meant),
    "pin" (a secret), "offer" (yes runs `subject`, a named offer such as "consent" or "person" or "undo"),
    "anything_else" (is that all?), "what" (what would you like?).
    `subject` is what the answer is about: a proposal's digest, a line's id, an offer's name. `secret` answers are
    checked at the door and never stored. `asked` counts how often it was put."""

    kind: str
    intent: str = ""
    slot: str = ""
    subject: str = ""
    group: str = ""
    secret: bool = False
    asked: int = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """An intent in progress, pinned to the specs it began with. `slots` hold canonical values; `parked` lines wait
    for a question about them (which size?) before they enter the basket."""

    intent: str
    specs: str
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that our words proposed for a slot of `skill`; skill "": a name that was spoken of. `fresh`: by the last
    of them, so that it also takes the place of what was known."""

    skill: str
    slot: str
    value: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A request of a platform that gives its requests no ids: the id that it got, and when it came."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """An effect that this conversation caused and may undo, newest last."""

    effect: str
    intent: str
    order: str = ""
    undo_until: datetime | None = None
    turn: int = 0
    lines: tuple[Line, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)
    """What was agreed, in the customer's own words: it can be taken back and changed."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Words about a line that could mean several things: asked before the basket is priced."""

    line: str
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was wanted before `turn` changed it: a failed change leaves the old value, and "undo" goes back to it."""

    lines: tuple[Line, ...]
    frames: tuple[Frame, ...] = ()
    parked: tuple[Item, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A question that an offer stands before: it is put again once the offer is answered."""

    pending: Pending
    question: Speak


@dataclass(frozen=True, slots=True)
class Liked:
    """An option of a line that was not said: it came from what the customer likes."""

    line: str
    like: Like


@dataclass(frozen=True, slots=True)
class Unkept:
    """What was known before a turn kept or forgot something, and what that turn added."""

    turn: int
    before: tuple[Preference, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A frame stack with an owner inside the conversation: a bot and a person can work side by side. A person's has the
    id of its task."""

    id: str
    merchant: str
    owner: str = "bot"
    frames: tuple[Frame, ...] = ()
    pending: Pending | None = None
    spoke: bool = False
    """A person's: their words were the last of ours."""
    told: bool = False
    """A person's: the customer knows that what the bot does not follow goes to them."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything about a conversation that the next turn needs. `focus`: lines touched last, newest first;
    `shown`: options of the last message; `last`: what was said last, for "repeat"; `misses`: turns in a row that
    were not understood; `allergies`: constraints of this order; `serial`: source of line ids."""

    language: str
    topic: Topic
    lines: tuple[Line, ...] = ()
    proposal: Proposal | None = None
    focus: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    last: tuple[Speak, ...] = ()
    done: tuple[Done, ...] = ()
    greeted: bool = False
    misses: int = 0
    allergies: tuple[str, ...] = ()
    serial: int = 0
    customer: str = ""
    vouched: bool = False
    """Somebody vouched for `customer`: what was said and done here is theirs alone."""
    latitude: float | None = None
    longitude: float | None = None
    others: tuple[Topic, ...] = ()
    at: datetime | None = None
    """When the last turn was: a long silence re-prices a proposal."""
    question: Speak | None = None
    """The open question as it was put, for asking it again after a digression."""
    parked: tuple[Item, ...] = ()
    """Items whose product is not known yet."""
    unsure: tuple[Unsure, ...] = ()
    checked: bool = False
    """The lines as they are passed the skill's check."""
    touched: tuple[str, ...] = ()
    """Lines that this turn added or changed."""
    earlier: tuple[Earlier, ...] = ()
    """What was wanted before the last turns that changed it, newest first, at most five."""
    mentioned: tuple[str, ...] = ()
    """Products that the last question was about: "I'll have one" means one of them."""
    offered: tuple[Offer, ...] = ()
    """What was offered and is not yet taken or put aside: "that works" means it."""
    asked: tuple[str, ...] = ()
    """The slots that our last words asked for, where they were not a question of the dialogue's own."""
    queued: IO | None = None
    """What a granted offer resumes: the recall that waited for a consent, the commit that waited for a PIN."""
    turn: int = 0
    """How many turns there were: tells which of a change and an effect is the newer."""
    held: Held | None = None
    """The question that an offer interrupted."""
    lapsed: Proposal | None = None
    """The offer that expired while the customer was away: the next one tells what is different."""
    amends: Command | None = None
    """What is to be changed of an order, once it is taken back."""
    numbered: tuple[str, ...] = ()
    """The buttons' tokens that the numbers 1, 2, ... in the last message's text stand for."""
    repeats: tuple[Unnamed, ...] = ()
    """The last requests of a platform that gives them no ids, the newest last."""
    silences: int = 0
    """How often in a row nobody answered."""
    voice: bool = False
    """The customer listens rather than reads."""
    cut: bool = False
    """Our last words were interrupted: what they ended with was not heard."""
    unread: tuple[Speak, ...] = ()
    """What was said while the channel could not deliver it: told when the customer speaks next."""
    known: tuple[Preference, ...] = ()
    """What the customer likes, as far as it may be used: it is there during a turn and never stored with the state."""
    liked: tuple[Liked, ...] = ()
    heard: Mapping[str, str] = field(default_factory=dict)
    """The customer's words for what may be remembered of this order, by what it is about."""
    wished: tuple[Like, ...] = ()
    """What the customer told us to remember, before they agreed that anything is."""
    unkept: Unkept | None = None
    sought: Sought | None = None
    """What was looked for last: until something else is begun, what is said next may tell it more closely."""
    listed: tuple[str, ...] = ()
    """The products (skus) of the last list: "the first one after all" means one of them."""
