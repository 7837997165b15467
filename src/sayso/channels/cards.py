"""Payment-card numbers are masked at the door: they never reach the inbox, a trace or a model.

A run of 13 to 19 digits, with single spaces or hyphens between, that passes the check of ISO/IEC 7812-1 annex B (the
Luhn formula) is a card number. A telephone or order number rarely passes; if it does, losing it is the cheaper fault.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"(?<!\d)\d(?:[ \-]?\d){12,18}(?!\d)")


def mask(text: str) -> str:
    """The text with each card number as dots, its last four digits kept."""
    return _RUN.sub(lambda run: _masked(run.group()), text)


def _masked(run: str) -> str:
    digits = [int(character) for character in run if character.isdigit()]
    return "•••• " + "".join(map(str, digits[-4:])) if luhn(digits) else run


def luhn(digits: list[int]) -> bool:
    """Whether the last digit is the check digit of the others."""
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
