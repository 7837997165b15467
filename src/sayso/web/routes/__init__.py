"""Every route as a row of one table, by audience: the application is made of it, and so is the OpenAPI document."""

from sayso.web.routes import (
    admin,
    attachments,
    channels,
    conversations,
    deliveries,
    demo,
    desk,
    links,
    memory,
    ops,
    pages,
    platforms,
    staff,
)
from sayso.web.routes.table import Route

ROUTES: tuple[Route, ...] = (
    *conversations.ROUTES,
    *memory.ROUTES,
    *staff.ROUTES,
    *deliveries.ROUTES,
    *attachments.ROUTES,
    *desk.ROUTES,
    *admin.ROUTES,
    *demo.ROUTES,
    *platforms.ROUTES,
    *channels.ROUTES,
    *ops.ROUTES,
    *pages.ROUTES,
    *links.ROUTES,
)

__all__ = ["ROUTES", "Route"]
