"""Calls to platforms over HTTP: with time limits, following nothing, reading no more than is of use."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from sayso.channels.contract import Call, NotSent, Upstream
from sayso.web.logs import note

log = logging.getLogger("sayso.calls")

LIMITS_S = httpx.Timeout(20.0, connect=5.0, pool=10.0)
MOST = 1_048_576
"""Bytes of an answer that are read."""
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
"""Where a call may go without TLS: to a stand-in on this machine."""

BEFORE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol)
"""Errors before the first byte was sent."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Implements `channels.contract.Send`."""

    client: httpx.AsyncClient

    async def __call__(self, call: Call) -> tuple[int, Mapping[str, str], bytes]:
        """The platform's answer. Raises NotSent or Upstream."""
        host = _checked(call.url)
        try:
            request = self.client.build_request(
                call.method, call.url, headers=dict(call.headers), content=call.body, timeout=LIMITS_S
            )
            answer = await self.client.send(request, stream=True, follow_redirects=False)
            try:
                return answer.status_code, answer.headers, await _read(answer)
            finally:
                await answer.aclose()
        except BEFORE as error:
            note(log, logging.INFO, "not reached", host=host, error=type(error).__name__)
            raise NotSent(f"{host} cannot be reached", where=host) from error
        except httpx.HTTPError as error:
            note(log, logging.INFO, "no answer", host=host, error=type(error).__name__)
            raise Upstream(f"{host} gave no answer", where=host) from error


def _checked(url: str) -> str:
    """The host of an address that may be called. Raises NotSent for one that would be sent in the clear."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise NotSent("a call without a valid address", where="url") from error
    if host and (parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)):
        return host
    raise NotSent(f"a call to {host or 'nowhere'} without TLS", where="url", mend="write https:// in its address")


async def _read(answer: httpx.Response) -> bytes:
    read = bytearray()
    async for chunk in answer.aiter_bytes():
        read += chunk
        if len(read) > MOST:
            break
    return bytes(read[:MOST])
