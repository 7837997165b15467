"""People who come along: "two of my colleagues want lattes", "a hot chocolate each for my three kids". They are no
things and no notes; what they want is wanted as often as there are of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sayso.model.command import Add, Command, Item
from sayso.understanding.lexicon import Lexicon
from sayso.understanding.phrasing import Unit, units
from sayso.understanding.slots.parties import Party, read_parties
from sayso.understanding.spans import Reading, Span


@dataclass(frozen=True, slots=True)
class Company:
    """The people of an utterance, and whether each of them has the thing ("a tea each")."""

    parties: tuple[Party, ...]
    each: tuple[Unit, ...]

    def spared(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """The spans that do not speak of them."""
        said = [(p.start, p.end) for p in self.parties] + [(u.start, u.end) for u in self.each]
        return tuple(s for s in spans if not any(start <= s.start and s.end <= end for start, end in said))

    def served(self, orders: Sequence[Command], things: Sequence[Span]) -> tuple[Command, ...]:
        """`orders`, the one thing of an order as often as there are people who want it."""
        if len(self.parties) != 1 or len(orders) != 1 or not things:
            return tuple(orders)
        party, order = self.parties[0], orders[0]
        wanting = party.end <= things[0].start and not party.led
        if not isinstance(order, Add) or len(order.items) != 1 or not (wanting or self.each):
            return tuple(orders)
        return (replace(order, items=(self._times(order.items[0], party.count),)),)

    def _times(self, item: Item, people: int) -> Item:
        if item.quantity is None:
            return replace(item, quantity=people)
        return replace(item, quantity=item.quantity * people) if self.each else item


def company(reading: Reading, lexicon: Lexicon) -> Company:
    """The people that an utterance surely speaks of, two or more of them."""
    readers = lexicon.readers.get(reading.language, lexicon.readers[""])
    found = read_parties(reading.tokens, readers.parties, readers.numbers)
    phrases = units(reading.tokens, readers.parties)
    of_things = {u.start for u in phrases if u.of("things")}  # "two of them flat whites"
    parties = tuple(p for p in found if p.sure and p.count > 1 and p.end not in of_things and not _things(reading, p))
    return Company(parties, tuple(u for u in phrases if u.of("each")) if parties else ())


def _things(reading: Reading, party: Party) -> bool:
    """Whether something that is sold is named among them: "the two kids' meals"."""
    return any(s.has("product", "option") and party.start <= s.start < party.end for s in reading.spans)
