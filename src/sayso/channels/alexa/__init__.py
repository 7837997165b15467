"""Amazon Alexa custom skills over HTTPS.

    bytes ─▶ verify ─▶ parse ─▶ Event ─▶ (the host's turn) ─▶ render ─▶ bytes

`Door` holds what a running host needs for that; the parts are pure functions. `export` makes the skill package that is
given to Amazon. `limits.toml` holds Amazon's numbers, with their sources.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sayso.channels.alexa.certificates import Certificates, fetching, trusted_roots
from sayso.channels.alexa.limits import Limits, read_limits
from sayso.channels.alexa.parse import EMPTY, Prove, Ready, parse
from sayso.channels.alexa.render import Surface, render
from sayso.channels.alexa.verify import verify
from sayso.errors import NotFound
from sayso.manifest.specs import Artefact
from sayso.model.event import Closed, Event
from sayso.model.message import Message
from sayso.model.text import pick

Turn = Callable[[Event], Awaitable[Sequence[Message]]]
"""Handles an event and returns what was answered, in order."""

__all__ = ["Certificates", "Door", "Limits", "Ready", "fetching", "read_limits", "trusted_roots"]


@dataclass(frozen=True, slots=True)
class Door:
    """Alexa's way in and out. `assets`: the public HTTPS address of the host's pictures, "" when there is none.
    `environment` has the values that manifests refer to as "env:NAME"."""

    certificates: Certificates
    limits: Limits
    assets: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    async def answer(
        self,
        artefact: Artefact,
        headers: Mapping[str, str],
        body: bytes,
        now: datetime,
        turn: Turn,
        prove: Prove | None = None,
    ) -> bytes:
        """The response to a request: received, handled by `turn`, rendered.

        Raises errors.Theirs (400, 404, 413) or errors.Upstream before anything was stored.
        """
        received = await self.receive(headers, body, now, artefact, prove)
        if isinstance(received, Ready):
            return received.body
        return self.respond(received, await turn(received), artefact)

    async def receive(
        self, headers: Mapping[str, str], body: bytes, now: datetime, artefact: Artefact, prove: Prove | None = None
    ) -> Event | Ready:
        """The event in a request, proven to be Alexa's for this merchant; `Ready` when it is answered already."""
        account = skill_id(artefact, self.environment)
        envelope = await verify(headers, body, now, self.certificates, (account,), self.limits.request)
        return parse(envelope, artefact, account, now, self.limits.answer, prove)

    def respond(self, event: Event, messages: Sequence[Message], artefact: Artefact) -> bytes:
        """The response to `event`; the end of a session may not be answered with words."""
        if isinstance(event.body, Closed):
            return EMPTY
        title = pick(artefact.merchant.names, event.language)
        pictures = f"{self.assets.rstrip('/')}/{artefact.merchant.id}" if self.assets else ""
        return render(messages, self.limits.response, Surface(title, pictures))


def skill_id(artefact: Artefact, environment: Mapping[str, str]) -> str:
    """The merchant's Alexa skill id. Raises errors.NotFound when it has none."""
    account = next((channel.account for channel in artefact.merchant.channels if channel.name == "alexa"), "")
    found = environment.get(account.removeprefix("env:"), "") if account.startswith("env:") else account
    if not found:
        raise NotFound(
            f"{artefact.merchant.id} has no Alexa skill id",
            where="merchant.yaml /channels/alexa/skill_id",
            mend=f"set {account.removeprefix('env:') or 'it'} to the id from the Alexa developer console",
        )
    return found
