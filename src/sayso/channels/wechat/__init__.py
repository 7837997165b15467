"""WeChat Official Accounts (service accounts): encrypted messages in, customer-service messages out.

WeChat waits five seconds for an answer and shows an error after that, so it gets "success" at once and the answer is a
call of its own. In plain mode nothing proves a body: encrypted mode is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sayso.channels.contract import (
    Account,
    Address,
    Attached,
    Call,
    Capabilities,
    Event,
    Forbidden,
    Inbound,
    Outcome,
    Part,
    Pushing,
    Request,
    Response,
    Theirs,
    Unauthorised,
    identifier,
    read_capabilities,
    same,
)
from sayso.channels.wechat import api, files
from sayso.channels.wechat.limits import limits
from sayso.channels.wechat.parse import body_of, id_of, report_of
from sayso.channels.wechat.read import Fields, fields
from sayso.channels.wechat.signing import decrypted, signature

__all__ = ["WeChat", "channel"]

SUCCESS = Response(b"success")


@dataclass(frozen=True, slots=True)
class WeChat:
    """A merchant's official account."""

    name: str = "wechat"
    capabilities: Capabilities = field(default_factory=lambda: read_capabilities("sayso.channels.wechat"))

    def receive(self, request: Request, account: Account, now: datetime) -> Inbound:
        """One message or event a request."""
        _signed(request, account, now)
        if request.method == "GET":
            return Inbound(response=Response(_echo(request, account)))
        found = _opened(request, account)
        if report := report_of(found, now):
            return Inbound(reports=[report], response=SUCCESS)
        event = self._event(found, account, now)
        kind = "/".join(filter(None, (found.get("MsgType", ""), found.get("Event", ""))))
        return Inbound([event] if event else (), response=SUCCESS, ignored=() if event else [kind or "message"])

    def _event(self, found: Fields, account: Account, now: datetime) -> Event | None:
        who, id, body = identifier(found, "FromUserName", 64), id_of(found), body_of(found)
        if not who or not id or body is None:
            return None
        return account.event(id, who, body, now, self.capabilities.deadline_s)

    def wire(self, part: Part, to: Address, account: Account) -> Call:
        return api.wire(part, to, account)

    def outcome(self, status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
        return api.outcome(status, body)

    def attachment(self, attached: Attached, account: Account) -> Call | None:
        return files.fetched(attached)

    def attachment_at(self, answer: bytes, attached: Attached, account: Account) -> Call | None:
        return files.elsewhere(answer)

    def token(self, name: str, account: Account) -> Call:
        return api.token(account)

    def token_of(self, status: int, body: bytes) -> tuple[str, float]:
        return api.token_of(status, body)


def _signed(request: Request, account: Account, now: datetime) -> None:
    """The address is signed in every mode; in encrypted mode the body is proven beside it."""
    query = request.query
    given, time = query.get("signature", "") or query.get("msg_signature", ""), query.get("timestamp", "")
    if not given:
        raise Unauthorised("no signature", where="signature", mend="let WeChat call this address", code="unsigned")
    fresh = time.isascii() and time.isdigit() and abs(now.timestamp() - int(time[:12])) <= limits().fresh_s
    parts: tuple[str, ...] = (account.secret("token"), time, query.get("nonce", ""))
    if not query.get("signature"):
        # The handshake of encrypted accounts signs what it encrypts.
        parts = (*parts, query.get("echostr", "")) if request.method == "GET" else (*parts, _hidden(request))
    if not same(signature(*parts), given) or not fresh:
        raise Forbidden("a wrong or old signature", where="signature", mend="check the token", code="bad_signature")


def _echo(request: Request, account: Account) -> bytes:
    said = request.query.get("echostr", "")[:1000]
    if request.query.get("msg_signature"):
        return decrypted(said, account.secret("encoding_aes_key"), account.id)
    return said.encode()


def _opened(request: Request, account: Account) -> Fields:
    """The fields of the message, decrypted and proven."""
    if request.query.get("encrypt_type") != "aes" and not request.query.get("msg_signature"):
        if not account.on("plain"):
            raise Theirs(
                "a message in plain mode, which nothing proves",
                where="encrypt_type",
                mend="choose the encrypted mode in WeChat's settings, or write plain: true in the manifest for a test",
                code="plain",
                status=403,
            )
        return fields(request.body, limits().max_bytes)
    hidden = _hidden(request)
    said = (account.secret("token"), request.query.get("timestamp", ""), request.query.get("nonce", ""), hidden)
    if not same(signature(*said), request.query.get("msg_signature", "")):
        raise Forbidden("a wrong signature", where="msg_signature", mend="check the token", code="bad_signature")
    return fields(decrypted(hidden, account.secret("encoding_aes_key"), account.id), limits().max_bytes)


def _hidden(request: Request) -> str:
    return fields(request.body, limits().max_bytes).get("Encrypt", "")


channel: Pushing = WeChat()
