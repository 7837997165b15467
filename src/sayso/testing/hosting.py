"""A whole host for a test or a terminal: real store, real understanding, nothing listening.

Publishing (checking, training, embedding) takes seconds, a conversation milliseconds: so it is published once into a
data folder, and every host begins with a copy of its database. Artefacts, vectors and understanding, which no
conversation changes, are shared; stock, queue, clock and customers are each host's own.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import Protocol

from sayso.errors import NotFound, Theirs
from sayso.host import assemble
from sayso.host.library import Bind
from sayso.host.ports import Clock
from sayso.host.reach import Reach
from sayso.manifest.draft import Loaded
from sayso.manifest.load import load_tree
from sayso.manifest.publish import compile_artefact
from sayso.manifest.specs import Artefact
from sayso.manifest.values import minor_units
from sayso.model.event import Event, Opened, Proof
from sayso.people.history import History
from sayso.people.pins import digest as pin_digest
from sayso.skill.api import Fulfilment
from sayso.skill.kinds import fulfilments, kinds
from sayso.store import open_store
from sayso.store.open import FILE, VECTORS
from sayso.store.vectors import VectorIndex
from sayso.testing.chat import Hosted, SettableClock
from sayso.testing.clock import ShiftedClock
from sayso.testing.postgres import Server, database_of
from sayso.understanding import Cascade, LocalEmbedder, Model, create, train
from sayso.understanding.context import Embedder, Understanding
from sayso.understanding.intents.views import Commons


class HostClock(Clock, SettableClock, Protocol):
    """A clock that a host runs on and its holder moves."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where rows are: a server and the database that hosts copy, or (None) the file in the data folder."""

    server: Server | None = None
    template: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """What was published, ready to be hosted. `faults` are in words; a merchant with faults is left out."""

    folder: Path
    merchants: Mapping[str, Artefact]
    embedder: Embedder
    vectors: VectorIndex
    understanding: Cascade
    bind: Bind
    faults: tuple[str, ...] = ()
    places: Places = field(default_factory=Places)

    def with_model(self, model: Model) -> Cascade:
        """The same understanding with a language model behind it, for `host(..., understanding=...)`."""
        return create(self.embedder, self.vectors.vectors_for, model, self.understanding.commons)


def publish(manifests: Path, skills: Path, folder: Path, *, only: str = "", server: Server | None = None) -> Published:
    """Check, compile and publish every merchant below `manifests`, or `only` one, into the data folder `folder`, its
    rows into a database of `server` when one is given.

    Blocks; not to be called on a running loop. Raises Theirs when there is nothing to publish, with the faults."""
    loaded = load_tree(manifests, skills)
    faults = tuple(f"{fault.file}:{fault.line}: {fault.what}" for fault in loaded.faults)
    drafts = {id: draft for id, draft in loaded.merchants.items() if only in ("", id)}
    if not drafts:
        raise _nothing(loaded, manifests, only, faults)
    embedder = LocalEmbedder()
    commons = Commons(embedder)
    artefacts = {
        id: compile_artefact(draft, lambda bare: train(bare, embedder, commons)) for id, draft in drafts.items()
    }
    places = Places(server, asyncio.run(server.create()) if server else "")
    asyncio.run(_store(artefacts, folder, embedder, places.template))
    vectors = VectorIndex(folder / VECTORS)
    understanding = create(embedder, vectors.vectors_for, None, commons)
    return Published(folder, artefacts, embedder, vectors, understanding, _binding(skills), faults, places)


def seeded(event: Event, version: int) -> str:
    """The seed of a turn that follows from what was said where: the same conversation gets the same words each time."""
    return hashlib.sha256(f"{event.key}/{event.id}/{version}".encode()).hexdigest()[:16]


@asynccontextmanager
async def host(
    published: Published,
    folder: Path,
    clock: HostClock,
    understanding: Understanding | None = None,
    reach: Reach | None = None,
) -> AsyncIterator[Hosted]:
    """A host on the data folder `folder`; a new one begins with the rows of what was published."""
    async with (
        _begun(published, folder) as database_url,
        open_store(folder, clock, database_url=database_url) as store,
    ):
        for merchant, artefact in published.merchants.items():
            current = await store.artefacts.current(merchant)
            if current is None or current.digest != artefact.digest:
                await store.artefacts.publish(artefact)
        running_understanding = understanding or published.understanding
        running = assemble(
            inbox=store.inbox,
            turns=store.turns,
            ledger=store.ledger,
            people=store.people,
            links=store.links,
            jobs=store.jobs,
            artefacts=store.artefacts,
            understanding=running_understanding,
            finding=published.understanding,
            bind=published.bind,
            clock=clock,
            leases=store.leases,
            history=History(store.history, store.ledger, published.embedder),
            reach=reach,
            eraser=store.privacy,
            seed=seeded,
        )

        async def work() -> None:
            await running.worker.run_due()

        async def reprice(merchant: str, prices: Mapping[str, str]) -> Artefact:
            current = await store.artefacts.current(merchant)
            if current is None:
                raise NotFound(f"there is no merchant {merchant!r}", where="price")
            changed = repriced(current, prices)
            if isinstance(running_understanding, Cascade):
                await running_understanding.warm(changed)
            await store.artefacts.publish(changed)
            running.library.forget(merchant)
            return changed

        async def set_pin(merchant: str, customer: str, pin: str) -> None:
            event = vouched(merchant, customer, clock.now())
            row = await store.people.identify(event)
            await store.people.set_pin(merchant, row.id, pin_digest(pin, token_bytes(16)))

        yield Hosted(
            handle=running.handle,
            turns=store.turns,
            ledger=store.ledger,
            artefacts=published.merchants,
            clock=clock,
            due=store.jobs.next_due,
            work=work,
            reprice=reprice,
            set_pin=set_pin,
        )


def repriced(artefact: Artefact, prices: Mapping[str, str]) -> Artefact:
    """The artefact with other prices, published anew. Raises Theirs for what is not sold."""
    catalog = artefact.catalog
    if unknown := [sku for sku in prices if sku not in catalog.products]:
        raise Theirs(f"{unknown[0]} is not sold", where="price", mend=f"one of: {', '.join(catalog.products)}")
    changed = {
        sku: replace(catalog.products[sku], price=minor_units(amount, catalog.currency))
        for sku, amount in prices.items()
    }
    marks = "-".join(f"{sku}-{each.price}" for sku, each in changed.items())
    version, digest = f"{catalog.version}-{marks}", f"{artefact.digest}-{marks}"
    products = {**catalog.products, **changed}
    return replace(artefact, digest=digest, catalog=replace(catalog, products=products, version=version))


def vouched(merchant: str, customer: str, now: datetime) -> Event:
    """An event of a customer whom the merchant vouches for."""
    return Event("pin", merchant, "web", "", "pin", now, Opened(), proof=Proof("linked", merchant, customer))


async def _store(artefacts: Mapping[str, Artefact], folder: Path, embedder: Embedder, database_url: str) -> None:
    async with open_store(folder, ShiftedClock(), database_url=database_url) as store:
        for artefact in artefacts.values():
            await store.artefacts.publish(artefact)
            await asyncio.to_thread(store.vectors.index, artefact, embedder)


def _binding(skills: Path) -> Bind:
    known = kinds()

    def bind(artefact: Artefact) -> Mapping[str, Fulfilment]:
        return fulfilments(artefact, known, skills)

    return bind


@asynccontextmanager
async def _begun(published: Published, folder: Path) -> AsyncIterator[str]:
    """A copy of the published rows: in the folder (""), or in a database that is dropped afterwards."""
    places = published.places
    if places.server is None:
        await asyncio.to_thread(_begin_with, published.folder / FILE, folder)
        yield ""
        return
    url = await places.server.create(database_of(places.template))
    try:
        yield url
    finally:
        await places.server.drop(url)


def _begin_with(database: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / FILE).exists():
        shutil.copyfile(database, folder / FILE)


def _nothing(loaded: Loaded, manifests: Path, only: str, faults: tuple[str, ...]) -> Theirs:
    """Why there is nothing to publish: the merchant is not there, or it has faults."""
    own = [fault for fault in faults if not only or f"/{only}/" in f"/{fault}"]
    if own:
        return Theirs("\n".join(own), where=only or str(manifests), mend="`sayso check` tells how to mend each")
    known = ", ".join(sorted(loaded.merchants)) or "none"
    what = f"there is no merchant {only!r} in it" if only else "there is no merchant in it"
    return Theirs(what, where=str(manifests), mend=f"known are: {known}")
