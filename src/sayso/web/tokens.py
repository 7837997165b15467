"""Tokens of a conversation and keys of staff: JSON claims with an HMAC-SHA256 over them, both base64url.

    base64url(claims) "." base64url(HMAC-SHA256(secret, kind "." base64url(claims)))

`kind` separates what a token is for, so that a conversation's token is never a staff key. Several secrets rotate: the
first signs, each is accepted. The host stores none of them.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson

from sayso.errors import Forbidden, Unauthorised
from sayso.model.event import Proof

LONGEST = 2048
"""Characters of a token that are looked at at all."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs and reads tokens with the host's secrets."""

    secrets: tuple[str, ...]

    def sign(self, kind: str, claims: dict[str, Any], until: datetime) -> str:
        """A token of `kind` that ends at `until`."""
        body = _encode(orjson.dumps({**claims, "exp": int(until.timestamp())}))
        return f"{body}.{_encode(_mac(self.secrets[0], kind, body))}"

    def read(self, kind: str, token: str, now: datetime) -> dict[str, Any]:
        """The claims. Raises Unauthorised when the token is not ours, of another kind, or has ended."""
        body, _, mac = token.partition(".")
        if len(token) > LONGEST or not self._signed(kind, body, _decode(mac)):
            raise Unauthorised(
                "this token was not issued here", where="Authorization", mend="Get a new one.", code="bad_token"
            )
        claims: dict[str, Any] = orjson.loads(_decode(body))
        if claims["exp"] <= now.timestamp():
            raise Unauthorised("this token has ended", where="Authorization", mend="Get a new one.", code="token_ended")
        return claims

    def _signed(self, kind: str, body: str, mac: bytes) -> bool:
        return any(hmac.compare_digest(_mac(secret, kind, body), mac) for secret in self.secrets)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who holds a conversation: what its token says."""

    merchant: str
    conversation: str
    proof: Proof


def conversation_token(signer: Signer, visitor: Visitor, until: datetime) -> str:
    proof = visitor.proof
    claims = {"m": visitor.merchant, "c": visitor.conversation}
    if proof.subject:
        claims |= {"a": proof.assurance, "i": proof.issuer, "s": proof.subject}
    return signer.sign("conversation", claims, until)


def visitor(signer: Signer, token: str, merchant: str, conversation: str, now: datetime) -> Visitor:
    """The holder of this conversation. Raises Unauthorised, or Forbidden when the token is another conversation's."""
    claims = signer.read("conversation", token, now)
    if (claims["m"], claims["c"]) != (merchant, conversation):
        raise Forbidden("this token is for another conversation", where="Authorization", code="other_conversation")
    proof = Proof(claims["a"], claims["i"], claims["s"]) if "s" in claims else Proof()
    return Visitor(merchant, conversation, proof)


def same_key(given: str, expected: str) -> bool:
    """Whether a key is the configured one, in constant time; an empty one never is."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _mac(secret: str, kind: str, body: str) -> bytes:
    return hmac.new(secret.encode(), f"{kind}.{body}".encode(), sha256).digest()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """The bytes, b"" for what is not base64url."""
    try:
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def derived(secrets: Sequence[str], purpose: str) -> str:
    """A secret for another purpose, derived from the first of ours."""
    return hmac.new(secrets[0].encode(), f"derived.{purpose}".encode(), sha256).hexdigest()
