"""Published artefacts, loaded lazily, a few in memory, each with what is compiled from it once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sayso.errors import NotFound
from sayso.host.ports import Artefacts
from sayso.manifest.replies import Phrases
from sayso.manifest.specs import Artefact
from sayso.skill.api import Fulfilment

Bind = Callable[[Artefact], Mapping[str, Fulfilment]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """An artefact, its compiled replies and its bound skills."""

    artefact: Artefact
    phrases: Phrases
    fulfilments: Mapping[str, Fulfilment]


class Library:
    """The current artefact of each merchant; the least recently used is let go beyond `most`."""

    def __init__(self, artefacts: Artefacts, bind: Bind, most: int = 100) -> None:
        self._artefacts, self._bind, self._most = artefacts, bind, most
        self._loaded: OrderedDict[str, Loaded] = OrderedDict()

    async def current(self, merchant: str) -> Loaded:
        """Raises NotFound for a merchant that nobody has published."""
        found = self._loaded.get(merchant)
        if found is None:
            artefact = await self._artefacts.current(merchant)
            if artefact is None:
                raise NotFound(
                    f"there is no merchant {merchant!r}", where="merchant", mend="publish it with `sayso publish`"
                )
            found = self._loaded[merchant] = self.load(artefact)
            if len(self._loaded) > self._most:
                self._loaded.popitem(last=False)
        self._loaded.move_to_end(merchant)
        return found

    def load(self, artefact: Artefact) -> Loaded:
        return Loaded(artefact, Phrases(artefact), self._bind(artefact))

    def forget(self, merchant: str) -> None:
        """The merchant published anew: read it again."""
        self._loaded.pop(merchant, None)
