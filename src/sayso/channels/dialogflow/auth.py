"""Is this request from the merchant's own agent?

Theory. Dialogflow does not sign its requests; the agent's owner chooses what each one carries. Three kinds are
verified here. `basic` and `header`: a secret that the agent and this host share, compared in constant time; it proves
whoever knows it. `google`: an ID token, a JSON Web Token that Google signs (RS256) for the service agent of one
Google Cloud project, with our address as its audience. Anybody can have Google sign a token for any audience, so the
audience proves nothing by itself: the `email` of the service agent must be the one of the manifest, and verified. The
secrets are in the host's environment, never in a manifest; a merchant whose secret is absent or short is closed, not
open. A client certificate (mTLS) is checked by the proxy that ends TLS, see the documentation.

Nothing of a body is parsed before its sender is known. CX turns 401 and 403 into `webhook.error.rejected`.

Sources: "Webhooks" (ES and CX), "Verify the Google ID token on your server side"; RFC 7515, 7518, 7519, 7617.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from sayso.channels.dialogflow.account import Account
from sayso.channels.dialogflow.limits import KeyLimits
from sayso.errors import Forbidden, Theirs, Unauthorised

Key = Callable[[str, datetime], Awaitable[RSAPublicKey]]
"""Google's public key of this id. Raises errors.Theirs when there is none, errors.Upstream when it cannot be had."""

LONGEST = 8192
"""Characters of a header that are looked at at all."""


async def verify(
    headers: Mapping[str, str],
    account: Account,
    environment: Mapping[str, str],
    key: Key,
    now: datetime,
    limits: KeyLimits,
) -> None:
    """Raises errors.Unauthorised or errors.Forbidden, saying which proof failed, unless the agent sent the request."""
    found = {name.lower(): value for name, value in headers.items()}
    kind = account.text("auth_kind")
    if kind == "google":
        await _check_google(found, account, key, now, limits)
    elif kind == "basic":
        _check_basic(found, account, _secret(account, "auth_password", environment, limits))
    elif kind == "header":
        _check_header(found, account, _secret(account, "auth_secret", environment, limits))
    else:
        raise Forbidden(
            "this agent has no way to prove itself",
            where=f"merchant.yaml /channels/{account.channel}/auth",
            mend="write auth: {kind: basic | header | google, ...}",
            code="no_auth",
        )


def _secret(account: Account, name: str, environment: Mapping[str, str], limits: KeyLimits) -> str:
    variable = account.text(name).removeprefix("env:")
    secret = environment.get(variable, "")
    if len(secret) < limits.min_secret:
        raise Forbidden(
            f"this channel is closed: its secret is {'short' if secret else 'absent'}",
            where=f"merchant.yaml /channels/{account.channel}/auth",
            mend=f"set {variable} in the environment of the host to {limits.min_secret} characters or more",
            code="no_secret",
        )
    return secret


def _check_basic(headers: Mapping[str, str], account: Account, password: str) -> None:
    expected = f"{account.text('auth_username')}:{password}".encode()
    try:
        given = base64.b64decode(_token(headers, "basic"), validate=True)
    except (binascii.Error, ValueError):
        given = b""
    if not hmac.compare_digest(given, expected):
        raise _refused("the user name or password is wrong", "Authorization")


def _check_header(headers: Mapping[str, str], account: Account, secret: str) -> None:
    name = account.text("auth_header")
    given = headers.get(name.lower(), "")[:LONGEST]
    if not hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode()):
        raise _refused("the header does not carry the secret", name)


def _token(headers: Mapping[str, str], scheme: str) -> str:
    given, _, token = headers.get("authorization", "")[:LONGEST].partition(" ")
    if given.lower() != scheme or not token.strip():
        raise _refused(f"the header carries no {scheme.title()} credentials", "Authorization")
    return token.strip()


async def _check_google(
    headers: Mapping[str, str], account: Account, key: Key, now: datetime, limits: KeyLimits
) -> None:
    signed, _, signature = _token(headers, "bearer").rpartition(".")
    head, _, claims = signed.partition(".")
    header = _decoded(head)
    # One algorithm, whatever the token says: "none" and key confusion have no way in.
    if header.get("alg") != "RS256" or "crit" in header or not isinstance(header.get("kid"), str):
        raise _refused("the token is not signed with RS256 and a named key", "Authorization")
    public = await key(header["kid"][:200], now)
    try:
        public.verify(_bytes(signature), signed.encode(), PKCS1v15(), SHA256())
    except InvalidSignature:
        raise _refused("the token's signature is not Google's", "Authorization") from None
    _check_claims(_decoded(claims), account, now, limits)


def _check_claims(claims: Mapping[str, Any], account: Account, now: datetime, limits: KeyLimits) -> None:
    moment, leeway = now.timestamp(), limits.leeway_seconds
    expires, issued = claims.get("exp"), claims.get("iat", 0)
    if claims.get("iss") not in limits.issuers:
        raise _refused("the token is not Google's", "Authorization")
    if not isinstance(expires, int | float) or not isinstance(issued, int | float):
        raise _refused("the token has no end", "Authorization")
    if not issued - leeway <= moment <= expires + leeway:
        raise _refused("the token is not valid now", "Authorization")
    if claims.get("aud") != account.text("auth_audience"):
        raise _refused("the token is for another address", "Authorization")
    if claims.get("email") != account.text("auth_email") or claims.get("email_verified") is not True:
        raise Forbidden(
            "the token is of another service account",
            where="Authorization",
            mend="set auth.email to the service agent of the project that has the agent",
            code="other_account",
        )


def _decoded(part: str) -> Mapping[str, Any]:
    try:
        found = orjson.loads(_bytes(part))
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise _refused("the token is not a JSON Web Token", "Authorization")
    return found


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _refused("the token is not base64url", "Authorization") from None


def _refused(text: str, where: str) -> Theirs:
    return Unauthorised(text, where=where, mend="only requests of the merchant's own agent are served here")
