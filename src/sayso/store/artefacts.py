"""Published merchants: content-addressed artefacts and which one is current."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import orjson

from sayso.host.flights import Flights
from sayso.host.ports import Clock, Listed, listed
from sayso.manifest.specs import Artefact, MerchantSpec
from sayso.store.codec import Codec
from sayso.store.database import Database
from sayso.store.statements import Rows, Script, Statement, micros, words

STORE = """INSERT INTO artefacts (digest, merchant, catalog, body, trained, at) VALUES (?, ?, ?, ?, ?, ?)
 ON CONFLICT (digest) DO UPDATE SET trained = excluded.trained"""
CURRENT = """INSERT INTO merchants (id, artefact, published_at) VALUES (?, ?, ?)
 ON CONFLICT (id) DO UPDATE SET artefact = excluded.artefact, published_at = excluded.published_at"""
SEED = """INSERT INTO stock (merchant, location, sku, on_hand) VALUES (?, ?, ?, ?)
 ON CONFLICT (merchant, location, sku) DO NOTHING"""
GET = "SELECT body, trained FROM artefacts WHERE digest = ?"
BODY = "SELECT body FROM artefacts WHERE digest = ?"
WHICH = "SELECT artefact FROM merchants WHERE id = ?"
DIGESTS = "SELECT id, artefact FROM merchants"
MERCHANTS = "SELECT id FROM merchants ORDER BY id"

LOADED = 128
"""Artefacts that are kept decoded, as many as `host.library` keeps: they are the same objects. A host of many merchants
holds only those that are spoken to."""


@dataclass(frozen=True, slots=True)
class Artefacts:
    """`host.ports.Artefacts` on any database, a few kept decoded. The data folder's lock makes this process the only
    one that publishes, so which artefact is current is remembered too."""

    database: Database
    codec: Codec
    clock: Clock
    _loaded: OrderedDict[str, Artefact] = field(default_factory=OrderedDict)
    _current: dict[str, str] = field(default_factory=dict)
    _listed: dict[str, Listed] = field(default_factory=dict)
    _reading: Flights[Artefact | None] = field(default_factory=Flights)

    async def publish(self, artefact: Artefact) -> None:
        """Store it and make it the merchant's current one; stock of new skus begins at its opening stock."""
        await self.database.write(_publish(artefact, micros(self.clock.now()), self.codec))
        self._current[artefact.merchant.id] = artefact.digest
        self._keep(artefact)

    async def current(self, merchant: str) -> Artefact | None:
        """The merchant's current artefact; None when it never published."""
        digest = self._current.get(merchant)
        if digest is None:
            rows = await self.database.read(_rows(Statement(WHICH, (merchant,), alone=True)))
            if not rows:
                return None
            digest = self._current.setdefault(merchant, words(rows[0][0]))
        return await self.get(digest)

    async def get(self, digest: str) -> Artefact | None:
        """The artefact with that digest, however old."""
        if digest in self._loaded:
            self._loaded.move_to_end(digest)
            return self._loaded[digest]
        return await self._reading.once(digest, lambda: self._read(digest))

    async def merchants(self) -> Sequence[str]:
        """Every merchant that has published, in the order of their ids."""
        rows = await self.database.read(_rows(Statement(MERCHANTS, alone=True)))
        return tuple(words(id) for (id,) in rows)

    async def listed(self) -> Sequence[Listed]:
        """Every merchant that has published, in the order of their ids. Of an artefact that is not loaded only the
        merchant's part is built, once: a list must not cost the merchants that are spoken to their place in memory."""
        digests = await self.digests()
        for digest in self._listed.keys() - set(digests.values()):
            del self._listed[digest]
        for digest in set(digests.values()) - self._listed.keys():
            if found := await self.database.read(_listed(digest, self.codec)):
                self._listed[digest] = found
        return tuple(self._listed[digest] for _, digest in sorted(digests.items()) if digest in self._listed)

    async def digests(self) -> Mapping[str, str]:
        """Every merchant with the digest of its current artefact, from the rows."""
        rows = await self.database.read(_rows(Statement(DIGESTS, alone=True)))
        return {words(merchant): words(digest) for merchant, digest in rows}

    async def moved(self) -> Sequence[str]:
        """Merchants that another host published since they were last asked for here; from now on the new one holds."""
        digests = await self.digests()
        found = [merchant for merchant, digest in self._current.items() if digests.get(merchant, digest) != digest]
        for merchant in found:
            self._current[merchant] = digests[merchant]
        return found

    async def _read(self, digest: str) -> Artefact | None:
        found = await self.database.read(_get(digest, self.codec))
        if found is not None:
            self._keep(found)
        return found

    def _keep(self, artefact: Artefact) -> None:
        self._loaded[artefact.digest] = artefact
        self._loaded.move_to_end(artefact.digest)
        if len(self._loaded) > LOADED:
            self._loaded.popitem(last=False)


def _publish(artefact: Artefact, now: int, codec: Codec) -> Script[None]:
    merchant, catalog = artefact.merchant.id, artefact.catalog
    body = codec.dump(Artefact, replace(artefact, trained=b""))
    yield Statement(STORE, (artefact.digest, merchant, catalog.version, body, artefact.trained, now))
    yield Statement(CURRENT, (merchant, artefact.digest, now))
    for location in artefact.merchant.locations:
        for product in catalog.products.values():
            for id, units in product.opening.items():
                yield Statement(SEED, (merchant, location, id, units))


def _get(digest: str, codec: Codec) -> Script[Artefact | None]:
    rows = yield Statement(GET, (digest,), alone=True)
    for body, trained in rows:
        artefact = codec.load(Artefact, words(body))
        return replace(artefact, trained=trained) if isinstance(trained, bytes) else artefact
    return None


def _listed(digest: str, codec: Codec) -> Script[Listed | None]:
    rows = yield Statement(BODY, (digest,), alone=True)
    for (body,) in rows:
        return listed(codec.build(MerchantSpec, orjson.loads(words(body))["merchant"]))
    return None


def _rows(statement: Statement) -> Script[Rows]:
    rows = yield statement
    return rows
