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


def bound(route: Route, site: Site) -> Callable[..., Awaitable[Response]]:
    """The view with the site it serves."""

    async def view(**parameters: Any) -> Response:
        return await route.view(site, **parameters)

    return view
