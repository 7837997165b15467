"""Secrets belong in the environment: a manifest only names them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sayso.manifest.faults import Fault, Path_, Source

SECRET_KEY = re.compile(r"(^|_)(secret|token|password|passwd|key|credential|credentials|private|pin)$", re.IGNORECASE)
REFERENCE = re.compile(r"env:[A-Z][A-Z0-9_]*")
KEY_SHAPES = (
    re.compile(r"-----BEGIN [A-Z ]+-----"),
    re.compile(r"\b(sk|pk|rk)[-_](live|test|proj)?[-_]?[A-Za-z0-9]{16,}"),
    re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"\b(ghp|gho|ghs|github_pat|xox[abprs]|glpat|whsec|shpat|EAA)[-_][A-Za-z0-9_-]{16,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    re.compile(r"^(?=[^ ]*\d)(?=[^ ]*[a-z])(?=[^ ]*[A-Z])[A-Za-z0-9+/_=-]{32,}$"),
    re.compile(r"^[0-9a-f]{32,}$"),
)
"""What keys of well-known providers, and random keys in general, look like."""

MEND = "write a reference to the environment, env:NAME, and change the key: it has been on a disk"


def secret_faults(source: Source) -> Iterator[Fault]:
    """Secrets that are written as values. The value is never repeated."""
    for at, value in _texts(source.data, ()):
        named = next((str(step) for step in reversed(at) if isinstance(step, str)), "")
        if REFERENCE.fullmatch(value):
            continue
        if SECRET_KEY.search(named):
            yield source.fault(at, f'"{named}" holds a secret as a value', MEND, "secret")
        elif any(shape.search(value) for shape in KEY_SHAPES):
            yield source.fault(at, "this looks like a key or a token", MEND, "secret")


def _texts(data: object, at: Path_) -> Iterator[tuple[Path_, str]]:
    if isinstance(data, str):
        yield at, data
    elif isinstance(data, int) and not isinstance(data, bool):
        yield at, str(data)
    children = data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ()
    for step, value in children:
        yield from _texts(value, (*at, step))
