"""Google's public keys, fetched when they are needed and kept for a while.

A token names its key; an attacker may name any, so an unknown name causes at most one fetch in `retry_seconds`. When
Google cannot be reached, keys that were seen within a day are believed: they are rotated slowly, and the answer to a
customer should not depend on one more party.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from sayso.channels.dialogflow.limits import KeyLimits
from sayso.errors import Unauthorised, Upstream

Fetch = Callable[[], Awaitable[bytes]]
"""Downloads the JSON Web Key Set. Raises errors.Upstream when it cannot be had."""


class GoogleKeys:
    """Implements `auth.Key`. Used on one event loop; one fetch at a time."""

    def __init__(self, fetch: Fetch, limits: KeyLimits) -> None:
        self._fetch, self._limits, self._lock = fetch, limits, asyncio.Lock()
        self._keys: Mapping[str, RSAPublicKey] = {}
        self._seen: datetime | None = None
        self._tried: datetime | None = None

    async def __call__(self, kid: str, now: datetime) -> RSAPublicKey:
        if kid not in self._keys or not self._within(self._seen, self._limits.fresh_seconds, now):
            await self._refresh(now)
        found = self._keys.get(kid) if self._within(self._seen, self._limits.stale_seconds, now) else None
        if found is not None:
            return found
        if self._seen is None:
            raise Upstream("Google's keys could not be fetched", where=self._limits.url, code="keys_fetch")
        raise Unauthorised(
            "the token is signed with a key that is not Google's",
            where="Authorization",
            mend="only requests of the merchant's own agent are served here",
        )

    async def _refresh(self, now: datetime) -> None:
        async with self._lock:
            if self._within(self._tried, self._limits.retry_seconds, now):
                return
            self._tried = now
            try:
                self._keys = key_set(await self._fetch(), self._limits)
                self._seen = now
            except Upstream:
                if self._seen is None:
                    raise

    @staticmethod
    def _within(moment: datetime | None, seconds: int, now: datetime) -> bool:
        return moment is not None and abs(now - moment) < timedelta(seconds=seconds)


def key_set(body: bytes, limits: KeyLimits) -> dict[str, RSAPublicKey]:
    """The RSA keys of a JSON Web Key Set (RFC 7517), by id. Raises errors.Upstream when it is none."""
    try:
        listed = orjson.loads(body)["keys"]
        made = {str(each["kid"]): _public(each) for each in listed if each.get("kty") == "RSA"}
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        raise Upstream("Google's keys cannot be read", where=limits.url, code="keys_fetch") from None
    return {kid: key for kid, key in made.items() if key.key_size >= limits.min_key_bits}


def _public(key: Mapping[str, str]) -> RSAPublicKey:
    return RSAPublicNumbers(_number(key["e"]), _number(key["n"])).public_key()


def _number(value: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)), "big")


def fetching(client: httpx.AsyncClient, limits: KeyLimits) -> Fetch:
    """A `Fetch` over HTTPS: no redirects, a limit of time and of size."""

    async def fetch() -> bytes:
        try:
            async with asyncio.timeout(limits.fetch_seconds), client.stream("GET", limits.url) as response:
                return await _body(response, limits)
        except (httpx.HTTPError, TimeoutError) as error:
            raise Upstream(
                f"Google's keys could not be fetched: {type(error).__name__}",
                where=limits.url,
                mend="let this host reach www.googleapis.com on port 443",
                code="keys_fetch",
            ) from None

    return fetch


async def _body(response: httpx.Response, limits: KeyLimits) -> bytes:
    if response.status_code != 200:
        raise Upstream(f"Google answered {response.status_code} for its keys", where=limits.url, code="keys_fetch")
    read = bytearray()
    async for chunk in response.aiter_bytes():
        read += chunk
        if len(read) > limits.max_bytes:
            raise Upstream("Google's keys are too large", where=limits.url, code="keys_fetch")
    return bytes(read)
