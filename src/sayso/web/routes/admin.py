"""The host's administrator: publish a merchant's manifests, hand out keys to its staff."""

from __future__ import annotations

from datetime import timedelta

from quart import Response

from sayso.people.principals import Resource, authorize
from sayso.web import asking
from sayso.web.parts import Site
from sayso.web.routes.table import Route

DAYS = 90


async def publish(site: Site, merchant: str) -> Response:
    """Check and compile the merchant's manifests and make them current."""
    authorize(asking.admin(site), "publish", Resource("manifest", merchant))
    await asking.body("Empty")
    return asking.reply({"merchant": merchant, "digest": await site.parts.publish(merchant)})


async def make_key(site: Site, merchant: str) -> Response:
    """A key for one of the merchant's staff; it is shown this once."""
    asking.admin(site)
    await asking.artefact(site, merchant)
    data = await asking.body("NewStaffKey")
    key = staff_key(site, merchant, data["name"], data.get("days", DAYS), data.get("role", "floor"))
    return asking.reply({"key": key, "name": data["name"]}, 201)


def staff_key(site: Site, merchant: str, name: str, days: int, role: str) -> str:
    until = site.parts.clock.now() + timedelta(days=days)
    return site.signer.sign("staff", {"m": merchant, "n": name, "r": [role]}, until)


_REFUSES = (400, 401, 403, 404, 413, 415)
ROUTES = (
    Route(
        "POST",
        "/v1/admin/merchants/<merchant>/publish",
        publish,
        "Publish a merchant",
        body="Empty",
        answers={200: "Published"},
        refuses=(*_REFUSES, 422),
        security=("admin",),
        tag="admin",
    ),
    Route(
        "POST",
        "/v1/admin/merchants/<merchant>/staff-keys",
        make_key,
        "Make a staff key",
        body="NewStaffKey",
        answers={201: "Key"},
        refuses=_REFUSES,
        security=("admin",),
        tag="admin",
    ),
)
