"""What could not be delivered, for the staff at the desk: they see why, and send it again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from quart import Response

from sayso.errors import NotFound
from sayso.web import asking
from sayso.web.parts import Site
from sayso.web.routes.table import for_staff

MOST = 100


async def undelivered(site: Site, merchant: str) -> Response:
    """Parts of messages that were given up, failed after the platform had taken them, or may not have been sent; the
    newest first, at most 100."""
    await asking.allowed(site, merchant, "read_deliveries", "deliveries")
    return asking.reply(await _listed(site, merchant))


async def resend(site: Site, merchant: str) -> Response:
    """Send a part anew, with those of its message that were not sent because of it. One that may have been sent can
    arrive twice: staff decide."""
    await asking.allowed(site, merchant, "resend", "deliveries")
    data = await asking.body("Resend")
    if site.parts.outbox is None or not await site.parts.outbox.resend(merchant, data["id"]):
        raise NotFound("nothing of this id is undelivered", where="/id", mend="GET lists what is.")
    return asking.reply(await _listed(site, merchant))


async def _listed(site: Site, merchant: str) -> dict[str, Any]:
    rows = site.parts.outbox.rows if site.parts.outbox else None
    found = await rows.undelivered(merchant, MOST) if rows else ()
    return {"undelivered": [asdict(each) for each in found]}


ROUTES = (
    for_staff("GET", "deliveries", undelivered, "List what was not delivered", "Undelivered"),
    for_staff("POST", "deliveries", resend, "Send it again", "Undelivered", body="Resend"),
)
