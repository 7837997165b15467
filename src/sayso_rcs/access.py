"""Access to the API: a service account's signed assertion for an access token; what the API answered.

The assertion is a JWT (RFC 7523) signed with RS256 by the account's own key. Source: Google "Using OAuth 2.0 for server
to server applications" (2026-11-21).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sayso.channels.contract import Account, Call, NotFound, Outcome, Upstream, identifier, inner, number, told
from sayso_rcs.limits import limits

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def token(account: Account, now: datetime) -> Call:
    """The call that fetches an access token for the service account's key file, which the environment has as JSON.

    Raises NotFound for a key that is none."""
    try:
        key = json.loads(account.secret("service_account"))
        assertion = _assertion(key["client_email"], key["private_key"], int(now.timestamp()))
    except (ValueError, KeyError, TypeError) as error:
        raise NotFound(
            "the service account's key cannot be read",
            where=f"merchant.yaml /channels/{account.channel}/service_account",
            mend="give the environment the JSON of the key file, whole",
        ) from error
    body = urlencode({"grant_type": GRANT, "assertion": assertion}).encode()
    return Call("POST", limits().token_url, {"content-type": "application/x-www-form-urlencoded"}, body, once=True)


def _assertion(email: str, pem: str, at: int) -> str:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("no RSA key")
    claims = {"iss": email, "scope": limits().scope, "aud": limits().token_url, "iat": at, "exp": at + limits().token_s}
    signed = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_text(key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def _part(data: Mapping[str, Any]) -> str:
    return _text(json.dumps(data, separators=(",", ":")).encode())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token_of(status: int, body: bytes) -> tuple[str, float]:
    """The access token and the seconds it lives. Raises Upstream when there is none."""
    found = _read(body)
    value, seconds = identifier(found, "access_token", 4096), number(found, "expires_in")
    if status != 200 or not value:
        raise Upstream(f"Google gave no access token: {status} {told(found, 'error', 64)}", where="oauth2")
    return value, seconds or 0.0


def outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """What became of a message. 409: the platform has one with this id already."""
    found = _read(body)
    error = inner(found, "error")
    reason, code = told(error, "message", 300), told(error, "status", 64) or str(status)
    if status == 200:
        return Outcome("sent", told(found, "name", 300).rpartition("/")[2])
    if status == 409:
        return Outcome("sent", code=code)
    if status == 429:
        wait = headers.get("retry-after", "")
        after = float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 6 else limits().retry_s
        return Outcome("retry", after_s=after, reason=reason, code=code)
    state = "token" if status == 401 else "unknown" if status >= 500 else "failed"
    return Outcome(state, reason=reason or f"the platform answered {status}", code=code)


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
