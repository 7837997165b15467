"""Linking a conversation to the customer who is known on this device: a page with one button, and what it posts."""

from __future__ import annotations

from quart import Response

from sayso.channels.web import opened
from sayso.errors import Forbidden
from sayso.host.linking import VOUCHED
from sayso.model.event import Event
from sayso.web import asking
from sayso.web.doors import take
from sayso.web.link_pages import claim
from sayso.web.parts import Site
from sayso.web.routes.pages import merchant_page
from sayso.web.routes.table import Route


async def page(site: Site, merchant: str) -> Response:
    """The page. It says what pressing does; nothing happens before."""
    return await merchant_page(site, merchant, "link.html")


async def nonce(site: Site, merchant: str, conversation: str) -> Response:
    """What the merchant's page gives to a platform's own account linking (Messenger's `authorization_code`, LINE's
    `nonce`): the platform brings it back with its id of the customer, and both are one. Once, within half an hour."""
    await asking.artefact(site, merchant)
    await asking.body("Empty")
    asking.limit(site.events, f"{merchant}/{conversation}")
    event, customer = await _known(site, merchant, conversation)
    return asking.reply({"nonce": await site.parts.nonce(merchant, customer, event.key)})


async def make(site: Site, merchant: str, conversation: str) -> Response:
    """Link the conversation of a link to the customer who holds this one; once."""
    await asking.artefact(site, merchant)
    asking.holder(site, merchant, conversation)
    data, now = await asking.body("LinkClaim"), site.parts.clock.now()
    asking.limit(site.events, f"{merchant}/{conversation}")
    linking = claim(site.signer, data["link"], now)
    _, customer = await _known(site, merchant, conversation)
    event = linking(customer)
    if event.merchant != merchant:
        raise Forbidden("this link is for another shop", where="/link", code="other_merchant")
    answer = await take(site, event)
    return asking.reply({"linked": answer.state.vouched and answer.state.customer == customer})


async def _known(site: Site, merchant: str, conversation: str) -> tuple[Event, str]:
    """The visitor, as an event of theirs, and who they are. Raises Forbidden for nobody who is vouched for."""
    visitor = asking.holder(site, merchant, conversation)
    event = opened(merchant, conversation, "", visitor.proof, site.parts.clock.now())
    customer = await site.parts.identify(event)
    if customer.assurance not in VOUCHED:
        raise Forbidden(
            "nobody is signed in on this page",
            where="Authorization",
            mend="Sign in with the shop on this device first, then open the link again.",
            code="not_known",
        )
    return event, customer.id


ROUTES = (
    Route("GET", "/link/<merchant>", page),
    Route(
        "POST",
        "/v1/merchants/<merchant>/conversations/<conversation>/nonces",
        nonce,
        "Get a nonce for a platform's account linking",
        body="Empty",
        answers={200: "LinkNonce"},
        refuses=(400, 401, 403, 404, 413, 415, 429),
        security=("conversation",),
        tag="chat",
    ),
    Route(
        "POST",
        "/v1/merchants/<merchant>/conversations/<conversation>/links",
        make,
        "Link another conversation to its customer",
        body="LinkClaim",
        answers={200: "LinkMade"},
        refuses=(400, 401, 403, 404, 413, 415, 429),
        security=("conversation",),
        tag="chat",
    ),
)
