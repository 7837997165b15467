"""Tokens by which a merchant vouches for its customer: JSON Web Signatures, compact, HS256 (RFC 7515, 7518, 7519).

Theory. The merchant's site knows who is logged in and shares one secret with this host. It signs a short-lived token
that names the customer (`sub`), this merchant (`aud`) and an end (`exp`); the host verifies it and believes the
identity, nothing else in it. One algorithm is accepted, whatever the header says, so that "none" and key confusion have
no way in; the signature is compared in constant time before anything else is read; every refusal says what to mend
without saying what the secret would have made of it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sayso.errors import Unauthorised
from sayso.model.event import Proof

LONGEST = 4096
"""Characters of a token that is looked at at all."""

LEEWAY = timedelta(seconds=60)
"""How far two clocks may be apart."""

MOST = timedelta(days=30)
"""How long a token may be valid at most: a longer one could not be withdrawn."""

SHORTEST_SECRET = 16
"""Bytes of a secret below which signing is refused (RFC 7518 3.2 asks for 32; demo secrets may be shorter)."""


def sign(
    subject: str, secret: str, audience: str, *, now: datetime, valid: timedelta = timedelta(hours=1), issuer: str = ""
) -> str:
    """A token for `subject` at the merchant `audience`. Raises ValueError for a secret that is too short."""
    claims = {
        "sub": subject,
        "aud": audience,
        "iat": int(now.timestamp()),
        "exp": int((now + valid).timestamp()),
        "iss": issuer or audience,
    }
    body = f"{_encoded({'alg': 'HS256', 'typ': 'JWT'})}.{_encoded(claims)}"
    return f"{body}.{_base64(_mac(body, secret))}"


def verify(token: str, secret: str, audience: str, *, now: datetime) -> Proof:
    """Who the merchant says this is: `Proof("linked", issuer, subject)`. Raises Unauthorised, saying what is wrong."""
    body, _, signature = token.rpartition(".")
    if len(token) > LONGEST or body.count(".") != 1:
        raise _refused("is not a compact JWS", "send header.claims.signature, each base64url")
    if not hmac.compare_digest(_mac(body, secret), _bytes(signature)):
        raise _refused("has a wrong signature", "sign it with HS256 and this merchant's identity secret")
    header, claims = (_decoded(part) for part in body.split("."))
    if header.get("alg") != "HS256" or "crit" in header:
        raise _refused("is not signed with HS256", 'set "alg": "HS256" and no "crit"')
    return _proof(claims, audience, now)


def _proof(claims: Mapping[str, Any], audience: str, now: datetime) -> Proof:
    said = claims.get("aud")
    if audience not in (said if isinstance(said, list) else [said]):
        raise _refused("is for somebody else", f'set "aud": "{audience}"')
    expires, begins = _moment(claims, "exp"), _moment(claims, "nbf")
    if expires is None:
        raise _refused("has no end", 'set "exp" to seconds since 1970')
    if now > expires + LEEWAY:
        raise _refused("has expired", "sign a new one")
    if expires > now + MOST:
        raise _refused("is valid for too long", f'set "exp" to {MOST.days} days from now at most')
    if begins is not None and now < begins - LEEWAY:
        raise _refused("is not valid yet", 'check the clock, or leave "nbf" out')
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise _refused("names nobody", 'set "sub" to the customer\'s id, 255 characters at most')
    return Proof("linked", audience, subject)


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    value = claims.get(name)
    if value is None:
        return None
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise _refused(f"has a bad {name}", f'set "{name}" to seconds since 1970') from None


def _refused(what: str, mend: str) -> Unauthorised:
    return Unauthorised(f"the customer token {what}", where="customer_token", mend=mend, code="bad_customer_token")


def _mac(body: str, secret: str) -> bytes:
    key = secret.encode()
    if len(key) < SHORTEST_SECRET:
        raise ValueError(f"an identity secret needs {SHORTEST_SECRET} bytes at least, better 32")
    return hmac.new(key, body.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _encoded(claims: Mapping[str, Any]) -> str:
    return _base64(json.dumps(claims, separators=(",", ":")).encode())


def _bytes(text: str) -> bytes:
    """The bytes of base64url without padding; empty for anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _decoded(part: str) -> Mapping[str, Any]:
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _refused("is not JSON", "encode the claims as a JSON object")
    return found
