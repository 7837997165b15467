"""What a row of the table of routes is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quart import Response

from sayso.web.parts import Site

View = Callable[..., Awaitable[Response]]
"""(site, **path parameters) -> response."""


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path (in Quart's form) and the view that serves it. With a `summary` it is part of the public API:
    `body` names its request schema, `answers` the schema or media type per status, `refuses` the statuses of its
    problems, `security` who may ask, `query` its parameters."""

    method: str
    path: str
    view: View
    summary: str = ""
    body: str = ""
    answers: Mapping[int, str] = field(default_factory=dict)
    refuses: tuple[int, ...] = ()
    security: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    tag: str = ""
    text: str = ""

    @property
    def name(self) -> str:
        """The endpoint's name and OpenAPI operation id."""
        return f"{self.view.__module__.rpartition('.')[2]}.{self.view.__name__}"


WITHOUT_KEY = (401, 403, 404)
WITH_BODY = (400, 401, 403, 404, 413, 415)


def for_staff(method: str, path: str, view: View, summary: str, answer: str, body: str = "") -> Route:
    """A route of the merchant's people, below /v1/staff/merchants/<merchant>: who has no key of theirs is refused."""
    return Route(
        method,
        f"/v1/staff/merchants/<merchant>/{path}",
        view,
        summary,
        body=body,
        answers={200: answer},
        refuses=WITH_BODY if body else WITHOUT_KEY,
        security=("staff",),
        tag="staff",
    )


def bound(route: Route, site: Site) -> Callable[..., Awaitable[Response]]:
    """The view with the site it serves."""

    async def view(**parameters: Any) -> Response:
        return await route.view(site, **parameters)

    return view
