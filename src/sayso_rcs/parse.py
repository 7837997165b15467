"""What RCS for Business posts: an envelope round one message or event of a customer. Pure.

The envelope has the JSON in base64; its signature is base64(HMAC-SHA512(client token, the decoded JSON)), in
`X-Goog-Signature`. A customer's message has no `eventType`, an event has one. Source: RBM "Webhooks", "Receive
messages".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sayso.channels.contract import (
    Account,
    Attached,
    Body,
    Forbidden,
    Located,
    Opted,
    Pressed,
    Report,
    Request,
    Theirs,
    Unauthorised,
    Unsupported,
    Utterance,
    identifier,
    inner,
    json_object,
    number,
    same,
    told,
)
from sayso_rcs.limits import limits

Data = Mapping[str, Any]

OPENED, PLACE = "sayso:opened", "sayso:place"
"""What comes back when an address was opened, or a place is about to be shared: no answer is expected."""


def signature(data: bytes, client_token: str) -> str:
    """The value of X-Goog-Signature for the decoded data."""
    return base64.b64encode(hmac.new(client_token.encode(), data, hashlib.sha512).digest()).decode()


def opened(request: Request, account: Account) -> Data | str:
    """What the proven request has: a message or event, or the secret that the handshake wants to read again."""
    if request.method != "POST":
        raise Theirs("RCS for Business posts its events", where="method", mend="use POST", status=405, code="method")
    body, token = json_object(request.body, limits().max_bytes), account.secret("client_token")
    if "clientToken" in body:
        return _handshake(body, token)
    data = _data(inner(body, "message").get("data"))
    given = request.headers.get(limits().signature, "")
    mend = "send what the platform signed, with the client token of this webhook"
    if not given:
        raise Unauthorised("no signature", where=limits().signature, mend=mend)
    if not same(given, signature(data, token)):
        raise Forbidden("a wrong signature", where=limits().signature, mend=mend)
    return json_object(data, limits().max_bytes)


def _handshake(body: Data, token: str) -> str:
    secret = identifier(body, "secret", 512)
    if not same(identifier(body, "clientToken", 512), token) or not secret:
        raise Forbidden("a wrong client token", where="clientToken", mend="give the console the same client token")
    return secret


def _data(said: object) -> bytes:
    try:
        return base64.b64decode(said, validate=True) if isinstance(said, str) else b""
    except (binascii.Error, ValueError):
        raise Theirs("message.data is not base64", where="/message/data", mend="send what the platform made") from None


_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def phone(data: Data) -> str:
    """The customer's number, E.164; "" where there is none."""
    said = identifier(data, "senderPhoneNumber", 32)
    return said if _PHONE.fullmatch(said) else ""


def id_of(data: Data) -> str:
    """An event has an id of its own; its `messageId` is that of the message it tells of."""
    return identifier(data, "eventId", 128) or ("" if "eventType" in data else identifier(data, "messageId", 128))


def body_of(data: Data) -> Body | None:
    """What the customer said or did; None for what waits for no answer."""
    if "eventType" in data:
        return SWITCHES.get(told(data, "eventType", 64))
    read = next((CONTENT[key] for key in CONTENT if key in data), None)
    return read(data) if read else Unsupported("message")


def report_of(data: Data, now: datetime) -> Report | None:
    """What became of a message of ours: its id is the one that we gave it."""
    state = STATES.get(told(data, "eventType", 64))
    part = identifier(data, "messageId", 128)
    if state is None or not part:
        return None
    code = told(data, "eventType", 64).lower() if state == "failed" else ""
    at, reason = _at(told(data, "sendTime", 64), now), told(data, "reason", 300)
    return Report(state, at, part=part, conversation=phone(data), reason=reason, code=code)


SWITCHES: Mapping[str, Body] = {"SUBSCRIBE": Opted(True), "UNSUBSCRIBE": Opted(False)}
STATES: Mapping[str, str] = {
    "DELIVERED": "delivered",
    "READ": "read",
    "FAILED": "failed",
    "TTL_EXPIRATION_REVOKED": "failed",
}
"""Events of a customer's or of the platform's -> what became of the message. FAILED is some carriers' own."""


def _at(said: str, now: datetime) -> datetime:
    """A time of nanoseconds; now where it cannot be read or lies ahead."""
    try:
        at = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", said).replace("Z", "+00:00"))
    except ValueError:
        return now
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(at, now)


def _words(data: Data) -> Body:
    text = told(data, "text")
    return Utterance(text) if text.strip() else Unsupported("text")


def _pressed(data: Data) -> Body | None:
    answer = inner(data, "suggestionResponse")
    token = identifier(answer, "postbackData", 2048)
    if token in (OPENED, PLACE) or not token:
        return None
    return Pressed(token, told(answer, "text", 256))


def _located(data: Data) -> Body:
    latitude, longitude = number(inner(data, "location"), "latitude"), number(inner(data, "location"), "longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return Unsupported("location")
    return Located(latitude, longitude)


_KINDS = {"image": "image", "video": "video", "audio": "audio"}


def _file(data: Data) -> Body:
    file = inner(inner(data, "userFile"), "payload")
    mime, size = told(file, "mimeType", 128), identifier(file, "fileSizeBytes", 20)
    kind = "contact" if "vcard" in mime else _KINDS.get(mime.partition("/")[0], "document")
    handle = told(file, "fileUri", 2000)
    bytes_ = int(size) if size.isascii() and size.isdigit() else 0
    return Attached(kind, handle, mime, name=told(file, "fileName", 256), size=bytes_) if handle else Unsupported(kind)


CONTENT: Mapping[str, Callable[[Data], Body | None]] = {
    "suggestionResponse": _pressed,
    "text": _words,
    "location": _located,
    "userFile": _file,
}
