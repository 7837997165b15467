"""What comes in over HTTP: how large it may be."""

from __future__ import annotations

from typing import Any

from quart import Request

CHANNELS = "/v1/channels/"
WEBHOOK = 3_145_728
"""Bytes of a platform's webhook: the largest that one sends (WhatsApp, 3 MB). Each channel refuses what is more than
its own platform's; what a browser or a client of the API sends is far smaller."""


class Received(Request):
    """A request. A webhook that were refused for its size would be sent again for days."""

    def __init__(
        self, method: str, scheme: str, path: str, *rest: Any, max_content_length: int | None = None, **more: Any
    ) -> None:
        most = max(WEBHOOK, max_content_length or 0) if path.startswith(CHANNELS) else max_content_length
        super().__init__(method, scheme, path, *rest, max_content_length=most, **more)
