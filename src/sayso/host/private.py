"""Which of what is said holds something about the customer: not for a screen that others see. Pure.

What the customer said is quoted as `Said`, so a name, an address and a note are known by their type; the rest is known
by the row that a fact was read from, and by what a reply is for.
"""

from __future__ import annotations

from collections.abc import Iterable

from sayso.model.action import Speak
from sayso.model.fact import Fact, Named, Param, Row, Said

REPLIES = (
    "memory.",
    "link.",
    "pin.",
    "allergy.",
    "order.allerg",
    "order.recalled",
    "order.status",
    "order.receipt",
    "order.basket",
    "booking.status",
    "booking.appointment",
    "booking.reminder",
    "booking.which",
    "answer.had",
    "answer.history",
    "answer.remembered",
    "answer.about_me",
    "person.said",
)
"""How the keys of replies begin that tell what is known of a customer, whatever their parameters are."""
SOURCES = frozenset({"preferences", "link"})
"""Rows that are about a customer."""


def private(speaks: Iterable[Speak]) -> bool:
    """Does any of it hold something about the customer?"""
    return any(speak.key.startswith(REPLIES) or any(map(_personal, speak.params.values())) for speak in speaks)


def _personal(param: Param) -> bool:
    match param:
        case Said():
            return True
        case Named(kind="allergen"):
            return True
        case Fact(source=source):
            return source in SOURCES
        case Row(params):
            return any(map(_personal, params.values()))
        case tuple():
            return any(map(_personal, param))
    return False
