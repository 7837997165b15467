"""What `step` asks the host for, and what comes back. `step` does no I/O: it returns actions; the host runs each and
feeds its result to `step` again, at most eight times a turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sayso.model.basket import Chosen, Line, Proposal
from sayso.model.command import Candidate, Change, Command, Item, Question
from sayso.model.fact import Param, Params  # noqa: F401  Params refers to Param: reading hints at run time needs both
from sayso.model.preference import Like, Preference


@dataclass(frozen=True, slots=True)
class Option:
    """An option offered with a reply: `label` is a reply key of its own or a Named/Fact in `params["label"]`;
    choosing it means `command`."""

    label: str
    command: Command
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Speak:
    """Say the reply `key` with `params`. `asks`: it is the question that waits for an answer; `ends`: it closes the
    session; `products`: skus to show as cards; `short`: use the reply's short form."""

    key: str
    params: Params = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    products: tuple[str, ...] = ()
    asks: bool = False
    ends: bool = False
    short: bool = False
    chosen: Mapping[str, tuple[Chosen, ...]] = field(default_factory=dict)
    """Of a product that is shown: the options that ordering it from its card begins with."""
    invites: str = ""
    """What the customer is invited to do outside the words: "link" (prove who they are on this platform), "calendar"
    (keep the appointment `about` in their own calendar), "url" (open the page `about`)."""
    about: str = ""
    aloud: bool = False
    """Said by a voice and not written: what would be silence there."""
    once: bool = False
    """A guess at what was meant: when something else is said, it is not asked again."""


@dataclass(frozen=True, slots=True)
class Check:
    """May these lines be sold as they are (declared options, sold out, stock, allergens, age)?"""

    intent: str
    lines: tuple[Line, ...]
    slots: Mapping[str, str]
    allergies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Propose:
    """Price the basket, check slots, reserve what must be reserved. `refused`: values that could not be had as they
    were said, or not without a choice, by slot: what is offered instead stays near them."""

    intent: str
    lines: tuple[Line, ...]
    slots: Mapping[str, str]
    allergies: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Commit:
    """The customer said yes to `digest`. `verified`: a PIN was checked for it."""

    proposal: Proposal
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """A proposal was changed or dropped: give back what it reserved."""

    proposal: str


@dataclass(frozen=True, slots=True)
class Revert:
    """Undo an effect."""

    effect: str


@dataclass(frozen=True, slots=True)
class Undoable:
    """What did this customer have done, here or elsewhere, that can still be undone?"""


@dataclass(frozen=True, slots=True)
class Recall:
    """Find earlier lines of this customer: `what` is an operation of the fulfilment kind ("usual", "last"); `wish` is
    what is to be different about them."""

    intent: str
    what: str
    wish: Change | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for among what is sold: the words that told it, the oldest first, the slots that were filled or
    settled beside them, and the products (skus) that were shown last. What is said next may tell it more closely."""

    words: tuple[str, ...]
    slots: Mapping[str, str] = field(default_factory=dict)
    listed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer a question from rows. `sought`: what was looked for just before."""

    question: Question
    intent: str
    lines: tuple[Line, ...]
    slots: Mapping[str, str]
    allergies: tuple[str, ...] = ()
    sought: Sought | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """A person please: make a task, promise when. `reason`: "asked", or a word of the skill that hands over; the rest
    is what the conversation is about."""

    reason: str
    intent: str = ""
    lines: tuple[Line, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consent:
    """The customer grants or withdraws consent for `purpose` ("personalise", "messages")."""

    purpose: str
    granted: bool


@dataclass(frozen=True, slots=True)
class Carry:
    """Find what this customer left unfinished in another conversation, for those whom somebody vouches for."""


@dataclass(frozen=True, slots=True)
class Link:
    """Who this is, over several channels. `what`: "offer" (a one-time code for who is known, a page for who is not),
    "claim" (of `offer`, made to `customer`), "end", "list"."""

    what: str
    offer: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Pass:
    """What was just said is for the person who has `task`."""

    task: str


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep these likes, forget what is known about `forget`; `restore` are kept as they were. `how` as of a
    Preference; `undo`: it takes back what was kept or forgotten."""

    likes: tuple[Like, ...] = ()
    forget: tuple[str, ...] = ()
    restore: tuple[Preference, ...] = ()
    how: str = "said"
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Learn:
    """Something was agreed to: what follows from it about what the customer likes, for those who let it be remembered?
    `words`: what was said, by what it is about; `likes`: what waits for a consent; `quiet`: nothing may be asked."""

    proposal: Proposal
    words: Mapping[str, str]
    likes: tuple[Like, ...] = ()
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Erase:
    """Erase all that is known of the customer: may it be done, and, once `agreed`, do it after this turn."""

    agreed: bool = False


IO = (
    Check
    | Propose
    | Commit
    | Release
    | Revert
    | Undoable
    | Recall
    | Ask
    | HandOver
    | Consent
    | Carry
    | Link
    | Pass
    | Remember
    | Learn
    | Erase
)
Action = Speak | IO


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that stands in the way, in the words of reply `key`. `line`: the line it is about; `slot`: the slot
    to ask again; `options`: what can be offered instead ("group/value", a sku, a location's id, a date-time)."""

    key: str
    params: Params = field(default_factory=dict)
    line: str = ""
    slot: str = ""
    group: str = ""
    options: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """The lines, completed with what the skill knows; troubles empty: all may be sold."""

    lines: tuple[Line, ...]
    troubles: tuple[Trouble, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """An offer; `params` are the Facts for the read-back."""

    proposal: Proposal
    params: Params


@dataclass(frozen=True, slots=True)
class Committed:
    """The effect is done (or "waiting" for a payment, web hook or person). `params` are Facts for the reply."""

    effect: str
    intent: str
    state: str
    order: str = ""
    undo_until: str = ""
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reverted:
    """The effect is undone; `lines` are what it held, so that it can be ordered again."""

    effect: str
    params: Params
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """It cannot be done; nothing has happened. The troubles say why and what could be done instead."""

    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class Recalled:
    lines: tuple[Line, ...]
    slots: Mapping[str, str]
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """The newest effect that can still be undone; `params` say which."""

    effect: str
    params: Params


@dataclass(frozen=True, slots=True)
class Answered:
    """What to say. A speak that `asks` offers what is shown to be picked from, unless a question is open already.
    `sought`: what was looked for to answer it."""

    speaks: tuple[Speak, ...]
    sought: Sought | None = None


@dataclass(frozen=True, slots=True)
class Wanting:
    """To answer, the skill needs `trouble.slot` of the intent: it is asked for, and what is known is kept in `slots`.
    A trouble without a key asks with the slot's own prompt."""

    intent: str
    slots: Mapping[str, str]
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A task was made; `reply` says so. `task` is its id."""

    params: Params
    reply: str = "person.promised"
    task: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """A Release or Consent is recorded."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was left unfinished elsewhere: `intents` in progress with their slots, the first begun first; no price and
    no offer, which are made anew."""

    intents: tuple[tuple[str, Mapping[str, str]], ...]
    lines: tuple[Line, ...] = ()
    parked: tuple[Item, ...] = ()
    allergies: tuple[str, ...] = ()
    serial: int = 0


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of a Link; `reply` says so. `page` is where it can be done with one press; `ended`: whoever speaks is
    nobody known any more."""

    reply: str
    params: Params = field(default_factory=dict)
    page: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known from now on, and what is known no more. `needs`: "verify", or the purpose whose consent these
    `likes` need; `learned`: it follows from an order; `undone`: it was taken back."""

    kept: tuple[Preference, ...] = ()
    gone: tuple[Preference, ...] = ()
    needs: str = ""
    likes: tuple[Like, ...] = ()
    learned: bool = False
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Erasable:
    """All that is known of the customer can be erased, if they agree to it."""


@dataclass(frozen=True, slots=True)
class Erased:
    """It will be, as soon as this turn is over."""


Result = (
    Checked
    | Proposed
    | Committed
    | Reverted
    | Refused
    | Found
    | Recalled
    | Answered
    | Wanting
    | HandedOver
    | Noted
    | Carried
    | Linked
    | Kept
    | Erasable
    | Erased
)
