"""What a webhook request of either edition comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read. `words` is what the customer said or typed, "" when it was an event or a bare intent.

    `names` are the names by which the agent may mean an intent of ours, the most deliberate first (CX tag, ES action,
    display name); `slots` the parameters as they were said, `resolved` as the agent resolved them; `event` the name of
    an event that began the turn; `source` the integration; `page` the CX page that is current; `token` a signed
    customer's token that the agent's client put into the payload."""

    id: str
    session: str
    language: str
    words: str = ""
    names: tuple[str, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)
    resolved: Mapping[str, str] = field(default_factory=dict)
    event: str = ""
    voice: bool = False
    source: str = ""
    page: str = ""
    token: str = field(default="", repr=False)
    heard: str | None = None
    """How much of our last words the customer heard, where the agent's client tells it in the payload."""
