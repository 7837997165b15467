"""X-Twilio-Signature: base64(HMAC-SHA1(auth token, address + each field's name and value, sorted by name)).

A field that is repeated counts once for each different value, sorted. Twilio signs the address with or without the
port, whichever it happens to have. A JSON body is not signed itself: its SHA-256 is in the address (`bodySHA256`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, urlsplit, urlunsplit

from sayso.channels.contract import Forbidden, Request, Unauthorised, same

HEADER = "x-twilio-signature"
PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}


def signature(url: str, fields: Sequence[tuple[str, str]], token: str) -> str:
    """The signature of a request to `url` with these fields."""
    said = "".join(name + value for name, value in sorted({*fields}))
    made = hmac.new(token.encode(), (url + said).encode("utf-8", "surrogatepass"), hashlib.sha1)
    return base64.b64encode(made.digest()).decode()


def proven(request: Request, fields: Sequence[tuple[str, str]], token: str) -> None:
    """Raises Unauthorised without a signature, Forbidden for one that is not Twilio's for this account."""
    given = request.headers.get(HEADER, "")
    if not given:
        raise Unauthorised(
            "no signature", where="X-Twilio-Signature", mend="let Twilio call this address", code="unsigned"
        )
    # Every variant is compared, so that the time does not tell which one fits.
    fits = [same(signature(url, fields, token), given) for url in addresses(request.url)]
    if not any(fits) or not _whole(request):
        raise Forbidden(
            "the signature does not fit",
            where="X-Twilio-Signature",
            mend="check the auth token, and that SAYSO_PUBLIC_URL is the address that Twilio calls",
            code="bad_signature",
        )


def addresses(url: str) -> Iterator[str]:
    """The address as Twilio may have signed it: as it is, without its port, with the scheme's own."""
    parts = urlsplit(url)
    yield url
    host, _, port = parts.netloc.rpartition(":")
    if host and port.isdigit():
        yield urlunsplit(parts._replace(netloc=host))
    elif parts.scheme in PORTS:
        yield urlunsplit(parts._replace(netloc=f"{parts.netloc}:{PORTS[parts.scheme]}"))


def _whole(request: Request) -> bool:
    """Whether the body is the one whose digest the signed address has, where it has one."""
    digest = parse_qs(urlsplit(request.url).query).get("bodySHA256", [""])[0]
    return not digest or same(hashlib.sha256(request.body).hexdigest(), digest.lower())
