"""Calls of the customer-service interface, the access token, and what WeChat answered. Pure.

The token is fetched as a "stable" one: every host of an account gets the same, so that none makes another's invalid.
Sources: "sendCustomMessage", "getStableAccessToken", "Global return codes" (2026-11-21).
"""

from __future__ import annotations

from typing import Any

import orjson

from sayso.channels.contract import Account, Address, Call, Outcome, Part, Upstream, identifier, number, told
from sayso.channels.wechat.limits import limits

TOKEN = "access_token"
JSON = {"content-type": "application/json; charset=utf-8"}

STALE = frozenset({"40001", "40014", "42001", "42007"})
BUSY = frozenset({"-1", "45009", "45011"})
CLOSED = frozenset({"45015"})
GONE = frozenset({"43004", "43019", "46003"})
"""Return codes: the token is not valid; try again; more than 48 hours; does not follow, is blocked, is no user."""


def wire(part: Part, to: Address, account: Account) -> Call:
    """The call that sends one part."""
    address = f"{limits().url}/cgi-bin/message/custom/send?access_token={{token}}"
    return Call("POST", address, JSON, orjson.dumps({"touser": to.native, **_shape(part)}), token=TOKEN)


def _shape(part: Part) -> dict[str, Any]:
    if part.buttons:
        lines = [{"id": button.value, "content": button.label} for button in part.buttons]
        return {"msgtype": "msgmenu", "msgmenu": {"head_content": part.text, "list": lines, "tail_content": ""}}
    if part.picture:
        title, text = part.title or part.text or part.picture.alt, part.text if part.title else ""
        article = {"title": title, "description": text, "url": part.picture.url, "picurl": part.picture.url}
        return {"msgtype": "news", "news": {"articles": [article]}}
    return {"msgtype": "text", "text": {"content": part.text}}


def outcome(status: int, body: bytes) -> Outcome:
    """WeChat answers 200 with a code of its own; it gives no id of the message."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    code, reason = identifier(found, "errcode", 10), told(found, "errmsg", 300)
    if status != 200 or not code:
        return Outcome(
            "unknown" if status >= 500 or status == 200 else "failed", reason=reason, code=code or str(status)
        )
    if code == "0":
        return Outcome("sent")
    return Outcome(_state(code), after_s=limits().retry_s if code in BUSY else 0.0, reason=reason, code=code)


def _state(code: str) -> str:
    states = ((STALE, "token"), (BUSY, "retry"), (CLOSED, "window"), (GONE, "opted_out"))
    return next((state for codes, state in states if code in codes), "failed")


def token(account: Account) -> Call:
    """The call that fetches the access token."""
    asked = {"grant_type": "client_credential", "appid": account.id, "secret": account.secret("app_secret")}
    return Call("POST", f"{limits().url}/cgi-bin/stable_token", JSON, orjson.dumps(asked))


def token_of(status: int, body: bytes) -> tuple[str, float]:
    """The token and the seconds that it lives. Raises Upstream when there is none."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    made, lives = identifier(found, "access_token", 600), number(found, "expires_in")
    if status != 200 or not made or lives is None:
        raise Upstream(f"WeChat gives no access token: {identifier(found, 'errcode', 10) or status}")
    return made, lives
