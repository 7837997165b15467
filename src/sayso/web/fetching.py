"""Files fetched from platforms: over HTTPS, from hosts that the platform owns, at public addresses, not too much.

Theory. An address in a webhook is a stranger's word. Its host must be in the channel's table; the name is resolved
here, every address it has must be public, and the connection goes to the one that was looked at (a second look-up could
be told something else); the certificate must be the name's. A redirect is looked at in the same way, and what
identifies us stays with the host that it was meant for.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx

from sayso.channels.contract import Call, NotSent, Upstream
from sayso.errors import NotFound
from sayso.host.attachments import TooLarge
from sayso.web.logs import note

log = logging.getLogger("sayso.fetching")

LIMITS_S = httpx.Timeout(30.0, connect=5.0, pool=10.0)
WHOLE_S = 120.0
"""Seconds that a file may take altogether."""
REDIRECTS = 3
OURS = frozenset({"authorization", "cookie"})
"""Headers that go to the host of the call alone."""

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""A host's addresses."""


async def resolved(host: str) -> Sequence[str]:
    """A host's addresses, by the system. Raises NotSent when it has none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotSent(f"{host} is not known") from error
    return sorted((str(each[4][0]) for each in found), key=lambda address: ":" in address)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Implements `host.attachments.Fetch`. `port` is 443 but for tests."""

    client: httpx.AsyncClient
    resolve: Resolve = resolved
    public: Callable[[str], bool] = lambda address: ipaddress.ip_address(address).is_global
    port: int = 443

    async def __call__(self, call: Call, hosts: Sequence[str], most: int) -> bytes:
        """The file. Raises NotFound for what may not be fetched or is gone, TooLarge, Upstream for what may work
        later."""
        try:
            async with asyncio.timeout(WHOLE_S):
                return await self._followed(call, hosts, most)
        except TimeoutError as error:
            raise Upstream("the platform is too slow with the file") from error

    async def _followed(self, call: Call, hosts: Sequence[str], most: int) -> bytes:
        url, headers = _url(call.url), dict(call.headers)
        for _ in range(REDIRECTS + 1):
            found = await self._once(call, url, headers, hosts, most)
            if isinstance(found, bytes):
                return found
            if found.host != url.host:
                headers = {name: value for name, value in headers.items() if name.lower() not in OURS}
            url = found
        raise NotFound("the file is sent from one address to another without end")

    async def _once(
        self, call: Call, url: httpx.URL, headers: Mapping[str, str], hosts: Sequence[str], most: int
    ) -> bytes | httpx.URL:
        """The file, or where it is said to lie."""
        address = await self._address(url, hosts)
        request = self.client.build_request(
            call.method,
            url.copy_with(host=address, port=self.port),
            # A connection was proven for one name: another at the same address must not find it open.
            headers={**headers, "Host": url.host, "Connection": "close"},
            content=call.body,
            timeout=LIMITS_S,
            extensions={"sni_hostname": url.host},
        )
        try:
            answer = await self.client.send(request, stream=True, follow_redirects=False)
            try:
                return await _read(answer, url, most)
            finally:
                await answer.aclose()
        except httpx.HTTPError as error:
            note(log, logging.INFO, "file not fetched", host=url.host, error=type(error).__name__)
            raise Upstream(f"{url.host} cannot be reached") from error

    async def _address(self, url: httpx.URL, hosts: Sequence[str]) -> str:
        """The public address of a host of the platform's. Raises NotFound for any other."""
        if url.scheme != "https" or url.userinfo or url.port not in (None, 443) or not owned(url.host, hosts):
            raise NotFound(f"nothing is fetched from {url.host or 'nowhere'}: it is no host of the platform")
        addresses = await self.resolve(url.host)
        if not addresses or not all(self.public(each) for each in addresses):
            raise NotFound(f"nothing is fetched from {url.host}: its address is not public")
        return addresses[0]


def _url(said: str) -> httpx.URL:
    try:
        return httpx.URL(said)
    except (httpx.InvalidURL, ValueError) as error:
        raise NotFound("the file has no valid address") from error


def owned(host: str, hosts: Sequence[str]) -> bool:
    """Whether a host is one of these; "*.name" means those below it."""
    plain = host.lower().rstrip(".")
    return any(
        plain.endswith(each[1:].lower()) if each.startswith("*.") else plain == each.lower() for each in hosts if each
    )


async def _read(answer: httpx.Response, url: httpx.URL, most: int) -> bytes | httpx.URL:
    status = answer.status_code
    if status in (301, 302, 303, 307, 308):
        try:
            return url.join(answer.headers.get("location", ""))
        except (httpx.InvalidURL, ValueError) as error:
            raise NotFound("the file is sent to no valid address") from error
    if status in (202, 429) or status >= 500:  # 202: a video that its platform still prepares
        raise Upstream(f"{url.host} answers {status}")
    if status != 200:
        raise NotFound(f"the platform does not give the file ({status})")
    read = bytearray()
    async for chunk in answer.aiter_bytes():
        read += chunk
        if len(read) > most:
            raise TooLarge(f"the file is larger than {most} bytes")
    return bytes(read)
