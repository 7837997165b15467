"""Was this request signed by Alexa, for this skill, just now?

Theory. Amazon signs the raw body with RSA (PKCS#1 v1.5, SHA-256) and sends the signature in `Signature-256`; the
older SHA-1 `Signature` is still sent and proves nothing here. The order below refuses as early and as cheaply as it
can: size, headers, the certificate's URL, the certificate (fetched at most once, see `certificates`), the signature,
and only then the JSON. A signature never ages, so a captured request could be sent again: the timestamp inside the
signed body must be within 150 s of now, in both directions (events about the skill itself: an hour back, as Amazon
retries them). A signature for another skill is just as valid, so each application id in the body must be ours.

Sources: "Host a Custom Skill as a Web Service"; ask-sdk-webservice-support `verifier.py`. Stricter than it: no
percent encoding in the URL, dates on every request, an exact SAN, and the application ids of both session and
context.

RSA verification takes about 20 µs of CPU, less than handing it to a thread would, so it runs on the loop.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from sayso.channels.alexa.certificates import Certificates, checked_url
from sayso.channels.alexa.envelope import Envelope, read_envelope
from sayso.channels.alexa.limits import RequestLimits
from sayso.errors import Theirs

_SIGNED = "only requests that Alexa signed are served here"


async def verify(
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    certificates: Certificates,
    skill_ids: Collection[str],
    limits: RequestLimits,
) -> Envelope:
    """The envelope in `body`, proven to be Alexa's for one of `skill_ids`.

    Raises errors.Theirs (400, or 413) saying which proof failed; errors.Upstream when the certificate cannot be had.
    """
    if len(body) > limits.max_bytes:
        read_envelope(body, limits)  # raises
    found = {name.lower(): value for name, value in headers.items()}
    url = checked_url(_header(found, "SignatureCertChainUrl"))
    signature = _decoded(_header(found, "Signature-256"))
    signer = await certificates.signer(url, now)
    try:
        signer.key.verify(signature, body, PKCS1v15(), SHA256())
    except InvalidSignature:
        raise _refused("the signature is not of this body", "Signature-256", "signature") from None
    envelope = read_envelope(body, limits)
    check_time(envelope, now, limits)
    check_application(envelope, skill_ids)
    return envelope


def check_time(envelope: Envelope, now: datetime, limits: RequestLimits) -> None:
    """Refuse a request that is too old, or from the future."""
    about_skill = envelope.type.startswith("AlexaSkillEvent.")
    oldest = limits.event_tolerance_seconds if about_skill else limits.tolerance_seconds
    age = (now - envelope.at).total_seconds()
    if not -limits.tolerance_seconds <= age <= oldest:
        raise _refused(
            f"the request is {abs(age):.0f} s {'old' if age > 0 else 'in the future'}",
            "/request/timestamp",
            "timestamp",
        )


def check_application(envelope: Envelope, skill_ids: Collection[str]) -> None:
    """Refuse a request that is for another skill, or does not say for which."""
    if not envelope.applications or any(found not in skill_ids for found in envelope.applications):
        raise Theirs(
            "the request is for another skill",
            where="/context/System/application/applicationId",
            mend="set channels.alexa.skill_id of the merchant manifest to the id in the Alexa developer console",
            code="application",
        )


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name.lower(), "")
    if not value:
        raise _refused(f"the header {name} is missing", name, "header")
    return value


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        raise _refused("the signature is not base64", "Signature-256", "signature") from None


def _refused(text: str, where: str, code: str) -> Theirs:
    return Theirs(text, where=where, mend=_SIGNED, code=code)
