"""Golden conversations: their form, and that what they expect can be bought."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from sayso.manifest.draft import Draft
from sayso.manifest.faults import Fault, Path_, Source, did_you_mean
from sayso.manifest.schema import schema_faults
from sayso.manifest.words import mapping, sequence, texts_of
from sayso.model.catalog import Catalog

LINE = re.compile(r"\d+ (?P<sku>\S+)(?P<rest>.*)", re.DOTALL)
NOTE = re.compile(r'\bnote:"[^"]*"')
OPTION = re.compile(r"(?P<group>[^=\s]+)=(?P<value>[^*\s]+)(\*\d+)?")
Told = tuple[str, str, str]


def golden_faults(source: Source, drafts: Mapping[str, Draft]) -> tuple[Fault, ...]:
    """Every fault of a file of golden conversations. `drafts` are the merchants that loaded."""
    if source.data is None:
        return source.faults
    found = chain(source.faults, schema_faults(source, "conversations"), _meaning_faults(source, drafts))
    return tuple(sorted(set(found)))


def _meaning_faults(source: Source, drafts: Mapping[str, Draft]) -> Iterator[Fault]:
    data = mapping(source.data)
    for index, conversation in enumerate(sequence(data.get("conversations"))):
        golden, at = mapping(conversation), ("conversations", index)
        draft = drafts.get(str(golden.get("merchant", data.get("merchant"))))
        if draft:
            yield from _golden_faults(source, golden, at, draft)


def _golden_faults(source: Source, golden: Mapping[str, Any], at: Path_, draft: Draft) -> Iterator[Fault]:
    languages, tag = draft.merchant.languages, golden.get("language")
    if isinstance(tag, str) and tag not in languages:
        what = f"{draft.merchant.id} does not speak {tag}"
        yield source.fault((*at, "language"), what, did_you_mean(tag, languages), "unknown_language")
    for number, turn in enumerate(sequence(golden.get("turns"))):
        where = (*at, "turns", number, "expect", "basket")
        for index, line in texts_of(mapping(mapping(turn).get("expect")).get("basket")):
            for what, mend, code in _line_faults(line, draft.catalog):
                yield source.fault((*where, index), what, mend, code)


def _line_faults(line: str, catalog: Catalog) -> Iterator[Told]:
    """What is wrong with a line such as 2 latte size=large syrup=vanilla*2 note:"extra napkins"."""
    match = LINE.fullmatch(line.strip())
    if not match:
        yield f'"{line}" is not a line of a basket', "write quantity, sku, options: 2 latte size=large", "bad_line"
        return
    sku = match["sku"]
    if sku not in catalog.products:
        yield f'there is no product "{sku}"', did_you_mean(sku, catalog.products), "unknown_product"
        return
    for word in NOTE.sub("", match["rest"]).split():
        yield from _option_faults(word, sku, catalog)


def _option_faults(word: str, sku: str, catalog: Catalog) -> Iterator[Told]:
    match = OPTION.fullmatch(word)
    groups = catalog.products[sku].options
    if not match:
        yield f'"{word}" is not group=value', 'write size=large, or note:"..."', "bad_line"
    elif match["group"] not in groups:
        yield f'{sku} has no options "{match["group"]}"', did_you_mean(match["group"], groups, sku), "unknown_group"
    else:
        allowed = [value.id for value in catalog.allowed(sku, match["group"])]
        if match["value"] not in allowed:
            what = f'{sku} has no {match["group"]} "{match["value"]}"'
            yield what, did_you_mean(match["value"], allowed), "unknown_value"
