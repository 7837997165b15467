"""A second opinion: Amazon's own verifier for Python accepts and refuses the same requests, but for its known holes.

Its chain validation needs a library that does not load beside OpenSSL 3, so that part is replaced by nothing; what is
compared is headers, URL, name of the certificate and signature. It reads the real clock, so the chain here is
valid for decades.
"""

from __future__ import annotations

import base64
import contextlib
import sys
import types
import warnings
from datetime import timedelta

import pytest

from sayso.channels.alexa import Certificates
from sayso.channels.alexa.verify import verify
from sayso.errors import Theirs
from sayso.testing.alexa import URL, mint


@pytest.fixture(scope="module")
def amazon():
    """Amazon's verifier module, with the library that it cannot load replaced."""
    pytest.importorskip("ask_sdk_webservice_support", reason="needs ask-sdk-webservice-support")
    stubs = {"certvalidator": types.ModuleType("certvalidator"), "asn1crypto": types.ModuleType("asn1crypto")}
    stubs["certvalidator"].CertificateValidator = None
    stubs["asn1crypto"].pem = None
    errors = stubs["certvalidator.errors"] = types.ModuleType("certvalidator.errors")
    errors.ValidationError = errors.PathError = ValueError
    with pytest.MonkeyPatch.context() as patch:
        for name, stub in stubs.items():
            patch.setitem(sys.modules, name, stub)
        patch.delitem(sys.modules, "ask_sdk_webservice_support.verifier", raising=False)
        from ask_sdk_webservice_support import verifier

        yield verifier


@pytest.fixture(scope="module")
def lasting(now):
    """A chain that is valid whatever the real clock says."""
    return mint(now, since=timedelta(days=-360), until=timedelta(days=3600), intermediate_until=timedelta(days=3600))


@pytest.fixture
def opinions(amazon, limits, now, anna, monkeypatch):
    """What Amazon's verifier and ours say about a request: True is accepted."""

    async def run(headers, body, chain):
        monkeypatch.setattr(amazon, "urlopen", lambda url: contextlib.closing(_Response(chain.bundle)))
        theirs = amazon.RequestVerifier()
        monkeypatch.setattr(theirs, "_validate_cert_chain", lambda chain: None)
        own = Certificates(chain.fetch, [chain.root], limits.certificate)
        return _amazons(theirs, amazon, headers, body), await _ours(own, headers, body)

    async def _ours(own, headers, body):
        try:
            await verify(headers, body, now, own, (anna.skill,), limits.request)
        except Theirs:
            return False
        return True

    return run


class _Response:
    def __init__(self, bundle):
        self._bundle = bundle

    def read(self):
        return self._bundle

    def close(self):
        pass


def _amazons(theirs, module, headers, body):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs.verify(headers, body.decode(), None)
    except (module.VerificationException, ValueError):
        return False
    return True


GOOD_URLS = [
    URL,
    URL.replace("https", "HTTPS"),
    URL.replace(".com/", ".com:443/"),
    URL.replace("api/", "api/../echo.api/"),
]
BAD_URLS = [
    URL.replace("https", "http"),
    URL.replace("s3.", "s4."),
    URL.replace(".com/", ".com:563/"),
    URL.replace("echo.api", "ECHO.API"),
    URL.replace("echo.api/", "echo.api/../"),
    URL.replace("s3.amazonaws.com/", "s3.amazonaws.com@evil.test/"),
    "/echo.api/cert",
    "badUrl",
]


@pytest.mark.parametrize(("url", "accepted"), [(u, True) for u in GOOD_URLS] + [(u, False) for u in BAD_URLS])
async def test_both_agree_on_urls(opinions, lasting, anna, now, url, accepted):
    """Amazon's list of good and bad addresses."""
    body = anna.launch("r1", now)
    assert await opinions(lasting.sign(body, url=url), body, lasting) == (accepted, accepted)


@pytest.mark.parametrize(
    ("change", "accepted"),
    [
        (lambda headers, body: (headers, body), True),
        (lambda headers, body: ({k.lower(): v for k, v in headers.items()}, body), True),
        (lambda headers, body: (headers, body + b" "), False),
        (lambda headers, body: (headers, body.replace(b"latte", b"mocha")), False),
        (lambda headers, body: ({k: v for k, v in headers.items() if k != "Signature-256"}, body), False),
        (lambda headers, body: ({**headers, "Signature-256": headers["Signature"]}, body), False),
        (lambda headers, body: ({**headers, "Signature-256": base64.b64encode(b"x" * 256).decode()}, body), False),
    ],
)
async def test_both_agree_on_signatures(opinions, lasting, anna, now, change, accepted):
    """Good, header names of another case, altered, SHA-1 only, rubbish."""
    body = anna.say("r1", now, "één latte")
    headers, sent = change(lasting.sign(body), body)
    assert await opinions(headers, sent, lasting) == (accepted, accepted)


async def test_both_agree_on_the_certificates_name(opinions, anna, now):
    """A certificate for somebody else."""
    other = mint(now, names=("echo-api.evil.test",), since=timedelta(days=-360), until=timedelta(days=3600))
    body = anna.launch("r1", now)
    assert await opinions(other.sign(body), body, other) == (False, False)


async def test_we_are_stricter_about_percent_encoding(opinions, lasting, anna, now):
    """Amazon's verifier takes an encoded traversal out of /echo.api/; ours does not."""
    body = anna.launch("r1", now)
    headers = lasting.sign(body, url="https://s3.amazonaws.com/echo.api/%2e%2e/cert")
    assert await opinions(headers, body, lasting) == (True, False)
