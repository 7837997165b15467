"""What a channel is: the one page that somebody who adds a platform reads.

    platform's request ─▶ receive ─▶ Inbound(events, reports, response)
                                          │ the host: store, answer the platform, run the turns
    Message ─▶ compile (capabilities) ─▶ Plan(parts) ─▶ wire, one Call a part ─▶ platform ─▶ outcome

A channel is data (`capabilities`) and four pure functions; it opens no connection and keeps no state. The host stores
events once, runs turns in order, keeps the outbox, retries, counts rates and windows. A channel whose platform takes
the answer in its response (a telephone call, an assistant's webhook) has `respond` instead of `wire` and `outcome`.

A third party's channel is a package with an entry point in the group "sayso.channels" that names a `Channel`;
`sayso.testing.channels` has the tests that prove it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from sayso.channels.capabilities import Capabilities, read_capabilities
from sayso.channels.compiler.measure import fit
from sayso.channels.compiler.plan import Button, Image, Part, Row, Tile
from sayso.channels.door import json_object, same, small
from sayso.channels.words import clean, identifier, inner, items, number, told
from sayso.errors import Forbidden, NotFound, Theirs, Unauthorised, Upstream
from sayso.manifest.specs import ChannelSpec, MerchantSpec
from sayso.model.event import (
    UNNAMED,
    Attached,
    Body,
    CartItem,
    CartSent,
    Closed,
    Controlled,
    Edited,
    Event,
    Located,
    Opened,
    Opted,
    Pressed,
    Proof,
    Reacted,
    Recognised,
    Referred,
    Renumbered,
    Silent,
    Unsent,
    Unsupported,
    Utterance,
)
from sayso.model.message import Action, Card, Message, Picture

__all__ = [
    "UNNAMED",
    "Account",
    "Action",
    "Address",
    "Attached",
    "Attaching",
    "Body",
    "Button",
    "Call",
    "Capabilities",
    "Card",
    "CartItem",
    "CartSent",
    "Channel",
    "ChannelSpec",
    "Closed",
    "Controlled",
    "Edited",
    "Event",
    "Forbidden",
    "Image",
    "Inbound",
    "Located",
    "MerchantSpec",
    "Message",
    "NotFound",
    "NotSent",
    "Opened",
    "Opted",
    "Outcome",
    "Part",
    "Picture",
    "Pressed",
    "Proof",
    "Pushing",
    "Reacted",
    "Recognised",
    "Referred",
    "Refusing",
    "Renumbered",
    "Report",
    "Request",
    "Responding",
    "Response",
    "Row",
    "Send",
    "Silent",
    "Templated",
    "Theirs",
    "Tile",
    "Tokened",
    "Transferring",
    "Unauthorised",
    "Unsent",
    "Unsupported",
    "Upstream",
    "Utterance",
    "clean",
    "fit",
    "identifier",
    "inner",
    "items",
    "json_object",
    "number",
    "read_capabilities",
    "same",
    "small",
    "told",
]  # fmt: skip
"""All that a channel imports of sayso: what is not named here may change at any time."""


@dataclass(frozen=True, slots=True)
class Request:
    """A platform's HTTP request. `url` is the public address that the platform called, query included; `headers` have
    names in small letters; `query` the first value of each name, decoded; `body` the raw bytes that a signature
    covers; `path` what follows the account's own address ("status", "flow"), mostly ""."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What the platform gets for its request."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Account:
    """A merchant's account on a channel, as its manifest tells it. `environment` has the values that the manifest
    refers to as "env:NAME"; `public_url` is this host's own address, "" where it has none."""

    merchant: MerchantSpec
    spec: ChannelSpec
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    public_url: str = ""

    @property
    def channel(self) -> str:
        return self.spec.name

    @property
    def id(self) -> str:
        """The account's id at the platform. Raises NotFound where the environment does not have it."""
        return self._of(self.spec.account, "account")

    def secret(self, name: str) -> str:
        """The value of a setting that is a reference to the environment.

        Raises NotFound, with what to set, where the manifest or the environment does not have it."""
        return self._of(str(self.spec.settings.get(name, "")), name)

    def text(self, name: str, default: str = "") -> str:
        """A setting that is no secret, or its default."""
        return str(self.spec.settings.get(name, default))

    def on(self, name: str) -> bool:
        """Whether a setting is switched on."""
        return self.spec.settings.get(name) is True

    def event(
        self,
        id: str,
        conversation: str,
        body: Body,
        at: datetime,
        deadline_s: float,
        *,
        proof: Proof | None = None,
        language: str = "",
        voice: bool = False,
        via: Mapping[str, str] | None = None,
        heard: str | None = None,
    ) -> Event:
        """What a customer did on this account; without another `proof` the platform vouches for the conversation's
        id."""
        return Event(
            id=id,
            merchant=self.merchant.id,
            channel=self.channel,
            account=self.id,
            conversation=conversation,
            at=at,
            body=body,
            language=language,
            proof=proof or Proof("channel", f"{self.channel}:{self.id}", conversation),
            deadline_s=deadline_s,
            voice=voice,
            via=via or {},
            heard=heard,
        )

    def _of(self, said: str, name: str) -> str:
        found = self.environment.get(said[4:], "") if said.startswith("env:") else said
        if found:
            return found
        raise NotFound(
            f"this host does not know {name} of {self.merchant.id}'s account",
            where=f"merchant.yaml /channels/{self.spec.name}/{name}",
            mend=f"set {said[4:]} in the environment of the host" if said else f"add {name} to the manifest",
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What a platform tells of a message that was sent: `native` is the platform's id of it, `part` ours where the
    platform gives it back (one of both is known). `state`: "sent", "delivered", "read" or "failed"; `until`: everything
    to this customer up to that moment (a watermark), then neither id is needed. `reason` of a failure; `window`: it
    failed because free words are no longer allowed, so that a template is sent instead."""

    state: str
    at: datetime
    native: str = ""
    part: str = ""
    conversation: str = ""
    until: datetime | None = None
    reason: str = ""
    code: str = ""
    window: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP call to the platform. `once`: sending it again with the same id has no second effect (the platform tells
    apart by `part`), so that it may be retried after an unknown outcome. `token`: the name of an access token that the
    host fetches by `Channel.token` and writes where `{token}` stands in url or headers."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    once: bool = False
    token: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call. `state`: "sent" (with the platform's id of the message), "retry" (nothing was sent; again
    after `after_s`), "failed" (never will be; `reason` for staff), "window" (free words are no longer allowed: a
    template is needed), "opted_out" (the customer does not want it), "token" (the access token is stale) or "unknown"
    (it may have been sent: as after a timeout, only what is `once` is tried again)."""

    state: str
    native: str = ""
    after_s: float = 0.0
    reason: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """To whom. `native` is the conversation's id on the channel; `via` what came with the event that is answered (a
    reply token, a thread), with `at`, when that was; `part` our own id of this part, at most 64 ASCII letters, digits,
    dots and dashes; `language` of the conversation; `now`, when the call is made. `spent`: an earlier call, of another
    part, had this `via` already; `tried`: an earlier try of this part did: what works once must not be used again."""

    native: str
    part: str
    via: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None
    language: str = "en"
    now: datetime | None = None
    spent: bool = False
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Inbound:
    """What was in a request. `calls` are made at once and may fail (a spinner on a button, a typing notice); `ignored`
    names what was left alone, for the log."""

    events: Sequence[Event] = ()
    reports: Sequence[Report] = ()
    response: Response = Response()
    calls: Sequence[Call] = ()
    ignored: Sequence[str] = ()


@runtime_checkable
class Channel(Protocol):
    """A platform. `name` is its key in merchant manifests, in paths (/v1/channels/<name>/<merchant>) and in rows."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        """Verify the raw bytes, then parse them; answer handshakes.

        Raises Theirs: 400 for what is no request of this platform, 401 or 403 for one that is not proven to be. What
        is unknown inside a proven request is ignored, never refused."""
        ...


@runtime_checkable
class Pushing(Channel, Protocol):
    """A channel whose answers are calls to the platform, made by the outbox."""

    def wire(self, part: Part, to: Address, account: Account) -> Call:
        """The call that sends one part."""
        ...

    def outcome(self, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
        """What the platform's answer to a call means. A timeout or a broken connection never comes here."""
        ...


@runtime_checkable
class Responding(Channel, Protocol):
    """A channel whose platform takes the answer in its response."""

    def respond(self, event: Event, messages: Sequence[Message], account: Account) -> Response:
        """The response to the last event of its request."""
        ...


@runtime_checkable
class Transferring(Protocol):
    """A responding channel whose platform brings a person to a call: it is told when one was asked for."""

    def to_person(self, event: Event) -> Event:
        """The event, as `respond` gets it in a turn that asked for a person and was promised one."""
        ...


@runtime_checkable
class Refusing(Protocol):
    """A channel whose platform reads errors in a shape of its own."""

    def refused(self, error: Theirs) -> Response:
        """The response that tells of the error, with its status."""
        ...


@runtime_checkable
class Tokened(Protocol):
    """A channel whose calls need an access token that is fetched and expires."""

    def token(self, name: str, account: Account) -> Call:
        """The call that fetches a token."""
        ...

    def token_of(self, status: int, body: bytes) -> tuple[str, float]:
        """The token in the answer, and the seconds that it lives. Raises Upstream when there is none."""
        ...


@runtime_checkable
class Templated(Protocol):
    """A channel that can write to a customer outside of the window, with a message that the platform knows."""

    def template(self, message: Message, to: Address, account: Account) -> Call | None:
        """The call that sends the message, or what it is about, as a template; None where no template fits."""
        ...


@runtime_checkable
class Attaching(Protocol):
    """A channel whose files can be fetched: from `capabilities.hosts` only, whatever the calls say."""

    def attachment(self, attached: Attached, account: Account) -> Call | None:
        """The call that fetches a file, or that tells where it lies; None for what is no file."""
        ...

    def attachment_at(self, answer: bytes, attached: Attached, account: Account) -> Call | None:
        """The call that fetches the file that `answer` tells of; None when `answer` is the file itself."""
        ...


class NotSent(Upstream):
    """A call that surely never reached the platform: it may be made again."""

    code = "not_sent"


Send = Callable[[Call], Awaitable[tuple[int, Mapping[str, str], bytes]]]
"""Makes a call: (status, headers, body). Raises NotSent when nothing was sent, another Upstream when it was and no
answer came."""
