"""Where a customer's file lies: getFile tells a path, which is good for an hour. Pure."""

from __future__ import annotations

from urllib.parse import quote

import orjson

from sayso.channels.contract import Account, Attached, Call, inner, told
from sayso.channels.telegram.api import call
from sayso.channels.telegram.limits import limits


def located(attached: Attached, account: Account) -> Call:
    """The call that tells where a file lies."""
    return call(account, "getFile", {"file_id": attached.handle})


def fetched(answer: bytes, account: Account) -> Call | None:
    """The call that fetches it; None for what tells of none (a file's own bytes, too)."""
    try:
        path = told(inner(orjson.loads(answer), "result"), "file_path", 1000)
    except orjson.JSONDecodeError:
        return None
    return Call("GET", f"{limits().url}/file/bot{account.secret('bot_token')}/{quote(path)}") if path else None
