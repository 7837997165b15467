"""Spoken PINs: what is stored is a slow digest, what is counted are the misses.

Theory. A PIN has few digits, so its digest must be slow and its guesses few: scrypt (RFC 7914) with a salt of its own,
and a rule that locks after misses in a row. Only pass or fail ever leaves here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sayso.errors import Theirs

COST, BLOCK, LANES = 2**14, 8, 1
"""scrypt's N, r and p: 16 MiB and some tens of milliseconds; run it off the loop."""

SHORTEST, LONGEST = 4, 8


@dataclass(frozen=True, slots=True)
class LockOut:
    """After `misses` in a row nothing is checked for `wait`. `within`: how long a miss counts, None for always."""

    misses: int = 3
    wait: timedelta = timedelta(minutes=15)
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Tries:
    """Misses in a row, and when the last one was."""

    misses: int = 0
    last: datetime | None = None


def digits(words: str) -> str:
    """The digits of what was said or typed. Raises Theirs when they cannot be a PIN."""
    found = "".join(character for character in words if character.isascii() and character.isdigit())
    if not SHORTEST <= len(found) <= LONGEST:
        raise Theirs("that is no PIN", where="pin", mend=f"use {SHORTEST} to {LONGEST} digits", code="bad_pin")
    return found


def digest(pin: str, salt: bytes) -> str:
    """What is stored: the parameters, the salt and the scrypt digest."""
    key = _scrypt(digits(pin), salt, COST, BLOCK, LANES)
    return f"scrypt${COST}${BLOCK}${LANES}${_base64(salt)}${_base64(key)}"


def matches(pin: str, stored: str) -> bool:
    """Is it this PIN? Constant in time for what is stored; False for anything that is no PIN or no digest."""
    try:
        name, cost, block, lanes, salt, key = stored.split("$")
        known = base64.b64decode(key, validate=True)
        tried = _scrypt(digits(pin), base64.b64decode(salt, validate=True), int(cost), int(block), int(lanes))
    except (ValueError, Theirs):
        return False
    return name == "scrypt" and hmac.compare_digest(known, tried)


def locked(tries: Tries, rule: LockOut, now: datetime) -> bool:
    """Must nothing be checked now?"""
    return tries.misses >= rule.misses and tries.last is not None and now < tries.last + rule.wait


def after(tries: Tries, passed: bool, rule: LockOut, now: datetime) -> Tries:
    """The count after a try; a lock that has ended begins a new count."""
    if passed:
        return Tries()
    over = tries.misses >= rule.misses and not locked(tries, rule, now)
    stale = rule.within is not None and tries.last is not None and now >= tries.last + rule.within
    return Tries(1 if over or stale else tries.misses + 1, now)


def _scrypt(pin: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=64 * 1024 * 1024, dklen=32)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
