"""Every port of the store, asked of one merchant with another's ids."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sayso.errors import NotFound
from sayso.host.scoped import MerchantRows
from sayso.model.event import Event, Proof, Utterance
from sayso.store import Store
from sayso.understanding.context import Embedder

if TYPE_CHECKING:
    from hosts_parts.merchants import Made
    from hosts_parts.probes import Held, Probed

ALWAYS = ("0000", "9999")
"""Before and after every slot."""


@dataclass(frozen=True, slots=True)
class Ports:
    """A store that no host has open."""

    store: Store
    embedder: Embedder

    async def probe(self, found: Probed, one: Held, other: Held) -> None:
        """Nothing of `other` through any call that names `one`."""
        state, _ = await self.store.turns.load(other.key)
        assert state is not None and state.customer, "the other merchant has a customer to look for"
        await self._rows(found, one.made, other.made, other.switch, state.customer)
        await self._people(found, one.made, other, state.customer)
        await self._turns(found, one, other)
        await self._published(found, one.made, other.made)
        await self._vectors(found, one.made, other.made, state.customer)

    async def _rows(self, found: Probed, one: Made, other: Made, switched: str, customer: str) -> None:
        ledger, name = self.store.ledger, f"of {other.id} at {one.id}"
        theirs = await ledger.orders(other.id, customer)
        effects = await ledger.effects(other.id, customer)
        assert theirs and effects, "the other merchant has an order to look for"
        rows = MerchantRows(ledger, one.id)
        for order in theirs:
            found.nothing(f"order {name}", await ledger.order(one.id, order.id))
            found.nothing(f"order by handle {name}", await rows.order(order.id))
        for effect in effects:
            found.nothing(f"effect {name}", await ledger.effect(one.id, effect.id))
        found.nothing(f"effects {name}", await ledger.effects(one.id, customer))
        found.nothing(f"orders {name}", await ledger.orders(one.id, customer))
        found.nothing(f"orders by handle {name}", await rows.orders(customer))
        found.nothing(f"switch {name}", switched in await ledger.switches(one.id))
        found.nothing(f"switch by handle {name}", switched in await rows.switches())
        own = {order.id for order in await ledger.orders(one.id, await self._anna(one), 100)}
        found.nothing(f"own orders and those {name}", own & {order.id for order in theirs})
        marked = f"probe/{other.id}"
        await ledger.switch(other.id, marked, True, "probe")
        found.nothing(f"switch that was turned {name}", marked in await ledger.switches(one.id))
        await ledger.switch(one.id, marked, False, "probe")
        found.nothing(f"switch turned off {name}", marked not in await ledger.switches(other.id))
        found.nothing(f"capacity {name}", await ledger.used(one.id, f"{other.id}/queue", *ALWAYS))
        found.nothing(f"stock {name}", await ledger.stock(one.id, other.id, ["p000"]))

    async def _anna(self, made: Made) -> str:
        return (await self.store.people.identify(_anna(made))).id

    async def _people(self, found: Probed, one: Made, other: Held, customer: str) -> None:
        people, privacy, name = self.store.people, self.store.privacy, f"of {other.made.id} at {one.id}"
        found.nothing(f"customer of one name {name}", await self._anna(one) == customer)
        found.nothing(f"consents {name}", await people.consents(one.id, customer))
        await people.set_pin(other.made.id, customer, "a digest")
        found.nothing(f"pin {name}", await people.pin(one.id, customer))
        found.nothing(f"pin set {name}", await _happened(people.set_pin(one.id, customer, "another")))
        found.nothing(f"pin kept {name}", await people.pin(other.made.id, customer) != "a digest")
        mine = await self._anna(one)
        found.nothing(f"merged into one {name}", await _happened(people.merge(one.id, mine, customer)))
        await people.merge(one.id, customer, mine)
        found.nothing(f"merged {name}", await self._anna(other.made) != customer)
        found.nothing(f"export {name}", await _happened(privacy.export(one.id, customer)))
        found.nothing(f"erase {name}", await _happened(privacy.erase(one.id, customer)))
        export = str(await privacy.export(one.id, mine))
        # It holds what the customer said, the other's products among it; what nobody said must not be in it.
        found.silent(f"own export and that {name}", export, other.made, other.made.word)

    async def _turns(self, found: Probed, one: Held, other: Held) -> None:
        turns, name = self.store.turns, f"of {other.made.id} at {one.made.id}"
        mixed = other.key.replace(other.made.id, one.made.id, 1)
        found.nothing(f"conversation {name}", (await turns.load(mixed))[0])
        found.nothing(f"messages {name}", await turns.messages(mixed))
        found.nothing(f"traces {name}", await turns.traces(mixed))
        found.nothing(f"trace {name}", any(t.turn == other.turn for t in await turns.traces(one.key, 10_000)))
        event = (await turns.trace(other.turn)).event  # type: ignore[union-attr]
        again = _moved(event, one.made)
        arrival = await self.store.inbox.accept(again)
        found.nothing(f"stored answer {name}", arrival.messages or arrival.state)

    async def _published(self, found: Probed, one: Made, other: Made) -> None:
        artefact = await self.store.artefacts.current(one.id)
        assert artefact is not None
        found.silent(f"artefact of {one.id}", str(artefact).lower(), other)
        again = await self.store.artefacts.get(artefact.digest)
        found.nothing(f"artefact by digest of {one.id}", again is None or again.merchant.id != one.id)

    async def _vectors(self, found: Probed, one: Made, other: Made, customer: str) -> None:
        artefact = await self.store.artefacts.current(one.id)
        assert artefact is not None
        handle, index = self.store.vectors.vectors_for(one.id), self.store.vectors
        asked = {"catalog": other.first[0], "answers": f"{other.name}: Can I bring my dog?"}
        for collection, text in asked.items():
            vector = self.embedder.encode([text])[0]
            known = artefact.catalog.products if collection == "catalog" else artefact.answers
            near = [*await handle.search(collection, vector, 20), *index.query(one.id, collection, vector, 20)]
            found.nothing(f"{collection} of {other.id} at {one.id}", [c for c in near if c.id not in known])
            # The very words of the other's row would be at distance nought.
            found.nothing(f"row in {collection} of {other.id} at {one.id}", [c for c in near if c.score > 0.9999])
        vector = self.embedder.encode([other.first[0]])[0]
        await self.store.history.keep(other.id, customer, f"an order of {other.id}", vector)
        near = await self.store.history.near(one.id, customer, vector, 5)
        near = [*near, *await self.store.history.near(one.id, await self._anna(one), vector, 5)]
        found.nothing(f"history of {other.id} at {one.id}", [c for c in near if other.id in c.id])


def _anna(made: Made) -> Event:
    return Event(
        id="probe",
        merchant=made.id,
        channel="web",
        account="web",
        conversation="probe",
        at=datetime.now(UTC),
        body=Utterance("hello"),
        proof=Proof("linked", made.id, "anna"),
    )


def _moved(event: Event, made: Made) -> Event:
    """The same event, as if it had come in at another merchant."""
    return replace(event, merchant=made.id)


async def _happened(doing: Awaitable[Any]) -> bool:
    """Whether it did anything but say that nobody is there."""
    try:
        await doing
    except NotFound:
        return False
    return True
