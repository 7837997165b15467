"""What every route asks of a request: its body, who sends it, which merchant it is for."""

from __future__ import annotations

import secrets as random
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from quart import Response, request

from sayso.channels.web.validate import decode
from sayso.errors import Forbidden, NotFound, Theirs, Unauthorised
from sayso.manifest.specs import Artefact, MerchantSpec
from sayso.people.principals import Principal, Resource, authorize
from sayso.web.parts import Site
from sayso.web.problem import TooMany
from sayso.web.rate import Rate
from sayso.web.tokens import Visitor, same_key, visitor

COOKIE = "sayso"
TOKEN_LIFE = timedelta(days=30)


def reply(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON that no cache keeps."""
    sent = {"Cache-Control": "no-store", **(headers or {})}
    return Response(orjson.dumps(data), status, sent, content_type="application/json")


async def raw(kind: str = "application/json") -> bytes:
    """The body. Raises Theirs (415) when it is of another type; Quart raises 413 before more than the limit is read."""
    if request.mimetype != kind:
        raise Theirs(
            f"the body's type is {request.mimetype or 'not said'}",
            where="Content-Type",
            mend=f"Send Content-Type: {kind}.",
            status=415,
            code="wrong_type",
        )
    data = await request.get_data()
    return data if isinstance(data, bytes) else data.encode()


async def body(schema: str) -> dict[str, Any]:
    return decode(await raw(), schema)


async def published(site: Site, merchant: str) -> Artefact:
    """The merchant's current artefact. Raises NotFound for one that is unknown."""
    found = await site.parts.artefacts.current(merchant)
    if found is None:
        raise NotFound(f"there is no merchant {merchant!r} here", where="path", mend="GET /v1/merchants lists them.")
    return found


async def artefact(site: Site, merchant: str) -> Artefact:
    """The merchant's current artefact. Raises NotFound for one that is unknown or has no web chat."""
    found = await published(site, merchant)
    if not any(channel.name == "web" for channel in found.merchant.channels):
        raise NotFound(f"there is no merchant {merchant!r} here", where="path", mend="GET /v1/merchants lists them.")
    return found


def bearer() -> str:
    """The token of the Authorization header, "" when there is none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def holder(site: Site, merchant: str, conversation: str) -> Visitor:
    """Who holds the conversation: by bearer token, or by the cookie of a page of ours."""
    token = bearer() or _cookie()
    if not token:
        raise Unauthorised(
            "a conversation needs its token",
            where="Authorization",
            mend="Send Authorization: Bearer with the token that POST .../conversations gave.",
        )
    return visitor(site.signer, token, merchant, conversation, site.parts.clock.now())


def staff(site: Site, merchant: str) -> Principal:
    """The merchant's employee whose key this is. Raises Unauthorised or Forbidden."""
    claims = site.signer.read("staff", bearer(), site.parts.clock.now())
    if claims["m"] != merchant:
        raise Forbidden("this key is for another merchant", where="Authorization", code="other_merchant")
    return Principal(kind="staff", merchant=merchant, name=claims["n"], roles=frozenset(claims["r"]))


async def allowed(site: Site, merchant: str, action: str, kind: str) -> str:
    """The name of the employee whose key this is, who may do that. Raises NotFound, Unauthorised or Forbidden."""
    await published(site, merchant)
    principal = staff(site, merchant)
    authorize(principal, action, Resource(kind, merchant))
    return principal.name


def admin(site: Site) -> Principal:
    """The host's administrator. Raises unless the request carries the admin key."""
    if not site.config.admin_key:
        raise Forbidden("the admin API is off", mend="Start the host with SAYSO_ADMIN_KEY.", code="admin_off")
    if not same_key(bearer(), site.config.admin_key):
        raise Unauthorised(
            "that is not the admin key", where="Authorization", mend="Send Authorization: Bearer with it."
        )
    return Principal(kind="admin", merchant="", name="admin")


def demo(site: Site) -> None:
    """Raises NotFound unless the host runs as a demo."""
    if not site.config.demo:
        raise NotFound("this exists in demo mode only", mend="Start the host with SAYSO_DEMO=1.")


def limit(rate: Rate, key: str) -> None:
    """Raises TooMany when the key has used its share."""
    if wait := rate.wait(key, time.monotonic()):
        raise TooMany(wait)


def address() -> str:
    """Of the client; behind a trusted proxy the server has put the real one here."""
    client = request.scope.get("client")
    return str(client[0]) if client else "local"


def whole(name: str, otherwise: int = 0) -> int:
    """A query parameter that is a whole number from 0."""
    given = request.args.get(name, "")
    if not given:
        return otherwise
    if not (given.isascii() and given.isdigit() and len(given) <= 15):
        raise Theirs(f"{name} is not a whole number", where=name, mend=f"Write ?{name}=0.", code="bad_parameter")
    return int(given)


def language(merchant: MerchantSpec, asked: str) -> str:
    """The merchant's language that fits what was asked, or the browser's wish, or the merchant's first."""
    wishes = [asked] if asked else [wish for wish, _ in request.accept_languages]
    for wish in wishes:
        for offered in merchant.languages:
            if wish.partition("-")[0].lower() == offered.partition("-")[0].lower():
                return offered
    return merchant.languages[0]


def set_cookie(response: Response, merchant: str, conversation: str, token: str) -> Response:
    """The token as a cookie that only this conversation's requests carry and no script reads."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(TOKEN_LIFE.total_seconds()),
        path=f"/v1/merchants/{merchant}/conversations/{conversation}",
        secure=request.scheme == "https",
        httponly=True,
        samesite="Strict",
    )
    return response


def new_id() -> str:
    """128 random bits in 22 characters."""
    return random.token_urlsafe(16)


def ends(now: datetime) -> datetime:
    return now + TOKEN_LIFE


def _cookie() -> str:
    """The cookie's token; none when another site's page sent the request (SameSite is the first guard)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return ""
    return request.cookies.get(COOKIE, "")
