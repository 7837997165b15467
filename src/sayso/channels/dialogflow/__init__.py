"""Dialogflow ES and CX: fulfilment webhooks.

    bytes ─▶ auth ─▶ read_call (es, cx) ─▶ parse ─▶ Event ─▶ (the host's turn) ─▶ render (es, cx) ─▶ bytes

`Door` holds what a running host needs for that; the parts are pure functions. The editions differ in two modules, in
what their JSON is called; everything else is shared. `limits.toml` holds Google's numbers, with their sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from sayso.channels.dialogflow import cx, es
from sayso.channels.dialogflow.account import CHANNELS, Account, account
from sayso.channels.dialogflow.auth import Key, verify
from sayso.channels.dialogflow.call import Call
from sayso.channels.dialogflow.keys import GoogleKeys, fetching
from sayso.channels.dialogflow.limits import Limits, ResponseLimits, read_limits
from sayso.channels.dialogflow.parse import Prove, Ready, parse
from sayso.channels.dialogflow.reading import read
from sayso.channels.dialogflow.rich import Look
from sayso.manifest.specs import Artefact
from sayso.model.event import Closed, Event
from sayso.model.message import Message

EDITIONS = {"es": es, "cx": cx}

__all__ = ["CHANNELS", "EDITIONS", "Door", "GoogleKeys", "Limits", "Ready", "Received", "fetching", "read_limits"]


@dataclass(frozen=True, slots=True)
class Received:
    """An event, with what its answer needs of the request that brought it."""

    event: Event
    call: Call
    account: Account


@dataclass(frozen=True, slots=True)
class Door:
    """Dialogflow's way in and out. `assets`: the public HTTPS address of the host's pictures, "" when there is none.
    `environment` has the values that manifests refer to as "env:NAME"."""

    key: Key
    limits: Limits
    assets: str = ""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    async def receive(
        self,
        edition: str,
        headers: Mapping[str, str],
        body: bytes,
        now: datetime,
        artefact: Artefact,
        prove: Prove | None = None,
    ) -> Received | Ready:
        """The event in a request, proven to be of this merchant's agent; `Ready` when it is answered already.

        Raises errors.Theirs (400, 401, 403, 404, 413) or errors.Upstream before anything was stored.
        """
        found = account(artefact, edition, self.environment)
        await verify(headers, found, self.environment, self.key, now, self.limits.keys)
        call = EDITIONS[edition].read_call(read(body, self.limits.request))
        event = parse(call, artefact, found, now, self.limits.answer, prove)
        return event if isinstance(event, Ready) else Received(event, call, found)

    def respond(self, received: Received, messages: Sequence[Message], *, person: bool = False) -> bytes:
        """The response to what was received. `person`: the turn handed the conversation to a person."""
        if isinstance(received.event.body, Closed):
            return b"{}"
        event, found = received.event, received.account
        look = Look(
            merchant=event.merchant,
            voice=event.voice,
            rich=found.rich,
            assets=f"{self.assets.rstrip('/')}/{event.merchant}" if self.assets else "",
            person=person,
            live_agent=found.settings.get("live_agent") is True,
            transfer_to=found.text("transfer_to"),
        )
        limits = self.limits.response
        return within(EDITIONS[found.edition].render(messages, received.call, look, limits), limits)


def within(ways: Sequence[Mapping[str, object]], limits: ResponseLimits) -> bytes:
    """The first of `ways` to answer, richest first, that is small enough; the last one is by its own limits."""
    made = (orjson.dumps(way) for way in ways)
    body = b"{}"
    for body in made:
        if len(body) <= limits.max_bytes:
            break
    return body
