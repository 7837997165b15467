"""What a customer likes, as far as they let us remember it, with where each of it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Like:
    """A value that holds for good. `about`: "option/<group>", "location", "staff", "slot/<skill>/<slot>" or
    "allergen/<id>"; `value` is canonical: a value of the group, an id, the words of a text; `words`: what was said."""

    about: str
    value: str
    words: str = ""

    @property
    def special(self) -> bool:
        """Is it about health? It needs a consent of its own."""
        return self.about.startswith("allergen/")


@dataclass(frozen=True, slots=True)
class Preference:
    """A like that is kept. `how`: "said" (the customer told it), "chosen" (it follows from what they ordered) or
    "forgotten" (they had it forgotten: it has no value and no words, and is not learned again); when, on which channel
    and in which conversation."""

    merchant: str
    customer: str
    like: Like
    how: str
    channel: str
    conversation: str
    at: datetime

    @property
    def about(self) -> str:
        return self.like.about

    @property
    def holds(self) -> bool:
        """Is something liked? It is not where it was forgotten."""
        return self.how != "forgotten"
