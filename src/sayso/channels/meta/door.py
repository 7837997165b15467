"""Is it Meta? Pure.

Theory: Meta signs the raw body with HMAC-SHA256 under the app's secret and sends "sha256=" and the digest in hex as
X-Hub-Signature-256. Older page webhooks have only X-Hub-Signature with SHA-1; as a keyed code that is not broken, so
it is accepted where a channel says so, and only when the newer header is absent. A webhook is subscribed with a GET
that carries a token which the merchant chose; the challenge in it is echoed.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from sayso.channels.contract import (
    Account,
    Forbidden,
    Request,
    Response,
    Unauthorised,
    json_object,
    same,
    small,
)

NEW, OLD = "x-hub-signature-256", "x-hub-signature"


def signed(request: Request, secret: str, old: bool = False) -> bool | None:
    """Whether the signature is right; None when there is none. `old`: SHA-1 is accepted where nothing newer is."""
    if given := request.headers.get(NEW, ""):
        return same(given.strip().lower(), "sha256=" + _digest(secret, request.body, "sha256"))
    if old and (given := request.headers.get(OLD, "")):
        return same(given.strip().lower(), "sha1=" + _digest(secret, request.body, "sha1"))
    return None


def _digest(secret: str, body: bytes, algorithm: str) -> str:
    return hmac.new(secret.encode(), body, algorithm).hexdigest()


def proven(request: Request, account: Account, most: int, old: bool = False) -> Mapping[str, Any]:
    """The JSON object of a signed request. Raises Theirs: 413 over `most` bytes, 401 without a signature, 403 with a
    wrong one, 400 for what is no JSON object."""
    small(request.body, most)
    found = signed(request, account.secret("app_secret"), old)
    if found is None:
        raise Unauthorised("the request is not signed", where=NEW, mend="send it from Meta's webhook")
    if not found:
        mend = f"check that app_secret in the merchant manifest is the secret of the app that has {account.id}"
        raise Forbidden("the signature is not that of this app", where=NEW, mend=mend)
    return json_object(request.body, most)


def handshake(request: Request, account: Account) -> Response:
    """The challenge of a subscription. Raises Forbidden when the token is not the merchant's."""
    wanted, given = account.secret("verify_token"), request.query.get("hub.verify_token", "")
    if request.query.get("hub.mode") != "subscribe" or not same(given, wanted):
        mend = "write the value of verify_token at the webhook's settings"
        raise Forbidden("the verify token is not this merchant's", where="hub.verify_token", mend=mend)
    return Response(request.query.get("hub.challenge", "")[:512].encode(errors="replace"))
