"""One customer over several channels: linked by proof, never by guess.

Theory. Whoever is known on one channel gets a short code there and says it on another; or opens, on a device where they
are known, the page that the other channel gave. Both prove that one person holds both ends. What is stored of a code is
a keyed digest: without the host's key nothing can be tried against it. Six digits can be guessed, so a code lives ten
minutes, works once, and guesses are counted: those of one speaker, and all that a merchant's customers make, so that
many speakers guess no faster than one. The customer is told on the channel where the code was given.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sayso.people.pins import LockOut

CODE_LIFE = timedelta(minutes=10)
PAGE_LIFE = timedelta(minutes=30)
OFFERS_AN_HOUR = 5
"""Codes that a customer gets in an hour, and pages that a conversation gets."""

PIN_RULE = LockOut(misses=3, wait=timedelta(minutes=15))
SPEAKER_RULE = LockOut(misses=5, wait=timedelta(minutes=15))
"""Wrong codes of one speaker."""
MERCHANT_RULE = LockOut(misses=25, wait=timedelta(minutes=10), within=timedelta(minutes=10))
"""Wrong codes of all speakers. With one code alive an attacker who never rests finds it with a chance of 25 in a
million every ten minutes."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A way to link that still stands; the fields as of a LinkOffered."""

    id: str
    kind: str
    customer: str
    conversation: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """`customer` has been one with its owner since `at`, over `channel`."""

    customer: str
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Guess:
    """Something that is tried against a secret of `merchant`. `what`: "pin", "code", "codes"; `who` is counted for it;
    `event` is counted once."""

    merchant: str
    what: str
    who: str
    event: str


def code_of(number: int) -> str:
    """A number below a million as the digits of a code."""
    return f"{number:06d}"


def code_digest(code: str, merchant: str, key: bytes) -> str:
    """What is stored of a code: HMAC-SHA-256 (RFC 2104) under the host's key."""
    return hmac.new(key, f"link/{merchant}/{code}".encode(), hashlib.sha256).hexdigest()


def speaker(issuer: str, subject: str) -> str:
    """Under what a speaker's guesses are counted; it does not tell who that is."""
    return hashlib.sha256(f"{issuer}/{subject}".encode()).hexdigest()[:32]
