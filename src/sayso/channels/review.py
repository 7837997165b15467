"""What a merchant's words become on its channels: labels that are cut, replies that take several messages. Pure.

For an author, before anything is published. The figures in a reply are not known yet: a placeholder counts as
`PLACEHOLDER` characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sayso.channels.capabilities import Capabilities
from sayso.channels.compiler.measure import fit, fits, pieces
from sayso.manifest.specs import Artefact

PLACEHOLDER = "x" * 12
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Remark:
    """kind "label" (`becomes` is what is left of it) or "reply" (`becomes` is in how many messages); `where` names the
    thing, "product/latte" or a reply's key."""

    channel: str
    kind: str
    where: str
    language: str
    said: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A channel: how many labels and replies were looked at, and the remarks. `lacks`: languages of the merchant that
    the platform does not have."""

    channel: str
    labels: int
    replies: int
    remarks: tuple[Remark, ...]
    lacks: tuple[str, ...] = ()


def review(artefact: Artefact, channels: Mapping[str, Capabilities]) -> tuple[Reviewed, ...]:
    """The merchant's words on each of the channels."""
    labels, replies = tuple(_labels(artefact)), tuple(_replies(artefact))
    return tuple(_reviewed(name, caps, artefact, labels, replies) for name, caps in channels.items())


Word = tuple[str, str, str]
"""Where it stands, its language, the words."""


def _reviewed(
    name: str, caps: Capabilities, artefact: Artefact, labels: tuple[Word, ...], replies: tuple[Word, ...]
) -> Reviewed:
    remarks = () if caps.voice else (*_cut(name, caps, labels), *_long(name, caps, replies))
    lacks = tuple(language for language in artefact.merchant.languages if not caps.speaks(language))
    return Reviewed(name, len(labels), len(replies), remarks, lacks)


def _cut(channel: str, caps: Capabilities, labels: Iterable[Word]) -> Iterator[Remark]:
    """Labels that no control of the channel holds whole, a list's second line included. Without controls they stand in
    the text, whole."""
    shown = max(caps.row_title, caps.button_label if caps.buttons else 0, caps.quick_label)
    for where, language, said in labels if shown else ():
        if not fits(said, max(shown, caps.row_text), caps.unit):
            yield Remark(channel, "label", where, language, said, fit(said, shown, caps.unit))


def _long(channel: str, caps: Capabilities, replies: Iterable[Word]) -> Iterator[Remark]:
    for where, language, said in replies:
        parts = len(pieces(_PLACEHOLDER.sub(PLACEHOLDER, said), caps.text, caps.unit))
        if parts > 1:
            yield Remark(channel, "reply", where, language, said, str(parts))


def _labels(artefact: Artefact) -> Iterator[Word]:
    """What a button or a row of a list may read."""
    catalog, merchant = artefact.catalog, artefact.merchant
    named: dict[str, Mapping[str, str]] = {f"product/{sku}": p.names for sku, p in catalog.products.items()}
    for id, group in catalog.options.items():
        named |= {f"option/{id}/{value}": each.names for value, each in group.values.items()}
    named |= {f"location/{id}": place.names for id, place in merchant.locations.items()}
    for where, names in named.items():
        yield from ((where, language, said) for language, said in names.items() if language in merchant.languages)
    for key, language, said in _replies(artefact):
        if key.startswith("option."):
            yield key, language, said


def _replies(artefact: Artefact) -> Iterator[Word]:
    for key, each in artefact.replies.items():
        for language, reply in each.items():
            if language in artefact.merchant.languages:
                yield key, language, reply.text
