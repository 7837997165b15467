"""What we remember of a customer, as a list of their own: to see, and to have it forgotten.

The conversation's holder sees it only when somebody vouches for them; whoever is not signed in does not even learn
whether there is something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from quart import Response, request

from sayso.channels.web import opened
from sayso.host.ports import CustomerRow
from sayso.manifest.liking import preference_row
from sayso.manifest.messages import Scope, compile_message, render
from sayso.manifest.names import names
from sayso.manifest.specs import Artefact
from sayso.model.preference import Like, Preference
from sayso.people.history import KNOWN
from sayso.web import asking
from sayso.web.parts import Site
from sayso.web.routes.table import Route

ENTRY = "memory.entry"


async def preferences(site: Site, merchant: str, conversation: str) -> Response:
    """What is remembered of the signed-in customer, each with where it comes from, in words."""
    specs = await asking.artefact(site, merchant)
    return _told(site, specs, await _customer(site, merchant, conversation))


async def forget(site: Site, merchant: str, conversation: str) -> Response:
    """Forget one thing; it is not learned again from later orders."""
    specs = await asking.artefact(site, merchant)
    row = await _customer(site, merchant, conversation)
    about = (await asking.body("Forget"))["about"]
    kept = next((p for p in _held(row) if p.about == about), None)
    if kept is not None:
        now = site.parts.clock.now()
        gone = replace(kept, like=Like(about, ""), how="forgotten", channel="page", conversation="", at=now)
        await site.parts.forget(gone)
    return _told(site, specs, await _customer(site, merchant, conversation))


async def _customer(site: Site, merchant: str, conversation: str) -> CustomerRow:
    """The customer who holds the conversation."""
    visitor = asking.holder(site, merchant, conversation)
    event = opened(merchant, conversation, "", visitor.proof, site.parts.clock.now())
    if visitor.proof.assurance not in KNOWN:
        return CustomerRow("", merchant, visitor.proof.assurance, frozenset())
    return await site.parts.identify(event)


def _held(row: CustomerRow) -> Sequence[Preference]:
    return tuple(p for p in reversed(row.likes) if p.holds)


def _told(site: Site, specs: Artefact, row: CustomerRow) -> Response:
    language = asking.language(specs.merchant, request.args.get("language", "")[:35])
    scope = _scope(specs, language, site.parts.clock.now())
    told = [_entry(each, specs, scope) for each in _held(row)]
    return asking.reply({"known": row.assurance in KNOWN, "preferences": told})


def _scope(specs: Artefact, language: str, now: datetime) -> Scope:
    """Where one entry is told: it renders no rows of its own."""
    merchant = specs.merchant
    zone = ZoneInfo(merchant.zone)
    return Scope(language, zone, now, names(specs, language), compile_message, country=merchant.country)


def _entry(kept: Preference, specs: Artefact, scope: Scope) -> dict[str, Any]:
    base = scope.language.partition("-")[0]
    each = specs.replies[ENTRY]
    reply = each.get(scope.language) or each.get(base) or next(iter(each.values()))
    words = render(compile_message(reply.text), preference_row(kept, specs).params, scope)
    return {"about": kept.about, "words": words, "how": kept.how, "at": kept.at.isoformat()}


_ONE = "/v1/merchants/<merchant>/conversations/<conversation>/preferences"
ROUTES = (
    Route(
        "GET",
        _ONE,
        preferences,
        "Show what is remembered of the customer",
        answers={200: "Preferences"},
        refuses=(400, 401, 403, 404),
        security=("conversation",),
        query=("language",),
        tag="chat",
    ),
    Route(
        "POST",
        _ONE,
        forget,
        "Have one thing forgotten",
        body="Forget",
        answers={200: "Preferences"},
        refuses=(400, 401, 403, 404, 413, 415),
        security=("conversation",),
        query=("language",),
        tag="chat",
    ),
)
