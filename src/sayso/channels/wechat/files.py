"""A customer's file, by its media id, for three days. Source: "Get temporary media" (media/get). Pure."""

from __future__ import annotations

from urllib.parse import quote

import orjson

from sayso.channels.contract import Attached, Call, told
from sayso.channels.wechat.api import TOKEN
from sayso.channels.wechat.limits import limits


def fetched(attached: Attached) -> Call:
    """The call that fetches it."""
    address = f"{limits().url}/cgi-bin/media/get?access_token={{token}}&media_id={quote(attached.handle, safe='')}"
    return Call("GET", address, token=TOKEN)


def elsewhere(answer: bytes) -> Call | None:
    """A video's answer is JSON with its address."""
    try:
        url = told(orjson.loads(answer), "video_url", 2000)
    except orjson.JSONDecodeError:
        return None
    return Call("GET", url) if url else None
