"""What of a customer's words stays in the host: addresses, numbers to reach somebody, names, accounts.

A model needs none of them to tell what is meant: each is replaced by what it is, in brackets. What answers a question
for one of them is not sent at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sayso.understanding.context import Context
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.slots.addresses import find_address
from sayso.understanding.spans import Reading, Span

_PATTERNS = (
    (re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?:https?://|www\.)\S+", re.I), "[link]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b", re.I), "[account]"),
    (re.compile(r"(?<![\w.,])(?:\+|00)?\(?\d(?:[ ().\-/]{0,2}\d){8,17}(?![\w])"), "[number]"),
    (re.compile(r"\b[1-9]\d{3} ?(?!(?:ml|cl|dl|cm|mm|km|kg|gr|st|en|of|to|or)\b)[a-z]{2}\b", re.I), "[postcode]"),
    (re.compile(r"\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b", re.I), "[postcode]"),
    (re.compile(r"\b[A-Z]{2} \d{5}(?:-\d{4})?\b"), "[postcode]"),
)
"""Card numbers are masked at the door already (channels/cards.py)."""
_PERSONAL = frozenset({"secret", "postcode", "address", "phone", "email", "name"})
"""Types of slots whose values are about a person."""
_NAMED = frozenset({"name", "address", "phone", "email", "telephone", "mail", "contact"})
"""Names of text slots that are about a person."""


def is_personal(context: Context, lexicon: Lexicon) -> bool:
    """Whether the open question asks for something that stays here, so that any answer to it does."""
    pending = context.pending
    if pending is None or pending.kind not in ("slot", "pin"):
        return pending is not None and pending.secret
    slot = lexicon.slots.get(pending.slot)
    kind = slot.type if slot is not None else ""
    return pending.secret or pending.kind == "pin" or kind in _PERSONAL or pending.slot in _NAMED


def masked(reading: Reading) -> str:
    """The utterance as a model may see it."""
    text = reading.text
    for start, end, what in sorted(_marked(reading), reverse=True):
        text = f"{text[:start]}{what}{text[end:]}"
    for pattern, what in _PATTERNS:
        text = pattern.sub(what, text)
    return text


def _marked(reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Addresses and names, as places in the text; none overlaps another."""
    taken: set[int] = set()
    while (found := find_address(reading, taken)) is not None:
        taken.update(range(found.start, found.end))
        yield reading.tokens[found.start].start, reading.tokens[found.end - 1].end, "[address]"
    for n, span in enumerate(reading.spans):
        if span.role("naming") and (name := _name(reading, n + 1, taken)):
            yield reading.tokens[name[0].start].start, reading.tokens[name[-1].end - 1].end, "[name]"


def _name(reading: Reading, start: int, taken: set[int]) -> list[Span]:
    """The one or two words from `start` on that can be a name: no number, nothing of the merchant's."""
    found: list[Span] = []
    for span in reading.spans[start : start + 2]:
        if not span.key.isalpha() or span.named or span.start in taken or span.role("and", "but", "article"):
            break
        found.append(span)
    return found
