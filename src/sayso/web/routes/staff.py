"""The shop's staff: pause a store or mark something sold out, in one tap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from quart import Response

from sayso.errors import NotFound
from sayso.manifest.specs import Artefact
from sayso.model.text import Translations
from sayso.web import asking
from sayso.web.parts import Site
from sayso.web.routes.table import for_staff


async def show(site: Site, merchant: str) -> Response:
    """What is switched on, and what could be."""
    await asking.allowed(site, merchant, "switch", "switch")
    found = await asking.published(site, merchant)
    return asking.reply(await _switches(site, found))


async def switch(site: Site, merchant: str) -> Response:
    """Pause a location or mark something sold out; doing it twice is doing it once."""
    name = await asking.allowed(site, merchant, "switch", "switch")
    found = await asking.published(site, merchant)
    data = await asking.body("Switch")
    if not any(offer["name"] == data["name"] for offer in offers(found)):
        raise NotFound(
            f"{merchant} has nothing called {data['name']!r} to switch",
            where="/name",
            mend="GET the switches: `offers` lists every name.",
            code="unknown_switch",
        )
    await site.parts.ledger.switch(merchant, data["name"], data["on"], name)
    return asking.reply(await _switches(site, found))


async def unheard(site: Site, merchant: str) -> Response:
    """What customers said in the last 30 days that was not understood, or hardly: the words with what is personal in
    them masked, how often, the nearest intents, and the line of YAML that teaches it."""
    await asking.allowed(site, merchant, "read_unrecognised", "unrecognised")
    found = await site.parts.unheard(merchant, site.parts.clock.now() - LOOK_BACK)
    return asking.reply({"unrecognised": [each.plain() for each in found]})


async def _switches(site: Site, found: Artefact) -> dict[str, Any]:
    on = await site.parts.ledger.switches(found.merchant.id)
    return {"switches": sorted(on), "offers": list(offers(found))}


def offers(found: Artefact) -> Iterator[dict[str, Any]]:
    """Everything that staff can switch: each location, product and option value."""
    for place in found.merchant.locations.values():
        yield _offer(f"paused/{place.id}", "locations", {}, place.names)
    for product in found.catalog.products.values():
        titles = found.catalog.categories.get(product.category, {})
        yield _offer(f"sold_out/{product.sku}", product.category, titles, product.names)
    for group in found.catalog.options.values():
        for value in group.values.values():
            yield _offer(f"sold_out/{group.id}/{value.id}", group.id, group.names, value.names)


def _offer(name: str, group: str, titles: Translations, names: Translations) -> dict[str, Any]:
    return {"name": name, "group": group, "titles": dict(titles), "names": dict(names)}


LOOK_BACK = timedelta(days=30)
ROUTES = (
    for_staff("GET", "unrecognised", unheard, "List what was not understood", "Unrecognised"),
    for_staff("GET", "switches", show, "List the switches", "Switches"),
    for_staff("POST", "switches", switch, "Turn a switch", "Switches", body="Switch"),
)
