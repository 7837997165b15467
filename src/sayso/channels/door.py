"""What every platform's door does first: the size, the JSON, the comparison of a signature. Pure."""

from __future__ import annotations

import hmac
from typing import Any

import orjson

from sayso.errors import Theirs


def json_object(body: bytes, most: int) -> dict[str, Any]:
    """The JSON object in a body. Raises Theirs: 413 when it has more than `most` bytes, 400 when it is none."""
    small(body, most)
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Theirs("the body is no JSON object", where="body", mend="send what the platform made", code="not_json")
    return found


def small(body: bytes, most: int) -> None:
    """Raises Theirs, 413, when the body has more than `most` bytes."""
    if len(body) > most:
        raise Theirs(
            f"the body has {len(body)} bytes, at most {most} are read",
            where="body",
            mend="send less at once",
            code="too_large",
            status=413,
        )


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
