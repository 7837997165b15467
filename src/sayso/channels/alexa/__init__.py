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
from sayso.channels.alexa.dialog import Aims, Targets
from sayso.channels.alexa.envelope import Envelope
from sayso.channels.alexa.export import child_directed
from sayso.channels.alexa.limits import Limits, ProgressiveLimits, read_limits
from sayso.channels.alexa.model import aims_of
from sayso.channels.alexa.parse import ABOUT_SKILL, EMPTY, Prove, Ready, parse
from sayso.channels.alexa.progressive import meanwhile
from sayso.channels.alexa.render import ASKING, Ear, Surface, render
from sayso.channels.alexa.verify import verify
from sayso.channels.contract import Call
from sayso.errors import NotFound
from sayso.manifest.specs import Artefact
from sayso.model.event import Closed, Event
from sayso.model.message import Message
from sayso.model.text import pick

MODELS = 64
"""Merchants whose models are remembered."""

Turn = Callable[[Event], Awaitable[Sequence[Message]]]
"""Handles an event and returns what was answered, in order."""

__all__ = [
    "EMPTY",
    "Certificates",
    "Door",
    "Limits",
    "ProgressiveLimits",
    "Ready",
    "Received",
    "fetching",
    "read_limits",
    "trusted_roots",
]


@dataclass(frozen=True, slots=True)
class Received:
    """An event, and the request that it came in: the answer depends on the device and on the session."""

    event: Event
    envelope: Envelope

    @property
    def about_skill(self) -> bool:
        """It tells of the skill and not of a conversation: for who never spoke here, or was erased, it is nothing."""
        return isinstance(self.event.body, ABOUT_SKILL)


@dataclass(frozen=True, slots=True)
class Door:
    """Alexa's way in and out. `assets`: the public HTTPS address of the host's pictures, "" when there is none.
    `environment` has the values that manifests refer to as "env:NAME". `models`: what directives may aim at, of the
    artefacts that were asked about last."""

    certificates: Certificates
    limits: Limits
    assets: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    models: dict[str, Aims] = field(default_factory=dict, repr=False, compare=False)

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
        return self.respond(received, await turn(received.event), artefact)

    async def receive(
        self, headers: Mapping[str, str], body: bytes, now: datetime, artefact: Artefact, prove: Prove | None = None
    ) -> Received | Ready:
        """The event in a request, proven to be Alexa's for this merchant; `Ready` when it is answered already."""
        account = skill_id(artefact, self.environment)
        envelope = await verify(headers, body, now, self.certificates, (account,), self.limits.request)
        parsed = parse(envelope, artefact, account, now, self.limits.answer, prove)
        return parsed if isinstance(parsed, Ready) else Received(parsed, envelope)

    def respond(self, received: Received, messages: Sequence[Message], artefact: Artefact, model: str = "") -> bytes:
        """The response to what was received; the end of a session may not be answered with words. `model`: which
        exported model calls, as its address tells; "": one from before there were any."""
        event, envelope = received.event, received.envelope
        if isinstance(event.body, Closed):
            return EMPTY
        title = pick(artefact.merchant.names, event.language)
        pictures = f"{self.assets.rstrip('/')}/{artefact.merchant.id}" if self.assets else ""
        asks = ASKING - {"location"} if child_directed(artefact) else ASKING
        surface = Surface(title, pictures, envelope.device.screen, asks)
        ear = Ear(
            targets=self._targets(artefact, event.language, model),
            longest=self.limits.export.max_slot_value,
            listed=bool(envelope.session.options),
        )
        return render(messages, self.limits.response, surface, ear)

    def meanwhile(self, received: Received, artefact: Artefact) -> Call | None:
        """The call that tells a customer who waits that the answer is coming; None where nobody waits."""
        told = artefact.replies.get("one_moment", {})
        reply = told.get(received.event.language.partition("-")[0]) or next(iter(told.values()), None)
        words = (reply.speech or reply.text) if reply else ""
        return meanwhile(received.envelope, words, self.limits)

    def _targets(self, artefact: Artefact, locale: str, model: str) -> Targets:
        """What directives may aim at: nothing, unless Amazon has the very model that this artefact makes."""
        if not model:
            return {}
        aims = self.models.get(artefact.digest)
        if aims is None:
            while len(self.models) >= MODELS:
                self.models.pop(next(iter(self.models)))
            aims = self.models[artefact.digest] = aims_of(artefact, self.limits.export)
        return aims.languages.get(locale.partition("-")[0], {}) if aims.id == model else {}


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
