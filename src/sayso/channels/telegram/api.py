"""Calls of the Bot API: their address and their JSON; what Telegram answered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from sayso.channels.contract import Account, Call, Outcome, identifier, inner, items, number, told
from sayso.channels.telegram.limits import limits

JSON = {"content-type": "application/json"}


def call(account: Account, method: str, fields: Mapping[str, Any]) -> Call:
    """A call of a method. The bot's token is in its address: it belongs in no log."""
    url = f"{limits().url}/bot{account.secret('bot_token')}/{method}"
    return Call("POST", url, JSON, orjson.dumps(fields))


def outcome(status: int, body: bytes) -> Outcome:
    """What became of a message. Telegram tells its own errors in JSON; a gateway's page tells nothing."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        return Outcome("unknown", code=str(status), reason="no answer of Telegram's")
    if status == 200 and found.get("ok") is True:
        return Outcome("sent", _sent(found))
    reason = told(found, "description", 300)
    return (ERRORS.get(status) or _other)(found, reason, str(status))


def _sent(found: Mapping[str, Any]) -> str:
    """The id of the message; of an album the last one's."""
    album = items(found, "result")
    return identifier(album[-1] if album else inner(found, "result"), "message_id", 32)


def _flood(found: Mapping[str, Any], reason: str, code: str) -> Outcome:
    after = number(inner(found, "parameters"), "retry_after")
    return Outcome("retry", after_s=max(after or limits().retry_s, 0.0), reason=reason, code=code)


def _forbidden(found: Mapping[str, Any], reason: str, code: str) -> Outcome:
    """Who blocked the bot or is gone wants nothing more; other refusals are the account's."""
    gone = any(word in reason.lower() for word in ("blocked", "deactivated"))
    return Outcome("opted_out" if gone else "failed", reason=reason, code=code)


def _broken(found: Mapping[str, Any], reason: str, code: str) -> Outcome:
    """Telegram says that it failed: it sent nothing."""
    return Outcome("retry", after_s=limits().retry_s, reason=reason, code=code)


def _other(found: Mapping[str, Any], reason: str, code: str) -> Outcome:
    if int(code) >= 500:
        return _broken(found, reason, code)
    return Outcome("failed", reason=reason or f"Telegram answered {code}", code=code)


ERRORS: Mapping[int, Callable[[Mapping[str, Any], str, str], Outcome]] = {429: _flood, 403: _forbidden}
"""Source: "Making requests" and "ResponseParameters" of Bot API 10.1."""
