"""Amazon Alexa custom skills over HTTPS.

    bytes ─▶ verify ─▶ parse ─▶ Event ─▶ (the host's turn) ─▶ render ─▶ bytes

`Door` holds what a running host needs for that; the parts are pure functions. `export` makes the skill package that is
given to Amazon. `limits.toml` holds Amazon's numbers, with their sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

__all__ = ["Certificates", "Door", "Limits", "Ready", "fetching", "read_limits", "trusted_roots"]


@dataclass(frozen=True, slots=True)
class Door:
    """Alexa's way in and out. `assets`: the public HTTPS address of merchants' pictures ("{merchant}" in it is filled
    in), "" when there is none."""

    certificates: Certificates
    limits: Limits
    assets: str = ""

    async def receive(
        self, headers: Mapping[str, str], body: bytes, now: datetime, artefact: Artefact, prove: Prove | None = None
    ) -> Event | Ready:
        """The event in a request, proven to be Alexa's for this merchant; `Ready` when it is answered already.

        Raises errors.Theirs (400, 404, 413) or errors.Upstream; nothing was stored then.
        """
        account = skill_id(artefact)
        envelope = await verify(headers, body, now, self.certificates, (account,), self.limits.request)
        return parse(envelope, artefact, account, now, self.limits.answer, prove)

    def respond(self, event: Event, messages: Sequence[Message], artefact: Artefact) -> bytes:
        """The response to `event`; the end of a session may not be answered with words."""
        if isinstance(event.body, Closed):
            return EMPTY
        title = pick(artefact.merchant.names, event.language)
        assets = self.assets.replace("{merchant}", artefact.merchant.id)
        return render(messages, self.limits.response, Surface(title, assets))


def skill_id(artefact: Artefact) -> str:
    """The merchant's Alexa skill id. Raises errors.NotFound when it has none."""
    for channel in artefact.merchant.channels:
        if channel.name == "alexa" and channel.account:
            return channel.account
    raise NotFound(
        f"{artefact.merchant.id} is not on Alexa",
        where="merchant.yaml /channels/alexa/skill_id",
        mend="add the skill's id from the Alexa developer console and publish again",
    )
