"""Demo mode: be a known customer or an employee without a shop's sign-in behind it."""

from __future__ import annotations

from quart import Response

from sayso.web import asking
from sayso.web.parts import Site
from sayso.web.routes.admin import staff_key
from sayso.web.routes.table import Route


async def make_customer(site: Site, merchant: str) -> Response:
    """A signed token of a demo customer, as a merchant's own site would make it."""
    asking.demo(site)
    spec = (await asking.artefact(site, merchant)).merchant
    data = await asking.body("DemoCustomer")
    return asking.reply({"customer_token": site.parts.vouch(spec, data["name"]), "name": data["name"]}, 201)


async def make_staff(site: Site, merchant: str) -> Response:
    """A staff key for a day."""
    asking.demo(site)
    await asking.artefact(site, merchant)
    await asking.body("Empty")
    return asking.reply({"key": staff_key(site, merchant, "demo", 1, "desk"), "name": "demo"}, 201)


_REFUSES = (400, 404, 413, 415)
ROUTES = (
    Route(
        "POST",
        "/v1/demo/merchants/<merchant>/customers",
        make_customer,
        "Make a demo customer",
        body="DemoCustomer",
        answers={201: "CustomerKey"},
        refuses=_REFUSES,
        tag="demo",
    ),
    Route(
        "POST",
        "/v1/demo/merchants/<merchant>/staff-keys",
        make_staff,
        "Make a demo staff key",
        body="Empty",
        answers={201: "Key"},
        refuses=_REFUSES,
        tag="demo",
    ),
)
