"""Whether a mini app's `initData` comes from Telegram. Pure.

Its fields, without `hash`, sorted by name and joined by line ends as "name=value", are signed by HMAC-SHA256 with a
key made of the bot's token; and, for a party that does not have the token, by Telegram's Ed25519 key, where `signature`
is left out too and the bot's id stands before. Source: "Validating data received via the Mini App" (Bot API 10.1).
What the fields say is then the customer's own; anything else that a mini app sends may be made up by anybody.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from sayso.channels.contract import Forbidden, same
from sayso.channels.telegram.limits import limits

PUBLIC_KEY = "e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d"
"""Telegram's Ed25519 key, in hexadecimal. Source: the same page."""

_LONGEST = 16384
"""Characters of initData that are read: ours, real ones have some hundreds."""


def init_data(said: str, bot_token: str, now: datetime) -> Mapping[str, str]:
    """The fields, proven by the bot's token. Raises Forbidden when they are not, or are too old."""
    fields = _fields(said)
    key = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    made = hmac.new(key, _signed(fields, "hash").encode(), hashlib.sha256).hexdigest()
    if not same(made, fields.get("hash", "")):
        raise _forbidden("its hash is wrong")
    return _fresh(fields, now)


def init_data_of(said: str, bot_id: str, now: datetime, public_key: str = PUBLIC_KEY) -> Mapping[str, str]:
    """The fields, proven by Telegram's own key, for the bot with this id. Raises Forbidden as `init_data` does."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    fields = _fields(said)
    signed = f"{bot_id}:WebAppData\n{_signed(fields, 'hash', 'signature')}"
    try:
        signature = base64.urlsafe_b64decode(fields.get("signature", "") + "==")
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, signed.encode())
    except (InvalidSignature, binascii.Error, ValueError):
        raise _forbidden("its signature is wrong") from None
    return _fresh(fields, now)


def _fields(said: str) -> dict[str, str]:
    """The fields, each once: what stands twice could be read in two ways."""
    pairs = parse_qsl(said[:_LONGEST], keep_blank_values=True, errors="replace") if said else []
    fields = dict(pairs)
    if len(fields) < len(pairs) or not fields:
        raise _forbidden("it has no fields, or one of them twice")
    return fields


def _signed(fields: Mapping[str, str], *without: str) -> str:
    return "\n".join(f"{name}={value}" for name, value in sorted(fields.items()) if name not in without)


def _fresh(fields: Mapping[str, str], now: datetime) -> Mapping[str, str]:
    at = fields.get("auth_date", "")
    age = now.timestamp() - int(at) if at.isascii() and at.isdigit() and len(at) < 16 else -1e9
    if not -60 <= age <= limits().init_data_s:
        raise _forbidden("it is too old")
    return {name: value for name, value in fields.items() if name not in ("hash", "signature")}


def _forbidden(why: str) -> Forbidden:
    return Forbidden(f"initData is not proven: {why}", where="initData", mend="send Telegram.WebApp.initData as it is")
