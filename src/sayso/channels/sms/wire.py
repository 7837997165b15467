"""A part as a call of Twilio's Messages resource, and what Twilio answered. Pure."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import orjson

from sayso.channels.contract import Account, Address, Call, Outcome, Part, identifier, told
from sayso.channels.sms.gsm import thrifty
from sayso.channels.sms.limits import limits

OPTED_OUT = "21610"
"""Error code: the customer has sent STOP to this number."""


def wire(part: Part, to: Address, account: Account) -> Call:
    """The call that sends one message. Twilio has no key that makes it safe to send twice."""
    sid = account.secret("account_sid")
    sender = "MessagingServiceSid" if account.id.startswith("MG") else "From"
    fields = {
        "To": to.native,
        sender: account.id,
        "Body": thrifty(part.text, limits().text),
        "ValidityPeriod": limits().validity_s,
    }
    if part.picture:
        fields["MediaUrl"] = part.picture.url
    if account.public_url:
        fields["StatusCallback"] = status_address(account, to.part)
    headers = {"content-type": "application/x-www-form-urlencoded", "authorization": authorization(account)}
    return Call("POST", f"{limits().url}/Accounts/{quote(sid)}/Messages.json", headers, urlencode(fields).encode())


def authorization(account: Account) -> str:
    """HTTP Basic with the account's own token."""
    pair = f"{account.secret('account_sid')}:{account.secret('auth_token')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def status_address(account: Account, part: str) -> str:
    """Where Twilio tells what became of the part."""
    below = f"/v1/channels/{account.channel}/{account.merchant.id}/status"
    return f"{account.public_url.rstrip('/')}{below}?{urlencode({'part': part})}"


def outcome(status: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """What became of a message."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    if status in (200, 201) and (sid := identifier(found, "sid", 64)):
        return Outcome("sent", sid)
    code, reason = identifier(found, "code", 16) or str(status), told(found, "message", 300)
    if code == OPTED_OUT:
        return Outcome("opted_out", reason=reason, code=code)
    if status in (429, 503):
        return Outcome("retry", after_s=_after(headers), reason=reason, code=code)
    if 400 <= status < 500:
        return Outcome("failed", reason=reason, code=code)
    return Outcome("unknown", reason=reason, code=code)


def _after(headers: Mapping[str, str]) -> float:
    said = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return min(float(said), 3600.0) if said.isascii() and said.isdigit() else limits().retry_s
