"""Alexa requests for tests: a certificate chain of our own, signatures by it, and the envelopes that Alexa sends.

Nothing here weakens a host: it trusts such a chain only when it is given `Chain.root` as a root.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

URL = "https://s3.amazonaws.com/echo.api/echo-api-cert-test.pem"


@dataclass(frozen=True, slots=True)
class Chain:
    """A root, an intermediate and a leaf that signs as Alexa would."""

    root: x509.Certificate
    intermediate: x509.Certificate
    leaf: x509.Certificate
    key: RSAPrivateKey

    @property
    def bundle(self) -> bytes:
        """The PEM bundle as it is served: leaf first, without the root."""
        return b"".join(c.public_bytes(Encoding.PEM) for c in (self.leaf, self.intermediate))

    async def fetch(self, url: str) -> bytes:
        """A `Fetch` that serves this chain's bundle at every URL."""
        return self.bundle

    def sign(self, body: bytes, *, url: str = URL) -> dict[str, str]:
        """The headers of a request with this body."""
        return {
            "Content-Type": "application/json;charset=UTF-8",
            "SignatureCertChainUrl": url,
            "Signature": base64.b64encode(self.key.sign(body, PKCS1v15(), SHA1())).decode(),
            "Signature-256": base64.b64encode(self.key.sign(body, PKCS1v15(), SHA256())).decode(),
        }


def mint(
    now: datetime,
    *,
    names: tuple[str, ...] = ("echo-api.amazon.com",),
    since: timedelta = timedelta(days=-30),
    until: timedelta = timedelta(days=300),
    signs: bool = True,
    intermediate_until: timedelta = timedelta(days=3000),
    intermediate_is_ca: bool = True,
    bits: int = 2048,
) -> Chain:
    """A chain whose leaf is for `names` and valid from `now + since` to `now + until`."""
    root_key, middle_key, key = (generate_private_key(65537, size) for size in (2048, 2048, bits))
    root_name, middle_name = _name("Test Root CA"), _name("Test Server CA")
    far = now + timedelta(days=3650)
    root = _ca(root_name, root_name, root_key, root_key, now, far, 1, True)
    middle = _ca(middle_name, root_name, middle_key, root_key, now, now + intermediate_until, 0, intermediate_is_ca)
    builder = _builder(_name(names[0] if names else "nobody"), middle_name, key, middle_key, now + since, now + until)
    usage = _usage(digital_signature=signs, key_encipherment=True)
    builder = builder.add_extension(x509.BasicConstraints(False, None), True).add_extension(usage, True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False)
    return Chain(root, middle, builder.sign(middle_key, SHA256()), key)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _usage(**on: bool) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: on.get(name, False) for name in _USAGES})


def _builder(
    subject: x509.Name, issuer: x509.Name, key: RSAPrivateKey, signer: RSAPrivateKey, since: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )


def _ca(
    subject: x509.Name,
    issuer: x509.Name,
    key: RSAPrivateKey,
    signer: RSAPrivateKey,
    now: datetime,
    until: datetime,
    below: int,
    is_ca: bool,
) -> x509.Certificate:
    builder = _builder(subject, issuer, key, signer, now - timedelta(days=365), until)
    constraints = x509.BasicConstraints(is_ca, below if is_ca else None)
    builder = builder.add_extension(constraints, True)
    return builder.add_extension(_usage(key_cert_sign=is_ca, crl_sign=is_ca), True).sign(signer, SHA256())


@dataclass(frozen=True, slots=True)
class Speaker:
    """A user of a skill: makes the bodies of the requests that Alexa would send."""

    user: str
    skill: str
    locale: str = "en-US"

    def launch(self, id: str, at: datetime) -> bytes:
        return self.body({"type": "LaunchRequest", "requestId": id}, at)

    def end(self, id: str, at: datetime, reason: str = "USER_INITIATED") -> bytes:
        return self.body({"type": "SessionEndedRequest", "requestId": id, "reason": reason}, at)

    def intent(self, id: str, at: datetime, name: str, slots: Mapping[str, str] | None = None) -> bytes:
        filled = {
            slot: {"name": slot, "value": value, "confirmationStatus": "NONE"} for slot, value in (slots or {}).items()
        }
        intent = {"name": name, "confirmationStatus": "NONE", "slots": filled}
        return self.body({"type": "IntentRequest", "requestId": id, "intent": intent, "dialogState": "STARTED"}, at)

    def say(self, id: str, at: datetime, words: str) -> bytes:
        """The words as the free-wording intent carries them."""
        return self.intent(id, at, "Say", {"wish": words})

    def body(self, request: Mapping[str, Any], at: datetime, **more: Any) -> bytes:
        """The whole envelope around `request`; `more` are properties at its top."""
        application = {"applicationId": self.skill}
        stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        device = {"deviceId": "amzn1.ask.device.TEST", "supportedInterfaces": {}}
        system = {
            "application": application,
            "user": {"userId": self.user},
            "device": device,
            "apiEndpoint": "https://api.amazonalexa.com",
            "apiAccessToken": "test",
        }
        session = {
            "new": request["type"] == "LaunchRequest",
            "sessionId": f"amzn1.echo-api.session.{self.user[-12:]}",
            "application": application,
            "attributes": {},
            "user": {"userId": self.user},
        }
        envelope = {
            "version": "1.0",
            "session": session,
            "context": {"System": system},
            "request": {"locale": self.locale, "timestamp": stamp, **request},
            **more,
        }
        return orjson.dumps(envelope)
