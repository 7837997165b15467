"""A customer's file, by the id of its message. Source: Messaging API reference, "Get content". Pure."""

from __future__ import annotations

from urllib.parse import quote

from sayso.channels.contract import Account, Attached, Call

DATA = "https://api-data.line.me/v2/bot/message"


def fetched(attached: Attached, account: Account) -> Call | None:
    """The call that fetches it; None for one that another party holds."""
    if "/" in attached.handle:
        return None
    headers = {"authorization": f"Bearer {account.secret('access_token')}"}
    return Call("GET", f"{DATA}/{quote(attached.handle, safe='')}/content", headers)
