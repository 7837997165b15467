"""What understanding concluded: a closed set of commands, each with candidates and its evidence.

Understanding proposes; dialogue alone chooses between candidates. No command writes a reply or causes an effect.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sayso.model.basket import Chosen
from sayso.model.preference import Like


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why: the `words` that were used, the `stage` of the cascade ("given", "pending", "local", "model") and its
    score in 0..1. `start` and `end` (not included) are where those words stand in the customer's text, in characters;
    -1 where they do not stand there as such."""

    words: str
    stage: str
    score: float = 1.0
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible referent: a product's sku, an intent, a location, a line's id; best first in a tuple of them."""

    id: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words that could be more than one option value or none: dialogue asks. `candidates` are "group/value"."""

    words: str
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the customer wants, as far as it was understood. `products` empty: the thing is not known
    (`words` says what was asked for). `quantity` None: not said. `removed` are options to leave out ("no foam"
    where the catalog has foam). `notes` are modifiers that the catalog cannot map; none is ever dropped."""

    words: str
    products: tuple[Candidate, ...] = ()
    quantity: int | None = None
    options: tuple[Chosen, ...] = ()
    removed: tuple[Chosen, ...] = ()
    notes: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Which lines of the basket are meant: `lines` are ids, best first; `count` is how many units of that line
    ("one of the two"), None for all of it. Several equally likely lines with `all_of` False: dialogue asks."""

    words: str
    lines: tuple[Candidate, ...] = ()
    count: int | None = None
    all_of: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """Begin an intent ("skill.intent"), without items: "I'd like to order", "my usual please"."""

    intents: tuple[Candidate, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Add:
    """Add items to the basket."""

    items: tuple[Item, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Change:
    """Change lines of the basket: `to` holds only what was said (options to set, options removed, a new quantity,
    another product, notes). `to.quantity` is the new quantity, or with `relative` the difference."""

    target: Target
    to: Item
    evidence: Evidence
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """Take lines, or `target.count` units of one, out of the basket."""

    target: Target
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Fill:
    """A value for a slot of the current or named intent. `values` are canonical: a location's or choice's id, an
    ISO 8601 date-time, digits, or the words themselves for a text slot. Best first; none: something was said for the
    slot that could not be read, so that it is asked again."""

    slot: str
    values: tuple[Candidate, ...]
    evidence: Evidence
    part: str = ""
    """What of a moment was said where it was not all, so that the rest of an earlier one stands (see `amended`)."""


@dataclass(frozen=True, slots=True)
class Yes:
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class No:
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Choose:
    """One of the options that were shown: its position, counted from 0; -1 is the last. `by` says which instead of a
    position: "cheapest" or "dearest" of the products."""

    position: int
    evidence: Evidence
    by: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """One of the global phrases. `what`: "cancel", "undo", "repeat", "help", "skip", "wait", "person", "stop" (end
    the conversation), "unsubscribe" (stop messaging me), "emergency", "checkout" (that is all, finish),
    "carry_on" (where were we), "link" (know me on another channel, too), "unlink", "links" (what is linked?),
    "change" (something, it is not said what), "start_over", "any" (it does not matter which), "more" (show more),
    "greeting", "thanks", "goodbye",
    "smalltalk", "bot" (are you human?), "hesitation" (maybe, hm, yes but)."""

    what: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Question:
    """A question. `about`: "menu", "product", "price", "options", "allergens", "hours", "places", "order" (where
    is my order), "duration" (how long does it take), "basket" (what do I have), "why" (why do you ask), "answer" (the
    merchant's own answers), "open", "trait" (is it ...?), "compare" (how do they differ),
    "slot" (of the skill in progress, where its slots are explained in words; `ids` are their names),
    "suggested" (an open question whose answer a model found among the rows: "because:attribute=value" is why).
    `ids` are candidates for what it is about: skus, category ids, option groups, locations, answer ids. Of "menu" they
    may be constraints as well: "@without:<allergen>", "@tag:<tag>", "@said:<trait>" (only the skus that follow say so),
    "@not:<sku or category>", "@most:<minor units>", "@cheapest", "@dearest", an option's "group/value",
    "@after:<rows told before>"."""

    about: str
    ids: tuple[Candidate, ...]
    evidence: Evidence
    words: str = ""


@dataclass(frozen=True, slots=True)
class Allergy:
    """The customer states an allergy or diet: a constraint of this order. `allergens` are declared ids; empty
    when the words name none that the merchant declares."""

    allergens: tuple[str, ...]
    evidence: Evidence
    products: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """Switch the conversation's language."""

    language: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Keep:
    """The customer says what they like for good: "I always take oat milk", "my size is M now"."""

    likes: tuple[Like, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Forget:
    """What is remembered about these is to be forgotten: `abouts` as of a `Like`."""

    abouts: tuple[str, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Stale:
    """An old or unknown button."""

    evidence: Evidence


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Nothing fitted; `nearest` are the closest intents, for the trace and for the next question."""

    words: str
    evidence: Evidence
    nearest: tuple[Candidate, ...] = ()


Command = (
    Start
    | Add
    | Change
    | Remove
    | Fill
    | Yes
    | No
    | Choose
    | Say
    | Question
    | Allergy
    | Language
    | Keep
    | Forget
    | Stale
    | NotUnderstood
)


def picked(command: Command) -> str:
    """The product (sku) that an option of a list is about, "" for an option of another kind."""
    if isinstance(command, Question) and command.about == "product" and len(command.ids) == 1:
        return command.ids[0].id
    if isinstance(command, Add) and len(command.items) == 1 and len(command.items[0].products) == 1:
        return command.items[0].products[0].id
    return ""


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What a turn took of a language model. `outcome`: "answered"; "nothing" (it had no answer), "ungrounded" (nothing
    of its answer was believed); "late", "cut", "malformed", "limited", "refused", "denied", "down" (how it failed);
    "busy", "resting", "spent" (it was not asked: too many turns wait, the endpoint is down, the day's budget is used
    up). `day` is the merchant's (ISO 8601); `cost` is in millionths of the unit of the operator's prices; `guessed`:
    the call was broken off, and this is the most that it can have taken."""

    outcome: str
    day: str = ""
    calls: int = 0
    prompt: int = 0
    completion: int = 0
    cost: int = 0
    seconds: float = 0.0
    guessed: bool = False

    @property
    def tokens(self) -> int:
        return self.prompt + self.completion

    def after(self, seconds: float) -> ModelUse:
        """The same, `seconds` long."""
        return replace(self, seconds=seconds)


@dataclass(frozen=True, slots=True)
class Unheard:
    """What was not understood, or hardly: the `words` with what is personal in them masked, and the `nearest` ids, best
    first: intents ("skill.intent") where nothing fitted, else what it was taken for."""

    words: str
    language: str
    nearest: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """All that one event meant, in the order it was said. `language` is what it was said in, "" when unsure. `used` is
    what it took of a language model, None when none was wanted. `unheard`: what was not understood, or hardly, for the
    merchant to learn from."""

    commands: tuple[Command, ...]
    language: str = ""
    stages: tuple[str, ...] = ()
    used: ModelUse | None = None
    unheard: Unheard | None = None
