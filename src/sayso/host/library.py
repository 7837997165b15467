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
        self._loading: dict[str, asyncio.Task[Loaded]] = {}

    async def current(self, merchant: str) -> Loaded:
        """Raises NotFound for a merchant that nobody has published. Turns that ask for the same merchant at once share
        one loading; one of them that is cut off does not end it for the others."""
        found = self._loaded.get(merchant)
        if found is not None:
            self._loaded.move_to_end(merchant)
            return found
        loading = self._loading.get(merchant)
        if loading is None:
            loading = self._loading[merchant] = asyncio.create_task(self._load_current(merchant))
            loading.add_done_callback(lambda done: self._done(merchant, done))
        return await asyncio.shield(loading)

    def load(self, artefact: Artefact) -> Loaded:
        return Loaded(artefact, Phrases(artefact, self._compiler), self._bind(artefact))

    def forget(self, merchant: str) -> None:
        """The merchant published anew: read it again. What is being loaded may be the old one: whoever waits for it
        still gets it, whoever comes later does not."""
        self._loaded.pop(merchant, None)
        self._loading.pop(merchant, None)

    async def _load_current(self, merchant: str) -> Loaded:
        artefact = await self._artefacts.current(merchant)
        if artefact is None:
            mend = "publish it with `sayso publish`"
            raise NotFound(f"there is no merchant {merchant!r}", where="merchant", mend=mend)
        return await asyncio.to_thread(self.load, artefact)

    def _done(self, merchant: str, loading: asyncio.Task[Loaded]) -> None:
        """Keep what was loaded, unless the merchant was forgotten meanwhile. A loading that failed is tried again by
        the next who asks."""
        failed = loading.cancelled() or loading.exception() is not None
        if self._loading.get(merchant) is not loading:
            return
        del self._loading[merchant]
        if failed:
            return
        self._loaded[merchant] = loading.result()
        while len(self._loaded) > self._most:
            self._loaded.popitem(last=False)
