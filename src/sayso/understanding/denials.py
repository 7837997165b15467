"""What is denied or replaced: the Friday of "not on Friday" and of "Saturday instead of Friday" fills nothing."""

from __future__ import annotations

from sayso.understanding.spans import Reading

_SMALL = frozenset(
    ("at", "on", "in", "for", "with", "the", "om", "op", "bij", "met", "voor", "de", "het", "naar", "to")
)


def denied(reading: Reading, start: int) -> bool:
    """Whether the words that begin with the token `start` are what a customer does not want, over the small words
    between. A "no" that takes back what was said before ("no, Friday") denies nothing."""
    for span in reversed([s for s in reading.spans if s.end <= start]):
        if span.role("instead_of") or (span.role("negation") and not span.role("correcting")):
            return True
        if span.key not in _SMALL:
            return False
    return False
