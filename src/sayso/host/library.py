"""Published artefacts, loaded lazily, a few in memory, each with what is compiled from it once.

Theory. A merchant costs memory only while it is spoken to: its artefact, replies and skills are loaded at its first
turn, by one of the turns that wait for it, and the least recently used go again. What merchants have in common (the
replies that ship with sayso, those of a skill) is compiled once and shared by all that are loaded.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sayso.errors import NotFound
from sayso.host.flights import Flights
from sayso.host.ports import Artefacts
from sayso.manifest.replies import Compiler, Phrases
from sayso.manifest.specs import Artefact
from sayso.skill.api import Fulfilment

Bind = Callable[[Artefact], Mapping[str, Fulfilment]]

MOST = 128
"""Merchants in memory: at about a megabyte and a half each."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An artefact, its compiled replies and its bound skills."""

    artefact: Artefact
    phrases: Phrases
    fulfilments: Mapping[str, Fulfilment]


class Library:
    """The current artefact of each merchant; the least recently used is let go beyond `most`."""

    def __init__(self, artefacts: Artefacts, bind: Bind, most: int = MOST) -> None:
        self._artefacts, self._bind, self._most = artefacts, bind, most
        self._compiler = Compiler()
        self._loaded: OrderedDict[str, Loaded] = OrderedDict()
        self._loading: Flights[Loaded] = Flights()
        self._published: dict[str, int] = {}

    async def current(self, merchant: str) -> Loaded:
        """Raises NotFound for a merchant that nobody has published. Turns that ask for the same merchant at once share
        one loading."""
        found = self._loaded.get(merchant)
        if found is None:
            return await self._loading.once(merchant, lambda: self._load_current(merchant))
        self._loaded.move_to_end(merchant)
        return found

    def load(self, artefact: Artefact) -> Loaded:
        return Loaded(artefact, Phrases(artefact, self._compiler), self._bind(artefact))

    def forget(self, merchant: str) -> None:
        """The merchant published anew: read it again. What is being loaded may be the old one: whoever waits for it
        still gets it, whoever comes later does not."""
        self._loaded.pop(merchant, None)
        self._loading.forget(merchant)
        self._published[merchant] = self._published.get(merchant, 0) + 1

    async def _load_current(self, merchant: str) -> Loaded:
        began = self._published.get(merchant, 0)
        artefact = await self._artefacts.current(merchant)
        if artefact is None:
            mend = "publish it with `sayso publish`"
            raise NotFound(f"there is no merchant {merchant!r}", where="merchant", mend=mend)
        loaded = await asyncio.to_thread(self.load, artefact)
        if began == self._published.get(merchant, 0):
            self._keep(merchant, loaded)
        return loaded

    def _keep(self, merchant: str, loaded: Loaded) -> None:
        self._loaded[merchant] = loaded
        while len(self._loaded) > self._most:
            self._loaded.popitem(last=False)
