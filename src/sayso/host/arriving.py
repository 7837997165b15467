"""What one request of a platform holds of one customer gets one answer.

An advertisement that was followed, or a switch for messages that was turned on, often comes with words or a press: they
are two events, and what was said is what is answered. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sayso.dialogue import of_itself
from sayso.model.event import Closed, Event, Opted, Referred


def one_answer(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events, of which those that only tell how the customer came are silent where another is answered."""
    talking = [event for event in events if _talks(event)]
    return tuple(_silent(event) if _beside(event, talking) else event for event in events)


def _talks(event: Event) -> bool:
    return not (of_itself(event.body) or isinstance(event.body, Closed))


def _beside(event: Event, talking: Sequence[Event]) -> bool:
    """An arrival beside words; a switch beside either."""
    ways = (Referred,) if isinstance(event.body, Referred) else ()
    others = (each for each in talking if each is not event and not isinstance(each.body, ways))
    return any(each.key == event.key for each in others)


def _silent(event: Event) -> Event:
    match event.body:
        case Referred() | Opted(on=True):
            return replace(event, body=replace(event.body, silent=True))
        case _:
            return event
