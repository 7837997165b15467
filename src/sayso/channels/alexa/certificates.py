"""Certificates of Alexa's signatures: fetched once, checked once, dated on every request.

Theory. A request names the URL of a PEM bundle: the leaf that signed it, intermediates, and sometimes a cross-signed
root. An attacker chooses that URL, so nothing is fetched before the URL is one of Amazon's. The rule is an allow-list
of characters rather than a normaliser: without `%`, `\\`, `@`, `?`, `#` and empty segments there is nothing that two
parsers can read differently, and what is fetched is the normalised form that was checked. The chain is verified once
by X.509 path validation (names, signatures, CA flags, path lengths, key usages, RSA of 2048 bits or more) up to a
trusted root, at the time of the request. What is kept is the leaf's public key and the time in which *every*
certificate of that path is valid; a request outside it is never answered from the cache, so a certificate that
expires after it was cached is refused. Only verified bundles enter the cache; a failure is remembered briefly, so
that a stranger's requests do not become a stream of downloads.
"""

from __future__ import annotations

import asyncio
import posixpath
import re
import warnings
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import certifi
import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from sayso.channels.alexa.limits import CertificateLimits
from sayso.errors import SaysoError, Theirs, Upstream

_T = TypeVar("_T")

Fetch = Callable[[str], Awaitable[bytes]]
"""Downloads a bundle. Raises errors.Upstream when the other side fails, errors.Theirs when there is no such bundle."""

_URL = re.compile(r"(?i:https://s3\.amazonaws\.com)(?::443)?(/[A-Za-z0-9._/-]+)")


def checked_url(url: str) -> str:
    """The one form of `url` in which it is fetched and cached. Raises errors.Theirs when it is not Amazon's."""
    found = _URL.fullmatch(url)
    path = posixpath.normpath(found[1]) if found and "//" not in found[1] else ""
    if not path.startswith("/echo.api/"):
        raise Theirs(
            "the certificate's URL is not https://s3.amazonaws.com/echo.api/...",
            where="SignatureCertChainUrl",
            mend="only requests that Alexa signed are served here",
            code="certificate_url",
        )
    return f"https://s3.amazonaws.com{path}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A verified leaf: its key, and when all of its chain is valid."""

    key: RSAPublicKey
    since: datetime
    until: datetime

    def covers(self, moment: datetime) -> bool:
        return self.since <= moment <= self.until


def signer(bundle: bytes, roots: Store, now: datetime, limits: CertificateLimits) -> Signer:
    """The signer that a PEM bundle proves at `now`. Raises errors.Theirs saying what is wrong with the bundle."""
    leaf, *others = _certificates(bundle, limits)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value if _has_names(leaf) else None
    if names is None or limits.san not in names.get_values_for_type(x509.DNSName):
        raise _bad_certificate(f"its first certificate is not for {limits.san}")
    policy = PolicyBuilder().store(roots).time(now).max_chain_depth(limits.max_chain)
    try:
        path = policy.build_server_verifier(x509.DNSName(limits.san)).verify(leaf, others)
    except VerificationError as error:
        raise _bad_certificate(str(error)) from None
    key = leaf.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < limits.min_key_bits or not _may_sign(leaf):
        raise _bad_certificate(f"its first certificate has no RSA key of {limits.min_key_bits} bits for signatures")
    return Signer(key, max(c.not_valid_before_utc for c in path), min(c.not_valid_after_utc for c in path))


def _certificates(bundle: bytes, limits: CertificateLimits) -> list[x509.Certificate]:
    try:
        found = x509.load_pem_x509_certificates(bundle)
    except ValueError:
        found = []
    if not 1 <= len(found) <= limits.max_chain:
        raise _bad_certificate(f"it is not a PEM bundle of 1 to {limits.max_chain} certificates")
    return found


def _has_names(leaf: x509.Certificate) -> bool:
    try:
        return any(e.oid == x509.SubjectAlternativeName.oid for e in leaf.extensions)
    except ValueError:  # an extension that cannot be read, or one that occurs twice
        return False


def _may_sign(leaf: x509.Certificate) -> bool:
    try:
        return leaf.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    except x509.ExtensionNotFound:
        return False


def _bad_certificate(why: str) -> Theirs:
    return Theirs(
        f"the certificate bundle is refused: {why}",
        where="SignatureCertChainUrl",
        mend="only requests that Alexa signed are served here",
        code="certificate",
    )


class Certificates:
    """Signers by URL. Used on one event loop; `fetch` is called at most once at a time for a URL."""

    def __init__(self, fetch: Fetch, roots: Sequence[x509.Certificate], limits: CertificateLimits) -> None:
        self._fetch, self._roots, self._limits = fetch, Store(list(roots)), limits
        self._signers: OrderedDict[str, Signer] = OrderedDict()
        self._refused: OrderedDict[str, tuple[datetime, SaysoError]] = OrderedDict()
        self._loading: dict[str, asyncio.Task[Signer]] = {}

    async def signer(self, url: str, now: datetime) -> Signer:
        """Who signs with the bundle at `url` (a `checked_url`), valid at `now`.

        Raises errors.Theirs when the bundle is not to be trusted now, errors.Upstream when it cannot be had.
        """
        known = self._signers.get(url)
        if known is not None and known.covers(now):
            return known
        refused = self._refused.get(url)
        if refused is not None and now < refused[0]:
            raise refused[1].with_traceback(None)
        if (task := self._loading.get(url)) is None:
            task = self._loading[url] = asyncio.create_task(self._load(url, now))
            task.add_done_callback(lambda _: self._loading.pop(url, None))
        return await asyncio.shield(task)

    async def _load(self, url: str, now: datetime) -> Signer:
        self._signers.pop(url, None)
        try:
            found = signer(await self._fetch(url), self._roots, now, self._limits)
        except SaysoError as error:
            wait = self._limits.retry_seconds if isinstance(error, Upstream) else self._limits.refused_seconds
            self._keep(self._refused, url, (now + timedelta(seconds=wait), error))
            raise
        self._refused.pop(url, None)
        self._keep(self._signers, url, found)
        return found

    def _keep(self, cache: OrderedDict[str, _T], url: str, value: _T) -> None:
        cache[url] = value
        while len(cache) > self._limits.cached:
            cache.popitem(last=False)


def trusted_roots(path: str = "") -> list[x509.Certificate]:
    """The certificates in the PEM file at `path`; by default the roots of Mozilla's programme, from certifi."""
    with warnings.catch_warnings():  # some public roots have serial numbers that X.509 has since outlawed
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return x509.load_pem_x509_certificates(Path(path or certifi.where()).read_bytes())


def fetching(client: httpx.AsyncClient, limits: CertificateLimits) -> Fetch:
    """A `Fetch` over HTTPS: no redirects, a time limit for the whole download, a size limit while it is read."""

    async def fetch(url: str) -> bytes:
        try:
            async with asyncio.timeout(limits.fetch_seconds), client.stream("GET", url) as response:
                return await _bundle(response, limits.max_bytes)
        except (httpx.HTTPError, TimeoutError) as error:
            raise Upstream(
                f"the certificate bundle could not be fetched: {type(error).__name__}",
                where=url,
                mend="let this host reach s3.amazonaws.com on port 443",
                code="certificate_fetch",
            ) from None

    return fetch


async def _bundle(response: httpx.Response, most: int) -> bytes:
    if response.status_code in (403, 404):
        raise _bad_certificate("Amazon has no such file")
    if response.status_code != 200:
        raise Upstream(f"Amazon answered {response.status_code} for a certificate", code="certificate_fetch")
    read = bytearray()
    async for chunk in response.aiter_bytes():
        read += chunk
        if len(read) > most:
            raise _bad_certificate(f"it is larger than {most} bytes")
    return bytes(read)
