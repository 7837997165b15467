"""What the host needs from the outside: small protocols that `store`, `understanding` and the channels implement."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sayso.manifest.specs import Artefact, MerchantSpec
from sayso.model.basket import Order
from sayso.model.effect import Change, Effect, LinkOffered
from sayso.model.event import Event
from sayso.model.message import Message
from sayso.model.preference import Preference
from sayso.model.state import State
from sayso.model.text import Translations
from sayso.model.trace import Trace
from sayso.model.writes import Job, WriteSet
from sayso.people.links import Guess, LinkRow, Offered
from sayso.people.pins import LockOut


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the inbox knows of an event. `new`: this call stored it. `messages`: the stored answer of one that was
    handled before (None: it is not answered yet), `posted` the same with their seq, id and turn. `state` and `version`
    are the conversation's, None and 0 when it is new."""

    new: bool
    state: State | None
    version: int
    messages: tuple[Message, ...] | None = None
    posted: tuple[Posted, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer of one merchant. `assurance`: "anonymous", "channel", "linked" or "pin"."""

    id: str
    merchant: str
    assurance: str
    consents: frozenset[str]
    has_pin: bool = False
    likes: tuple[Preference, ...] = ()
    """What they like, as far as it may be used in this turn, and what they had forgotten: none where
    nobody vouches for them."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of a conversation as stored; `seq` counts from 1 without gaps."""

    seq: int
    id: str
    message: Message
    turn: str
    at: datetime
    author: str = "bot"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a turn answered: `messages` in order, as stored; `duplicate`: the event was handled before and these are
    the stored messages; `turn` names the trace."""

    messages: tuple[Posted, ...]
    turn: str
    state: State
    duplicate: bool = False


class Handle(Protocol):
    """The host's door for events: once, in order, inside the event's deadline. Concurrent duplicates join the turn
    that is running. Raises errors.NotFound for an unknown merchant, never anything for what a customer can say."""

    async def __call__(self, event: Event) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Typing:
    """A turn of the conversation is running (`on`) or has ended."""

    on: bool


class Feed(Protocol):
    """What happens in a conversation, as it happens; in this process only, the store has the rest."""

    def watch(self, conversation: str) -> AbstractAsyncContextManager[AsyncIterator[Posted | Typing]]:
        """Messages and typing notices from now on."""
        ...


class Lease(Protocol):
    """One turn at a time in a conversation."""

    def hold(self, conversation: str) -> AbstractAsyncContextManager[None]:
        """Wait for the conversation's turn and keep it. No lock of a database is held meanwhile."""
        ...


class Inbox(Protocol):
    """Events, stored once, before a platform is told 200."""

    async def accept(self, event: Event) -> Arrival:
        """Store the event under its unique (channel, account, id) and load its conversation, in one transaction."""
        ...

    async def unanswered(self, limit: int = 100) -> Sequence[Event]:
        """Events that were stored and never answered (the host died): they are run again at start."""
        ...


class Turns(Protocol):
    """What a turn writes, and what can be read back."""

    async def apply(self, writes: WriteSet) -> Sequence[Posted]:
        """Apply in one transaction. Raises errors.Conflict and writes nothing when a precondition fails. Returns the
        outgoing messages with the seq that they were given."""
        ...

    async def load(self, conversation: str) -> tuple[State | None, int]:
        """The conversation's state and fencing version."""
        ...

    async def elsewhere(self, merchant: str, customer: str, but: str, limit: int = 5) -> Sequence[State]:
        """How this customer's other conversations with the merchant stand, the newest first; `but` is left out."""
        ...

    async def messages(self, conversation: str, after: int = 0, limit: int = 200) -> Sequence[Posted]:
        """The conversation's messages with a higher seq, oldest first (customer's own included, author "customer")."""
        ...

    async def hide(self, merchant: str, conversation: str) -> None:
        """Take one-time codes out of what was said."""
        ...

    async def trace(self, turn: str) -> Trace | None: ...

    async def traces(self, conversation: str, limit: int = 50) -> Sequence[Trace]: ...


class Ledger(Protocol):
    """Rows of effects: stock, capacity, orders, ledger entries. Reads only; writes go through a WriteSet."""

    async def stock(self, merchant: str, location: str, skus: Sequence[str]) -> Mapping[str, int]:
        """Units free to sell (on hand less held) per stocked sku."""
        ...

    async def used(self, merchant: str, resource: str, since: str, until: str) -> Mapping[str, int]:
        """Capacity used plus held, per slot (ISO 8601 UTC), in [since, until)."""
        ...

    async def order(self, merchant: str, order: str) -> Order | None: ...

    async def orders(self, merchant: str, customer: str, limit: int = 20) -> Sequence[Order]:
        """The customer's orders, newest first, cancelled ones left out."""
        ...

    async def numbered(self, merchant: str, numbers: Sequence[str]) -> frozenset[str]:
        """Which of these order numbers were given within `commerce.numbers.RESTS`, to cancelled orders too."""
        ...

    async def effect(self, merchant: str, effect: str) -> tuple[Effect, tuple[Change, ...]] | None:
        """An effect with the changes that it made."""
        ...

    async def effects(self, merchant: str, customer: str, limit: int = 5) -> Sequence[Effect]:
        """What was done for the customer and not undone, newest first."""
        ...

    async def switches(self, merchant: str) -> frozenset[str]:
        """What staff switched: "paused/<location>", "sold_out/<sku>", "sold_out/<group>/<value>"."""
        ...

    async def switch(self, merchant: str, name: str, on: bool, by: str) -> None: ...


class People(Protocol):
    """Customers, identities, consents, principals."""

    async def identify(self, event: Event) -> CustomerRow:
        """The customer behind an event's proof; made when new. Assurance comes from this event's proof only."""
        ...

    async def consents(self, merchant: str, customer: str) -> frozenset[str]:
        """What the customer consents to now; empty for nobody known."""
        ...

    async def set_pin(self, merchant: str, customer: str, digest: str) -> None: ...

    async def pin(self, merchant: str, customer: str) -> str:
        """The stored digest of the PIN, "" when none is set."""
        ...


@dataclass(frozen=True, slots=True)
class Note:
    """What was said about a task: by the "customer", or by a "person" of the merchant's with that name."""

    author: str
    name: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for a person at the desk. `promised`: when the customer expects an answer at the latest."""

    id: str
    merchant: str
    conversation: str
    reason: str
    summary: Mapping[str, str]
    promised: datetime | None
    at: datetime
    notes: tuple[Note, ...] = ()


class Desk(Protocol):
    """What waits for the merchant's people. Reads only; writes go through a WriteSet."""

    async def waiting(self, merchant: str, limit: int = 100) -> Sequence[Task]:
        """Open tasks, the one that was promised first first."""
        ...

    async def task(self, merchant: str, id: str) -> Task | None:
        """An open task; None for any other."""
        ...

    async def transcript(self, merchant: str, conversation: str, limit: int = 30) -> Sequence[Posted]:
        """The last messages of a conversation of the merchant's, oldest first."""
        ...


class Links(Protocol):
    """Customers linked over channels; writes of links go through a WriteSet."""

    async def stands(self, merchant: str, now: datetime, *, id: str = "", digest: str = "") -> Offered | None:
        """The offer of that id, or of the code with that digest, if it can still be taken."""
        ...

    async def offers(self, merchant: str, since: datetime, *, customer: str = "", conversation: str = "") -> int:
        """How many offers a customer, or a conversation, got since then."""
        ...

    async def offer(self, offered: LinkOffered, now: datetime) -> None:
        """Store an offer that no turn makes."""
        ...

    async def of(self, merchant: str, customer: str) -> Sequence[LinkRow]:
        """What is linked to the customer, the first first."""
        ...

    async def own(self, event: Event) -> str:
        """Who the event's proof alone says it is, whatever that is linked to."""
        ...

    async def tried(self, guess: Guess, rule: LockOut, now: datetime) -> bool:
        """May it be tried? Counted as a miss before anybody knows, so that guesses at once are counted, too."""
        ...

    async def locked(self, guess: Guess, rule: LockOut, now: datetime) -> bool:
        """Would nothing be tried now?"""
        ...

    async def passed(self, guess: Guess) -> None:
        """It was right: the count begins anew."""
        ...


class Jobs(Protocol):
    async def due(self, now: datetime, limit: int = 100) -> Sequence[Job]:
        """Claim jobs that are due; a claim lapses after a minute so that another worker may take it."""
        ...

    async def done(self, job: str) -> None: ...

    async def next_due(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of merchants tells of one. `assistant` is the name of who speaks; `channels` are their names."""

    id: str
    names: Translations
    languages: tuple[str, ...]
    assistant: str = ""
    phone: str = ""
    channels: tuple[str, ...] = ()


def listed(spec: MerchantSpec) -> Listed:
    """The merchant as a list tells of it."""
    channels = tuple(channel.name for channel in spec.channels)
    return Listed(spec.id, spec.names, spec.languages, spec.persona.name, spec.support_phone, channels)


class Artefacts(Protocol):
    async def publish(self, artefact: Artefact) -> None:
        """Store the artefact and make it the merchant's current one; seed stock of new skus."""
        ...

    async def current(self, merchant: str) -> Artefact | None: ...

    async def get(self, digest: str) -> Artefact | None: ...

    async def merchants(self) -> Sequence[str]: ...

    async def listed(self) -> Sequence[Listed]:
        """Every merchant that has published, in the order of their ids; none is loaded for it."""
        ...


class Clock(Protocol):
    def now(self) -> datetime:
        """The current time, aware, UTC."""
        ...

    async def sleep_until(self, moment: datetime) -> None: ...
