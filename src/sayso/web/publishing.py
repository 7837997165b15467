"""Publishing from the manifests' folders: check, compile, train, store, index, and forget what was loaded before."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import orjson

from sayso.errors import NotFound
from sayso.host.library import Library
from sayso.manifest.draft import Draft, Loaded
from sayso.manifest.load import load_each, load_one
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import Artefact
from sayso.store import Store
from sayso.understanding import train
from sayso.understanding.context import Embedder
from sayso.understanding.intents.views import Commons
from sayso.web.config import Config
from sayso.web.logs import note
from sayso.web.problem import Faults
from sayso.web.remembered import Remembered

log = logging.getLogger("sayso.publishing")

MARKS = "published.json"
"""In the data folder: what each merchant's current artefact was compiled from."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes the merchants below the configured folders into the store."""

    config: Config
    store: Store
    library: Library
    embedder: Embedder
    commons: Commons

    async def publish(self, merchant: str) -> str:
        """Publish one merchant; returns the artefact's digest. Raises NotFound, or Faults (422) with every fault."""
        loaded = await asyncio.to_thread(load_one, self.config.manifests, self.config.skills, merchant)
        draft = loaded.merchants.get(merchant)
        if draft is None:
            raise _refused(merchant, loaded, self.config.manifests)
        artefact = await self._put(draft, self.embedder)
        self.commons.release()
        return artefact.digest

    async def publish_all(self, tell: Callable[[str], None]) -> None:
        """Publish every merchant without faults whose manifests have changed, one after another: only one is in memory.
        Another's faults are told and do not stop it."""
        embedder = Remembered(self.embedder)
        each = load_each(self.config.manifests, self.config.skills)
        marks = await asyncio.to_thread(self._marks)
        while (found := await asyncio.to_thread(next, each, None)) is not None:
            draft, faults = found
            for fault in faults:
                tell(f"{fault.file}:{fault.line}: {fault.what} {fault.mend}".strip())
            if draft is None:
                continue
            merchant = draft.merchant.id
            if await self._unchanged(draft, marks):
                tell(f"{merchant}: published before, unchanged")
                continue
            tell(f"{merchant}: publishing {len(draft.catalog.products)} products")
            await self._put(draft, embedder)
        self.commons.release()

    async def _put(self, draft: Draft, embedder: Embedder) -> Artefact:
        current = await self.store.artefacts.current(draft.merchant.id)
        before = current.trained if current else b""
        artefact = await asyncio.to_thread(
            compile_artefact, draft, lambda bare: train(bare, embedder, self.commons, before)
        )
        await asyncio.to_thread(self.store.vectors.index, artefact, embedder)
        await self.store.artefacts.publish(artefact)
        if self.store.relay:
            self.store.relay.published(artefact.merchant.id)
        self.library.forget(artefact.merchant.id)
        await asyncio.to_thread(self._mark, draft)
        note(log, logging.INFO, "published", merchant=artefact.merchant.id, digest=artefact.digest)
        return artefact

    async def _unchanged(self, draft: Draft, marks: Mapping[str, str]) -> bool:
        """Whether the merchant's current artefact was compiled from the same manifests by the same version."""
        if draft.merchant.id not in marks:
            return False
        current = await self.store.artefacts.current(draft.merchant.id)
        return current is not None and marks[draft.merchant.id] == await asyncio.to_thread(self._made_of, draft)

    def _made_of(self, draft: Draft) -> str:
        """A digest of what an artefact is compiled from, training included: training takes seconds, this none."""
        bare = compile_artefact(draft).digest
        return hashlib.sha256(f"{version('sayso')} {self.embedder.name} {bare}".encode()).hexdigest()

    def _mark(self, draft: Draft) -> None:
        marks = {**self._marks(), draft.merchant.id: self._made_of(draft)}
        path = self.config.data / MARKS
        fresh = path.with_suffix(".new")
        fresh.write_bytes(orjson.dumps(marks))
        fresh.replace(path)

    def _marks(self) -> dict[str, str]:
        try:
            found: dict[str, str] = orjson.loads((self.config.data / MARKS).read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return {}
        return found


def _refused(merchant: str, loaded: Loaded, manifests: Path) -> NotFound | Faults:
    """Why the merchant cannot be published."""
    folder = manifests / merchant
    if not folder.is_dir():
        return NotFound(
            f"there is no folder {merchant!r} with a merchant.yaml", where="path", mend="Add the manifest first."
        )
    own = [asdict(fault) for fault in loaded.faults if Path(fault.file).is_relative_to(folder)]
    return Faults(f"the manifests of {merchant} have {len(own)} faults", own)
