"""A customer's file. WhatsApp gives an id, whose address is good for five minutes; Messenger and Instagram give an
address that is signed. Sources: Cloud API "Media" (Postman collection), the webhooks' own fixtures. Pure."""

from __future__ import annotations

from urllib.parse import quote

from sayso.channels.contract import Account, Attached, Call, Theirs, json_object, told
from sayso.channels.meta.graph import Graph

ANSWER = 65_536
"""Bytes of an answer that tells an address; a file's own bytes are no JSON object."""


def located(attached: Attached, graph: Graph, account: Account) -> Call:
    """The call that tells where a WhatsApp file lies."""
    version = account.text("api_version", graph.version)
    return Call("GET", f"{graph.facebook}/{version}/{quote(attached.handle, safe='')}", _authorization(account))


def fetched(answer: bytes, attached: Attached, account: Account) -> Call | None:
    """The call that fetches it, None when `answer` tells no address. Only the first answer has the media's own id."""
    try:
        found = json_object(answer, ANSWER)
    except Theirs:
        return None
    url = told(found, "url", 4000)
    return Call("GET", url, _authorization(account)) if url and told(found, "id", 200) == attached.handle else None


def _authorization(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.secret('access_token')}"}
