"""Whether every figure of a message is a Fact: what was said is read as a stranger would, digits and all, and held
against the rows that the turn's replies were made from, the merchant's own texts and the customer's own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

from sayso.manifest.specs import Artefact
from sayso.model.fact import Fact, Row, Said
from sayso.model.message import Message
from sayso.model.money import Money
from sayso.model.trace import Trace

_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")


def figures(text: str) -> Iterator[str]:
    """The digits of every figure, without what separates them: "€ 7.00 at 14:30" holds 700 and 1430."""
    for found in _FIGURE.findall(text):
        yield re.sub(r"\D", "", found).lstrip("0") or "0"


def invented(message: Message, trace: Trace, artefact: Artefact, heard: Iterable[str] = ()) -> tuple[str, ...]:
    """The figures of a message that nothing vouches for. `heard`: what the customer has said so far."""
    known = set(_template_figures(artefact)) | {figure for words in heard for figure in figures(words)}
    for speak in trace.speaks:
        for param in speak.params.values():
            known.update(_of(param))
    known.update(figure for text in _merchants_texts(artefact) for figure in figures(text))
    known.update(_prices(artefact))
    return tuple(dict.fromkeys(figure for text in texts(message) for figure in figures(text) if figure not in known))


def texts(message: Message) -> Iterator[str]:
    """Everything of a message that somebody reads or hears."""
    yield from (message.text, message.speech, message.reprompt)
    yield from (action.label for action in message.actions)
    for card in message.cards:
        yield from (card.title, card.body)
        yield from (action.label for action in card.actions)


def _of(param: Any) -> Iterator[str]:
    """The figures that a parameter of a reply may come out as."""
    match param:
        case Fact(value):
            yield from _of_value(value)
        case Said(words):
            yield from figures(words)
        case Row(params):
            for inner in params.values():
                yield from _of(inner)
        case tuple():
            yield from (str(count) for count in range(len(param) + 1))
            for inner in param:
                yield from _of(inner)


def _of_value(value: Any) -> Iterator[str]:
    match value:
        case Money(minor, _):
            yield from figures(f"{minor} {minor // 100} {minor % 100}")
        case datetime():
            yield from _of_value(value.date())
            yield from _of_value(value.time())
        case date():
            yield from figures(f"{value.day} {value.month} {value.year}")
        case time():
            clock = f"{value.hour % 12 or 12}"
            yield from figures(f"{value:%H%M} {value.hour} {value.minute} {clock} {clock}{value:%M}")
        case timedelta():
            minutes = int(value.total_seconds() // 60)
            yield from figures(f"{minutes} {minutes // 60} {minutes % 60} {value.days}")
        case _:
            yield from figures(str(value))


def _prices(artefact: Artefact) -> Iterator[str]:
    """Cards tell a product's own price."""
    for product in artefact.catalog.products.values():
        yield from figures(str(product.price))


def _template_figures(artefact: Artefact) -> Iterator[str]:
    for replies in artefact.replies.values():
        for reply in replies.values():
            for text in (reply.text, reply.speech, reply.short, reply.reprompt):
                yield from figures(text)


def _merchants_texts(artefact: Artefact) -> Iterator[str]:
    """The words that the merchant wrote: names, descriptions, addresses, answers."""
    yield from _strings((artefact.merchant, artefact.catalog.products, artefact.catalog.options, artefact.answers))
    yield from _strings([skill.examples for skill in artefact.skills.values()])


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for inner in value.values() for text in _strings(inner))
    elif isinstance(value, tuple | list | frozenset):
        yield from (text for inner in value for text in _strings(inner))
    elif is_dataclass(value) and not isinstance(value, Enum):
        yield from (text for each in fields(value) for text in _strings(getattr(value, each.name)))
