"""The pure snapshot that understanding sees, and what it needs from the outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from sayso.manifest.specs import Artefact
from sayso.model.basket import Line
from sayso.model.command import Candidate, Understood
from sayso.model.event import Event
from sayso.model.message import Shown
from sayso.model.state import Frame, Offer, Pending

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Context:
    """What understanding may know. `now` is aware, in the merchant's zone; `language` is the conversation's;
    `lines` is the basket; `focus` the lines touched last, newest first; `shown` the options of the last message;
    `intent` the frame's intent ("skill.intent" or ""); `undoable`: something was done that can be undone;
    `done_lines` are the lines of the last placed order, for "another one of those"."""

    language: str
    now: datetime
    pending: Pending | None = None
    lines: tuple[Line, ...] = ()
    focus: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    intent: str = ""
    undoable: bool = False
    done_lines: tuple[Line, ...] = ()
    voice: bool = False
    mentioned: tuple[str, ...] = ()
    """Products (skus) that the customer has just asked about: "one of those", "ok, add one", "I'll have it"."""
    frames: tuple[Frame, ...] = ()
    """The intents in progress with their slots, the newest last: "a hotel there", "that day"."""
    offered: tuple[Offer, ...] = ()
    """What our last words offered and nobody took yet: "that works"."""
    asked: tuple[str, ...] = ()
    """The slots that our last words asked for, the likeliest first."""
    sought: tuple[str, ...] = ()
    """The products that were found last and that what is looked for may be told of more closely: "in black?"."""
    listed: tuple[str, ...] = ()
    """The products of the last list, its question open or not: "the first one after all"."""
    recalling: bool = False
    """Our last words told what we remember of the customer."""


class Embedder(Protocol):
    """Sentence embeddings; blocking, thread-safe, called off the loop. Rows are L2-normalised."""

    name: str

    def encode(self, texts: Sequence[str]) -> NDArray[float32]: ...


class Vectors(Protocol):
    """Nearest neighbours within one merchant; the handle is already scoped to it. Returns ids with cosine scores."""

    async def search(
        self, collection: str, vector: NDArray[float32], k: int, only: Collection[str] | None = None
    ) -> Sequence[Candidate]:
        """`collection`: "catalog" or "answers"; `only`: nothing but these ids is ranked."""
        ...


class Finding(Protocol):
    """What of a merchant's catalog words describe."""

    async def near(self, words: str, artefact: Artefact, among: Collection[str], within: float) -> Mapping[str, float]:
        """How near products are to `words`, by their letters and their meaning: sku -> score, the best first. Nothing
        but `among` is ranked. `within`: seconds that it may take. Never raises; empty where nothing could be found."""
        ...


class Understanding(Protocol):
    """Words to commands for any merchant."""

    async def understand(self, event: Event, context: Context, artefact: Artefact, deadline: float) -> Understood:
        """What the event means. `deadline`: seconds that are left, the model stage included. Never raises for
        anything a customer can say; never empty: at least NotUnderstood."""
        ...
