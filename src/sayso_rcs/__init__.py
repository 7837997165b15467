"""RCS for Business as a channel, in a package of its own: as anybody adds a platform.

It imports `sayso.channels.contract` alone; pyproject.toml names `channel` under the entry points "sayso.channels".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sayso.channels.contract import (
    Account,
    Address,
    Attached,
    Attaching,
    Call,
    Capabilities,
    Event,
    Inbound,
    Outcome,
    Part,
    Pushing,
    Request,
    Response,
    Tokened,
    read_capabilities,
    told,
)
from sayso_rcs.access import outcome, token, token_of
from sayso_rcs.parse import body_of, id_of, opened, phone, report_of
from sayso_rcs.wire import noticed, wire

__all__ = ["Rcs", "channel"]


@dataclass(frozen=True, slots=True)
class Rcs:
    """An agent of a merchant. `clock` dates the assertions for access tokens."""

    name: str = "rcs"
    capabilities: Capabilities = field(default_factory=lambda: read_capabilities("sayso_rcs"))
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        """A handshake, or one message or event of a customer."""
        data = opened(request, account)
        if isinstance(data, str):
            return Inbound(response=Response(data.encode()))
        if report := report_of(data, now):
            return Inbound(reports=(report,))
        event = None if _others(data, account) else self._event(data, account, now)
        kind = told(data, "eventType", 64) or "message"
        return Inbound(events=(event,), calls=noticed(data, event, account)) if event else Inbound(ignored=(kind,))

    def _event(self, data: Mapping[str, object], account: Account, now: datetime) -> Event | None:
        id, who, body = id_of(data), phone(data), body_of(data)
        if not id or not who or body is None:
            return None
        return account.event(id, who, body, now, self.capabilities.deadline_s)

    def wire(self, part: Part, to: Address, account: Account) -> Call:
        return wire(part, to, account)

    def outcome(self, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
        return outcome(status, headers, body)

    def attachment(self, attached: Attached, account: Account) -> Call | None:
        """Its address is unguessable: it needs no token, and gets none. A contact's card is no file."""
        return Call("GET", attached.handle) if attached.handle and attached.kind != "contact" else None

    def attachment_at(self, answer: bytes, attached: Attached, account: Account) -> Call | None:
        return None

    def token(self, name: str, account: Account) -> Call:
        return token(account, self.clock())

    def token_of(self, status: int, body: bytes) -> tuple[str, float]:
        return token_of(status, body)


def _others(data: Mapping[str, object], account: Account) -> bool:
    """Whether it is for another agent: a partner's agents share one address."""
    agent = told(data, "agentId", 200).partition("@")[0]
    return bool(agent) and agent != account.id.partition("@")[0]


channel = Rcs()


def _proved(made: Rcs) -> tuple[Pushing, Tokened, Attaching]:
    """The protocols hold, as mypy proves here."""
    return made, made, made
