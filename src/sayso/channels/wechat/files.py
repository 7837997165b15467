"""A customer's file, by its media id, for three days. Source: "Get temporary media" (media/get). Pure."""

from __future__ import annotations

from urllib.parse import quote

import orjson

from sayso.channels.contract import Attached, Call, NotFound, Upstream, identifier, told
from sayso.channels.wechat.api import BUSY, STALE, TOKEN
from sayso.channels.wechat.limits import limits


def fetched(attached: Attached) -> Call:
    """The call that fetches it."""
    address = f"{limits().url}/cgi-bin/media/get?access_token={{token}}&media_id={quote(attached.handle, safe='')}"
    return Call("GET", address, token=TOKEN)


def elsewhere(answer: bytes) -> Call | None:
    """A video's answer is JSON with its address. Raises Upstream or NotFound where it is an error."""
    try:
        found = orjson.loads(answer)
    except orjson.JSONDecodeError:
        return None
    if code := identifier(found, "errcode", 10):
        text = f"WeChat does not give the file ({code})"
        raise Upstream(text) if code in STALE or code in BUSY else NotFound(text)
    url = told(found, "video_url", 2000)
    return Call("GET", url) if url else None
