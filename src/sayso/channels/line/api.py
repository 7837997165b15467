"""Calls of the Messaging API: their address, headers and JSON; what LINE answered. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from sayso.channels.contract import Account, Address, Call, Outcome, identifier, items, told
from sayso.channels.line.limits import limits

NAMESPACE = uuid.UUID("9b1f1c0e-5d0a-5c5e-8f57-0d6c0f6f7a11")
"""Keys of ours are UUIDs made from our own ids (RFC 9562, version 5)."""


def call(account: Account, path: str, fields: Mapping[str, Any], once: str = "") -> Call:
    """A call; with `once` one that LINE takes no second time (X-Line-Retry-Key, for 24 hours)."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {account.secret('access_token')}"}
    if once:
        headers["x-line-retry-key"] = str(uuid.uuid5(NAMESPACE, f"{account.id}/{once}"))
    return Call("POST", limits().url + path, headers, orjson.dumps(fields), once=bool(once))


def send(messages: list[dict[str, Any]], to: Address, account: Account) -> Call:
    """A reply, which is free, while its token is young and unused; else a push, which may be repeated, unless the try
    before it was perhaps a reply: of that LINE's keys know nothing."""
    if token := _reply_token(to):
        return call(account, "/v2/bot/message/reply", {"replyToken": token, "messages": messages})
    fields = {"to": to.native.partition(":")[0], "messages": messages}
    replied = to.tried and not to.spent and "reply" in to.via
    return replace(call(account, "/v2/bot/message/push", fields, to.part), once=not replied)


def _reply_token(to: Address) -> str:
    if to.spent or to.tried or to.at is None or to.now is None:
        return ""
    age = (to.now - to.at).total_seconds()
    return to.via.get("reply", "") if 0 <= age <= limits().reply_s else ""


def outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """What became of messages. Source: LR "Status codes", "Retry failed API request"."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = {}
    reason, code = told(found, "message", 300), str(status)
    if status in (200, 409):
        sent = items(found, "sentMessages")
        return Outcome("sent", identifier(sent[-1], "id", 64) if sent else "", code="" if status == 200 else code)
    if status == 400 and "reply token" in reason.lower():
        return Outcome("retry", reason=reason, code="reply_token")
    if status == 429 and "monthly limit" not in reason.lower():
        wait = headers.get("retry-after", "")
        after = float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 6 else limits().retry_s
        return Outcome("retry", after_s=after, reason=reason, code=code)
    return Outcome("unknown" if status >= 500 else "failed", reason=reason or f"LINE answered {status}", code=code)
